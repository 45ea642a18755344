/** Stores against each other, benchmark by benchmark. */
import { BASE_STORE, kindOfStore, type MetricName, type Result, variantOf } from "../result/mod.ts";
import {
  type Estimate,
  falseDiscoveryAdjusted,
  LEAST_RUNS,
  ratioOfEstimates,
  ratioOverRuns,
} from "../stats/mod.ts";
import type { MeasuredBenchmark } from "./benchmark.ts";
import { estimateOf } from "./estimate_of.ts";
import type { StoreRatio } from "./model.ts";
import { pairedRatio } from "./paired_ratios.ts";

/**
 * How much longer an operation takes than in the base store: in the mean, and at p99 where both know it.
 * Where processes of the two took turns it is over these pairs, and by what was measured apart else.
 */
export function ratiosToBase(
  result: Result,
  measured: readonly MeasuredBenchmark[],
  confidence: number,
): StoreRatio[] {
  const isBase = (store: string) => kindOfStore(store) === BASE_STORE;
  const rows = measured.filter(({ record }) => !isBase(record.store)).flatMap((benchmark) => {
    const { record } = benchmark;
    const base = measured.find((other) =>
      isBase(other.record.store) && variantOf(other.record.store) === variantOf(record.store) &&
      other.record.name === record.name &&
      other.record.kind === record.kind
    );
    if (base === undefined) return [];
    const apart = { mean: ratioOfTimes, p99: ratioOfTails };
    return (["mean", "p99"] as const).flatMap((metric) => {
      const paired = pairedRatio(result, record, base.record, metric, confidence);
      const ratio = paired?.ratio ?? apart[metric](benchmark, base, confidence);
      if (ratio === null) return [];
      return [{
        name: record.name,
        operation: record.workload.operation,
        metric,
        kind: record.kind,
        store: record.store,
        base: base.record.store,
        ratio,
        paired,
      }];
    });
  });
  const adjusted = falseDiscoveryAdjusted(rows.flatMap(({ paired }) => paired?.p ?? []));
  let next = 0;
  return rows.map(({ paired, ...row }): StoreRatio =>
    paired === null ? row : { ...row, pairing: { ...paired.pairing, adjustedP: adjusted[next++]! } }
  );
}

/** Whether a store is surely slower or faster than the base, by the family of rows where it is in one. */
export function surely({ ratio, pairing }: StoreRatio): "slower" | "faster" | null {
  const { low, high, confidence } = ratio;
  if (pairing !== undefined && !(pairing.adjustedP < 1 - confidence)) return null;
  return low > 1 ? "slower" : high < 1 ? "faster" : null;
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
