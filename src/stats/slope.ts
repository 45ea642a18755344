import { normalQuantile, studentTQuantile } from "./distributions.ts";
import { requireConfidence } from "./estimate.ts";
import { mean, quantileSorted, sortedCopy } from "./estimators.ts";
import type { Random } from "./random.ts";

/** Values that {@linkcode slopeOverTime} needs. */
export const LEAST_SLOPE_VALUES = 10;

/** How fast something grows. */
export interface Slope {
  /** Least squares, in the unit of the values a unit of time. */
  value: number;
  low: number;
  high: number;
  confidence: number;
  /** As how many independent values those count that there are. */
  effective: number;
}

/**
 * The slope of a line through equally spaced values by least squares, with an interval that considers
 * that neighbours are alike: of residuals with autocorrelation r at lag 1, n values count as
 * n · (1 − r) / (1 + r), in the residuals' variance as in Student's t. The formula is that of Santer
 * et al., "Statistical significance of trends and trend differences in layer-average atmospheric
 * temperature time series", J. Geophys. Res. 105 (D6), 2000, equations 3 to 6. It is made for residuals
 * that forget each other as a first-order autoregression does; means of many windows nearly do.
 *
 * @param values In time order, {@linkcode LEAST_SLOPE_VALUES} at least.
 * @param step Time from one to the next.
 * @returns `null` where they count as so few that there is no interval.
 * @throws {RangeError} On too few values, one that is not finite, or a confidence out of range.
 */
export function slopeOverTime(
  values: ArrayLike<number>,
  step: number,
  confidence = 0.95,
): Slope | null {
  requireConfidence(confidence);
  const n = values.length;
  if (n < LEAST_SLOPE_VALUES) {
    throw new RangeError(
      `Cannot fit a slope: there are ${n} values, and it needs ${LEAST_SLOPE_VALUES}`,
    );
  }
  const middle = (n - 1) / 2;
  // Deviations from the mean: of large values that differ little, sums of squares would lose those.
  const center = mean(values);
  let squares = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    squares += (i - middle) ** 2;
    products += (i - middle) * (values[i]! - center);
  }
  if (!Number.isFinite(products)) throw new RangeError("Cannot fit a slope: a value is not finite");
  const slope = products / squares;
  let sum = 0;
  let neighbours = 0;
  let before = 0;
  for (let i = 0; i < n; i++) {
    const residual = values[i]! - center - slope * (i - middle);
    sum += residual ** 2;
    neighbours += residual * before;
    before = residual;
  }
  // What lies on a line has no residuals that could be alike.
  const likeness = sum === 0 ? 0 : Math.max(0, neighbours / sum);
  const effective = n * (1 - likeness) / (1 + likeness);
  if (effective <= 3) return null;
  const degrees = effective - 2;
  const error = Math.sqrt(sum / degrees / squares);
  const reach = studentTQuantile(1 - (1 - confidence) / 2, degrees) * error;
  return {
    value: slope / step,
    low: (slope - reach) / step,
    high: (slope + reach) / step,
    confidence,
    effective,
  };
}

/** What something became, as a factor of what it was. */
export interface Change {
  value: number;
  low: number;
  high: number;
  confidence: number;
}

/** Resamples of a stretch. */
const RESAMPLES = 2000;

/**
 * The mean of a later stretch of a series over that of an earlier one, by the circular block bootstrap
 * (Politis and Romano, 1992): blocks of √n neighbours are drawn together, so that what is alike in them
 * stays so. Few blocks spread too little among themselves: the interval is as much wider, in the
 * logarithm, as Student's t of the blocks is than a normal one.
 *
 * @param random Determines the resamples.
 * @returns `null` where the earlier mean, or one of its resamples, is not above 0, or they have fewer
 * than two blocks.
 */
export function changeOfMeans(
  earlier: readonly number[],
  later: readonly number[],
  random: Random,
  confidence = 0.95,
): Change | null {
  requireConfidence(confidence);
  if (earlier.length === 0 || later.length === 0 || !(mean(earlier) > 0)) return null;
  const value = mean(later) / mean(earlier);
  const draws = [earlier, later].map((values) => blockMeans(values, random));
  const ratios = Float64Array.from(draws[1]!, (mean, i) => mean / draws[0]![i]!);
  if (!ratios.every(Number.isFinite)) return null;
  const sorted = sortedCopy(ratios);
  const tail = (1 - confidence) / 2;
  const [low, high] = [quantileSorted(sorted, tail), quantileSorted(sorted, 1 - tail)];
  const blocks = Math.min(...[earlier, later].map((values) => blocksOf(values.length).count));
  // Of one block there is no spread.
  if (blocks < 2 || !(low > 0)) return null;
  const wider = Math.sqrt(blocks / (blocks - 1)) * studentTQuantile(1 - tail, blocks - 1) /
    normalQuantile(1 - tail);
  const moved = (end: number) => value * Math.exp(wider * Math.log(end / value));
  return {
    value,
    low: moved(Math.min(low, value)),
    high: moved(Math.max(high, value)),
    confidence,
  };
}

/** The blocks of so many values: how long each is, and how many there are. */
function blocksOf(n: number): { length: number; count: number } {
  const length = Math.max(1, Math.round(Math.sqrt(n)));
  return { length, count: Math.ceil(n / length) };
}

function blockMeans(values: readonly number[], random: Random): Float64Array {
  const n = values.length;
  const { length, count: blocks } = blocksOf(n);
  // Sums of all blocks, around in a circle.
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < length; j++) sums[i]! += values[(i + j) % n]!;
  }
  return Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let block = 0; block < blocks; block++) sum += sums[random.below(n)]!;
    return sum / (blocks * length);
  });
}
