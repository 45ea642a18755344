import { normalCdf, normalQuantile } from "./distributions.ts";
import { requireConfidence } from "./estimate.ts";
import { median, quantileSorted, sortedCopy } from "./estimators.ts";

/** Values that {@linkcode monotonicTrend} needs; the normal approximation is poor below. */
const LEAST_TREND_VALUES = 8;

/** A monotonic trend over equally spaced values. */
interface Trend {
  /** Theil–Sen slope: the median of the slopes between all pairs, in the unit of the data a step. */
  slope: number;
  /** Lower bound of Sen's interval of the slope. */
  low: number;
  /** Upper bound of Sen's interval of the slope. */
  high: number;
  confidence: number;
  /** Two-sided p of the Mann–Kendall test against no trend. */
  p: number;
}

/**
 * The Mann–Kendall test (corrected for ties and continuity) and the Theil–Sen slope with Sen's
 * interval (1968). Both look at ranks only, so that single stalls move neither.
 *
 * The values must be independent but for the trend; block means of correlated samples nearly are.
 * Costs O(n²) time and memory.
 *
 * @param values In time order, {@linkcode LEAST_TREND_VALUES} at least.
 * @param confidence Of the slope's interval.
 * @throws {RangeError} On too few values, one that is not finite, or a confidence out of range.
 */
export function monotonicTrend(values: ArrayLike<number>, confidence = 0.95): Trend {
  requireConfidence(confidence);
  const n = values.length;
  if (n < LEAST_TREND_VALUES) {
    throw new RangeError(
      `Cannot test for a trend: there are ${n} values, and it needs ${LEAST_TREND_VALUES}`,
    );
  }
  const slopes = new Float64Array(n * (n - 1) / 2);
  let score = 0;
  for (let later = 1, pair = 0; later < n; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const difference = values[later]! - values[earlier]!;
      score += Math.sign(difference);
      slopes[pair++] = difference / (later - earlier);
    }
  }
  const sortedSlopes = sortedCopy(slopes);
  const deviation = Math.sqrt(scoreVariance(values));
  const z = deviation > 0 ? Math.max(0, Math.abs(score) - 1) / deviation : 0;
  const reach = normalQuantile((1 + confidence) / 2) * deviation;
  const pairs = slopes.length;
  // Sen's ranks (pairs ∓ reach) / 2, counted from 1, the upper one plus 1; interpolated.
  const level = (rank: number) => Math.min(1, Math.max(0, (rank - 1) / (pairs - 1)));
  return {
    slope: median(slopes),
    low: quantileSorted(sortedSlopes, level((pairs - reach) / 2)),
    high: quantileSorted(sortedSlopes, level((pairs + reach) / 2 + 1)),
    confidence,
    p: Math.min(1, 2 * normalCdf(-z)),
  };
}

/** Variance of Kendall's score where there is no trend: (n(n−1)(2n+5) − Σ t(t−1)(2t+5)) / 18. */
function scoreVariance(values: ArrayLike<number>): number {
  const term = (count: number) => count * (count - 1) * (2 * count + 5);
  const ties = new Map<number, number>();
  for (let i = 0; i < values.length; i++) ties.set(values[i]!, (ties.get(values[i]!) ?? 0) + 1);
  let variance = term(values.length);
  for (const count of ties.values()) variance -= term(count);
  return variance / 18;
}
