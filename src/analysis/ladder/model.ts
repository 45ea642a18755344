/**
 * What a ladder is: one engine's releases in the same benchmarks, each judged against its neighbour
 * and against the first. Plain data that can be written as JSON. Changes are newer / older − 1 in the
 * metric's own unit, as in a comparison.
 */
import type { Range } from "../../format/mod.ts";
import type { Remark } from "../../remark/mod.ts";
import type { BenchmarkRecord, MetricName, WorkloadRecord } from "../../result/mod.ts";
import type { Estimate } from "../../stats/mod.ts";
import type { ChangeVerdict } from "../compare/model.ts";

/** A release on the ladder. */
export interface LadderRung {
  /** The store as the result calls it, e.g. `raw@10.4.2`. */
  store: string;
  /** What is another in it than in the others, which is its release, e.g. `10.4.2`. */
  name: string;
  /** The engine with its version as its database has it; `null` where nothing was measured. */
  engine: string | null;
  /** The compiler that the library names; `null` where it names none or nothing was measured. */
  compiler: string | null;
  /** The library's SHA-256. */
  sha256: string | null;
  /** Whether that is a pinned one. */
  pinned: boolean | null;
  /** Every option that it ran with, by the engine's own names; `null` where none were recorded. */
  options: Record<string, string> | null;
}

/** One metric of one benchmark on one rung. */
export interface LadderPlace {
  /** Which rung, 0, 1, …. */
  rung: number;
  /** Runs with a value. */
  runs: number;
  /** Over runs; `null` with fewer than three. */
  estimate: Estimate | null;
  /** Against the first rung; `null` on it, or where one has too few runs. */
  change: Range | null;
}

/** One metric of one benchmark over the whole ladder. */
export interface LadderSeries {
  /** The benchmark's name in its suite. */
  name: string;
  kind: BenchmarkRecord["kind"];
  workload: WorkloadRecord;
  metric: MetricName;
  better: "higher" | "lower";
  /** Where the data was: in memory alone in every run, in files that were settled, or not known. */
  data: "memory" | "files" | null;
  places: LadderPlace[];
  /** How far its runs spread; `null` where that cannot be told, or they did not take turns. */
  spread: LadderSpread | null;
}

/** How far runs of one release spread, as fractions. */
export interface LadderSpread {
  /** Held against those that they took turns with. */
  paired: number;
  /** By themselves. */
  unpaired: number;
}

/** How the releases took turns. */
export interface LadderTurns {
  /** The most that played at once. */
  together: number;
  /** Time that a batch was to take, ms. */
  batchMs: number;
}

/** One metric of one benchmark on two rungs, judged. */
export interface LadderRow {
  name: string;
  metric: MetricName;
  better: "higher" | "lower";
  /** The rung that is held against. */
  older: number;
  newer: number;
  /** `null` where a side has too few runs. */
  change: Range | null;
  p: number | null;
  /** The same, adjusted for all rows of the ladder. */
  adjustedP: number | null;
  /** The change below which nobody would act. */
  threshold: number;
  verdict: ChangeVerdict;
  /** Why it is inconclusive; else `null`. */
  reason: string | null;
}

/** An option that two neighbours have not alike. */
export interface OptionDifference {
  /** By the engine's own name. */
  option: string;
  /** `null`: the older one has no such option. */
  older: string | null;
  /** `null`: the newer one has no such option any more. */
  newer: string | null;
}

/** What differs in the options of two neighbours. */
export interface OptionStep {
  older: number;
  newer: number;
  differences: OptionDifference[];
}

/** How much of a step is the code's, and how much the options'. */
export interface Explanation {
  name: string;
  metric: MetricName;
  older: number;
  newer: number;
  /** The step, as it was measured again. */
  step: Range | null;
  /** What is left of it where the newer code runs with the older's options. */
  code: Range | null;
  /** What the newer options do to the newer code. */
  options: Range | null;
  /** The options' share of the step, as a fraction of its logarithm; `null` where it cannot be told. */
  share: number | null;
  /** Why there is none, as a clause; else `null`. */
  reason: string | null;
}

/** What a sentence of a ladder tells of. */
export type LadderTopic = "step" | "whole" | "measurement";

/** A ladder, judged. */
export interface Ladder {
  rungs: LadderRung[];
  /** How they took turns; `null` where each run had its time to itself, as in older results. */
  turns: LadderTurns | null;
  series: LadderSeries[];
  /** Every metric of every benchmark between neighbours, and between each and the first. */
  rows: LadderRow[];
  /** The rows between neighbours that are real: sure, and not gone where they were measured again. */
  steps: LadderRow[];
  /** Those that were sure at first, and were not found when they were measured again. */
  gone: LadderRow[];
  options: OptionStep[];
  /** `null` where steps were not measured again. */
  explanations: Explanation[] | null;
  /** Confidence of the intervals, each on its own. */
  confidence: number;
  /** A change is sure where its adjusted p is below this. */
  level: number;
  remarks: Remark<LadderTopic>[];
}
