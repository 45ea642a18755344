import type { Batch } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { Slice } from "../slice.ts";
import type { RocksSymbols } from "./symbols.ts";

/** A RocksDB write batch. */
export class RawBatch implements Batch {
  readonly #symbols: RocksSymbols;
  readonly #family: (family: number) => Deno.PointerObject;
  readonly #closed: (batch: RawBatch) => void;
  #native: Deno.PointerValue;

  /**
   * @param family The handle of a column family; throws where there is none.
   * @param closed Called when the batch closes.
   */
  constructor(
    symbols: RocksSymbols,
    family: (family: number) => Deno.PointerObject,
    closed: (batch: RawBatch) => void,
  ) {
    this.#symbols = symbols;
    this.#family = family;
    this.#closed = closed;
    this.#native = symbols.rocksdb_writebatch_create();
  }

  /**
   * The native batch, for the store's `write`.
   *
   * @throws {StoreError} Where it is closed: native code given null would end the process.
   */
  get native(): Deno.PointerObject {
    if (this.#native === null) {
      throw new StoreError(
        "Cannot use a batch that is closed: make another with the store's batch()",
        "batch",
        "usage",
      );
    }
    return this.#native;
  }

  get count(): number {
    return this.#native === null ? 0 : this.#symbols.rocksdb_writebatch_count(this.#native);
  }

  put(key: Slice, value: Slice, family = 0): void {
    this.#symbols.rocksdb_writebatch_put_cf(
      this.native,
      this.#family(family),
      key.pointer,
      key.size,
      value.pointer,
      value.size,
    );
  }

  delete(key: Slice, family = 0): void {
    this.#symbols.rocksdb_writebatch_delete_cf(
      this.native,
      this.#family(family),
      key.pointer,
      key.size,
    );
  }

  clear(): void {
    this.#symbols.rocksdb_writebatch_clear(this.native);
  }

  close(): void {
    if (this.#native === null) return;
    this.#symbols.rocksdb_writebatch_destroy(this.#native);
    this.#native = null;
    this.#closed(this);
  }
}
