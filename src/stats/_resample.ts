import { MAD_TO_STD_DEV } from "./estimators.ts";
import type { Random } from "./random.ts";

/** What is estimated, in the order in which {@linkcode Resampler} writes it. */
export const STATISTICS = ["mean", "median", "stdDev", "medianAbsDev", "slope"] as const;

/**
 * Computes five statistics of resamples in O(n) each, without sorting and without allocating.
 *
 * The sample is sorted once. A resample is a count for each rank, so that its sums are weighted sums
 * over the ranks, its median is found by adding up counts from below, and its median absolute
 * deviation by walking two pointers outwards from the median, which meet the deviations in
 * ascending order.
 */
export class Resampler {
  readonly n: number;
  /** How often each rank is in the resample. */
  readonly counts: Int32Array;
  /** The results of the last {@linkcode compute}, in the order of {@linkcode STATISTICS}. */
  readonly results = new Float64Array(STATISTICS.length);

  /** Ascending, with −∞ before and ∞ after, so that the two pointers need no bounds. */
  readonly #sorted: Float64Array;
  /** Sums are taken of differences from the median, or the squares would swallow the spread. */
  readonly #center: number;
  readonly #deviations: Float64Array;
  readonly #xy: Float64Array | null;
  readonly #xx: Float64Array | null;

  /**
   * @param values The sample.
   * @param pairs X and y of each value, for the slope through the origin; without them it is NaN.
   */
  constructor(
    values: Float64Array,
    pairs: { x: ArrayLike<number>; y: ArrayLike<number> } | null,
  ) {
    const n = values.length;
    const order = Int32Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
    const sorted = Float64Array.from(order, (i) => values[i]!);
    const center = sorted[n >> 1]!;
    this.n = n;
    this.counts = new Int32Array(n);
    this.#sorted = new Float64Array(n + 2).fill(-Infinity, 0, 1).fill(Infinity, n + 1);
    this.#sorted.set(sorted, 1);
    this.#center = center;
    this.#deviations = sorted.map((value) => value - center);
    this.#xy = pairs && Float64Array.from(order, (i) => pairs.x[i]! * pairs.y[i]!);
    this.#xx = pairs && Float64Array.from(order, (i) => pairs.x[i]! * pairs.x[i]!);
  }

  /** Draws n ranks with replacement. */
  draw(random: Random): void {
    const { counts, n } = this;
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      const rank = random.below(n);
      counts[rank] = counts[rank]! + 1;
    }
  }

  /**
   * Computes the statistics of what `counts` says.
   *
   * @param total The sum of the counts.
   */
  compute(total: number): void {
    const { counts, n, results } = this;
    const deviations = this.#deviations;
    const sorted = this.#sorted;

    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const weighted = counts[i]! * deviations[i]!;
      sum += weighted;
      squares += weighted * deviations[i]!;
    }
    results[0] = this.#center + sum / total;
    // Rounding can bring equal values a hair below zero.
    results[2] = Math.sqrt(Math.max(0, squares - sum * sum / total) / (total - 1));

    const xy = this.#xy;
    const xx = this.#xx;
    if (xy !== null && xx !== null) {
      let sumXy = 0;
      let sumXx = 0;
      for (let i = 0; i < n; i++) {
        sumXy += counts[i]! * xy[i]!;
        sumXx += counts[i]! * xx[i]!;
      }
      results[4] = sumXy / sumXx;
    } else {
      results[4] = NaN;
    }

    // The two middle ones, counted from 1; the same one where the total is odd.
    const lowerMiddle = (total + 1) >> 1;
    const upperMiddle = (total >> 1) + 1;
    let rank = 0;
    let seen = counts[0]!;
    while (seen < lowerMiddle) seen += counts[++rank]!;
    // `sorted` is shifted by one.
    let left = rank + 1;
    while (seen < upperMiddle) seen += counts[++rank]!;
    const lower = sorted[left]!;
    const median = lower + (sorted[rank + 1]! - lower) * 0.5;
    results[1] = median;

    let right = left + 1;
    let deviation = 0;
    let lowerDeviation = 0;
    seen = 0;
    while (seen < upperMiddle) {
      const beforeLower = seen < lowerMiddle;
      const below = median - sorted[left]!;
      const above = sorted[right]! - median;
      if (below <= above) {
        deviation = below;
        seen += counts[--left]!;
      } else {
        deviation = above;
        seen += counts[right++ - 1]!;
      }
      if (beforeLower) lowerDeviation = deviation;
    }
    results[3] = (lowerDeviation + (deviation - lowerDeviation) * 0.5) * MAD_TO_STD_DEV;
  }
}
