/** Two results, compared. */
import type { Result } from "../../result/mod.ts";
import { geometricMean, LEAST_RUNS, plannedLooks } from "../../stats/mod.ts";
import { confidenceOf } from "../looks.ts";
import { estimateOverRuns } from "../metric_estimates.ts";
import { CALIBRATION_STORES } from "../stores.ts";
import { operationsPerIteration } from "../run_use.ts";
import { type BenchmarkValues, type MetricValues, valuesOf } from "../run_values.ts";
import { measuredFrom } from "../measuring_time.ts";
import { findDifferences, whyAnother } from "./differences.ts";
import { withoutControl } from "../control.ts";
import { duetRatios } from "./duets.ts";
import { areDuet, areInterleaved, inBlocks } from "./interleaved.ts";
import type {
  ChangeRow,
  ChangeSide,
  ComparedResult,
  CompareOptions,
  GateOutcome,
  ResultComparison,
  Thresholds,
  VerdictCounts,
} from "./model.ts";
import { BETTER, DEFAULT_THRESHOLDS, judgeFamily, type Rivals, SIGNIFICANCE } from "./verdict.ts";
import { warningsOf } from "./warnings.ts";
import { countedRows, uncountedOf, witnessRows } from "./witnesses.ts";

/** A result with the name that the caller knows it by. */
export interface LabelledResult {
  label: string;
  result: Result;
}

/**
 * Compares two results, benchmark by benchmark and metric by metric, matched by id.
 *
 * It is pure, and draws nothing: the same results give the same comparison. What cannot be judged is
 * `inconclusive` with its reason, not an error.
 *
 * @param base What is compared with.
 * @param candidate What is compared.
 * @throws {RangeError} Where the confidence is not between 0 and 1, or a threshold is not a fraction.
 */
export function compareResults(
  base: LabelledResult,
  candidate: LabelledResult,
  { confidence = 0.95, thresholds = {}, effect }: CompareOptions = {},
): ResultComparison {
  const [before, after] = [base.result, candidate.result].map(withoutControl) as [Result, Result];
  const interleaved = areInterleaved(before, after);
  const duet = areDuet(before, after);
  const looks = duet && after.untilSure !== undefined ? plannedLooks(after.profile.runs) : null;
  const oldById = new Map(before.benchmarks.map((record) => [record.id, record]));
  const newIds = new Set(after.benchmarks.map(({ id }) => id));
  const all = after.benchmarks.flatMap((record, place) => {
    // Interleaved ones are in one order, and of two stores the ids differ.
    const old = interleaved ? before.benchmarks[place] : oldById.get(record.id);
    if (old === undefined) return [];
    const sides = { base: valuesOf(old, before), candidate: valuesOf(record, after) };
    return [{
      ...(interleaved ? inBlocks(sides, duet) : sides),
      confidence: {
        base: confidenceOf(old, before, confidence),
        candidate: confidenceOf(record, after, confidence),
      },
      another: whyAnother(old, record),
    }];
  });
  const isCalibration = ({ store }: { store: string }) => CALIBRATION_STORES.includes(store);
  const pairs = all.filter((pair) => !isCalibration(pair.candidate.record));
  const limits = { ...DEFAULT_THRESHOLDS, ...thresholds };
  const matched = pairs.flatMap((pair) =>
    matchMetrics(pair, limits, { blocks: interleaved, effect }, { duet, looks })
  );
  const judgements = judgeFamily(matched.map(({ rivals }) => rivals), confidence);
  const rows = matched.map(({ row, rivals, sides, pairing }, index): ChangeRow => {
    const { ratio, ...judged } = judgements[index]!;
    return {
      ...row,
      better: rivals.better,
      base: sideOf(sides.base),
      candidate: sideOf(sides.candidate),
      change: ratio === null
        ? null
        : { value: ratio.value - 1, low: ratio.low - 1, high: ratio.high - 1 },
      ...judged,
      pairing,
    };
  });
  const idsOnlyIn = (one: Result, other: { has(id: string): boolean }) =>
    interleaved
      ? []
      : one.benchmarks.filter((record) => !isCalibration(record) && !other.has(record.id))
        .map(({ id }) => id);
  const labels = { base: identify(base), candidate: identify(candidate) };
  const differences = findDifferences(before, after);
  return {
    ...labels,
    interleaved,
    duet,
    looks,
    looksEnded: looks === null ? null : after.untilSure?.looks?.at(-1)?.ended ?? null,
    confidence,
    level: SIGNIFICANCE,
    rows,
    counts: countVerdicts(rows),
    outcome: outcomeOf(rows),
    witnesses: pairs.filter(({ another }) => another === null)
      .flatMap((pair) => [
        ...witnessRows(pair, confidence, duet),
        // Elsewhere run r of the one had other keys than run r of the other.
        ...(interleaved ? countedRows(pair, [before, after], confidence) : []),
      ]),
    uncounted: uncountedOf([before, after]),
    counting: before.counting === undefined ? null : after.counting ?? null,
    onlyInBase: idsOnlyIn(before, newIds),
    onlyInCandidate: idsOnlyIn(after, oldById),
    differences,
    remarks: warningsOf({
      base: before,
      candidate: after,
      pairs,
      calibration: all.filter((pair) => isCalibration(pair.candidate.record)),
      rows,
      differences,
    }),
  };
}

/** Two benchmarks of one id. */
interface Pair {
  base: BenchmarkValues;
  candidate: BenchmarkValues;
  /** Of each side's own intervals, which are wider where it was looked at again and again. */
  confidence: { base: number; candidate: number };
  /** Why they are not the same benchmark. */
  another: string | null;
}

function matchMetrics(
  { base, candidate, confidence, another }: Pair,
  limits: Thresholds,
  design: Pick<Rivals, "blocks" | "effect">,
  { duet, looks }: Pick<ResultComparison, "duet" | "looks">,
) {
  const { id, store, name, kind, workload } = candidate.record;
  return candidate.metrics.map((after) => {
    // A benchmark that became one of another kind has other metrics.
    const before = base.metrics.find(({ metric }) => metric === after.metric) ?? UNMEASURED;
    const played = duet ? duetRatios({ base, candidate }, before, after) : null;
    const rivals: Rivals = {
      better: BETTER[after.metric],
      base: before.values,
      candidate: after.values,
      ...design,
      ...(played !== null && { pairs: played.ratios }),
      ...(played !== null && looks !== null &&
        { looks: { runs: candidate.runs.map(({ run }) => run), planned: looks } }),
      threshold: limits[after.metric],
      resolution: resolutionOf(before, after),
      refusal: another ?? reasonOf({ base, candidate }, before, after),
    };
    const row = {
      id,
      store,
      name,
      kind,
      operation: workload.operation,
      elements: operationsPerIteration(candidate.record),
      metric: after.metric,
    };
    const sides = {
      base: { values: before, times: base.times, confidence: confidence.base },
      candidate: { values: after, times: candidate.times, confidence: confidence.candidate },
    };
    return { row, rivals, sides, pairing: played?.pairing ?? null };
  });
}

const UNMEASURED: MetricValues = {
  metric: "mean",
  values: [],
  reason: "the benchmark does not measure it",
  stepNs: 0,
  bucketNs: 0,
  leastNs: 0,
};

/** Why a row cannot be judged. Of sides that took turns one may only lack what the other's failure took. */
function reasonOf(
  { base, candidate }: Pick<Pair, "base" | "candidate">,
  before: MetricValues,
  after: MetricValues,
): string | null {
  if (before.reason !== null && before.reason === after.reason) {
    return `on both sides, ${before.reason}`;
  }
  const candidateFailed = candidate.failures.length > 0 && base.failures.length === 0;
  if (before.reason !== null && !(candidateFailed && after.reason !== null)) {
    return `in the base, ${before.reason}`;
  }
  return after.reason === null ? null : `in the candidate, ${after.reason}`;
}

/** The clock's step as a fraction of the smaller side. */
function resolutionOf(
  before: MetricValues,
  after: MetricValues,
): number {
  const step = Math.max(before.stepNs, after.stepNs);
  const positive = [...before.values, ...after.values].filter((value) => value > 0);
  return step === 0 || positive.length === 0 ? 0 : step / Math.min(...positive);
}

/** A side's value, with its interval where there are runs for one. */
function sideOf(
  { values: own, times, confidence }: {
    values: MetricValues;
    times: readonly number[];
    confidence: number;
  },
): ChangeSide {
  const { values } = own;
  const usable = values.length > 0 && values.every((value) => value > 0 && value < Infinity);
  if (!usable) return { runs: values.length, value: null, estimate: null };
  const estimate = values.length >= LEAST_RUNS ? estimateOverRuns(own, times, confidence) : null;
  // A rate is the inverse of its time, to the last digit.
  const value = estimate?.value ??
    (own.metric === "throughput" ? 1e9 / geometricMean(times) : geometricMean(values));
  return { runs: values.length, value, estimate };
}

function identify({ label, result }: LabelledResult): ComparedResult {
  const { id, suite, profile, complete } = result;
  return {
    label,
    result: id,
    suite: suite.name,
    profile: profile.name,
    startedAt: measuredFrom(result),
    complete,
  };
}

function outcomeOf(rows: readonly ChangeRow[]): GateOutcome {
  const some = (verdict: ChangeRow["verdict"]) => rows.some((row) => row.verdict === verdict);
  if (rows.length === 0) return "nothing in common";
  if (some("regressed")) return "regressed";
  return rows.every(({ verdict }) => verdict === "inconclusive") ? "not decided" : "passed";
}

function countVerdicts(rows: readonly ChangeRow[]): VerdictCounts {
  const counts: VerdictCounts = {
    "improved": 0,
    "regressed": 0,
    "unchanged": 0,
    "too small to matter": 0,
    "inconclusive": 0,
  };
  for (const { verdict } of rows) counts[verdict]++;
  return counts;
}
