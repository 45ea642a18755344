/** Finding a metric's estimate. */
import type { MetricName } from "../result/mod.ts";
import { OPERATIONS, type OperationWord } from "../workload/mod.ts";
import type { Estimate } from "../stats/mod.ts";
import type { BenchmarkAnalysis, MetricEstimate } from "./model.ts";

/** A benchmark's value of a metric that has no interval, or `null` where it has one or no value. */
export function pointOf(benchmark: BenchmarkAnalysis, metric: MetricName): number | null {
  return benchmark.metrics.find((candidate) => candidate.metric === metric)?.point ?? null;
}

/** A metric of a benchmark by its id; `undefined` where the result has none such. */
export function metricOf(
  benchmarks: readonly BenchmarkAnalysis[],
  id: string,
  metric: MetricName,
): MetricEstimate | undefined {
  return benchmarks.find((benchmark) => benchmark.id === id)?.metrics
    .find((candidate) => candidate.metric === metric);
}

/** The benchmark that stands for an operation of a store: the first of its kind in the plan. */
export function benchmarkOf(
  benchmarks: readonly BenchmarkAnalysis[],
  store: string,
  operation: OperationWord,
  kind: BenchmarkAnalysis["kind"],
): BenchmarkAnalysis | undefined {
  return benchmarks.find((candidate) =>
    candidate.store === store && candidate.kind === kind && candidate.operation !== null &&
    OPERATIONS[candidate.operation].word === operation
  );
}

/** A benchmark's estimate of a metric, or `null` where it has none. */
export function estimateOf(benchmark: BenchmarkAnalysis, metric: MetricName): Estimate | null {
  return benchmark.metrics.find((candidate) => candidate.metric === metric)?.estimate ?? null;
}

/** A benchmark's value of a metric, with an interval or without; `null` where it has none. */
export function valueOf(benchmark: BenchmarkAnalysis, metric: MetricName): number | null {
  return estimateOf(benchmark, metric)?.value ?? pointOf(benchmark, metric);
}
