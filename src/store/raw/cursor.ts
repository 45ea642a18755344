import type { ScanRange, SyncCursor } from "../contract.ts";
import { lengthAsBigInt, Slice } from "../slice.ts";
import { type ErrorSlot, memcpy, OutWord } from "./native.ts";
import type { RocksSymbols } from "./symbols.ts";

/** What a cursor needs of its store. */
export interface CursorHost {
  symbols: RocksSymbols;
  database: Deno.PointerObject;
  family: Deno.PointerObject;
  /** Read options without bounds. */
  read: Deno.PointerObject;
  error: ErrorSlot;
  /** Called when the cursor closes. */
  closed(cursor: RawCursor): void;
}

/** A walk by a RocksDB iterator. Key and value stay in RocksDB's memory until they are read. */
export class RawCursor implements SyncCursor {
  readonly #host: CursorHost;
  readonly #symbols: RocksSymbols;
  readonly #copy = memcpy();
  readonly #iterator: Deno.PointerObject;
  readonly #reverse: boolean;
  readonly #keySize = new OutWord();
  readonly #valueSize = new OutWord();
  /** Read options of this walk alone; they and the bounds must outlive the iterator. */
  readonly #ownRead: Deno.PointerObject | null;
  readonly #bounds: Slice[] = [];
  #state: "before" | "inside" | "after" | "closed" = "before";
  #key: Deno.PointerValue = null;
  #value: Deno.PointerValue = null;
  keyLength = 0;
  valueLength = 0;

  /** @param snapshot What the walk is to see; null: the store as it is now. */
  constructor(host: CursorHost, range: ScanRange, snapshot: Deno.PointerObject | null) {
    this.#host = host;
    const symbols = this.#symbols = host.symbols;
    this.#reverse = range.reverse ?? false;
    this.#ownRead = range.from || range.to || snapshot
      ? symbols.rocksdb_readoptions_create()
      : null;
    if (this.#ownRead !== null) {
      if (snapshot) symbols.rocksdb_readoptions_set_snapshot(this.#ownRead, snapshot);
      if (range.from) {
        const from = this.#bound(range.from);
        symbols.rocksdb_readoptions_set_iterate_lower_bound(this.#ownRead, from.pointer, from.size);
      }
      if (range.to) {
        const to = this.#bound(range.to);
        symbols.rocksdb_readoptions_set_iterate_upper_bound(this.#ownRead, to.pointer, to.size);
      }
    }
    this.#iterator = symbols.rocksdb_create_iterator_cf(
      host.database,
      this.#ownRead ?? host.read,
      host.family,
    )!;
  }

  /** A copy, since RocksDB keeps the address and the caller may fill its slice anew. */
  #bound(key: Slice): Slice {
    const copy = Slice.from(key.view());
    this.#bounds.push(copy);
    return copy;
  }

  next(): boolean {
    const symbols = this.#symbols;
    const iterator = this.#iterator;
    if (this.#state === "inside") {
      if (this.#reverse) symbols.rocksdb_iter_prev(iterator);
      else symbols.rocksdb_iter_next(iterator);
    } else if (this.#state === "before") {
      this.#state = "inside";
      if (this.#reverse) symbols.rocksdb_iter_seek_to_last(iterator);
      else symbols.rocksdb_iter_seek_to_first(iterator);
    } else {
      return false;
    }
    if (symbols.rocksdb_iter_valid(iterator) === 0) return this.#end();
    this.#key = symbols.rocksdb_iter_key(iterator, this.#keySize.pointer);
    this.#value = symbols.rocksdb_iter_value(iterator, this.#valueSize.pointer);
    this.keyLength = this.#keySize.size;
    this.valueLength = this.#valueSize.size;
    return true;
  }

  /** An iterator that is not valid has come to its end, or has failed: only its error tells. */
  #end(): false {
    this.#state = "after";
    this.#key = this.#value = null;
    this.keyLength = this.valueLength = 0;
    this.#symbols.rocksdb_iter_get_error(this.#iterator, this.#host.error.pointer);
    this.#host.error.check("scan");
    return false;
  }

  readKey(into: Slice): void {
    into.length = this.keyLength;
    this.#copy(into.pointer, this.#key, lengthAsBigInt(this.keyLength));
  }

  readValue(into: Slice): void {
    into.length = this.valueLength;
    this.#copy(into.pointer, this.#value, lengthAsBigInt(this.valueLength));
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#key = this.#value = null;
    this.#symbols.rocksdb_iter_destroy(this.#iterator);
    if (this.#ownRead !== null) this.#symbols.rocksdb_readoptions_destroy(this.#ownRead);
    this.#host.closed(this);
  }
}
