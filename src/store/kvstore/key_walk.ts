import type { ScanRange } from "../contract.ts";
import { Slice } from "../slice.ts";
import { recordOverhead } from "./key_value.ts";
import type { KvState } from "./state.ts";
import { BATCH, WalkBatch } from "./walk_batch.ts";

/** At first, so that a short walk does not look far. */
const FIRST_BATCH = 16;
/** Batches that are kept for the next walks. */
const SPARE = 4;

/**
 * A walk over the keys that exist at a revision, in key order or against it, along the index; neither
 * the index nor a key is copied. It looks some keys ahead, and what it has seen stays true: later
 * puts are no part of its revision, and a compaction keeps that revision or ends the walk. Where
 * keys were put meanwhile, it finds its place again by its last key.
 */
export class KeyWalk {
  readonly #state: KvState;
  readonly #main: number;
  readonly #from: Slice | undefined;
  readonly #to: Slice | undefined;
  readonly #reverse: boolean;
  readonly #batch: WalkBatch;
  /**
   * The table that has the batch's keys. The index makes another one when a compaction has left too
   * many gaps in it; this one keeps the keys as long as the walk is at them.
   */
  #keys: KvState["index"]["keys"];
  /** Keys in the batch. */
  #count = 0;
  /** Which of them is the current one. */
  #at = -1;
  /** How many keys to look at the next time. */
  #ahead = FIRST_BATCH;
  /** Where in the order the batch ends, and the order's version that this is good for. */
  #place = -1;
  #version = -1;
  /** The last key of the batch, and whether it is the last change of its transaction. */
  #lastId = -1;
  #lastMain = -1;
  #lastSub = 0;
  #isLast = false;
  #ended = false;
  #closed = false;

  /** @param range Its bounds are copied. */
  constructor(state: KvState, main: number, range: ScanRange) {
    this.#state = state;
    this.#main = main;
    this.#from = range.from && Slice.from(range.from.view());
    this.#to = range.to && Slice.from(range.to.view());
    this.#reverse = range.reverse ?? false;
    this.#keys = state.index.keys;
    this.#batch = state.spareBatches.pop() ?? new WalkBatch();
  }

  /** Bytes of the current key. */
  get keyLength(): number {
    return this.#batch.keyLengths[this.#at]!;
  }

  /** The main revision of the current key's state. */
  get main(): number {
    return this.#batch.mains[this.#at]!;
  }

  /** Its sub revision. */
  get sub(): number {
    return this.#batch.subs[this.#at]!;
  }

  /** Bytes of its record besides the value with its length; −1 where only the record tells. */
  get overhead(): number {
    return this.#batch.overheads[this.#at]!;
  }

  /** Whether no record can lie between the previous key's and this one's. */
  get follows(): boolean {
    return this.#batch.follows[this.#at] === 1;
  }

  /** Copies the current key, and sets the length of the slice, which is large enough. */
  readKey(into: Slice): void {
    into.length = this.keyLength;
    this.#keys.copyTo(this.#batch.ids[this.#at]!, into.bytes);
  }

  /** Goes to the next key; false past the last one. */
  next(): boolean {
    return ++this.#at < this.#count || this.#fill();
  }

  /** Looks at the next keys; false where there are none. */
  #fill(): boolean {
    this.#at = this.#count = 0;
    if (this.#ended) return false;
    const { index } = this.#state;
    const { order, chains } = index;
    const batch = this.#batch;
    let place = this.#version === index.version ? this.#step(this.#place) : this.#find();
    let count = 0;
    while (place >= 0 && count < this.#ahead) {
      const id = order.idAt(place);
      if (this.#isPast(id)) break;
      const node = index.nodeAt(id, this.#main);
      this.#place = place;
      this.#lastId = id;
      if (node !== 0) {
        const main = chains.main(node);
        const sub = chains.sub(node);
        const keyLength = this.#keys.lengthOf(id);
        batch.ids[count] = id;
        batch.keyLengths[count] = keyLength;
        batch.mains[count] = main;
        batch.subs[count] = sub;
        batch.overheads[count] = chains.isLeased(node)
          ? -1
          : recordOverhead(keyLength, chains.created(node), main, chains.version(node));
        batch.follows[count] = this.#isNext(main, sub) ? 1 : 0;
        this.#lastMain = main;
        this.#lastSub = sub;
        this.#isLast = chains.isLast(node);
        count++;
      }
      place = this.#step(place);
    }
    this.#ended = count < this.#ahead;
    this.#ahead = BATCH;
    this.#count = count;
    return count > 0;
  }

  #isNext(main: number, sub: number): boolean {
    return main === this.#lastMain
      ? sub === this.#lastSub + 1
      : main === this.#lastMain + 1 && sub === 0 && this.#isLast;
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
    if (this.#lastId < 0) return this.#first();
    const key = last.view(this.#lastId);
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
    const bound = this.#reverse ? this.#from : this.#to;
    if (bound === undefined) return false;
    const order = this.#keys.compare(id, bound.bytes, bound.length);
    return this.#reverse ? order < 0 : order >= 0;
  }

  /** Ends the walk. */
  close(): void {
    if (this.#closed) return;
    this.#closed = this.#ended = true;
    this.#at = this.#count = 0;
    if (this.#state.spareBatches.length < SPARE) this.#state.spareBatches.push(this.#batch);
  }
}
