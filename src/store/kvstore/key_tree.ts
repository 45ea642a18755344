import { grownCapacity, resized } from "./grow.ts";
import type { KeyTable } from "./key_table.ts";

/** Ids in a leaf at most. */
const LEAF = 256;
/** A place is its leaf's rank, shifted by this, and its slot in the leaf. */
const SHIFT = 8;
const SLOT = LEAF - 1;

/**
 * The ids of a {@linkcode KeyTable} in the bytewise order of their keys: a B+tree of two levels.
 * Leaves hold up to 256 ids, and one flat list holds the leaves in order; putting a new leaf into
 * it moves 4 bytes a leaf, which at ten million keys is some 100 KB once in 128 inserts.
 *
 * A place in the order is a number, `rank × 256 + slot`. It is good until the next insert. Ids are not removed one by one; see {@linkcode KeyTable}.
 */
export class KeyTree {
  readonly #keys: KeyTable;
  #ids = new Uint32Array(LEAF * 4);
  #counts = new Uint16Array(4);
  /** The leaves in order. */
  #leaves = new Uint32Array(4);
  #leafCount = 0;

  constructor(keys: KeyTable) {
    this.#keys = keys;
  }

  /** Bytes of memory in use, spare room included. */
  get memoryBytes(): number {
    return this.#ids.byteLength + this.#counts.byteLength + this.#leaves.byteLength;
  }

  /** A new, empty leaf at a rank. */
  #addLeaf(rank: number): number {
    const leaf = this.#leafCount;
    if (leaf === this.#leaves.length) {
      const capacity = grownCapacity(leaf, leaf + 1);
      this.#leaves = resized(this.#leaves, capacity);
      this.#counts = resized(this.#counts, capacity);
      this.#ids = resized(this.#ids, capacity * LEAF);
    }
    this.#leaves.copyWithin(rank + 1, rank, leaf);
    this.#leaves[rank] = leaf;
    this.#counts[leaf] = 0;
    this.#leafCount = leaf + 1;
    return leaf;
  }

  /** The rank of the leaf in which these bytes belong: the last one that starts at or before them. */
  #rankOf(bytes: Uint8Array, length: number): number {
    let low = 0;
    let high = this.#leafCount;
    while (high - low > 1) {
      const middle = low + high >>> 1;
      const first = this.#ids[this.#leaves[middle]! * LEAF]!;
      if (this.#keys.compare(first, bytes, length) <= 0) low = middle;
      else high = middle;
    }
    return low;
  }

  /** How many of a leaf's keys are before these bytes. */
  #slotOf(leaf: number, bytes: Uint8Array, length: number): number {
    let low = 0;
    let high = this.#counts[leaf]!;
    const base = leaf * LEAF;
    while (low < high) {
      const middle = low + high >>> 1;
      if (this.#keys.compare(this.#ids[base + middle]!, bytes, length) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts an id in its place. Its key is the first `length` bytes, and not in the order yet. */
  insert(id: number, bytes: Uint8Array, length: number): void {
    if (this.#leafCount === 0) this.#addLeaf(0);
    const last = this.#leafCount - 1;
    const lastLeaf = this.#leaves[last]!;
    const lastCount = this.#counts[lastLeaf]!;
    // Keys that come in order are appended: no search, and leaves that are full.
    if (
      lastCount === 0 ||
      this.#keys.compare(this.#ids[lastLeaf * LEAF + lastCount - 1]!, bytes, length) < 0
    ) {
      const leaf = lastCount === LEAF ? this.#addLeaf(last + 1) : lastLeaf;
      this.#ids[leaf * LEAF + this.#counts[leaf]!] = id;
      this.#counts[leaf]!++;
      return;
    }
    const rank = this.#rankOf(bytes, length);
    let leaf = this.#leaves[rank]!;
    let slot = this.#slotOf(leaf, bytes, length);
    if (this.#counts[leaf] === LEAF) {
      const half = LEAF / 2;
      const next = this.#addLeaf(rank + 1);
      this.#ids.copyWithin(next * LEAF, leaf * LEAF + half, leaf * LEAF + LEAF);
      this.#counts[leaf] = half;
      this.#counts[next] = LEAF - half;
      if (slot > half) {
        leaf = next;
        slot -= half;
      }
    }
    const base = leaf * LEAF;
    const count = this.#counts[leaf]!;
    for (let i = base + count; i > base + slot; i--) this.#ids[i] = this.#ids[i - 1]!;
    this.#ids[base + slot] = id;
    this.#counts[leaf] = count + 1;
  }

  /** Appends an id whose key is after all others. */
  append(id: number): void {
    const last = this.#leafCount - 1;
    let leaf = last < 0 ? this.#addLeaf(0) : this.#leaves[last]!;
    if (this.#counts[leaf] === LEAF) leaf = this.#addLeaf(last + 1);
    this.#ids[leaf * LEAF + this.#counts[leaf]!] = id;
    this.#counts[leaf]!++;
  }

  /** The place of the first key; −1 where there is none. */
  first(): number {
    return this.#leafCount === 0 ? -1 : 0;
  }

  /** The place of the last key; −1 where there is none. */
  last(): number {
    const rank = this.#leafCount - 1;
    return rank < 0 ? -1 : rank * LEAF + this.#counts[this.#leaves[rank]!]! - 1;
  }

  /** The place of the first key at or after these bytes; −1 where there is none. */
  atOrAfter(bytes: Uint8Array, length: number): number {
    if (this.#leafCount === 0) return -1;
    const rank = this.#rankOf(bytes, length);
    const leaf = this.#leaves[rank]!;
    const slot = this.#slotOf(leaf, bytes, length);
    if (slot < this.#counts[leaf]!) return rank * LEAF + slot;
    return rank + 1 < this.#leafCount ? (rank + 1) * LEAF : -1;
  }

  /** The place of the last key before these bytes; −1 where there is none. */
  before(bytes: Uint8Array, length: number): number {
    const place = this.atOrAfter(bytes, length);
    return place < 0 ? this.last() : this.previous(place);
  }

  /** The next place; −1 past the last one. */
  next(place: number): number {
    const rank = place >>> SHIFT;
    if ((place & SLOT) + 1 < this.#counts[this.#leaves[rank]!]!) return place + 1;
    return rank + 1 < this.#leafCount ? (rank + 1) * LEAF : -1;
  }

  /** The place before; −1 before the first one. */
  previous(place: number): number {
    if ((place & SLOT) > 0) return place - 1;
    const rank = (place >>> SHIFT) - 1;
    return rank < 0 ? -1 : rank * LEAF + this.#counts[this.#leaves[rank]!]! - 1;
  }

  /** The id at a place. */
  idAt(place: number): number {
    return this.#ids[this.#leaves[place >>> SHIFT]! * LEAF + (place & SLOT)]!;
  }
}
