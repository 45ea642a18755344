/** Ranks by Zipf's law, and by YCSB's approximation of it. */
import type { Random } from "../stats/mod.ts";

/** The largest exponent: beyond it next to all draws are the first rank. */
export const MOST_THETA = 5;

/** So many ranks have a block each, and each doubling from there on has as many blocks. */
const BLOCKS = 64;

/**
 * Ranks k = 0, 1, …, n − 1 in proportion to 1/(k + 1)^θ, exactly. Ranks are cut into blocks that grow
 * with them, in which the law falls by a 64th at most. A block is drawn by Walker's alias method as if
 * all its ranks were as likely as its first, a rank of it uniformly, and what is too much is rejected:
 * one draw in a hundred. So a billion ranks need some 1,600 powers to begin with and no sum over all of
 * them, and a draw is two uniform numbers, and a power where rejecting is near.
 */
export class Zipfian {
  readonly #random: Random;
  readonly #theta: number;
  // Typed arrays, for a field that holds a fraction may be boxed at every store.
  readonly #ranks = new Float64Array(1);
  /** The last block's last rank: those beyond the ranks are rejected as well. */
  #end = 0;
  /** For each block, the share of its place in the table that is its own, and whose the rest is. */
  #own = new Float64Array(0);
  #other = new Int32Array(0);
  /** First rank of each block, counted from 1, and how many it has. */
  #start = new Float64Array(0);
  #size = new Float64Array(0);
  /** What of a block's first rank's weight any of its ranks has. */
  #sure = new Float64Array(0);

  /**
   * @param ranks How many, a whole number from 1 on. It is not checked.
   * @param theta The exponent, above 0 and up to {@linkcode MOST_THETA}.
   */
  constructor(random: Random, ranks: number, theta: number) {
    this.#random = random;
    this.#theta = theta;
    this.resize(ranks);
  }

  /** Draws from so many ranks from now on. It costs something once in a growth by a 64th. */
  resize(ranks: number): void {
    this.#ranks[0] = ranks;
    if (ranks <= this.#end) return;
    const starts: number[] = [];
    const sizes: number[] = [];
    let start = 1;
    while (start <= ranks) {
      const size = Math.max(1, 2 ** Math.floor(Math.log2((start - 1) / BLOCKS)));
      starts.push(start);
      sizes.push(size);
      start += size;
    }
    this.#end = start - 1;
    this.#start = Float64Array.from(starts);
    this.#size = Float64Array.from(sizes);
    this.#sure = this.#start.map((first, i) => ((first + sizes[i]! - 1) / first) ** -this.#theta);
    this.#fillTable(this.#start.map((first, i) => sizes[i]! * first ** -this.#theta));
  }

  /** Vose's way of filling the table. */
  #fillTable(weights: Float64Array): void {
    const { length } = weights;
    const scale = length / weights.reduce((sum, weight) => sum + weight, 0);
    const left = weights.map((weight) => weight * scale);
    this.#own = new Float64Array(length).fill(1);
    this.#other = Int32Array.from({ length }, (_, block) => block);
    const poor = [...left.keys()].filter((block) => left[block]! < 1);
    const rich = [...left.keys()].filter((block) => left[block]! >= 1);
    while (poor.length > 0 && rich.length > 0) {
      const block = poor.pop()!;
      const giver = rich.at(-1)!;
      this.#own[block] = left[block]!;
      this.#other[block] = giver;
      left[giver]! -= 1 - left[block]!;
      if (left[giver]! < 1) poor.push(rich.pop()!);
    }
  }

  /** Draws a rank. */
  next(): number {
    const own = this.#own;
    const ranks = this.#ranks[0]!;
    while (true) {
      // What is left of a uniform number when its place is taken is one again, of fewer bits.
      const place = this.#random.uniform() * own.length;
      let block = Math.floor(place);
      if (place - block >= own[block]!) block = this.#other[block]!;
      const start = this.#start[block]!;
      const inside = this.#random.uniform() * this.#size[block]!;
      const offset = Math.floor(inside);
      const rank = start + offset;
      if (rank > ranks) continue;
      const share = inside - offset;
      if (share < this.#sure[block]! || share < (rank / start) ** -this.#theta) return rank - 1;
    }
  }
}

/** YCSB's exponent. */
const THETA = 0.99;
/** The ranks that YCSB's scrambled zipfian draws from, and the sum over them as it gives it. */
const ITEMS = 10_000_000_001;
const ZETA = 26.46902820178302;
const ALPHA = 1 / (1 - THETA);
const ETA = (1 - (2 / ITEMS) ** (1 - THETA)) / (1 - (1 + 0.5 ** THETA) / ZETA);
/** Below it is the second rank. */
const SECOND = 1 + 0.5 ** THETA;

/**
 * The rank that YCSB's scrambled zipfian generator draws, before it is hashed: the formula of Gray et
 * al., "Quickly generating billion-record synthetic databases", 1994, over 10^10 + 1 items. From the
 * third rank on it is an approximation.
 *
 * @param uniform From [0, 1).
 */
export function ycsbRank(uniform: number): number {
  const scaled = uniform * ZETA;
  if (scaled < 1) return 0;
  if (scaled < SECOND) return 1;
  return Math.floor(ITEMS * (ETA * uniform - ETA + 1) ** ALPHA);
}
