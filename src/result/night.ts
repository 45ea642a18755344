/**
 * What passes between the analysis and the history: one night of one node in short, which the history
 * keeps for ever, and the nights of one metric in a row. Times are nanoseconds, rates operations a
 * second.
 *
 * Objects are loose: a field that this version does not know is kept.
 */
import * as v from "valibot";
import { MetricName, StoreRecord } from "./schema.ts";

/** The version of the record that is written here. */
export const NIGHT_VERSION = 1;

const Text = v.string();
const Finite = v.pipe(v.number(), v.finite());
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Whether a text is a day of the calendar, `YYYY-MM-DD`, from 1970 on. */
export function isNight(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < "1970") return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** What is said of a text that cannot name a node. */
const NODE_NAME = "it cannot be the name of a node; use letters, digits, dots, dashes and " +
  "underscores, at most 64, and begin with a letter or digit";

/** Whether a text can name a node: it becomes the name of a file and of folders. */
export function isNodeName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}

/** A metric of tonight's store over the same of a control; `ratio` or `reason` is `null`, never both. */
export const NightControl = v.looseObject({
  ratio: v.nullable(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  /** Its interval over the pairs of processes. */
  low: v.nullable(Finite),
  high: v.nullable(Finite),
  pairs: Count,
  /** Why there is none, as a clause without a period. */
  reason: v.nullable(Text),
});
export type NightControl = v.InferOutput<typeof NightControl>;

/** One metric of a benchmark; `value` or `reason` is `null`, never both. */
export const NightMetric = v.looseObject({
  metric: MetricName,
  better: v.picklist(["higher", "lower"]),
  value: v.nullable(Finite),
  /** The analysis' interval; `null` where there is a value without one. */
  low: v.nullable(Finite),
  high: v.nullable(Finite),
  /** What the interval was taken from, as {@linkcode import("../stats/mod.ts").EstimateMethod}. */
  method: v.nullable(Text),
  /** Runs that the value comes from. */
  runs: Count,
  /** Why there is no value, as a clause without a period. */
  reason: v.nullable(Text),
  /** How it stands to the control; absent where there was none that night. */
  control: v.optional(NightControl),
});
export type NightMetric = v.InferOutput<typeof NightMetric>;

/** A benchmark with its metrics. */
const NightBenchmark = v.looseObject({
  /** `store/name`. */
  id: Text,
  store: Text,
  /** Digest of the machine, the store's options, the workload and the amount measured. */
  conditions: v.nullable(Text),
  /** What its times are of those that the tool took, where they are not their mean. */
  estimator: v.optional(v.literal("median")),
  metrics: v.array(NightMetric),
});
type NightBenchmark = v.InferOutput<typeof NightBenchmark>;

/** A store of the night. */
const NightStore = v.looseObject({
  store: Text,
  /** Engine and version, e.g. `RocksDB 7.8.3`; `null` where they were not recorded. */
  library: v.nullable(Text),
  /** What the store said of itself. */
  description: v.nullable(StoreRecord),
});
type NightStore = v.InferOutput<typeof NightStore>;

/** What `history add` is given of a result. */
export const NightRecord = v.looseObject({
  schema: v.literal("tidemark.night"),
  version: v.literal(NIGHT_VERSION),
  night: v.pipe(Text, v.check(isNight, "it is no date like 2026-11-22")),
  node: v.pipe(Text, v.check(isNodeName, NODE_NAME)),
  /** The result's id. */
  result: Text,
  /** SHA-256 of the result's JSON, in hexadecimal digits: what tells the same result from another one. */
  digest: v.pipe(Text, v.regex(/^[0-9a-f]{64}$/)),
  startedAt: Text,
  endedAt: v.nullable(Text),
  /** `files`: these are the times of another tool's files, and not of measuring. */
  times: v.optional(v.literal("files")),
  complete: v.boolean(),
  suite: Text,
  profile: Text,
  /** Commit that was measured; `null` where it was not recorded, or changed on the way. */
  commit: v.nullable(Text),
  /** The machine as far as values depend on it; part of every benchmark's conditions. */
  machine: v.record(Text, v.nullable(v.union([Text, v.number(), v.boolean()]))),
  stores: v.array(NightStore),
  benchmarks: v.array(NightBenchmark),
  /** What the control was, e.g. `raw, release=9.10.0`; absent where there was none. */
  control: v.optional(Text),
  /** Why the night has no result, as a clause without a period; there are no benchmarks then. */
  missing: v.optional(Text),
});
export type NightRecord = v.InferOutput<typeof NightRecord>;

/**
 * What somebody said of a night: of all nodes, of a node, or of a benchmark there. One that accepts is of
 * one lasting shift, which is no news any more.
 */
export const NightNote = v.looseObject({
  schema: v.literal("tidemark.night-note"),
  version: v.literal(1),
  /** The night, or the first one of the shift. */
  night: v.pipe(Text, v.check(isNight, "it is no date like 2026-11-22")),
  /** `null`: of every one. */
  node: v.nullable(v.pipe(Text, v.check(isNodeName, NODE_NAME))),
  benchmark: v.nullable(Text),
  metric: v.nullable(MetricName),
  text: Text,
  /** The shift that is accepted, as it was told; absent of a note. */
  accepts: v.optional(v.looseObject({
    direction: v.picklist(["improved", "regressed"]),
    /** As a fraction of the level before. */
    change: v.pipe(Finite, v.gtValue(-1)),
    /** Whether it is of the ratio to a control. */
    ofRatio: v.boolean(),
  })),
  addedAt: Text,
});
export type NightNote = v.InferOutput<typeof NightNote>;

/** What a benchmark's times are of those that their tool took. */
export type NightEstimator = "mean" | "median";

/** One night of one series. A night without a value is kept, so that a gap stays a gap. */
export interface NightPoint {
  /** The night, `YYYY-MM-DD`. */
  night: string;
  /** The estimate over the night's runs; `null` where the night is missing. Never an average of quantiles. */
  value: number | null;
  /** The night's own interval over its runs; `null` where it had fewer than three. */
  low: number | null;
  high: number | null;
  /** Runs with a value. */
  runs: number;
  /** Why there is no value, as a clause without a period; `null` where there is one. */
  reason: string | null;
  /** Commit of the measured project; `null` where it was not recorded. */
  commit: string | null;
  /** Engine and library of the store, e.g. `RocksDB 7.8.3`; `null` where it was not recorded. */
  library: string | null;
  /** What else a value depends on (machine, kernel, options) as one digest; `null` where unknown. */
  conditions: string | null;
  /** What the times are of those that their tool took. @default their mean */
  estimator?: "median";
  /**
   * How it stands to the control of the night, and what that was, e.g. `raw, release=9.10.0`; absent
   * where there was none.
   */
  control?: NightControl & { what: string };
  /** The night's report, as a path relative to the history's directory; `null` where it is gone. */
  report: string | null;
}

/** The nights of one metric of one benchmark on one node, oldest first. */
export interface NightSeries {
  node: string;
  /** Id of the benchmark, `store/name`. */
  benchmark: string;
  metric: MetricName;
  /** Which way the metric is better. */
  better: "higher" | "lower";
  points: NightPoint[];
}
