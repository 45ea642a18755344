/** The measured stores and the published figures, as rows of one form. */
import type { FigureRecord, MetricName, Result } from "../result/mod.ts";
import type { MeasuredBenchmark } from "./benchmark.ts";
import { estimateOf, pointOf } from "./estimate_of.ts";
import { formatDay, type Range } from "../format/mod.ts";
import { OPERATION_NAMES, OPERATIONS } from "../workload/mod.ts";
import type { ComparisonRow, LittlesLaw, ShownRange, StoreAnalysis } from "./model.ts";
import { MOST_LITTLES_LAW_ERROR } from "../remark/mod.ts";
import { rangeOf } from "./targets.ts";

/** Rows for what was measured, store by store, then for what was published, in the suite's order. */
export function compareSystems(
  result: Result,
  stores: readonly StoreAnalysis[],
  measured: readonly MeasuredBenchmark[],
): ComparisonRow[] {
  return [
    ...stores.flatMap((store) => measuredRows(result, store, measured)),
    ...result.suite.figures.map(publishedRow),
  ];
}

function measuredRows(
  result: Result,
  { store, description }: StoreAnalysis,
  measured: readonly MeasuredBenchmark[],
): ComparisonRow[] {
  const own = measured.filter(({ record }) => record.store === store);
  return OPERATION_NAMES.flatMap((operation): ComparisonRow[] => {
    const of = (kind: "throughput" | "latency") =>
      own.find(({ record }) => record.kind === kind && record.workload.operation === operation);
    const [throughput, latency] = [of("throughput"), of("latency")];
    const shown = throughput ?? latency;
    if (shown === undefined) return [];
    const rate = throughput && rangeOfMetric(throughput, "throughput");
    const mean = latency && rangeOfMetric(latency, "mean");
    const p99 = latency && rangeOfMetric(latency, "p99");
    const { clients, valueBytes } = shown.record.workload;
    return [{
      system: store,
      version: description?.version ?? null,
      operation: OPERATIONS[operation].word,
      throughput: rate ?? null,
      latency: mean ?? null,
      p99: p99 ?? null,
      durability: description?.durability ?? null,
      network: description?.network ?? null,
      clients,
      valueBytes,
      hardware: result.environment.cpu.model,
      setup: shown.record.name,
      source: sourceOf(result),
      approximate: false,
      measuredHere: true,
      // Rate and latency are of two benchmarks, each in processes of its own.
      littlesLaw: null,
    }];
  });
}

/** A metric with its interval, or alone where it has none. */
function rangeOfMetric({ analysis }: MeasuredBenchmark, metric: MetricName): ShownRange | null {
  const estimate = estimateOf(analysis, metric);
  if (estimate !== null) return rangeOf(estimate);
  const point = pointOf(analysis, metric);
  return point === null ? null : exactly(point);
}

function sourceOf({ imported, startedAt }: Result): string {
  const day = formatDay(startedAt);
  if (imported === undefined) return `measured here, ${day}`;
  const files = imported.times === "files" ? "files of " : "";
  return `imported from ${imported.tool}, ${files}${day}`;
}

function publishedRow(figure: FigureRecord): ComparisonRow {
  const latency = publishedMean(figure);
  const clients = figure.clients ?? null;
  return {
    system: figure.system,
    version: figure.version ?? null,
    operation: figure.metric,
    throughput: exactly(figure.ops_per_sec),
    latency,
    p99: publishedQuantile(figure, "p99"),
    durability: figure.durability ?? null,
    network: figure.networked ?? null,
    clients,
    valueBytes: figure.value_bytes ?? null,
    hardware: figure.hardware ?? null,
    setup: SETUP_FIELDS.map((field) => figure[field])
      .filter((value) => typeof value === "string").join(", ") || null,
    source: figure.source,
    approximate: figure.approximate ?? false,
    measuredHere: false,
    littlesLaw: clients !== null && latency !== null && latency.low === latency.high
      ? littlesLaw(clients, figure.ops_per_sec, latency.value)
      : null,
  };
}

/** Fields beyond the schema in which a suite says how a figure was measured. */
const SETUP_FIELDS = ["workload", "consistency", "target", "per"] as const;

/** A figure's mean latency, ns; a stated range with its geometric middle. */
export function publishedMean(figure: FigureRecord): Range | null {
  if (figure.latency_us_range !== undefined) {
    const [a, b] = figure.latency_us_range;
    const [low, high] = [Math.min(a, b) * 1e3, Math.max(a, b) * 1e3];
    return { value: Math.sqrt(low * high), low, high };
  }
  if (figure.latency_us_avg !== undefined) return exactly(figure.latency_us_avg * 1e3);
  if (figure.latency_ms_avg !== undefined) return exactly(figure.latency_ms_avg * 1e6);
  return null;
}

/** A figure's quantile, ns, from a field beyond the schema such as `latency_ms_p99`. */
export function publishedQuantile(figure: FigureRecord, quantile: string): Range | null {
  for (const [unit, ns] of [["us", 1e3], ["ms", 1e6]] as const) {
    const value = figure[`latency_${unit}_${quantile}`];
    if (typeof value === "number" && value > 0 && Number.isFinite(value)) {
      return exactly(value * ns);
    }
  }
  return null;
}

/** A number that came without an interval. */
export function exactly(value: number): Range {
  return { value, low: value, high: value };
}

function littlesLaw(clients: number, perSecond: number, statedNs: number): LittlesLaw | null {
  if (clients === 0) return null;
  const expectedNs = clients / perSecond * 1e9;
  const factor = statedNs / expectedNs;
  return {
    expectedNs,
    statedNs,
    factor,
    holds: Math.abs(Math.log(factor)) <= Math.log1p(MOST_LITTLES_LAW_ERROR),
  };
}
