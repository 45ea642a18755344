/** What the pairs of processes of a duet tell: batch against batch, each pair's ratio, and its ways. */
import type { MetricName, Result, RunRecord } from "../../result/mod.ts";
import { biweight, median, monotonicTrend, sampleStdDev } from "../../stats/mod.ts";
import { type BenchmarkValues, type MetricValues, valuesOf } from "../run_values.ts";
import { CALIBRATION_STORES } from "../stores.ts";
import { inBlocks } from "./interleaved.ts";
import type { Pairing, WitnessName } from "./model.ts";

/** A benchmark's two sides, whose runs belong to each other by their places. */
interface Sides {
  base: BenchmarkValues;
  candidate: BenchmarkValues;
}

/** What the pairs of one metric come to. */
interface DuetRatios {
  /** candidate / base of each pair of processes, in the metric's unit. */
  ratios: number[];
  pairing: Pairing;
}

/** A drift of a pair's ratio below this fraction is none, however sure. */
const LEAST_DRIFT = 0.05;
/** Level of the test for it: as many pairs drift by chance. */
export const DRIFT_LEVEL = 0.01;
/** Raw MADs from the middle from which on a pair has no weight. */
const FAR = 6;
/** A pair that is nearer than this to the others is not far off, however close these are, log. */
const LEAST_FAR = 0.1;

/**
 * The ratio of each pair of processes. Of times and rates it is the robust centre of the ratios of
 * neighbouring batches, so that a batch in which the machine did something else does not count; of
 * quantiles it is the ratio of the two processes' own.
 *
 * @returns `null` where a pair has no batches or a value without a logarithm.
 */
export function duetRatios(
  { base, candidate }: Sides,
  before: MetricValues,
  after: MetricValues,
): DuetRatios | null {
  const { metric } = after;
  const both = [...before.values, ...after.values];
  const pairs = after.values.length;
  if (before.values.length !== pairs || pairs === 0) return null;
  if (!both.every((value) => value > 0 && value < Infinity)) return null;
  const inBatches = isOfBatches(metric);
  const batches = inBatches
    ? candidate.runs.map((run, pair) => batchLogs(base.runs[pair]!, run))
    : [];
  if (inBatches && batches.some((logs) => logs.length === 0)) return null;
  const sign = metric === "throughput" ? -1 : 1;
  const logs = inBatches
    ? batches.map((own) => sign * biweight(own).location)
    : after.values.map((value, pair) => Math.log(value / before.values[pair]!));
  const totals = after.values.map((value, pair) => Math.log(value / before.values[pair]!));
  return {
    ratios: logs.map(Math.exp),
    pairing: {
      pairs,
      batches: inBatches ? median(batches.map(({ length }) => length)) : null,
      unpaired: pairs < 2 ? null : Math.hypot(
        sampleStdDev(before.values.map(Math.log)),
        sampleStdDev(after.values.map(Math.log)),
      ) / Math.SQRT2,
      drifting: batches.filter(isDrifting).length,
      far: farOff(logs),
      totals: Math.expm1(median(totals)),
    },
  };
}

/**
 * How much longer an operation takes on the candidate's side, of each pair of processes of the one
 * benchmark that both sides of a duet have beside their calibration.
 *
 * @returns Ratios of times; empty where no pair was played to its end.
 */
export function timeRatios(base: Result, candidate: Result): number[] {
  const benchmarkOf = ({ benchmarks }: Result) =>
    benchmarks.find(({ store }) => !CALIBRATION_STORES.includes(store));
  const [old, record] = [benchmarkOf(base), benchmarkOf(candidate)];
  if (old === undefined || record === undefined) return [];
  const sides = inBlocks(
    { base: valuesOf(old, base), candidate: valuesOf(record, candidate) },
    true,
  );
  const after = sides.candidate.metrics.find(({ metric }) => isOfBatches(metric));
  const before = sides.base.metrics.find(({ metric }) => metric === after?.metric);
  if (after === undefined || before === undefined) return [];
  const ratios = duetRatios(sides, before, after)?.ratios ?? [];
  return after.metric === "throughput" ? ratios.map((ratio) => 1 / ratio) : ratios;
}

function isOfBatches(metric: MetricName): boolean {
  return metric === "throughput" || metric === "mean";
}

/**
 * log(candidate / base) of each pair of batches, in time order. Where more than two played, the two of
 * a round are a pair.
 *
 * @param of What is held against each other, per iteration. Pairs in which it is 0 or was not counted
 * are left out.
 */
export function batchLogs(
  base: RunRecord,
  candidate: RunRecord,
  of: "ns" | WitnessName = "ns",
): number[] {
  const roundOf = (turn: number) => Math.floor(turn / (candidate.duet?.together ?? 2));
  const partners = new Map(
    base.samples.flatMap(({ turn, iterations, [of]: count = 0 }) =>
      turn === undefined ? [] : [[roundOf(turn), count / iterations] as const]
    ),
  );
  return candidate.samples.flatMap(({ turn, iterations, [of]: count = 0 }) => {
    const partner = turn === undefined ? undefined : partners.get(roundOf(turn));
    const log = partner === undefined ? NaN : Math.log(count / iterations / partner);
    return Number.isFinite(log) ? [log] : [];
  });
}

/** Means of so many consecutive batches are nearly independent, and few enough for the test. */
const PARTS = 20;

/** Whether the ratio of a pair surely changed over its time. */
function isDrifting(logs: readonly number[]): boolean {
  if (logs.length < 2 * PARTS) return false;
  const parts = Array.from({ length: PARTS }, (_, part) => {
    const at = (place: number) => Math.floor(place * logs.length / PARTS);
    return median(logs.slice(at(part), at(part + 1)));
  });
  const { slope, p } = monotonicTrend(parts, 1 - DRIFT_LEVEL);
  return p < DRIFT_LEVEL && Math.abs(slope) * (PARTS - 1) >= LEAST_DRIFT;
}

/** The pairs that are so far off that they have no weight, and by what, as fractions. */
function farOff(logs: readonly number[]): Pairing["far"] {
  const middle = median(logs);
  const reach = Math.max(LEAST_FAR, FAR * median(logs.map((log) => Math.abs(log - middle))));
  return logs.flatMap((log, pair) =>
    Math.abs(log - middle) > reach ? [{ pair, change: Math.expm1(log) }] : []
  );
}
