/**
 * Where an estimate's uncertainty comes from:
 *
 * - `runs`: the spread between runs (fresh process, fresh database);
 * - `samples`: the spread between the samples of one run, which says nothing about other runs;
 * - `order-statistic`: the exact binomial distribution of ranks among single observations.
 */
type EstimateMethod = "runs" | "samples" | "order-statistic";

/** A value together with how sure it is. No estimate leaves this folder as a bare number. */
export interface Estimate {
  /** The point estimate, in the unit of the data. */
  value: number;
  /** Lower bound of the confidence interval. */
  low: number;
  /** Upper bound of the confidence interval. */
  high: number;
  /** Nominal confidence level, between 0 and 1. */
  confidence: number;
  /** Standard deviation of the estimator, in the unit of the data. */
  standardError: number;
  /** Runs, samples or observations, by `method`; for a ratio, those of the smaller side. */
  n: number;
  /** What the uncertainty was taken from. */
  method: EstimateMethod;
  /**
   * The runs' own values, where the ends lie more than {@linkcode MOST_WIDTH} times apart: such an
   * interval says nothing that these do not say better.
   */
  apart?: number[];
}

/** How many times its lower end the upper end of an interval may be and still say something. */
export const MOST_WIDTH = 10;

/**
 * Samples below which an interval inside a run says nothing. No percentile of resamples lies beyond the
 * least and the greatest sample, which hold the median between them in 1 − 2^(1 − n) of sessions: in
 * 93.75 % with five, in half of them with two.
 */
export const LEAST_SAMPLES = 6;

/** Whether the ends of an interval lie so far apart that it says nothing. */
export function isTooWide({ low, high }: Pick<Estimate, "low" | "high">): boolean {
  return high > MOST_WIDTH * low;
}

/**
 * Checks a confidence level.
 *
 * @param confidence The level, as a fraction.
 * @throws {RangeError} Where it is not strictly between 0 and 1.
 */
export function requireConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot make an interval: the confidence is ${confidence}, and must lie between 0 and 1, ` +
        "e.g. 0.95",
    );
  }
}

/**
 * The estimate of `scale / quantity`, e.g. a rate from a time: `invert(nsPerOp, 1e9)` is operations
 * a second. The bounds change places; the standard error follows by the delta method,
 * se(s/x) = s · se(x) / x².
 *
 * @param estimate An estimate of a positive quantity.
 * @param scale The numerator, positive; 1e9 turns nanoseconds into a rate per second.
 * @returns The inverted estimate; inverting twice with the same scale gives the first one back.
 * @throws {RangeError} Where a bound or the scale is not positive: the reciprocal of an interval that
 * touches zero is not an interval.
 */
export function invert(estimate: Estimate, scale = 1): Estimate {
  if (!(estimate.low > 0 && estimate.value > 0 && scale > 0)) {
    throw new RangeError(
      `Cannot invert an estimate: its interval [${estimate.low}, ${estimate.high}] and the scale ` +
        `${scale} must be above zero`,
    );
  }
  return {
    ...estimate,
    value: scale / estimate.value,
    low: scale / estimate.high,
    high: scale / estimate.low,
    standardError: scale * estimate.standardError / (estimate.value * estimate.value),
    ...(estimate.apart === undefined
      ? {}
      : { apart: estimate.apart.map((value) => scale / value) }),
  };
}
