import type { ScanRange, SyncCursor } from "../contract.ts";
import { StoreError } from "../error.ts";
import { Slice } from "../slice.ts";
import { addressOf, type ErrorSlot, memcpy } from "./native.ts";
import type { RocksSymbols } from "./symbols.ts";

/** What a cursor needs of its store; native objects are given by their addresses. */
export interface CursorHost {
  symbols: RocksSymbols;
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
  /** Where RocksDB writes the lengths of key and value, 64 bits each. */
  readonly #lengths = new Uint32Array(new ArrayBuffer(16));
  /**
   * The iterator, and the places of the two lengths. A bigint in a field is an object that each call
   * checks and opens; from a typed array it comes as the register that native code takes (10 ns an
   * entry).
   */
  readonly #addresses = new BigUint64Array(3);
  /** Read options of this walk alone, or 0; they and the bounds must outlive the iterator. */
  readonly #ownRead: bigint;
  readonly #bounds: Slice[] = [];
  /** Whether there is a current entry. */
  #inside = false;
  /** Whether the next step is RocksDB's own: the one question that a step asks in a walk. */
  #goesForward = false;
  #started = false;
  #closed = false;
  keyLength = 0;
  valueLength = 0;

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
    const iterator = symbols.rocksdb_create_iterator_cf(
      host.database,
      this.#ownRead === 0n ? host.read : this.#ownRead,
      host.family,
    );
    const lengths = addressOf(this.#lengths);
    this.#addresses.set([iterator, lengths, lengths + 8n]);
  }

  get #iterator(): bigint {
    return this.#addresses[0]!;
  }

  /** A copy, since RocksDB keeps the address and the caller may fill its slice anew. */
  #bound(key: Slice): Slice {
    const copy = Slice.from(key.view());
    this.#bounds.push(copy);
    return copy;
  }

  next(): boolean {
    const symbols = this.#symbols;
    const addresses = this.#addresses;
    const iterator = addresses[0]!;
    if (this.#goesForward) symbols.rocksdb_iter_next(iterator);
    else if (!this.#step()) return false;
    if (symbols.rocksdb_iter_valid(iterator) === 0) return this.#end();
    symbols.rocksdb_iter_key_length(iterator, addresses[1]!);
    symbols.rocksdb_iter_value_length(iterator, addresses[2]!);
    // The high words are zero: RocksDB takes neither key nor value of 4 GiB.
    this.keyLength = this.#lengths[0]!;
    this.valueLength = this.#lengths[2]!;
    return true;
  }

  /** The steps that are rare in a loop. False where the walk has ended. */
  #step(): boolean {
    if (!this.#inside) return this.#start();
    this.#symbols.rocksdb_iter_prev(this.#iterator);
    return true;
  }

  /** Goes to the first entry. False where the walk has ended. */
  #start(): boolean {
    if (this.#started) return false;
    this.#started = this.#inside = true;
    this.#goesForward = !this.#reverse;
    if (this.#reverse) this.#symbols.rocksdb_iter_seek_to_last(this.#iterator);
    else this.#symbols.rocksdb_iter_seek_to_first(this.#iterator);
    return true;
  }

  /** An iterator that is not valid has come to its end, or has failed: only its error tells. */
  #end(): false {
    this.#inside = this.#goesForward = false;
    this.keyLength = this.valueLength = 0;
    this.#symbols.rocksdb_iter_get_error(this.#iterator, this.#host.error.address);
    this.#host.error.check("scan");
    return false;
  }

  readKey(into: Slice): void {
    this.#current("read a key");
    into.length = this.keyLength;
    const key = this.#symbols.rocksdb_iter_key(this.#iterator, this.#addresses[1]!);
    this.#copy(into.address, key, into.size);
  }

  readValue(into: Slice): void {
    this.#current("read a value");
    into.length = this.valueLength;
    const value = this.#symbols.rocksdb_iter_value(this.#iterator, this.#addresses[2]!);
    this.#copy(into.address, value, into.size);
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
    this.#inside = this.#goesForward = false;
    this.#symbols.rocksdb_iter_destroy(this.#iterator);
    if (this.#ownRead !== 0n) this.#symbols.rocksdb_readoptions_destroy(this.#ownRead);
    this.#host.closed(this);
  }
}
