/**
 * Point estimators, the ones that criterion.rs uses. simple-statistics has most of them, but takes
 * `number[]` only; the tests hold these against it.
 */

/**
 * Makes the median absolute deviation estimate the standard deviation of normal data: 1/Φ⁻¹(¾).
 * criterion.rs has it in single precision, 1.8e-8 below 1.4826.
 */
export const MAD_TO_STD_DEV = Math.fround(1.4826);

function requireLength(values: ArrayLike<number>, least: number, what: string): void {
  if (values.length < least) {
    throw new RangeError(
      `Cannot compute the ${what}: ${values.length} values were given, and it needs ${least}`,
    );
  }
}

/**
 * A sorted copy, ascending.
 *
 * @throws {RangeError} Where a value is NaN or infinite: no estimator means anything with it.
 */
export function sortedCopy(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values);
  for (let i = 0; i < sorted.length; i++) {
    if (!Number.isFinite(sorted[i])) {
      throw new RangeError(`Cannot use a sample: value ${i} is ${sorted[i]}, not a finite number`);
    }
  }
  return sorted.sort();
}

/**
 * Arithmetic mean, summed with Neumaier's compensation.
 *
 * @throws {RangeError} On no values.
 */
export function mean(values: ArrayLike<number>): number {
  requireLength(values, 1, "mean");
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  return (sum + lost) / values.length;
}

/**
 * Geometric mean: exp of the mean of the logarithms.
 *
 * @throws {RangeError} On no values.
 */
export function geometricMean(values: ArrayLike<number>): number {
  // A logarithm and back would lose the last digit.
  if (values.length === 1) return values[0]!;
  return Math.exp(mean(Float64Array.from(values, Math.log)));
}

/**
 * Sample variance, with n − 1 in the denominator (two passes).
 *
 * @throws {RangeError} On fewer than two values.
 */
export function sampleVariance(values: ArrayLike<number>): number {
  requireLength(values, 2, "sample variance");
  const center = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! - center;
    squares += deviation * deviation;
  }
  return squares / (values.length - 1);
}

/**
 * Sample standard deviation, with n − 1 in the denominator.
 *
 * @throws {RangeError} On fewer than two values.
 */
export function sampleStdDev(values: ArrayLike<number>): number {
  return Math.sqrt(sampleVariance(values));
}

/**
 * Quantile by linear interpolation between closest ranks: type 7 of Hyndman and Fan (1996), the
 * default of R and NumPy, and what criterion.rs uses for quartiles and intervals alike.
 *
 * @param sorted Ascending values.
 * @param q From 0 to 1.
 * @throws {RangeError} On no values, or a q outside [0, 1].
 */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  requireLength(sorted, 1, "quantile");
  if (!(q >= 0 && q <= 1)) {
    throw new RangeError(`Cannot compute a quantile: q is ${q}, and must lie between 0 and 1`);
  }
  const rank = q * (sorted.length - 1);
  const index = Math.floor(rank);
  const low = sorted[index]!;
  return index + 1 < sorted.length ? low + (sorted[index + 1]! - low) * (rank - index) : low;
}

/**
 * The median (type 7: the middle value, or halfway between the two middle ones).
 *
 * @throws {RangeError} On no values, or one that is not finite.
 */
export function median(values: ArrayLike<number>): number {
  return quantileSorted(sortedCopy(values), 0.5);
}

/**
 * Slope of the least-squares line through the origin, Σxy / Σx²: the time for one iteration where
 * x are iterations and y the times they took.
 *
 * @throws {RangeError} Where x and y differ in length or are empty.
 */
export function slopeThroughOrigin(x: ArrayLike<number>, y: ArrayLike<number>): number {
  requireLength(x, 1, "slope");
  if (x.length !== y.length) {
    throw new RangeError(
      `Cannot fit a line: there are ${x.length} x values and ${y.length} y values`,
    );
  }
  let xy = 0;
  let xx = 0;
  for (let i = 0; i < x.length; i++) {
    xy += x[i]! * y[i]!;
    xx += x[i]! * x[i]!;
  }
  return xy / xx;
}
