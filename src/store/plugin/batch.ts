import type { Batch } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { Slice } from "../slice.ts";
import { Kind } from "./symbols.ts";

/** Bytes before an operation's key: kind, family, and both lengths. */
const HEAD = 16;
/** Each operation begins at a multiple of these. */
const ALIGNMENT = 8;

/** Operations in the form that `tidemark_batch` takes, in memory of ours. */
export class PluginBatch implements Batch {
  readonly #family: (family: number) => number;
  readonly #closed: (batch: PluginBatch) => void;
  #bytes = new Uint8Array(new ArrayBuffer(4096));
  #words = new Uint32Array(this.#bytes.buffer);
  #length = 0;
  #count = 0;
  #open = true;

  /**
   * @param family Throws where there is no such family.
   * @param closed Called when the batch closes.
   */
  constructor(family: (family: number) => number, closed: (batch: PluginBatch) => void) {
    this.#family = family;
    this.#closed = closed;
  }

  get count(): number {
    return this.#count;
  }

  /** The operations, for the store's `write`. @throws {StoreError} Where the batch is closed. */
  operations(): Uint8Array<ArrayBuffer> {
    this.#opened();
    return this.#bytes.subarray(0, this.#length);
  }

  put(key: Slice, value: Slice, family = 0): void {
    const place = this.#add(Kind.put, this.#family(family), key, value.length);
    this.#bytes.set(value.view(), place);
  }

  delete(key: Slice, family = 0): void {
    this.#add(Kind.delete, this.#family(family), key, 0);
  }

  /** Adds an operation. @returns Where its value is to be. */
  #add(kind: Kind, family: number, key: Slice, value: number): number {
    this.#opened();
    const start = this.#length;
    const end = start + HEAD + key.length + value;
    const next = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    if (next > this.#bytes.length) this.#grow(next);
    const word = start / 4;
    this.#words[word] = kind;
    this.#words[word + 1] = family;
    this.#words[word + 2] = key.length;
    this.#words[word + 3] = value;
    this.#bytes.set(key.view(), start + HEAD);
    this.#length = next;
    this.#count++;
    return start + HEAD + key.length;
  }

  #grow(least: number): void {
    const bytes = new Uint8Array(new ArrayBuffer(Math.max(least, 2 * this.#bytes.length)));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    // Of whole words: a buffer's own length may be any multiple of 8.
    this.#words = new Uint32Array(bytes.buffer);
  }

  clear(): void {
    this.#opened();
    this.#length = this.#count = 0;
  }

  #opened(): void {
    if (this.#open) return;
    throw new StoreError(
      "Cannot use a batch that is closed: make another with the store's batch()",
      "batch",
      "usage",
    );
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#length = this.#count = 0;
    this.#bytes = new Uint8Array(new ArrayBuffer(0));
    this.#closed(this);
  }
}
