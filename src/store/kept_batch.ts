import type { Batch } from "./contract.ts";
import type { Slice } from "./slice.ts";

/** A put of a key; a delete where there is no value. */
export interface Write {
  key: Uint8Array;
  value: Uint8Array | null;
}

/** A batch that is kept in JavaScript until it is written. */
export class KeptBatch implements Batch {
  readonly #writes: Write[] = [];
  readonly #key: (key: Slice, family: number) => Uint8Array;

  /** @param key Copies a key, with its prefix. */
  constructor(key: (key: Slice, family: number) => Uint8Array) {
    this.#key = key;
  }

  get count(): number {
    return this.#writes.length;
  }

  put(key: Slice, value: Slice, family = 0): void {
    this.#writes.push({ key: this.#key(key, family), value: value.view().slice() });
  }

  delete(key: Slice, family = 0): void {
    this.#writes.push({ key: this.#key(key, family), value: null });
  }

  /** Of each key the last write, which is the one that counts. */
  last(): Write[] {
    // A character a byte, of keys of any length.
    const text = new TextDecoder("latin1");
    const byKey = new Map(this.#writes.map((write) => [text.decode(write.key), write]));
    return [...byKey.values()];
  }

  clear(): void {
    this.#writes.length = 0;
  }

  close(): void {
    this.clear();
  }
}
