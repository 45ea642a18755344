/** Quantiles of single operations' latencies, from the histograms of a benchmark's runs. */
import type { Histogram } from "hdr-histogram-js";
import {
  type Estimate,
  intervalOverRuns,
  LEAST_RUNS,
  orderStatisticEstimate,
  supportsQuantile,
} from "../stats/mod.ts";
import { formatCount } from "../format/mod.ts";
import { mergeHistograms, quantileRank, valueAtRank } from "./histogram.ts";
import type { MetricEstimate } from "./model.ts";

/** The quantiles that a latency benchmark reports. */
export const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;

/** The name of a metric that is a quantile. */
export type QuantileName = keyof typeof QUANTILES;

/** The quantiles of a benchmark, and each run's own, which ratios between stores are made of. */
interface QuantileMetrics {
  metrics: MetricEstimate[];
  /** Values of each run, ns, in the order of the histograms. */
  ofRuns: Record<QuantileName, number[]>;
  /** Operations that were timed one by one. */
  observations: number;
}

/**
 * Estimates the quantiles. The value is that of the merged histogram. The interval is exact for one
 * process (order statistics); with three runs or more it comes from the runs' own quantiles, which say
 * how far processes differ, and whose spread has that of the operations in it already.
 *
 * @param histograms One for each run; the first is changed by merging.
 */
export function estimateQuantiles(
  histograms: readonly Histogram[],
  confidence: number,
): QuantileMetrics {
  const ofRuns = { p50: [], p90: [], p99: [], p999: [] } as Record<QuantileName, number[]>;
  const names = Object.keys(QUANTILES) as QuantileName[];
  if (histograms.length === 0) {
    const reason = "no run recorded the latencies of single operations";
    return {
      metrics: names.map((metric) => ({ metric, estimate: null, reason })),
      ofRuns,
      observations: 0,
    };
  }
  for (const name of names) {
    for (const histogram of histograms) {
      const rank = quantileRank(histogram.totalCount, QUANTILES[name]);
      ofRuns[name].push(valueAtRank(histogram, rank));
    }
  }
  const merged = mergeHistograms(histograms);
  const n = merged.totalCount;
  return {
    metrics: names.map((metric) => {
      const q = QUANTILES[metric];
      if (!supportsQuantile(n, q)) {
        const beyond = formatCount(Math.floor(n * (1 - q) + 1e-9));
        const reason = `${formatCount(n)} operations leave ${beyond} beyond it, and 10 are needed`;
        return { metric, estimate: null, reason };
      }
      const exact = orderStatisticEstimate(
        { n, valueAt: (rank) => valueAtRank(merged, rank) },
        q,
        confidence,
      );
      if (exact === null) {
        const reason = `${formatCount(n)} operations are too few for its interval`;
        return { metric, estimate: null, reason };
      }
      return { metric, estimate: overRuns(exact, ofRuns[metric]), reason: null };
    }),
    ofRuns,
    observations: n,
  };
}

/** An interval over runs, value · exp(± t · s / √R), s being the spread of the runs' logarithms. */
function overRuns(exact: Estimate, runs: readonly number[]): Estimate {
  // A clock too coarse to see an operation gives zeros, whose logarithms mean nothing, and one that
  // gives every run the same value says nothing of their spread.
  const usable = runs.length >= LEAST_RUNS && runs.every((value) => value > 0);
  if (!usable || runs.every((value) => value === runs[0])) return exact;
  const { value, low, high, standardError } = intervalOverRuns(runs, exact.confidence);
  return {
    ...exact,
    low: exact.value * low / value,
    high: exact.value * high / value,
    standardError: exact.value * standardError / value,
    n: runs.length,
    method: "runs",
  };
}
