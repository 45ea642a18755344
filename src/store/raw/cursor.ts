import type { ScanRange, SyncCursor } from "../contract.ts";
import { StoreError } from "../error.ts";
import { Slice } from "../slice.ts";
import { type ErrorSlot, memcpy } from "./native.ts";
import type { RocksSymbols } from "./symbols.ts";
import type { Walk, WalkPool } from "./walk.ts";

/** What the cursors of a store have in common; native objects are given by their addresses. */
export interface CursorHost {
  symbols: RocksSymbols;
  database: bigint;
  /** Read options without bounds. */
  read: bigint;
  error: ErrorSlot;
  walks: WalkPool;
  /** The cursors that are open. */
  open: Set<RawCursor>;
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
  /**
   * Whether there is a current entry. Asked for with `=== true`: compiled code asks for a field's
   * truth in seven ways, for its being `true` in one.
   */
  #inside = false;
  #started = false;
  #closed = false;

  /**
   * @param family The column family's handle.
   * @param snapshot What the walk is to see; 0: the store as it is now.
   */
  constructor(host: CursorHost, family: bigint, range: ScanRange, snapshot: bigint) {
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
      family,
    );
    this.#walk = host.walks.take(this.#iterator);
    host.open.add(this);
  }

  get keyLength(): number {
    return this.#inside === true ? this.#walk.keyLength : 0;
  }

  get valueLength(): number {
    return this.#inside === true ? this.#walk.valueLength : 0;
  }

  /** A copy, since RocksDB keeps the address and the caller may fill its slice anew. */
  #bound(key: Slice): Slice {
    const copy = Slice.from(key.view());
    this.#bounds.push(copy);
    return copy;
  }

  next(): boolean {
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
    this.#symbols.rocksdb_iter_destroy(this.#iterator);
    if (this.#ownRead !== 0n) this.#symbols.rocksdb_readoptions_destroy(this.#ownRead);
    this.#host.walks.give(this.#walk);
    this.#host.open.delete(this);
  }
}
