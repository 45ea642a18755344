import type { AsyncCursor, SyncCursor } from "./contract.ts";
import type { Slice } from "./slice.ts";

/** A walk in the asynchronous form whose steps end at once. */
export class LaterCursor implements AsyncCursor {
  readonly #cursor: SyncCursor;

  constructor(cursor: SyncCursor) {
    this.#cursor = cursor;
  }

  get keyLength(): number {
    return this.#cursor.keyLength;
  }

  get valueLength(): number {
    return this.#cursor.valueLength;
  }

  // deno-lint-ignore require-await -- what it throws is to be the promise's
  async next(): Promise<boolean> {
    return this.#cursor.next();
  }

  readKey(into: Slice): void {
    this.#cursor.readKey(into);
  }

  readValue(into: Slice): void {
    this.#cursor.readValue(into);
  }

  close(): Promise<void> {
    this.#cursor.close();
    return Promise.resolve();
  }
}
