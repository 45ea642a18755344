import type { ScanRange } from "../contract.ts";
import { Slice } from "../slice.ts";
import type { KvState } from "./state.ts";

/**
 * A walk over the keys that exist at a revision, in key order or against it, along the index; neither
 * the index nor a key is copied. Where keys are put meanwhile, it finds its place again by its
 * current key.
 */
export class KeyWalk {
  readonly #state: KvState;
  readonly #main: number;
  readonly #from: Slice | undefined;
  readonly #to: Slice | undefined;
  readonly #reverse: boolean;
  /** Whether the walk has a bound in its direction. */
  readonly #isBounded: boolean;
  /**
   * The table that has the current key. The index makes another one when a compaction has left too
   * many gaps in it; this one keeps the key as long as the walk is at it.
   */
  #keys: KvState["index"]["keys"];
  /** The current key's id in that table. */
  #id = -1;
  #place = -1;
  #version = -1;
  #ended = false;
  /** The main revision of the current key's state. */
  main = 0;
  /** Its sub revision. */
  sub = 0;
  /** The node in the index that is its state; good until the next put. */
  node = 0;

  /** @param range Its bounds are copied. */
  constructor(state: KvState, main: number, range: ScanRange) {
    this.#state = state;
    this.#main = main;
    this.#from = range.from && Slice.from(range.from.view());
    this.#to = range.to && Slice.from(range.to.view());
    this.#reverse = range.reverse ?? false;
    this.#isBounded = (this.#reverse ? this.#from : this.#to) !== undefined;
    this.#keys = state.index.keys;
  }

  /** Bytes of the current key. */
  get keyLength(): number {
    return this.#keys.lengthOf(this.#id);
  }

  /** Copies the current key, and sets the length of the slice, which is large enough. */
  readKey(into: Slice): void {
    into.length = this.#keys.lengthOf(this.#id);
    this.#keys.copyTo(this.#id, into.bytes);
  }

  /** Goes to the next key; false past the last one. */
  next(): boolean {
    const { index } = this.#state;
    const { order, chains } = index;
    if (this.#ended) return false;
    let place = this.#version === index.version ? this.#step(this.#place) : this.#find();
    while (place >= 0) {
      const id = order.idAt(place);
      if (this.#isBounded && this.#isPast(id)) break;
      const node = index.nodeAt(id, this.#main);
      if (node !== 0) {
        this.#id = id;
        this.#place = place;
        this.main = chains.main(node);
        this.sub = chains.sub(node);
        this.node = node;
        return true;
      }
      place = this.#step(place);
    }
    this.#ended = true;
    return false;
  }

  #step(place: number): number {
    const { order } = this.#state.index;
    return this.#reverse ? order.previous(place) : order.next(place);
  }

  /** The next place where the index is not as it was, or the walk has not begun. */
  #find(): number {
    const { index } = this.#state;
    const { order, keys } = index;
    this.#version = index.version;
    const last = this.#keys;
    this.#keys = keys;
    if (this.#id < 0) return this.#first();
    const key = last.view(this.#id);
    if (this.#reverse) return order.before(key, key.length);
    const place = order.atOrAfter(key, key.length);
    const isSame = place >= 0 && keys.compare(order.idAt(place), key, key.length) === 0;
    return isSame ? order.next(place) : place;
  }

  #first(): number {
    const { order } = this.#state.index;
    const start = this.#reverse ? this.#to : this.#from;
    if (start === undefined) return this.#reverse ? order.last() : order.first();
    return this.#reverse
      ? order.before(start.bytes, start.length)
      : order.atOrAfter(start.bytes, start.length);
  }

  #isPast(id: number): boolean {
    const { keys } = this.#state.index;
    const bound = (this.#reverse ? this.#from : this.#to)!;
    const order = keys.compare(id, bound.bytes, bound.length);
    return this.#reverse ? order < 0 : order >= 0;
  }

  /** Ends the walk. */
  close(): void {
    this.#ended = true;
  }
}
