import { tukeyOutliers } from "./outliers.ts";
import { median } from "./estimators.ts";

/** Samples below which two modes cannot be told from chance. */
export const LEAST_MODE_SAMPLES = 30;

/** One side of the best split of a sample in two. */
export interface Mode {
  /** The median of the side, in the unit of the data. */
  center: number;
  /** The side's share of the samples that were split, from 0 to 1. */
  share: number;
}

/** The best split of a sample in two. */
export interface Modes {
  lower: Mode;
  upper: Mode;
  /**
   * The share of the variance that lies between the two sides, from 0 to 1: 0.64 for a normal
   * distribution, 0.75 for a uniform one, 0.86 for two even modes five standard deviations apart.
   */
  separation: number;
  /** Whether that is two modes. */
  bimodal: boolean;
}

/** What counts as two modes. */
export interface ModesOptions {
  /** @default {0.85} */
  leastSeparation?: number;
  /** Share of the smaller side. @default {0.1} */
  leastShare?: number;
  /** Distance of the two centers, as a fraction of the lower one. @default {0.05} */
  leastDistance?: number;
}

/**
 * Splits a sample in two where the most variance lies between the sides (Otsu's criterion, which is
 * two-means in one dimension) and says whether these are two modes, e.g. reads with and without the
 * block cache. Severe outliers by Tukey's fences are left aside where they are fewer than
 * `leastShare`, or a few stalls would make a side.
 *
 * Measured with the defaults at n = 30, 100, 1,000: calls two even normal modes five standard
 * deviations apart bimodal in 72, 81, 100 % of cases; clean data at most in 2.7, 0, 0 % (uniform,
 * exponential and lognormal with σ = 1).
 *
 * @param values the sample, positive, in any order.
 * @returns null on fewer than {@linkcode LEAST_MODE_SAMPLES} samples, or where all are equal.
 * @throws {RangeError} on a value that is not finite.
 */
export function splitModes(
  values: ArrayLike<number>,
  { leastSeparation = 0.85, leastShare = 0.1, leastDistance = 0.05 }: ModesOptions = {},
): Modes | null {
  if (values.length < LEAST_MODE_SAMPLES) return null;
  const { labels, counts } = tukeyOutliers(values);
  const severe = counts["low severe"] + counts["high severe"];
  const keepsAll = severe >= leastShare * values.length;
  const sorted = Float64Array.from(values)
    .filter((_, i) => keepsAll || !labels[i]!.endsWith("severe"))
    .sort();
  const n = sorted.length;
  const center = sorted[n >> 1]!;
  const deviations = sorted.map((value) => value - center);
  const total = deviations.reduce((sum, deviation) => sum + deviation, 0);
  const squares = deviations.reduce((sum, deviation) => sum + deviation * deviation, 0);
  const allVariance = squares - total * total / n;

  let lowerSum = 0;
  let bestBetween = 0;
  let cut = 0;
  for (let count = 1; count < n; count++) {
    lowerSum += deviations[count - 1]!;
    const difference = lowerSum / count - (total - lowerSum) / (n - count);
    const between = difference * difference * count * (n - count) / n;
    // A cut between equal values is none.
    if (between > bestBetween && sorted[count]! > sorted[count - 1]!) {
      bestBetween = between;
      cut = count;
    }
  }
  if (cut === 0) return null;
  const lower = { center: median(sorted.subarray(0, cut)), share: cut / n };
  const upper = { center: median(sorted.subarray(cut)), share: 1 - cut / n };
  const separation = Math.min(1, bestBetween / allVariance);
  return {
    lower,
    upper,
    separation,
    bimodal: separation >= leastSeparation &&
      Math.min(lower.share, upper.share) >= leastShare &&
      upper.center - lower.center >= leastDistance * Math.abs(lower.center),
  };
}
