/** A walk over what a server gives a page at a time. */
import type { AsyncCursor } from "./contract.ts";
import { StoreError } from "./error.ts";
import type { Slice } from "./slice.ts";

/** A key and its value, copied out of an answer. */
export interface Entry {
  key: Uint8Array;
  value: Uint8Array;
}

/** What a walk is made of. */
interface Pages {
  /** Whether nothing can be in the range. */
  isEmpty: boolean;
  /** Bytes of every key that are the store's own. */
  prefix: number;
  /** How many entries the caller means to read, where that is known. */
  most?: number | undefined;
  /** Asks for what comes next, so many entries at most, and whether there may be more. */
  fetch(limit: number): Promise<{ entries: Entry[]; more: boolean }>;
  onClose(): void;
}

/** Entries that are asked for at first. */
const FIRST_ENTRIES = 128;
/** Bytes that are asked for from then on, by the mean size of what came. */
const PAGE_BYTES = 1024 * 1024;
/** Entries that are asked for at most. */
const MOST_ENTRIES = 10_000;

/** A walk over a range, a page of it at a time. */
export class PageCursor implements AsyncCursor {
  readonly #pages: Pages;
  #limit = FIRST_ENTRIES;
  /** Entries that the caller means to read yet. */
  #wanted: number;
  #page: readonly Entry[] = [];
  #at = 0;
  #more: boolean;
  #closed = false;
  #entry: Entry | undefined;

  constructor(pages: Pages) {
    this.#pages = pages;
    this.#more = !pages.isEmpty;
    this.#wanted = pages.most ?? Infinity;
  }

  get keyLength(): number {
    return this.#entry === undefined ? 0 : this.#entry.key.length - this.#pages.prefix;
  }

  get valueLength(): number {
    return this.#entry?.value.length ?? 0;
  }

  async next(): Promise<boolean> {
    while (this.#at >= this.#page.length && this.#more && !this.#closed) await this.#fetch();
    this.#entry = this.#closed ? undefined : this.#page[this.#at++];
    return this.#entry !== undefined;
  }

  readKey(into: Slice): void {
    into.fill(this.#current("read a key").key.subarray(this.#pages.prefix));
  }

  readValue(into: Slice): void {
    into.fill(this.#current("read a value").value);
  }

  close(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  /** Ends the walk. */
  end(): void {
    this.#closed = true;
    this.#entry = undefined;
    this.#page = [];
    this.#pages.onClose();
  }

  async #fetch(): Promise<void> {
    // Who reads on beyond what was meant walks as one who did not say.
    const limit = this.#wanted > 0 ? Math.min(this.#limit, this.#wanted) : this.#limit;
    const { entries, more } = await this.#pages.fetch(limit);
    this.#wanted -= entries.length;
    this.#page = entries;
    this.#at = 0;
    this.#more = more;
    if (entries.length === 0) return;
    const bytes = entries.reduce((sum, { key, value }) => sum + key.length + value.length, 1);
    this.#limit = Math.min(MOST_ENTRIES, Math.ceil(PAGE_BYTES * entries.length / bytes));
  }

  #current(what: string): Entry {
    if (this.#entry === undefined) {
      throw new StoreError(`Cannot ${what}: the cursor is at no entry`, "scan", "usage");
    }
    return this.#entry;
  }
}

/** The first key after one. */
export function keyAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
