import type { ScanRange } from "../contract.ts";
import { Slice } from "../slice.ts";
import type { KvState } from "./state.ts";

/**
 * A walk over the keys that exist at a revision, in key order or against it, along the index and
 * without copying it. Where keys are put meanwhile, it finds its place again by its current key.
 */
export class KeyWalk {
  readonly #state: KvState;
  readonly #main: number;
  readonly #from: Slice | undefined;
  readonly #to: Slice | undefined;
  readonly #reverse: boolean;
  #key = new Uint8Array(64);
  #keyLength = 0;
  #place = -1;
  #version = -1;
  #started = false;
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
  }

  /** The buffer with the current key at its start. */
  get key(): Uint8Array {
    return this.#key;
  }

  /** Bytes of the current key. */
  get keyLength(): number {
    return this.#keyLength;
  }

  /** Goes to the next key; false past the last one. */
  next(): boolean {
    const { index } = this.#state;
    while (!this.#ended) {
      this.#place = this.#advance();
      this.#started = true;
      this.#version = index.version;
      if (this.#place < 0) break;
      const id = index.order.idAt(this.#place);
      if (this.#isPast(id)) break;
      const length = index.keys.lengthOf(id);
      if (length > this.#key.length) this.#key = new Uint8Array(2 * length);
      this.#keyLength = length;
      index.keys.copyTo(id, this.#key);
      const node = index.nodeAt(id, this.#main);
      if (node !== 0) {
        this.main = index.chains.main(node);
        this.sub = index.chains.sub(node);
        this.node = node;
        return true;
      }
    }
    this.#ended = true;
    return false;
  }

  #advance(): number {
    const { index } = this.#state;
    const { order } = index;
    const key = this.#key;
    const length = this.#keyLength;
    if (!this.#started) return this.#first();
    if (this.#version === index.version) {
      return this.#reverse ? order.previous(this.#place) : order.next(this.#place);
    }
    if (this.#reverse) return order.before(key, length);
    const place = order.atOrAfter(key, length);
    const isSame = place >= 0 && index.keys.compare(order.idAt(place), key, length) === 0;
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
    const bound = this.#reverse ? this.#from : this.#to;
    if (bound === undefined) return false;
    const order = keys.compare(id, bound.bytes, bound.length);
    return this.#reverse ? order < 0 : order >= 0;
  }

  /** Ends the walk. */
  close(): void {
    this.#ended = true;
  }
}
