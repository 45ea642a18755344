/**
 * A get: the value's length, and the value copied out. That is four calls; where the machine runs our
 * own machine code, it is one crossing into native code.
 */
import { loadMachineCode, type NativeSequence } from "../../native/mod.ts";
import type { Slice } from "../slice.ts";
import type { FunctionAddresses } from "./addresses.ts";
import { addressOf, memcpy } from "./native.ts";
import { POINT_READ_CODE } from "./point_read_code.ts";
import type { RocksSymbols } from "./symbols.ts";

/** What reads with the same read options have in common, by address. */
interface PointReadHost {
  symbols: RocksSymbols;
  /** The functions' addresses, where machine code is to call them. */
  addresses: FunctionAddresses | undefined;
  database: bigint;
  /** Read options. */
  read: bigint;
  /** The error slot's address. */
  error: bigint;
}

/** Reads with the same read options. */
export interface PointRead {
  /**
   * Copies a key's value, where it fits, and sets the slice's length then.
   *
   * @param family The column family's handle.
   * @returns The value's length; −1 where there is none, or the error slot says why.
   */
  get(family: bigint, key: Slice, into: Slice): number;
}

/**
 * Loads the machine code that reads will run, where they are to run it. It needs an open file and
 * memory, so that it is done before there is a database that would stay open if it failed.
 *
 * @throws {Error} Where the system refuses.
 */
export function preparePointReads(addresses: FunctionAddresses | undefined): void {
  if (addresses) code ??= loadMachineCode(POINT_READ_CODE);
}

/** Reads with the host's read options. */
export function pointRead(host: PointReadHost): PointRead {
  return host.addresses ? new FusedPointRead(host, host.addresses) : new SinglePointRead(host);
}

/** The cells of `point_read_code.ts`; inlined by the compiler, since a look-up would be a good part of a get. */
const enum Cell {
  database,
  readOptions,
  family,
  key,
  keyLength,
  error,
  into,
  /** How many bytes fit there. */
  capacity,
  /** What a get writes. */
  pinned,
  length,
  /** The functions that it calls. */
  get,
  value,
  copy,
  destroy,
  /** The cells' own address: an argument from a typed array costs least. */
  self,
  count,
}

/** What 32 bits hold. */
const MOST_CAPACITY = 0xffffffff;

let code: NativeSequence | undefined;

/** One crossing a get. */
class FusedPointRead implements PointRead {
  readonly #cells = new BigUint64Array(new ArrayBuffer(8 * Cell.count));
  /** The same as 32-bit words, for lengths as numbers: none of RocksDB's is of 4 GiB. */
  readonly #words = new Uint32Array(this.#cells.buffer);
  readonly #run = code ??= loadMachineCode(POINT_READ_CODE);

  constructor(host: PointReadHost, addresses: FunctionAddresses) {
    this.#cells[Cell.database] = host.database;
    this.#cells[Cell.readOptions] = host.read;
    this.#cells[Cell.error] = host.error;
    this.#cells[Cell.get] = addresses.rocksdb_get_pinned_cf;
    this.#cells[Cell.value] = addresses.rocksdb_pinnableslice_value;
    this.#cells[Cell.copy] = addresses.memcpy;
    this.#cells[Cell.destroy] = addresses.rocksdb_pinnableslice_destroy;
    this.#cells[Cell.self] = addressOf(this.#cells);
  }

  get(family: bigint, key: Slice, into: Slice): number {
    const cells = this.#cells;
    const words = this.#words;
    cells[Cell.family] = family;
    cells[Cell.key] = key.address;
    words[2 * Cell.keyLength] = key.length;
    cells[Cell.into] = into.address;
    const capacity = into.bytes.length;
    // A larger one fits every value as well; only the lower half of the cell is ever written.
    words[2 * Cell.capacity] = capacity < MOST_CAPACITY ? capacity : MOST_CAPACITY;
    const run = this.#run;
    if (run(cells[Cell.self]!) !== 1) return -1;
    const length = words[2 * Cell.length]!;
    if (length <= capacity) into.length = length;
    return length;
  }
}

/** A crossing for each call. */
class SinglePointRead implements PointRead {
  readonly #host: PointReadHost;
  readonly #symbols: RocksSymbols;
  readonly #copy = memcpy();
  /** Where RocksDB writes the length of a value, 64 bits. */
  readonly #length = new Uint32Array(new ArrayBuffer(8));
  readonly #lengthAddress = addressOf(this.#length);

  constructor(host: PointReadHost) {
    this.#host = host;
    this.#symbols = host.symbols;
  }

  get(family: bigint, key: Slice, into: Slice): number {
    const symbols = this.#symbols;
    const { database, read, error } = this.#host;
    const pinned = symbols.rocksdb_get_pinned_cf(
      database,
      read,
      family,
      key.address,
      key.size,
      error,
    );
    if (pinned === 0n) return -1;
    const value = symbols.rocksdb_pinnableslice_value(pinned, this.#lengthAddress);
    const length = this.#length[0]!;
    if (length <= into.bytes.length) {
      into.length = length;
      this.#copy(into.address, value, into.size);
    }
    symbols.rocksdb_pinnableslice_destroy(pinned);
    return length;
  }
}
