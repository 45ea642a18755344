import type { Batch } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { Slice } from "../slice.ts";
import { requireEntrySize } from "./entry_size.ts";
import type { RocksSymbols } from "./symbols.ts";

/** A RocksDB write batch. */
export class RawBatch implements Batch {
  readonly #symbols: RocksSymbols;
  readonly #path: string;
  readonly #family: (family: number) => bigint;
  readonly #closed: (batch: RawBatch) => void;
  /** Address of the native batch; 0 once it is closed. */
  #native: bigint;

  /**
   * @param path The database's directory, for messages.
   * @param family Address of a column family's handle; throws where there is none.
   * @param closed Called when the batch closes.
   */
  constructor(
    symbols: RocksSymbols,
    path: string,
    family: (family: number) => bigint,
    closed: (batch: RawBatch) => void,
  ) {
    this.#symbols = symbols;
    this.#path = path;
    this.#family = family;
    this.#closed = closed;
    this.#native = symbols.rocksdb_writebatch_create();
  }

  /**
   * The native batch, for the store's `write`.
   *
   * @throws {StoreError} Where it is closed: native code given no address would end the process.
   */
  get native(): bigint {
    if (this.#native === 0n) {
      throw new StoreError(
        "Cannot use a batch that is closed: make another with the store's batch()",
        "batch",
        "usage",
      );
    }
    return this.#native;
  }

  get count(): number {
    return this.#native === 0n ? 0 : this.#symbols.rocksdb_writebatch_count(this.#native);
  }

  put(key: Slice, value: Slice, family = 0): void {
    requireEntrySize("batch", this.#path, key.length, value.length);
    this.#symbols.rocksdb_writebatch_put_cf(
      this.native,
      this.#family(family),
      key.address,
      key.size,
      value.address,
      value.size,
    );
  }

  delete(key: Slice, family = 0): void {
    requireEntrySize("batch", this.#path, key.length, 0);
    this.#symbols.rocksdb_writebatch_delete_cf(
      this.native,
      this.#family(family),
      key.address,
      key.size,
    );
  }

  clear(): void {
    this.#symbols.rocksdb_writebatch_clear(this.native);
  }

  close(): void {
    if (this.#native === 0n) return;
    this.#symbols.rocksdb_writebatch_destroy(this.#native);
    this.#native = 0n;
    this.#closed(this);
  }
}
