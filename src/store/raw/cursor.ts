import type { ScanRange, SyncCursor } from "../contract.ts";
import { StoreError } from "../error.ts";
import { Slice } from "../slice.ts";
import type { FunctionAddresses } from "./addresses.ts";
import { type ErrorSlot, memcpy } from "./native.ts";
import type { RocksSymbols } from "./symbols.ts";
import { type Walk, walkWith } from "./walk.ts";

/** What a cursor needs of its store; native objects are given by their addresses. */
export interface CursorHost {
  symbols: RocksSymbols;
  addresses: FunctionAddresses | undefined;
  database: bigint;
  family: bigint;
  /** Read options without bounds. */
  read: bigint;
  error: ErrorSlot;
  /** Called when the cursor closes. */
  closed(cursor: RawCursor): void;
}

/** A walk by a RocksDB iterator. Key and value stay in RocksDB's memory until they are read. */
export class RawCursor implements SyncCursor {
  readonly #host: CursorHost;
  readonly #symbols: RocksSymbols;
  readonly #copy = memcpy();
  readonly #reverse: boolean;
  /** The iterator's address. */
  readonly #iterator: bigint;
  readonly #walk: Walk;
  /** Read options of this walk alone, or 0; they and the bounds must outlive the iterator. */
  readonly #ownRead: bigint;
  readonly #bounds: Slice[] = [];
  /** Whether there is a current entry. */
  #inside = false;
  #started = false;
  #closed = false;

  /** @param snapshot What the walk is to see; 0: the store as it is now. */
  constructor(host: CursorHost, range: ScanRange, snapshot: bigint) {
    this.#host = host;
    const symbols = this.#symbols = host.symbols;
    this.#reverse = range.reverse ?? false;
    this.#ownRead = range.from || range.to || snapshot !== 0n
      ? symbols.rocksdb_readoptions_create()
      : 0n;
    if (this.#ownRead !== 0n) {
      if (snapshot !== 0n) symbols.rocksdb_readoptions_set_snapshot(this.#ownRead, snapshot);
      if (range.from) {
        const from = this.#bound(range.from);
        symbols.rocksdb_readoptions_set_iterate_lower_bound(this.#ownRead, from.address, from.size);
      }
      if (range.to) {
        const to = this.#bound(range.to);
        symbols.rocksdb_readoptions_set_iterate_upper_bound(this.#ownRead, to.address, to.size);
      }
    }
    this.#iterator = symbols.rocksdb_create_iterator_cf(
      host.database,
      this.#ownRead === 0n ? host.read : this.#ownRead,
      host.family,
    );
    this.#walk = walkWith(this.#iterator, symbols, host.addresses);
  }

  get keyLength(): number {
    return this.#walk.keyLength;
  }

  get valueLength(): number {
    return this.#walk.valueLength;
  }

  /** A copy, since RocksDB keeps the address and the caller may fill its slice anew. */
  #bound(key: Slice): Slice {
    const copy = Slice.from(key.view());
    this.#bounds.push(copy);
    return copy;
  }

  next(): boolean {
    // A field's truth would be asked in seven ways; whether it is `true`, in one.
    if (this.#inside !== true) return this.#start();
    return this.#walk.step() || this.#end();
  }

  /** Goes to the first entry. False where the walk has ended. */
  #start(): boolean {
    if (this.#started) return false;
    this.#started = this.#inside = true;
    this.#walk.moves(this.#reverse ? "last" : "first");
    if (!this.#walk.step()) return this.#end();
    this.#walk.moves(this.#reverse ? "prev" : "next");
    return true;
  }

  /** An iterator that is not valid has come to its end, or has failed: only its error tells. */
  #end(): false {
    this.#inside = false;
    this.#walk.end();
    this.#symbols.rocksdb_iter_get_error(this.#iterator, this.#host.error.address);
    this.#host.error.check("scan");
    return false;
  }

  readKey(into: Slice): void {
    this.#current("read a key");
    into.length = this.#walk.keyLength;
    this.#copy(into.address, this.#walk.keyAddress, into.size);
  }

  readValue(into: Slice): void {
    this.#current("read a value");
    into.length = this.#walk.valueLength;
    this.#copy(into.address, this.#walk.valueAddress, into.size);
  }

  /** RocksDB ends the process when asked for the entry of an iterator that has none. */
  #current(what: string): void {
    if (!this.#inside) {
      throw new StoreError(`Cannot ${what}: the cursor is at no entry`, "scan", "usage");
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = this.#started = true;
    this.#inside = false;
    this.#walk.end();
    this.#symbols.rocksdb_iter_destroy(this.#iterator);
    if (this.#ownRead !== 0n) this.#symbols.rocksdb_readoptions_destroy(this.#ownRead);
    this.#host.closed(this);
  }
}
