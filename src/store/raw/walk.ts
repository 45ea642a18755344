/**
 * The steps of a RocksDB iterator, and where the entry is that each of them leads to. A step is four
 * calls; where the machine runs our own machine code, it is one crossing into native code.
 */
import { loadMachineCode, type NativeSequence } from "../../native/mod.ts";
import type { FunctionAddresses } from "./addresses.ts";
import { addressOf } from "./native.ts";
import type { RocksSymbols } from "./symbols.ts";
import { WALK_CODE } from "./walk_code.ts";

/** How an iterator moves. */
export type Move = "first" | "last" | "next" | "prev";

/** A walk with one iterator. */
export interface Walk {
  /** Is with this iterator from now on, given by its address. */
  begin(iterator: bigint): void;
  /** Says how the steps from now on move. */
  moves(how: Move): void;
  /** Moves. False where the iterator is then at no entry. */
  step(): boolean;
  /** Bytes of the entry's key. */
  readonly keyLength: number;
  /** Bytes of the entry's value. */
  readonly valueLength: number;
  /** Where RocksDB has the key, until the next step. */
  readonly keyAddress: bigint;
  /** Where RocksDB has the value, until the next step. */
  readonly valueAddress: bigint;
}

/** Walks to be used again and again: making one takes as long as a short scan. */
export class WalkPool {
  readonly #make: () => Walk;
  readonly #free: Walk[];

  /** @param addresses The functions' addresses, where machine code is to call them. */
  constructor(symbols: RocksSymbols, addresses: FunctionAddresses | undefined) {
    this.#make = () => addresses ? new FusedWalk(addresses) : new SingleWalk(symbols);
    this.#free = [this.#make()];
  }

  /** A walk with an iterator, given by its address. */
  take(iterator: bigint): Walk {
    const walk = this.#free.pop() ?? this.#make();
    walk.begin(iterator);
    return walk;
  }

  /** Takes back a walk that is no longer asked for anything. */
  give(walk: Walk): void {
    this.#free.push(walk);
  }
}

/** The cells of `walk_code.ts`; inlined by the compiler, since a look-up would be a good part of a step. */
const enum Cell {
  iterator,
  /** The function that moves: next, prev, or one of the seeks. */
  move,
  valid,
  key,
  value,
  /** From here on what a step writes. */
  keyLength,
  valueLength,
  keyAddress,
  valueAddress,
  /** The cells' own address: an argument from a typed array costs least. */
  self,
  count,
}

/**
 * What the two kinds of walk share: the cells. A bigint in a field is an object that each call
 * checks and opens; read from a typed array it is the register that native code takes.
 */
class WalkCells {
  protected readonly cells: BigUint64Array<ArrayBuffer>;
  /** The same as 32-bit words: the lengths as numbers. RocksDB takes no key or value of 4 GiB. */
  readonly #words: Uint32Array;

  constructor() {
    this.cells = new BigUint64Array(new ArrayBuffer(8 * Cell.count));
    this.#words = new Uint32Array(this.cells.buffer);
  }

  begin(iterator: bigint): void {
    this.cells[Cell.iterator] = iterator;
  }

  get keyLength(): number {
    return this.#words[2 * Cell.keyLength]!;
  }

  get valueLength(): number {
    return this.#words[2 * Cell.valueLength]!;
  }

  get keyAddress(): bigint {
    return this.cells[Cell.keyAddress]!;
  }

  get valueAddress(): bigint {
    return this.cells[Cell.valueAddress]!;
  }
}

let code: NativeSequence | undefined;

/** One crossing a step. */
class FusedWalk extends WalkCells implements Walk {
  readonly #run = code ??= loadMachineCode(WALK_CODE);
  readonly #addresses: FunctionAddresses;

  constructor(addresses: FunctionAddresses) {
    super();
    this.#addresses = addresses;
    this.cells[Cell.valid] = addresses.rocksdb_iter_valid;
    this.cells[Cell.key] = addresses.rocksdb_iter_key;
    this.cells[Cell.value] = addresses.rocksdb_iter_value;
    this.cells[Cell.self] = addressOf(this.cells);
  }

  moves(how: Move): void {
    this.cells[Cell.move] = {
      first: this.#addresses.rocksdb_iter_seek_to_first,
      last: this.#addresses.rocksdb_iter_seek_to_last,
      next: this.#addresses.rocksdb_iter_next,
      prev: this.#addresses.rocksdb_iter_prev,
    }[how];
  }

  step(): boolean {
    const run = this.#run;
    return run(this.cells[Cell.self]!) === 1;
  }
}

/** A crossing for each call. */
class SingleWalk extends WalkCells implements Walk {
  readonly #symbols: RocksSymbols;
  /** Where RocksDB writes the lengths. */
  readonly #places: BigUint64Array;
  #how: Move = "next";

  constructor(symbols: RocksSymbols) {
    super();
    this.#symbols = symbols;
    const place = (cell: Cell) => addressOf(this.cells) + 8n * BigInt(cell);
    this.#places = new BigUint64Array([place(Cell.keyLength), place(Cell.valueLength)]);
  }

  moves(how: Move): void {
    this.#how = how;
  }

  step(): boolean {
    const symbols = this.#symbols;
    const cells = this.cells;
    const iterator = cells[Cell.iterator]!;
    if (this.#how === "next") symbols.rocksdb_iter_next(iterator);
    else this.#move(iterator);
    if (symbols.rocksdb_iter_valid(iterator) === 0) return false;
    cells[Cell.keyAddress] = symbols.rocksdb_iter_key(iterator, this.#places[0]!);
    cells[Cell.valueAddress] = symbols.rocksdb_iter_value(iterator, this.#places[1]!);
    return true;
  }

  /** The moves that are rare in a loop, or not held to a bound. */
  #move(iterator: bigint): void {
    if (this.#how === "prev") this.#symbols.rocksdb_iter_prev(iterator);
    else if (this.#how === "first") this.#symbols.rocksdb_iter_seek_to_first(iterator);
    else this.#symbols.rocksdb_iter_seek_to_last(iterator);
  }
}
