/** What users call operations and metrics, and metrics with their values as text. */
import {
  formatRate,
  formatRateBound,
  formatTime,
  formatTimeBound,
  joinRange,
  type Range,
  type RangeText,
  rateRangeText,
  timeRangeText,
} from "../format/mod.ts";
import type { MetricName, TargetRecord } from "../result/mod.ts";
import { type OperationName, OPERATIONS } from "../workload/mod.ts";

/** An operation in a word; an imported benchmark's may not be known, and is just an operation. */
export function operationWord(operation: OperationName | null): string {
  return operation === null ? "operation" : OPERATIONS[operation].word;
}

/** What users call a metric. */
export const METRIC_WORDS = {
  throughput: "throughput",
  mean: "mean time",
  p50: "p50",
  p90: "p90",
  p99: "p99",
  p999: "p99.9",
} as const;

/** A metric that has no interval: `104,290 ops/s, no interval`. */
export function formatMetricPoint(metric: MetricName, value: number): string {
  return `${metric === "throughput" ? formatRate(value) : formatTime(value)}, no interval`;
}

/** A measured metric and its interval, in the metric's unit: a rate or a time. */
export function metricRangeText(metric: MetricName, range: Range): RangeText {
  return metric === "throughput" ? rateRangeText(range) : timeRangeText(range);
}

/** A measured metric with its interval, in the metric's unit: a rate or a time. */
export function formatMetricRange(metric: MetricName, range: Range): string {
  return joinRange(metricRangeText(metric, range));
}

/** A bound on a metric: `≥ 10,000 ops/s`, `≤ 5 ms`. */
export function formatBound(target: Pick<TargetRecord, "metric" | "bound" | "value">): string {
  const value = target.metric === "throughput"
    ? formatRateBound(target.value)
    : formatTimeBound(target.value);
  return `${target.bound === "atLeast" ? "≥" : "≤"} ${value}`;
}
