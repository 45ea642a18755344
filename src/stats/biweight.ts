import { MAD_TO_STD_DEV, sortedCopy } from "./estimators.ts";

/** A robust center and a robust spread, both near the efficiency of mean and standard deviation. */
export interface Biweight {
  location: number;
  /** Estimates the standard deviation of normal data; 0 where at least half the values are equal. */
  scale: number;
}

/** Values farther from the median than this many raw MADs have no weight in the location. */
const LOCATION_REACH = 6;
/** The same for the scale. */
const SCALE_REACH = 9;

/**
 * One-step biweight location, and the square root of the biweight midvariance (Mosteller and Tukey,
 * "Data Analysis and Regression", 1977), with the tuning constants 6 and 9. Values beyond the reach
 * have no weight, and are not counted: a tenth of the values may be anywhere without moving them much.
 *
 * @param values any order.
 * @throws {RangeError} on no values, or one that is not finite.
 */
export function biweight(values: ArrayLike<number>): Biweight {
  const sorted = sortedCopy(values);
  if (sorted.length === 0) {
    throw new RangeError("Cannot compute the biweight: no values were given");
  }
  return biweightSorted(sorted, 0, sorted.length);
}

/**
 * Degrees of freedom of Student's t for a center and a spread that are the {@linkcode biweight} of n
 * values: 0.7 (n − 1), as Mosteller and Tukey advise. For many values the spread is worth 0.86 (n − 1);
 * for ten it is not.
 */
export function biweightDegrees(n: number): number {
  return 0.7 * (n - 1);
}

/**
 * {@linkcode biweight} of a stretch of ascending values, unchecked, in O(n) without a copy.
 *
 * @param sorted ascending and finite from `from` up to `to`.
 * @param from the first of the stretch.
 * @param to behind the last, above `from`.
 */
export function biweightSorted(sorted: Float64Array, from: number, to: number): Biweight {
  const n = to - from;
  const middle = from + (n >> 1);
  const center = n % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  const mad = medianDeviation(sorted, from, to, center);
  const near = 1 / (LOCATION_REACH * mad);
  // Also where the deviations are too small for their reciprocals.
  if (!(near < Infinity)) return { location: center, scale: 0 };
  const far = 1 / (SCALE_REACH * mad);
  let weights = 0;
  let weighted = 0;
  let counted = 0;
  let squares = 0;
  let slopes = 0;
  for (let i = from; i < to; i++) {
    const deviation = sorted[i]! - center;
    const u = deviation * far;
    const u2 = u * u;
    if (u2 >= 1) continue;
    counted++;
    const rest = 1 - u2;
    const rest2 = rest * rest;
    squares += deviation * deviation * rest2 * rest2;
    slopes += rest * (1 - 5 * u2);
    const v = deviation * near;
    if (v * v >= 1) continue;
    const weight = (1 - v * v) * (1 - v * v);
    weights += weight;
    weighted += weight * deviation;
  }
  // The median is among the values or between two of them, so something has weight; the slopes can
  // still cancel out in tiny samples.
  const scale = slopes > 0 ? Math.sqrt(counted * squares) / slopes : mad * MAD_TO_STD_DEV;
  return { location: center + weighted / weights, scale };
}

/** Median distance from a center, of ascending values: the middle of two runs that are merged. */
function medianDeviation(sorted: Float64Array, from: number, to: number, center: number): number {
  const n = to - from;
  let right = from + (n >> 1);
  let left = right - 1;
  // `right` is the first value that is not below the center.
  while (right < to && sorted[right]! < center) right++;
  while (left >= from && sorted[left]! >= center) left--;
  right = left + 1;
  let last = 0;
  let before = 0;
  for (let taken = 0; taken <= n >> 1; taken++) {
    before = last;
    const below = left >= from ? center - sorted[left]! : Infinity;
    const above = right < to ? sorted[right]! - center : Infinity;
    if (below <= above) {
      last = below;
      left--;
    } else {
      last = above;
      right++;
    }
  }
  return n % 2 === 1 ? last : (before + last) / 2;
}
