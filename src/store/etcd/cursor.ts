import type { AsyncCursor } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { Slice } from "../slice.ts";
import type { Entry, RangeQuery, readRange } from "./messages.ts";

/** What a walk is made of. */
interface Walk {
  query: RangeQuery;
  /** Whether nothing can be in the range. */
  isEmpty: boolean;
  /** Bytes of every key that are the store's own. */
  prefix: number;
  /** Asks for a part. */
  ask(query: RangeQuery): Promise<ReturnType<typeof readRange>>;
  onClose(): void;
}

/** Entries that are asked for at first. */
const FIRST_ENTRIES = 128;
/** Bytes that are asked for from then on, by the mean size of what came. */
const PAGE_BYTES = 1024 * 1024;
/** Entries that are asked for at most. */
const MOST_ENTRIES = 10_000;

/** A walk over one revision, a part of the range at a time. */
export class EtcdCursor implements AsyncCursor {
  readonly #walk: Walk;
  #query: RangeQuery;
  #page: Entry[] = [];
  #at = 0;
  #more: boolean;
  #closed = false;
  #entry: Entry | undefined;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#query = { ...walk.query, limit: FIRST_ENTRIES };
    this.#more = !walk.isEmpty;
  }

  get keyLength(): number {
    return this.#entry === undefined ? 0 : this.#entry.key.length - this.#walk.prefix;
  }

  get valueLength(): number {
    return this.#entry?.value.length ?? 0;
  }

  async next(): Promise<boolean> {
    if (this.#at >= this.#page.length && this.#more && !this.#closed) await this.#fetch();
    this.#entry = this.#closed ? undefined : this.#page[this.#at++];
    return this.#entry !== undefined;
  }

  readKey(into: Slice): void {
    into.fill(this.#current("read a key").key.subarray(this.#walk.prefix));
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
    this.#walk.onClose();
  }

  async #fetch(): Promise<void> {
    const { entries, more, revision } = await this.#walk.ask(this.#query);
    this.#page = entries;
    this.#at = 0;
    this.#more = more && entries.length > 0;
    const last = entries.at(-1);
    if (last === undefined) return;
    const bytes = entries.reduce((sum, { key, value }) => sum + key.length + value.length, 1);
    const limit = Math.ceil(PAGE_BYTES * entries.length / bytes);
    this.#query = {
      ...this.#query,
      limit: Math.min(MOST_ENTRIES, limit),
      // What follows is of the same revision.
      revision: this.#query.revision || revision,
      ...(this.#query.reverse ? { end: last.key } : { key: after(last.key) }),
    };
  }

  #current(what: string): Entry {
    if (this.#entry === undefined) {
      throw new StoreError(`Cannot ${what}: the cursor is at no entry`, "scan", "usage");
    }
    return this.#entry;
  }
}

/** The first key after one. */
function after(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
