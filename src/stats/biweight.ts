import { MAD_TO_STD_DEV, sortedCopy } from "./estimators.ts";

/** A robust center and a robust spread, both near the efficiency of mean and standard deviation. */
interface Biweight {
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
 * @param values Any order.
 * @throws {RangeError} On no values, or one that is not finite.
 */
export function biweight(values: ArrayLike<number>): Biweight {
  const sorted = sortedCopy(values);
  if (sorted.length === 0) {
    throw new RangeError("Cannot compute the biweight: no values were given");
  }
  return {
    location: biweightLocationSorted(sorted, 0, sorted.length),
    scale: biweightScaleSorted(sorted, 0, sorted.length),
  };
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
 * The location of a {@linkcode biweight}, of a stretch of ascending values; unchecked, in O(n), without a
 * copy.
 *
 * @param sorted Ascending and finite from `from` up to `to`.
 * @param from The first of the stretch.
 * @param to Behind the last, above `from`.
 */
export function biweightLocationSorted(sorted: Float64Array, from: number, to: number): number {
  const center = medianSorted(sorted, from, to);
  const reach = LOCATION_REACH * medianDeviation(sorted, from, to, center);
  const toUnit = 1 / reach;
  // Also where the deviations are too small for their reciprocals.
  if (!(toUnit < Infinity)) return center;
  let weights = 0;
  let weighted = 0;
  // The stretch within reach, so that nothing has to be asked for each value.
  const last = countBelow(sorted, from, to, center + reach);
  for (let i = countBelow(sorted, from, to, center - reach); i < last; i++) {
    const deviation = sorted[i]! - center;
    const u = deviation * toUnit;
    const rest = 1 - u * u;
    weights += rest * rest;
    weighted += rest * rest * deviation;
  }
  return center + weighted / weights;
}

/** The scale of a {@linkcode biweight}; as {@linkcode biweightLocationSorted}. */
export function biweightScaleSorted(sorted: Float64Array, from: number, to: number): number {
  const center = medianSorted(sorted, from, to);
  const mad = medianDeviation(sorted, from, to, center);
  const reach = SCALE_REACH * mad;
  const toUnit = 1 / reach;
  if (!(toUnit < Infinity)) return 0;
  let squares = 0;
  let slopes = 0;
  let first = countBelow(sorted, from, to, center - reach);
  const last = countBelow(sorted, from, to, center + reach);
  // One at the very end of the reach has no weight either, and is not counted on either side.
  while (first < last && sorted[first] === center - reach) first++;
  for (let i = first; i < last; i++) {
    const u = (sorted[i]! - center) * toUnit;
    const rest = 1 - u * u;
    const rest2 = rest * rest;
    squares += u * u * rest2 * rest2;
    slopes += rest * (1 - 5 * u * u);
  }
  // The slopes can cancel out in tiny samples.
  if (!(slopes > 0)) return mad * MAD_TO_STD_DEV;
  return reach * Math.sqrt((last - first) * squares) / slopes;
}

function medianSorted(sorted: Float64Array, from: number, to: number): number {
  const middle = (from + to) >> 1;
  return (to - from) % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The first index whose value is not below a level. */
function countBelow(sorted: Float64Array, from: number, to: number, level: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < level) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Median distance from the median, of ascending values: distances rise to the left of it and to the
 * right, so the middle one of both is found by halving, in O(log n).
 */
function medianDeviation(sorted: Float64Array, from: number, to: number, center: number): number {
  const right = countBelow(sorted, from, to, center);
  const lefts = right - from;
  const rights = to - right;
  const leftAt = (i: number) => i < lefts ? center - sorted[right - 1 - i]! : Infinity;
  const rightAt = (i: number) => i < rights ? sorted[right + i]! - center : Infinity;
  const k = (to - from) >> 1;
  // So many of the k smallest distances are to the left.
  let low = Math.max(0, k - rights);
  let high = Math.min(k, lefts);
  while (low < high) {
    const i = (low + high) >> 1;
    if (leftAt(i) < rightAt(k - i - 1)) low = i + 1;
    else high = i;
  }
  const upper = Math.min(leftAt(low), rightAt(k - low));
  if ((to - from) % 2 === 1) return upper;
  const lower = Math.max(
    low > 0 ? leftAt(low - 1) : 0,
    k > low ? rightAt(k - low - 1) : 0,
  );
  return (lower + upper) / 2;
}
