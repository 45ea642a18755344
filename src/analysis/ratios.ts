/** Stores against each other, benchmark by benchmark. */
import { kindOfStore, type MetricName, variantOf } from "../result/mod.ts";
import { type Estimate, LEAST_RUNS, ratioOfEstimates, ratioOverRuns } from "../stats/mod.ts";
import type { MeasuredBenchmark } from "./benchmark.ts";
import { estimateOf } from "./estimate_of.ts";
import type { StoreRatio } from "./model.ts";

/** The store that others are held against: RocksDB with nothing in between. */
export const BASE_STORE = "raw";

/** How much longer an operation takes than in the base store: in the mean, and at p99 where both know it. */
export function ratiosToBase(
  measured: readonly MeasuredBenchmark[],
  confidence: number,
): StoreRatio[] {
  const isBase = (store: string) => kindOfStore(store) === BASE_STORE;
  return measured.filter(({ record }) => !isBase(record.store)).flatMap((benchmark) => {
    const { record } = benchmark;
    const base = measured.find((other) =>
      isBase(other.record.store) && variantOf(other.record.store) === variantOf(record.store) &&
      other.record.name === record.name &&
      other.record.kind === record.kind
    );
    if (base === undefined) return [];
    const rows = {
      mean: ratioOfTimes(benchmark, base, confidence),
      p99: ratioOfTails(benchmark, base, confidence),
    };
    return (["mean", "p99"] as const).flatMap((metric): StoreRatio[] => {
      const ratio = rows[metric];
      if (ratio === null) return [];
      return [{
        name: record.name,
        operation: record.workload.operation,
        metric,
        kind: record.kind,
        store: record.store,
        base: base.record.store,
        ratio,
      }];
    });
  });
}

/**
 * The ratio of the times of two benchmarks for one operation: over the runs where both have three,
 * else from the intervals inside them.
 *
 * @returns `null` where one has no interval.
 */
export function ratioOfTimes(
  a: MeasuredBenchmark,
  b: MeasuredBenchmark,
  confidence: number,
): Estimate | null {
  // Of a load the mean is that of its service times.
  const means = ({ values, runTimes }: MeasuredBenchmark) =>
    values.find(({ metric }) => metric === "mean")?.values ?? runTimes;
  return ratioOf("mean", a, b, means(a), means(b), confidence);
}

/** The ratio of two p99, likewise. */
function ratioOfTails(
  a: MeasuredBenchmark,
  b: MeasuredBenchmark,
  confidence: number,
): Estimate | null {
  const tail = ({ values }: MeasuredBenchmark) =>
    values.find(({ metric }) => metric === "p99")?.values ?? [];
  return ratioOf("p99", a, b, tail(a), tail(b), confidence);
}

/** The ratio of what two benchmarks have of a metric; its value is that of their estimates. */
function ratioOf(
  metric: MetricName,
  a: MeasuredBenchmark,
  b: MeasuredBenchmark,
  runsA: readonly number[],
  runsB: readonly number[],
  confidence: number,
): Estimate | null {
  const [ofA, ofB] = [estimateOf(a.analysis, metric), estimateOf(b.analysis, metric)];
  if (ofA === null || ofB === null || !(ofA.low > 0) || !(ofB.low > 0)) return null;
  return runsA.length >= LEAST_RUNS && runsB.length >= LEAST_RUNS
    ? ratioOverRuns(runsA, runsB, confidence)
    : ratioOfEstimates(ofA, ofB);
}
