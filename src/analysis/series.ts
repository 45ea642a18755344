/** The samples and latency quantiles behind the estimates, in the form that figures draw. */
import type { Histogram } from "hdr-histogram-js";
import type { Result, RunRecord, WindowRecord } from "../result/mod.ts";
import {
  quantileSorted,
  slopeThroughOrigin,
  sortedCopy,
  supportsQuantile,
  tukeyOutliers,
} from "../stats/mod.ts";
import { gapOf, type ServersGap } from "./gap.ts";
import { decodeHistograms, mergeHistograms, quantileRank, valueAtRank } from "./histogram.ts";
import type { BenchmarkAnalysis } from "./model.ts";
import { chooseRuns, operationsPerIteration } from "./run_use.ts";

/** What the runs of a benchmark recorded. Empty where none is used. */
export interface BenchmarkSeries {
  /** The benchmark's id. */
  id: string;
  store: string;
  sampling: "flat" | "linear";
  /** The runs that the estimates come from, by number. */
  runs: RunSeries[];
  /** The latencies of single operations; `null` where no histogram can be read. */
  latencies: LatencySeries | null;
}

/** The samples of a run, in the order in which they were taken. */
export interface RunSeries {
  run: number;
  /** Time for one operation in each sample, ns. */
  times: number[];
  /** Iterations of each sample. */
  iterations: number[];
  /** Wall time of each sample, ns. */
  ns: number[];
  /** Quartiles of the times with Tukey's fences, each run by its own. */
  box: Box;
  /** Of a load, its windows in order. */
  windows?: readonly WindowRecord[];
  /** Of servers, the stretch in which they answered nothing; absent where there was none. */
  gap?: ServersGap;
  /** Time of one iteration, ns: the slope through the origin of wall time over iterations. */
  slope: number;
}

/** Where the middle half of some times lies, and the fences beyond which one is an outlier; ns. */
interface Box {
  q1: number;
  median: number;
  q3: number;
  lowSevere: number;
  lowMild: number;
  highMild: number;
  highSevere: number;
}

/** Latencies by quantile: of each run by itself, and of all together. */
interface LatencySeries {
  merged: QuantileCurve;
  /** In the order of the runs that have a readable histogram. */
  runs: RunCurve[];
}

/** The latencies of a run. */
export interface RunCurve extends QuantileCurve {
  run: number;
}

/** Latencies by quantile, up to the last quantile with ten operations beyond it. */
export interface QuantileCurve {
  /** Operations that were timed. */
  observations: number;
  /** By rising quantile, evenly in the logarithm of 1 / (1 − q). */
  points: QuantilePoint[];
  /** The quantiles that people name, as far as the operations support them: p50, p90, p99 and on. */
  named: QuantilePoint[];
}

/** The latency below which a share of the operations stayed. */
interface QuantilePoint {
  /** The quantile, 0 ≤ q < 1. */
  q: number;
  /** Its latency, ns, as HDR histograms report it. */
  ns: number;
}

/** Points of a quantile curve for each tenfold of 1 / (1 − q). */
const POINTS_PER_DECADE = 16;

/** Operations that must lie beyond a quantile for it to be drawn, as for the metrics. */
const TAIL = 10;

/** Quantiles that are named beside a curve. */
const NAMED = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999];

/**
 * The series of some benchmarks of a result, in their order. They come from the same runs as the
 * analysis does, and are apart from it, since they are as large as the result.
 */
export function benchmarkSeries(
  result: Result,
  benchmarks: readonly BenchmarkAnalysis[],
): BenchmarkSeries[] {
  return benchmarks.flatMap(({ id }) => {
    const record = result.benchmarks.find((benchmark) => benchmark.id === id);
    if (record === undefined) return [];
    const { runs } = chooseRuns(record, result.runs, result.profile.runs);
    const operations = operationsPerIteration(record);
    return [{
      id,
      store: record.store,
      sampling: record.sampling,
      runs: runs.map(({ run, samples, windows, servers }): RunSeries => {
        const times = samples.map(({ ns, iterations }) => ns / iterations / operations);
        const iterations = samples.map((sample) => sample.iterations);
        const ns = samples.map((sample) => sample.ns);
        const gap = servers === undefined ? null : gapOf(servers);
        return {
          run,
          times,
          ...(gap !== null && { gap }),
          ...(windows !== undefined && { windows }),
          iterations,
          ns,
          box: boxOf(times),
          slope: slopeThroughOrigin(iterations, ns),
        };
      }),
      latencies: record.kind !== "throughput" ? latencySeries(runs) : null,
    }];
  });
}

function boxOf(times: readonly number[]): Box {
  const sorted = sortedCopy(times);
  return {
    q1: quantileSorted(sorted, 0.25),
    median: quantileSorted(sorted, 0.5),
    q3: quantileSorted(sorted, 0.75),
    ...tukeyOutliers(times).fences,
  };
}

/** The first histogram changes: the others are merged into it once it has been read. */
function latencySeries(records: readonly RunRecord[]): LatencySeries | null {
  const read = records.flatMap((record) =>
    decodeHistograms([record]).histograms.map((histogram) => ({ run: record.run, histogram }))
  );
  if (read.length === 0) return null;
  const runs = read.map(({ run, histogram }) => ({ run, ...quantileCurve(histogram) }));
  return { merged: quantileCurve(mergeHistograms(read.map(({ histogram }) => histogram))), runs };
}

function quantileCurve(histogram: Histogram): QuantileCurve {
  const n = histogram.totalCount;
  const point = (q: number): QuantilePoint => ({
    q,
    ns: valueAtRank(histogram, quantileRank(n, q)),
  });
  // 1 / (1 − q) goes from 1, the smallest operation, to the last with ten beyond it.
  const decades = Math.log10(Math.max(1, n / TAIL));
  const steps = Math.ceil(decades * POINTS_PER_DECADE);
  return {
    observations: n,
    points: Array.from(
      { length: steps + 1 },
      (_, step) => point(1 - 10 ** -(steps === 0 ? 0 : decades * step / steps)),
    ),
    named: NAMED.filter((q) => supportsQuantile(n, q, TAIL)).map(point),
  };
}
