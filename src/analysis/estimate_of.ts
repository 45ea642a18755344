/** Finding a metric's estimate. */
import type { MetricName } from "../result/mod.ts";
import type { Estimate } from "../stats/mod.ts";
import type { BenchmarkAnalysis } from "./model.ts";

/** A benchmark's value of a metric that has no interval, or `null` where it has one or no value. */
export function pointOf(benchmark: BenchmarkAnalysis, metric: MetricName): number | null {
  return benchmark.metrics.find((candidate) => candidate.metric === metric)?.point ?? null;
}

/** A benchmark's estimate of a metric, or `null` where it has none. */
export function estimateOf(benchmark: BenchmarkAnalysis, metric: MetricName): Estimate | null {
  return benchmark.metrics.find((candidate) => candidate.metric === metric)?.estimate ?? null;
}
