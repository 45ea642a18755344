/** What users call operations and metrics, and metrics with their values as text. */
import {
  factorRangeText,
  formatCount,
  formatFactor,
  formatRate,
  formatRateBound,
  formatTime,
  formatTimeBound,
  joinRange,
  joinWords,
  numberRangeText,
  type Range,
  type RangeText,
  RATE_UNIT,
  rateRangeText,
  timeRangeText,
  unitOnce,
} from "../format/mod.ts";
import type { BenchmarkRecord, MetricName, SlowCause, TargetRecord } from "../result/mod.ts";
import { isTooWide } from "../stats/mod.ts";
import type { MetricEstimate, PartName, ShownRange, TargetVerdict } from "./model.ts";
import { type OperationName, OPERATIONS } from "../workload/mod.ts";

/** An operation in a word; an imported benchmark's may not be known, and is just an operation. */
export function operationWord(operation: OperationName | null): string {
  return operation === null ? "operation" : OPERATIONS[operation].word;
}

/** What a cause of slow operations is called: what went on while they did. */
export const SLOW_CAUSE_WORDS: Readonly<Record<SlowCause, string>> = {
  runQueue: "waited for a processor",
  hiccup: "the machine held up a sleeping thread too",
  generator: "the client itself was late",
  stall: "writes stopped or delayed",
  fsync: "blocked, with a synced log",
  collection: "V8 collected in the client",
  memtable: "another memtable took its place",
  flush: "a flush",
  compaction: "a compaction",
  steal: "processors taken by the hypervisor",
  unknown: "not known",
};

/** What users call a metric. */
export const METRIC_WORDS = {
  throughput: "throughput",
  mean: "mean time",
  p50: "p50",
  p90: "p90",
  p99: "p99",
  p999: "p99.9",
  responseP50: "response p50",
  responseP90: "response p90",
  responseP99: "response p99",
  responseP999: "response p99.9",
} as const;

/** What the parts of an operation's time on a server are called. */
export const PART_WORDS: Readonly<Record<PartName, string>> = {
  client: "client",
  network: "network",
  grpc: "gRPC",
  round: "Raft's round",
  fsync: "log's sync",
  apply: "apply",
  range: "read",
  handler: "server",
};

/** What a metric of a benchmark is called: of a load it is said which time a quantile is of. */
export function metricWords({ kind }: Pick<BenchmarkRecord, "kind">, metric: MetricName): string {
  const words = METRIC_WORDS[metric];
  if (kind !== "load" || metric === "throughput" || metric.startsWith("response")) return words;
  return metric === "mean" ? "service mean" : `service ${words}`;
}

/** A metric that has no interval: `104,290 ops/s, no interval`. */
export function formatMetricPoint(metric: MetricName, value: number): string {
  return `${formatMetricValue(metric, value)}, no interval`;
}

/** Where a metric's value stands. */
interface Place {
  /** Whether a header beside it has the unit of rates; that of times is each value's own. @default false */
  underUnit?: boolean;
}

/** A metric that has no interval: its value alone, or in a few words why it has none. */
export function withoutInterval(
  row: MetricEstimate | undefined,
  { underUnit = false }: Place = {},
): string {
  if (row?.point === undefined) return row?.missing ?? "not measured";
  const { metric, point, made } = row;
  const without = formatMetricPoint(metric, point);
  const text = made === undefined
    ? without
    : `${without}: ${valuesText(metric, made.values, made.of)}`;
  return underUnit ? withoutRateUnit(text) : text;
}

/** A text of rates without their unit. */
function withoutRateUnit(text: string): string {
  return text.replaceAll(` ${RATE_UNIT}`, "");
}

/** A metric's value alone, in its unit. */
export function formatMetricValue(metric: MetricName, value: number): string {
  return metric === "throughput" ? formatRate(value) : formatTime(value);
}

/**
 * A measured metric and its interval, in the metric's unit: a rate or a time. Where the runs differ too
 * much for an interval to say anything, these stand in its place: `runs 3.4, 27 and 130 µs`.
 */
export function metricRangeText(
  metric: MetricName,
  range: ShownRange,
  { underUnit = false }: Place = {},
): RangeText {
  const { value, apart } = range;
  if (apart !== undefined) {
    const [text, interval] = [formatMetricValue(metric, value), valuesText(metric, apart, "runs")];
    return underUnit
      ? { text: withoutRateUnit(text), interval: withoutRateUnit(interval) }
      : { text, interval };
  }
  if (metric !== "throughput") return timeRangeText(range);
  return underUnit ? numberRangeText(range) : rateRangeText(range);
}

/**
 * A ratio and its interval; `null` where the ends lie so far apart that it says nothing, by the rule of
 * {@linkcode isTooWide}. In its place stands {@linkcode NO_RATIO}.
 */
export function ratioText(ratio: Range): RangeText | null {
  return isTooWide(ratio) ? null : factorRangeText(ratio);
}

/** Why there is no ratio, in a cell. */
const NO_RATIO = "too far apart for a ratio";

/** A ratio with its interval in a cell, or why there is none. */
export function formatRatio(ratio: Range): string {
  const text = ratioText(ratio);
  return text === null ? NO_RATIO : joinRange(text);
}

/** A ratio beside its drawn interval, without that, or that there is none. */
export function shortRatio(ratio: Range): string {
  return isTooWide(ratio) ? "no ratio" : formatFactor(ratio.value);
}

/** Of many values only the ends and how many there are. */
const MOST_VALUES_SHOWN = 5;

/** What stands in an interval's place: `runs 3.4, 27 and 130 µs`, `9 samples from 2.0 to 4.0 µs`. */
function valuesText(metric: MetricName, values: readonly number[], of: "runs" | "samples"): string {
  const show = (all: readonly number[]) =>
    unitOnce(
      all.map((value) => metric === "throughput" ? formatRate(value) : formatTime(value, 2)),
    );
  if (values.length <= MOST_VALUES_SHOWN) return `${of} ${joinWords(show(values))}`;
  const [least, most] = show([Math.min(...values), Math.max(...values)]);
  return `${formatCount(values.length)} ${of} from ${least} to ${most}`;
}

/** A measured metric with its interval, in the metric's unit: a rate or a time. */
export function formatMetricRange(metric: MetricName, range: ShownRange): string {
  return joinRange(metricRangeText(metric, range));
}

/** The verdict of a target in words: `met in 2 runs` where `met in one run` would not be so. */
export function verdictWords({ verdict, runs }: Pick<TargetVerdict, "verdict" | "runs">): string {
  return verdict === "met in one run" && runs > 1 ? `met in ${runs} runs` : verdict;
}

/** A bound on a metric: `≥ 10,000 ops/s`, `≤ 5 ms`. */
export function formatBound(target: Pick<TargetRecord, "metric" | "bound" | "value">): string {
  const value = target.metric === "throughput"
    ? formatRateBound(target.value)
    : formatTimeBound(target.value);
  return `${target.bound === "atLeast" ? "≥" : "≤"} ${value}`;
}
