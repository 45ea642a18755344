/**
 * A histogram in memory that threads share: one of them counts, another reads while it does. Its buckets
 * are those of an HDR histogram of three digits, so that nothing is lost on the way into one.
 */

/** What is told apart below 2048 ns, and in each power of two above: HDR's sub-buckets for three digits. */
const SUB_BUCKETS = 2048;
const HALF = SUB_BUCKETS / 2;
/** log2 of {@linkcode SUB_BUCKETS}. */
const BITS = 11;
const TWO_32 = 2 ** 32;
/** The longest time that is told apart, ns: 73 minutes, the next power of two above HDR's hour. */
export const MOST_NS = 2 ** 42 - 1;

/** Slots of a histogram. */
export const HISTOGRAM_SLOTS = slotOf(MOST_NS) + 1;

/**
 * The slot that counts a time.
 *
 * @param ns 0 or more; what is longer than {@linkcode MOST_NS} counts as that.
 */
export function slotOf(ns: number): number {
  if (ns < SUB_BUCKETS) return ns > 0 ? ns | 0 : 0;
  if (ns < TWO_32) {
    const shift = 32 - BITS - Math.clz32(ns >>> 0);
    return shift * HALF + (ns >>> shift);
  }
  const whole = ns < MOST_NS ? ns : MOST_NS;
  const shift = 64 - BITS - Math.clz32(whole / TWO_32);
  return shift * HALF + Math.floor(whole / 2 ** shift);
}

/** The longest time that a slot counts, ns: what HDR histograms say of it. */
export function mostOfSlot(slot: number): number {
  if (slot < SUB_BUCKETS) return slot;
  const shift = Math.floor(slot / HALF) - 1;
  return (slot - shift * HALF + 1) * 2 ** shift - 1;
}

/** Counts by slot: of a run so far, or of a stretch of it. */
export type Counts = Uint32Array;

/** How many times a histogram has counted. */
export function totalOf(counts: Counts): number {
  let total = 0;
  for (let slot = 0; slot < counts.length; slot++) total += counts[slot]!;
  return total;
}

/** The sum of what a histogram has counted, ns, each time being the middle of its slot. */
export function sumOf(counts: Counts): number {
  let sum = 0;
  for (let slot = 0; slot < counts.length; slot++) {
    const count = counts[slot]!;
    if (count > 0) {
      sum += count * (mostOfSlot(slot) + (slot > 0 ? mostOfSlot(slot - 1) + 1 : 0)) / 2;
    }
  }
  return sum;
}

/** The time with a rank, ns, 1 being the shortest; 0 of an empty histogram. */
export function atRank(counts: Counts, rank: number): number {
  let seen = 0;
  for (let slot = 0; slot < counts.length; slot++) {
    seen += counts[slot]!;
    if (seen >= rank) return mostOfSlot(slot);
  }
  return 0;
}

/** A quantile, ns: the time with the smallest rank r for which r / n ≥ q. */
export function quantileOf(counts: Counts, total: number, q: number): number {
  return atRank(counts, Math.max(1, Math.ceil(total * q - 1e-9)));
}

/** The longest time, ns; 0 of an empty histogram. */
export function mostOf(counts: Counts): number {
  for (let slot = counts.length - 1; slot >= 0; slot--) {
    if (counts[slot]! > 0) return mostOfSlot(slot);
  }
  return 0;
}

/** What a spread tells apart in each power of two. */
const AN_OCTAVE = 4;

/** Times by quarters of an octave: from 2^((first + i) / 4) ns on `counts[i]` of them, up to where the next begins. */
export interface Spread {
  first: number;
  counts: number[];
}

/** The times of a histogram in few numbers, as a picture needs them; `null` of an empty one. */
export function spreadOf(counts: Counts): Spread | null {
  let first = 0;
  const spread: number[] = [];
  for (let slot = 0; slot < counts.length; slot++) {
    if (counts[slot] === 0) continue;
    const bucket = Math.floor(AN_OCTAVE * Math.log2(Math.max(1, mostOfSlot(slot))));
    if (spread.length === 0) first = bucket;
    while (spread.length <= bucket - first) spread.push(0);
    spread[bucket - first]! += counts[slot]!;
  }
  return spread.length === 0 ? null : { first, counts: spread };
}
