/** Stores against each other, benchmark by benchmark. */
import {
  derive,
  type Estimate,
  LEAST_RUNS,
  ratioOverRuns,
  ratioOverSamples,
} from "../stats/mod.ts";
import { kindOfStore, variantOf } from "../result/mod.ts";
import type { MeasuredBenchmark } from "./benchmark.ts";
import type { BootstrapOptions } from "./criterion_run.ts";
import { estimateOf } from "./estimate_of.ts";
import type { StoreRatio } from "./model.ts";
import { operationsPerIteration } from "./run_use.ts";

/** The store that others are held against: RocksDB with nothing in between. */
export const BASE_STORE = "raw";

/** How much longer an operation takes than in the base store: in the mean, and at p99 where both know it. */
export function ratiosToBase(
  measured: readonly MeasuredBenchmark[],
  options: BootstrapOptions,
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
      mean: ratioOfTimes(benchmark, base, options),
      p99: ratioOfTails(benchmark, base, options.confidence),
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
 * else from the samples.
 *
 * @returns `null` where one has too few samples.
 */
export function ratioOfTimes(
  a: MeasuredBenchmark,
  b: MeasuredBenchmark,
  { resamples, confidence, seed }: BootstrapOptions,
): Estimate | null {
  if (a.runs.length >= LEAST_RUNS && b.runs.length >= LEAST_RUNS) {
    return ratioOverRuns(a.runTimes, b.runTimes, confidence);
  }
  const [samplesA, samplesB] = [a, b].map(({ record, runs }) =>
    runs.flatMap(({ samples }) =>
      samples.map(({ ns, iterations }) => ns / iterations / operationsPerIteration(record))
    )
  ) as [number[], number[]];
  if (samplesA.length < 2 || samplesB.length < 2) return null;
  return ratioOverSamples(samplesA, samplesB, {
    resamples,
    confidence,
    seed: derive(seed, "ratio", a.record.id, b.record.id),
  });
}

/**
 * The ratio of two p99: over the runs where both have three, else the extremes of the two exact
 * intervals, which is wider than it need be.
 */
function ratioOfTails(
  a: MeasuredBenchmark,
  b: MeasuredBenchmark,
  confidence: number,
): Estimate | null {
  const [tailA, tailB] = [estimateOf(a.analysis, "p99"), estimateOf(b.analysis, "p99")];
  if (tailA === null || tailB === null || !(tailA.low > 0) || !(tailB.low > 0)) return null;
  const [runsA, runsB] = [a.runQuantiles.p99, b.runQuantiles.p99];
  if (
    runsA.length >= LEAST_RUNS && runsB.length >= LEAST_RUNS &&
    [...runsA, ...runsB].every((value) => value > 0)
  ) {
    return ratioOverRuns(runsA, runsB, confidence);
  }
  const value = tailA.value / tailB.value;
  return {
    value,
    low: tailA.low / tailB.high,
    high: tailA.high / tailB.low,
    confidence,
    standardError: value *
      Math.hypot(tailA.standardError / tailA.value, tailB.standardError / tailB.value),
    n: Math.min(tailA.n, tailB.n),
    method: "order-statistic",
  };
}
