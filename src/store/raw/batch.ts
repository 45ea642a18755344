import type { Batch } from "../contract.ts";
import type { Slice } from "../slice.ts";
import type { RocksSymbols } from "./symbols.ts";

/** A RocksDB write batch. */
export class RawBatch implements Batch {
  readonly #symbols: RocksSymbols;
  readonly #families: readonly Deno.PointerObject[];
  readonly #closed: (batch: RawBatch) => void;
  #native: Deno.PointerValue;

  constructor(
    symbols: RocksSymbols,
    families: readonly Deno.PointerObject[],
    closed: (batch: RawBatch) => void,
  ) {
    this.#symbols = symbols;
    this.#families = families;
    this.#closed = closed;
    this.#native = symbols.rocksdb_writebatch_create();
  }

  /** The native batch, for the store's `write`. */
  get native(): Deno.PointerValue {
    return this.#native;
  }

  get count(): number {
    return this.#native === null ? 0 : this.#symbols.rocksdb_writebatch_count(this.#native);
  }

  put(key: Slice, value: Slice, family = 0): void {
    this.#symbols.rocksdb_writebatch_put_cf(
      this.#native,
      this.#families[family]!,
      key.pointer,
      key.size,
      value.pointer,
      value.size,
    );
  }

  delete(key: Slice, family = 0): void {
    this.#symbols.rocksdb_writebatch_delete_cf(
      this.#native,
      this.#families[family]!,
      key.pointer,
      key.size,
    );
  }

  clear(): void {
    this.#symbols.rocksdb_writebatch_clear(this.#native);
  }

  close(): void {
    if (this.#native === null) return;
    this.#symbols.rocksdb_writebatch_destroy(this.#native);
    this.#native = null;
    this.#closed(this);
  }
}
