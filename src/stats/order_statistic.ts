import { binomialCdf, binomialUpperTail, normalQuantile } from "./distributions.ts";
import { type Estimate, requireConfidence } from "./estimate.ts";

/** The ranks between which a quantile lies, counted from 1 in ascending order. */
interface OrderStatisticRanks {
  lowRank: number;
  highRank: number;
  /** The probability that the interval between the two holds the quantile; at least the confidence. */
  coverage: number;
}

function requireQuantile(n: number, q: number): void {
  if (!(Number.isSafeInteger(n) && n >= 0)) {
    throw new RangeError(`Cannot count ranks: there are ${n} observations, not a whole number`);
  }
  if (!(q > 0 && q < 1)) {
    throw new RangeError(`Cannot count ranks: q is ${q}, and must lie between 0 and 1`);
  }
}

/** The smallest k from 0 to n for which `holds` is true; it must be false before and true after. */
function firstWhere(n: number, holds: (k: number) => boolean): number {
  let before = -1;
  let at = n;
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (holds(middle)) at = middle;
    else before = middle;
  }
  return at;
}

/**
 * The exact, distribution-free confidence interval of a quantile between two order statistics: the
 * number of observations below the quantile is binomial, so
 * P(x₍l₎ ≤ ξ ≤ x₍u₎) ≥ P(l ≤ B ≤ u − 1), B ~ Bin(n, q), with equality for continuous data
 * (David and Nagaraja, "Order Statistics", 7.1).
 *
 * Each side errs with at most half of 1 − confidence, so that either bound can be used alone. Ties
 * only raise the coverage. The observations must be independent: stalls that hit many operations in
 * a row make the true coverage lower, so merge runs and compare them as well.
 *
 * @param n Observations.
 * @param q The quantile, between 0 and 1.
 * @param confidence The nominal level.
 * @returns The ranks, or null where n observations cannot hold the quantile at this level (the
 * interval would have to end beyond the smallest or the largest of them).
 * @throws {RangeError} Where n is not a count, or q or the confidence is not between 0 and 1.
 */
export function orderStatisticRanks(
  n: number,
  q: number,
  confidence = 0.95,
): OrderStatisticRanks | null {
  requireQuantile(n, q);
  requireConfidence(confidence);
  const error = (1 - confidence) / 2;
  // x₍l₎ is above the quantile when at most l − 1 observations lie below it.
  const lowRank = firstWhere(n, (k) => binomialCdf(k, n, q) > error);
  // x₍u₎ is below the quantile when at least u do.
  const highRank = firstWhere(n, (k) => binomialUpperTail(k, n, q) <= error) + 1;
  if (lowRank < 1 || highRank > n) return null;
  return {
    lowRank,
    highRank,
    coverage: 1 - binomialCdf(lowRank - 1, n, q) - binomialUpperTail(highRank - 1, n, q),
  };
}

/** What {@linkcode orderStatisticEstimate} needs to know of the observations. */
interface RankedObservations {
  /** How many there are. */
  n: number;
  /** The observation of a rank, counted from 1 in ascending order, e.g. from a histogram. */
  valueAt(rank: number): number;
}

/**
 * A quantile with its exact order-statistic interval, from sorted values or from a histogram.
 *
 * The value is the observation of rank ⌈n·q⌉, as histograms define it; it lies between the bounds.
 * The standard error is the interval's width over that of a normal interval of the same level.
 *
 * @param observations Their number and how to look one up.
 * @param q The quantile, between 0 and 1.
 * @param confidence The nominal level.
 * @returns The estimate, or null where {@linkcode orderStatisticRanks} has no interval.
 * @throws {RangeError} Where q or the confidence is not between 0 and 1.
 */
export function orderStatisticEstimate(
  observations: RankedObservations,
  q: number,
  confidence = 0.95,
): Estimate | null {
  const { n } = observations;
  const ranks = orderStatisticRanks(n, q, confidence);
  if (ranks === null) return null;
  const rank = Math.min(Math.max(Math.ceil(n * q), ranks.lowRank), ranks.highRank);
  const low = observations.valueAt(ranks.lowRank);
  const high = observations.valueAt(ranks.highRank);
  return {
    value: observations.valueAt(rank),
    low,
    high,
    confidence,
    standardError: (high - low) / (2 * normalQuantile((1 + confidence) / 2)),
    n,
    method: "order-statistic",
  };
}

/**
 * Whether n observations say anything about a quantile: at least `tail` of them must be expected
 * beyond it. A p99 from 100 samples rests on one observation.
 *
 * @param n Observations.
 * @param q The quantile, between 0 and 1; below ½ the lower tail counts.
 * @param tail Observations needed beyond it.
 * @throws {RangeError} Where n is not a count or q is not between 0 and 1.
 */
export function supportsQuantile(n: number, q: number, tail = 10): boolean {
  requireQuantile(n, q);
  // 1 − 0.9 is a little below 0.1 in binary, and 100 observations do support the p90.
  return n * Math.min(q, 1 - q) >= tail * (1 - 1e-9);
}
