/**
 * What a comparison of two results is: plain data that can be written as JSON. The base is what is
 * compared with, the candidate is what is compared. Ratios are candidate / base, changes are
 * ratios − 1, both in the metric's own unit: +0.05 is 5 % more operations a second for a throughput,
 * 5 % more time for every other metric.
 */
import type { Range } from "../../format/mod.ts";
import type { BenchmarkRecord, CountingRecord, MetricName } from "../../result/mod.ts";
import type { Remark } from "../../remark/mod.ts";
import type { Estimate } from "../../stats/mod.ts";
import type { Operation } from "../model.ts";

/**
 * The outcome of a comparison.
 *
 * - `improved`, `regressed`: a change is sure, and it is beyond the metric's threshold;
 * - `too small to matter`: a change is sure, and all of its interval is within the threshold;
 * - `unchanged`: no change is sure, and all of the interval is within the threshold;
 * - `inconclusive`: anything else. The reason is said.
 */
export type ChangeVerdict =
  | "improved"
  | "regressed"
  | "unchanged"
  | "too small to matter"
  | "inconclusive";

/** The changes below which nobody would act, as fractions of the base, for each metric. */
export type Thresholds = Record<MetricName, number>;

/** How a comparison is made. */
export interface CompareOptions {
  /** Confidence of every interval, each on its own. @default 0.95 */
  confidence?: number;
  /** Those that differ from {@linkcode DEFAULT_THRESHOLDS}. */
  thresholds?: Partial<Thresholds>;
  /** The change that advice on the number of runs is for. @default twice a metric's threshold */
  effect?: number | undefined;
}

/** One side of a row. */
export interface ChangeSide {
  /** Runs with a value. */
  runs: number;
  /** Geometric mean over the runs, ns or operations a second; `null` without runs. */
  value: number | null;
  /** The same with its interval over runs; `null` with fewer than three. */
  estimate: Estimate | null;
}

/** One metric of one benchmark on both sides, with the verdict. */
export interface ChangeRow {
  /** Id of the benchmark, `store/name`; the candidate's, where another store is the base. */
  id: string;
  store: string;
  /** Name of the benchmark in the suite. */
  name: string;
  kind: BenchmarkRecord["kind"];
  operation: Operation;
  /** Operations in one iteration. */
  elements: number;
  metric: MetricName;
  /** Which way the metric is better. */
  better: "higher" | "lower";
  base: ChangeSide;
  candidate: ChangeSide;
  /** With its interval over runs; `null` where a side has too few runs for one. */
  change: Range | null;
  /** The test over runs or blocks, alone; `null` where there is no interval. */
  p: number | null;
  /** The same, adjusted for all rows of the comparison. */
  adjustedP: number | null;
  /** The change below which nobody would act: the metric's, or more where the clock is too coarse. */
  threshold: number;
  verdict: ChangeVerdict;
  /** Why it is inconclusive, as a clause without a period; else `null`. */
  reason: string | null;
  /** Looks at it so far, of pairs that are measured until it is decided; else `null`. */
  looks: number | null;
  /** Spread between the runs of a side, as a fraction; `null` where there is no interval. */
  spread: number | null;
  /**
   * The smallest change that as many runs would call in 19 of 20 comparisons, were the spread as large
   * as it may be; `null` as above.
   */
  detectable: number | null;
  /** Runs a side that would call a change that matters in 19 of 20 comparisons, likewise. */
  runsNeeded: RunsNeeded | null;
  /** How the pairs of processes were that took turns; `null` where none did. */
  pairing: Pairing | null;
}

/** What pairing did, and how the pairs were, of a row whose two sides took turns. */
export interface Pairing {
  /** Pairs of processes. */
  pairs: number;
  /** Pairs of batches that a pair of processes has; `null` of a metric that is not made of them. */
  batches: number | null;
  /**
   * Spread between the runs of a side, as a fraction, were they not held against their partners: what
   * the row's `spread` would be without pairing. `null` of one pair.
   */
  unpaired: number | null;
  /** Pairs whose ratio changed over their time. */
  drifting: number;
  /** Pairs so far off the others that they have no weight, with their change. */
  far: { pair: number; change: number }[];
  /**
   * The change by all of the runs' time, the rare slow batches included which the centre leaves out:
   * the median over the pairs.
   */
  totals: number;
}

/** What a measuring thread did: its name in a result's samples. */
export type WitnessName = "cpuNs" | "instructions" | "cacheMisses";

/** A witness: what a measuring thread did, or the instructions that valgrind's callgrind counted. */
export type WitnessKind = WitnessName | "countedInstructions";

/**
 * A witness to a benchmark: what the measuring thread did for an operation on both sides. It is
 * information beside the verdicts on time, and no part of them.
 */
export interface WitnessRow {
  /** Id of the benchmark, as in {@linkcode ChangeRow}. */
  id: string;
  store: string;
  name: string;
  witness: WitnessKind;
  /** Geometric mean over the runs, per operation: ns, or a count. */
  base: number;
  candidate: number;
  /** Runs of each side that counted it; of what callgrind counted, processes. */
  runs: { base: number; candidate: number };
  /** candidate / base − 1, each interval on its own; `null` where there are too few runs for one. */
  change: Range | null;
}

/** A witness that was not to be had. */
export interface Uncounted {
  witness: WitnessKind;
  /** Why, as a clause. */
  reason: string;
}

/** How many runs it takes to see a change. */
export interface RunsNeeded {
  /** The change that is to be seen. */
  change: number;
  /** On each side; `null`: more than a thousand. */
  runs: number | null;
}

/** Something that was not the same on the two sides. */
export interface Difference {
  topic: "machine" | "store" | "profile" | "plan" | "program" | "seed" | "conditions";
  /** What it is of, e.g. `kernel`, `option wal of raw`. */
  what: string;
  base: string;
  candidate: string;
}

/** What identifies one of the two results. */
export interface ComparedResult {
  /** What the caller calls it: a file, a directory or a baseline's name. */
  label: string;
  /** The result's id. */
  result: string;
  suite: string;
  profile: string;
  /** When the measuring began; `null` where only the time of an imported file is known. */
  startedAt: string | null;
  complete: boolean;
}

/** How many rows have each verdict. */
export type VerdictCounts = Record<ChangeVerdict, number>;

/**
 * What a gate makes of a comparison.
 *
 * - `regressed`: a row is;
 * - `passed`: none is, and one row or more is known;
 * - `not decided`: every row is inconclusive, so that nothing is known of a regression;
 * - `nothing in common`: there is no row.
 */
export type GateOutcome = "regressed" | "passed" | "not decided" | "nothing in common";

/** What a warning of a comparison tells of. */
export type WarningTopic = "sides" | "machine" | "runs";

/** Two results, compared. */
export interface ResultComparison {
  base: ComparedResult;
  candidate: ComparedResult;
  /**
   * Whether the two sides' runs were mixed in one session of randomised blocks, so that what the
   * machine did meanwhile fell on both.
   */
  interleaved: boolean;
  /** Whether they took turns, so that pairs of live processes are what was tested. */
  duet: boolean;
  /**
   * After how many pairs of processes was to be looked, where measuring went on until every row was
   * decided: intervals and p hold over all of these looks together. `null` of a plan that was fixed.
   */
  looks: number[] | null;
  /**
   * Why there was no further look: nothing was open that more pairs decide, the time was up, or there
   * are no more looks. `null` where it did not come to its end, and of a plan that was fixed.
   */
  looksEnded: "sure" | "time" | "runs" | null;
  /** Confidence of the intervals, each on its own. */
  confidence: number;
  /** A change is sure where its adjusted p is below this. */
  level: number;
  /** Every metric of every benchmark that both sides planned, in the candidate's order. */
  rows: ChangeRow[];
  counts: VerdictCounts;
  /** What a gate makes of them. */
  outcome: GateOutcome;
  /** What the measuring threads did, in the order of the rows; empty where nothing was counted. */
  witnesses: WitnessRow[];
  /** What of that was not counted, and why. */
  uncounted: Uncounted[];
  /** How callgrind counted, where it was asked to on both sides; else `null`. */
  counting: CountingRecord | null;
  /** Ids of the benchmarks that only the base planned. */
  onlyInBase: string[];
  /** Ids of the benchmarks that only the candidate planned. */
  onlyInCandidate: string[];
  differences: Difference[];
  /** What else to know before acting on a verdict. */
  remarks: Remark<WarningTopic>[];
}
