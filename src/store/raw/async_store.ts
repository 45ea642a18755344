/**
 * RocksDB through its C API for one thread that has several operations in flight. What waits for the
 * device is waited for by a thread of the runtime's: the write of a log that is synced. All else is
 * done at once, as a thread's hop takes longer than most of RocksDB's calls.
 */
import type { AsyncCursor, AsyncStore, ScanRange, StoreDescription } from "../contract.ts";
import { failure, type StoreCall } from "../error.ts";
import { LaterCursor } from "../later_cursor.ts";
import type { Slice } from "../slice.ts";
import type { RawBatch } from "./batch.ts";
import { openRaw, type RawOptions, type RawStore } from "./store.ts";

/** {@linkcode openRaw} for operations in flight. */
export function openRawAsync(path: string, options: RawOptions = {}): AsyncRawStore {
  return new AsyncRawStore(openRaw(path, options), options.wal === "synced");
}

/** A RocksDB database whose operations end through promises. Made by {@linkcode openRawAsync}. */
export class AsyncRawStore implements AsyncStore {
  readonly api = "async";
  readonly #store: RawStore;
  /** Whether a write waits for the device. */
  readonly #waits: boolean;
  /** Writes under way on other threads. */
  #under = 0;
  #ended: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  /** Use {@linkcode openRawAsync}. */
  constructor(store: RawStore, waits: boolean) {
    this.#store = store;
    this.#waits = waits;
  }

  describe(): StoreDescription {
    const own = this.#store.describe();
    const library = this.#waits ? `${own.library}, writes by another thread` : own.library;
    return { ...own, library, api: "async" };
  }

  // The methods are async so that what is refused at once is a rejected promise too.

  async put(key: Slice, value: Slice, family = 0): Promise<void> {
    this.#check("put");
    if (this.#waits) await this.#writeOne((batch) => batch.put(key, value, family));
    else this.#store.put(key, value, family);
  }

  // deno-lint-ignore require-await -- what it throws is to be the promise's
  async get(key: Slice, into: Slice, family = 0): Promise<number> {
    this.#check("get");
    return this.#store.get(key, into, family);
  }

  async delete(key: Slice, family = 0): Promise<void> {
    this.#check("delete");
    if (this.#waits) await this.#writeOne((batch) => batch.delete(key, family));
    else this.#store.delete(key, family);
  }

  async #writeOne(fill: (batch: RawBatch) => void): Promise<void> {
    const batch = this.batch();
    try {
      fill(batch);
      await this.write(batch);
    } finally {
      batch.close();
    }
  }

  batch(): RawBatch {
    this.#check("batch");
    return this.#store.batch();
  }

  /** Writes a batch atomically; it stays as it is until then. */
  async write(batch: RawBatch): Promise<void> {
    this.#check("write");
    if (!this.#waits) return this.#store.write(batch);
    this.#under++;
    try {
      await this.#store.writeMeanwhile(batch);
    } finally {
      this.#under--;
      if (this.#under === 0) this.#ended?.();
    }
  }

  cursor(range: ScanRange = {}): AsyncCursor {
    this.#check("scan");
    return new LaterCursor(this.#store.cursor(range));
  }

  // deno-lint-ignore require-await -- what it throws is to be the promise's
  async flush(): Promise<void> {
    this.#check("flush");
    this.#store.flush();
  }

  // deno-lint-ignore require-await -- what it throws is to be the promise's
  async compact(range: Pick<ScanRange, "from" | "to" | "family"> = {}): Promise<void> {
    this.#check("compact");
    this.#store.compact(range);
  }

  property(name: string, family = 0): string | undefined {
    this.#check("property");
    return this.#store.property(name, family);
  }

  /** Waits for what is under way, and closes the database. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    while (this.#under > 0) await new Promise<void>((resolve) => this.#ended = resolve);
    this.#store.close();
  }

  #check(call: StoreCall): void {
    if (this.#closing !== undefined) throw failure(call, this.#store.path, "it is closed", "usage");
  }
}
