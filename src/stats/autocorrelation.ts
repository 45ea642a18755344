import { mean } from "./estimators.ts";

/** Samples below which autocorrelation is noise. */
export const LEAST_CORRELATION_SAMPLES = 20;

/** How much consecutive samples resemble each other. */
export interface Autocorrelation {
  /** Correlation of each sample with the next, from −1 to 1. */
  lag1: number;
  /**
   * The number of independent samples that would fix the mean as well, from 1 to n: an interval from
   * the samples is too narrow by about √(n / effectiveSampleSize).
   */
  effectiveSampleSize: number;
}

/**
 * Autocorrelation and effective sample size, n / (1 + 2 Σ ρ_k), the sum cut off by Geyer's initial
 * monotone sequence ("Practical Markov chain Monte Carlo", 1992): sums of two neighbouring
 * autocorrelations are taken while they are positive, none larger than the one before.
 *
 * A drift counts as correlation. Where samples alternate, the effective size is reported as n, not
 * more.
 *
 * @param values in time order.
 * @returns null on fewer than {@linkcode LEAST_CORRELATION_SAMPLES} samples.
 */
export function autocorrelation(values: ArrayLike<number>): Autocorrelation | null {
  const n = values.length;
  if (n < LEAST_CORRELATION_SAMPLES) return null;
  const center = mean(values);
  const covariance = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (values[i]! - center) * (values[i - lag]! - center);
    return sum;
  };
  const variance = covariance(0);
  if (!(variance > 0)) return { lag1: 0, effectiveSampleSize: n };
  const lag1 = covariance(1) / variance;
  let pairSum = 1 + lag1;
  let total = 0;
  for (let lag = 2; pairSum > 0; lag += 2) {
    total += pairSum;
    if (lag + 1 >= n) break;
    pairSum = Math.min(pairSum, (covariance(lag) + covariance(lag + 1)) / variance);
  }
  const inflation = Math.max(1, 2 * total - 1);
  return { lag1, effectiveSampleSize: Math.max(1, n / inflation) };
}
