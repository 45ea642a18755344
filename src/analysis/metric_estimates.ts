/**
 * The one estimator of each metric. Its value is the geometric mean of the runs' own values, and its
 * interval is made of the same: over the runs where there are three, else of the intervals inside
 * them. Everything that shows, compares, exports or keeps a metric takes it from here.
 */
import type { Histogram } from "hdr-histogram-js";
import {
  type Estimate,
  insideRuns,
  intervalOverRuns,
  invert,
  LEAST_RUNS,
  orderStatisticEstimate,
  quantileOverRuns,
  supportsQuantile,
  withinReach,
} from "../stats/mod.ts";
import { formatCount, plural } from "../format/mod.ts";
import { mergeHistograms, quantileRank, valueAtRank } from "./histogram.ts";
import type { MetricEstimate, MissingValue } from "./model.ts";
import { type MetricValues, QUANTILE_NAMES, type QuantileName, QUANTILES } from "./run_values.ts";

/** A value, or the reason why there is none. */
export interface Attempt<T> {
  value: T | null;
  reason: string | null;
}

/** Statistics refuse data that they cannot handle with a RangeError; here that is a reason, not a crash. */
export function attempt<T>(compute: () => T): Attempt<T> {
  try {
    return { value: compute(), reason: null };
  } catch (error) {
    if (error instanceof RangeError) return { value: null, reason: error.message };
    throw error;
  }
}

/**
 * Any metric over three runs or more.
 *
 * @param times The time for one operation in each run, ns: what means and rates are made of.
 * @throws {RangeError} On fewer runs, or a value without a logarithm.
 */
export function estimateOverRuns(
  { metric, values, stepNs, bucketNs, leastNs }: MetricValues,
  times: readonly number[],
  confidence: number,
): Estimate {
  if (metric === "mean") return intervalOverRuns(values, confidence);
  if (metric === "throughput") return rateOf(intervalOverRuns(times, confidence));
  if (values.some((value) => value === 0)) {
    throw new RangeError("a run's value is zero: the clock is too coarse to see it");
  }
  // No quantile is below the fastest operation, and none is known better than it could be told.
  const step = Math.max(stepNs, bucketNs);
  return quantileOverRuns(values, { confidence, step, least: leastNs });
}

/** Operations a second from nanoseconds for one. */
export function rateOf(time: Estimate): Estimate {
  return invert(time, 1e9);
}

/** What an interval was taken from, as a clause. */
export function basisOf({ method }: Estimate, runs: number): string {
  if (method === "runs") return `over ${plural(runs, "run")}`;
  return runs === 1 ? "inside one run only" : `inside ${plural(runs, "run")} only`;
}

/**
 * Estimates the quantiles of a benchmark from the values that its runs have of them.
 *
 * @param histograms One for each run; the first is changed by merging.
 */
export function estimateQuantiles(
  values: readonly MetricValues[],
  histograms: readonly Histogram[],
  confidence: number,
): MetricEstimate[] {
  // Before the first of them is changed.
  const estimates = QUANTILE_NAMES.map((name) => {
    const own = values.find(({ metric }) => metric === name)!;
    return own.reason === null
      ? attempt(() => estimateQuantile(name, own, histograms, confidence))
      : { value: null, reason: own.reason };
  });
  const pooled = pooledQuantiles(histograms);
  return QUANTILE_NAMES.map((metric, index): MetricEstimate => {
    const { value: estimate, reason } = estimates[index]!;
    const own = values.find((each) => each.metric === metric)!;
    const missing = estimate === null ? missingOf(own) : null;
    return {
      metric,
      estimate,
      ...(missing !== null && { missing }),
      reason,
      basis: estimate && basisOf(estimate, histograms.length),
      ...pooled[metric],
    };
  });
}

/** Why a quantile without an estimate has none, in a few words; `null` where nothing was timed. */
function missingOf({ values, reason, missing }: MetricValues): MissingValue | null {
  if (reason !== null) return missing ?? null;
  return values.includes(0) ? "below the clock's step" : "too few operations";
}

/**
 * Estimates one quantile: over the runs where there are three, else from inside them.
 *
 * @throws {RangeError} Where there is no interval; the message is a reason, as a clause.
 */
export function estimateQuantile(
  name: QuantileName,
  own: MetricValues,
  histograms: readonly Histogram[],
  confidence: number,
): Estimate {
  if (own.values.length >= LEAST_RUNS) return estimateOverRuns(own, [], confidence);
  return insideRuns(histograms.map((histogram, run) => {
    const n = histogram.totalCount;
    const observations = { n, valueAt: (rank: number) => valueAtRank(histogram, rank) };
    const exact = orderStatisticEstimate(observations, QUANTILES[name], confidence);
    if (exact === null) {
      throw new RangeError(`${formatCount(n)} operations are too few for its interval`);
    }
    const step = Math.max(own.stepNs, own.bucketNs);
    return withinReach({ ...exact, value: own.values[run]! }, step, own.leastNs);
  }));
}

/** The quantiles of the operations of several runs together, as far as these support them. */
function pooledQuantiles(
  histograms: readonly Histogram[],
): Record<QuantileName, { pooled?: number }> {
  const pooled: Record<QuantileName, { pooled?: number }> = { p50: {}, p90: {}, p99: {}, p999: {} };
  if (histograms.length < 2) return pooled;
  const merged = mergeHistograms(histograms);
  const n = merged.totalCount;
  for (const name of QUANTILE_NAMES) {
    const q = QUANTILES[name];
    if (supportsQuantile(n, q)) pooled[name].pooled = valueAtRank(merged, quantileRank(n, q));
  }
  return pooled;
}
