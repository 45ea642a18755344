/**
 * The gate on a real machine: what comparisons of identical code, and of a store that was slowed
 * down on purpose, came to. Kept as JSON, so that the quality report can be rendered without
 * measuring again.
 */
import * as v from "valibot";
import {
  EnvironmentRecord,
  FIRST_ISSUE,
  issueText,
  MetricName,
  ProfileRecord,
  ToolRecord,
} from "../../result/mod.ts";
import type { ResultComparison } from "../compare/model.ts";

/** The version of the file. */
export const SESSIONS_VERSION = 1;

const Share = v.pipe(v.number(), v.finite());

/** What is kept of a row of a comparison. */
const RowRecord = v.object({
  id: v.string(),
  metric: MetricName,
  /** Runs of a side, the fewer of the two. */
  runs: v.number(),
  verdict: v.picklist([
    "improved",
    "regressed",
    "unchanged",
    "too small to matter",
    "inconclusive",
  ]),
  /** candidate / base − 1, with its interval; `null` where it could not be tested. */
  change: v.nullable(v.object({ value: Share, low: Share, high: Share })),
  adjustedP: v.nullable(Share),
  /** Spread between the runs of a side, as a fraction. */
  spread: v.nullable(Share),
  /** Runs a side that the tool advises for the change of the slow-down; `null`: too many. */
  advised: v.nullable(v.number()),
});

/** What is kept of a comparison of two sessions, or of the sides of one. */
export const ComparisonRecord = v.object({
  base: v.string(),
  candidate: v.string(),
  startedAt: v.string(),
  seed: v.number(),
  rows: v.array(RowRecord),
});
export type ComparisonRecord = v.InferOutput<typeof ComparisonRecord>;

const part = {
  startedAt: v.string(),
  endedAt: v.string(),
  tool: ToolRecord,
  environment: EnvironmentRecord,
  profile: ProfileRecord,
  stores: v.array(v.string()),
};

/** Identical code against itself. */
export const Noise = v.object({
  ...part,
  /** Whole sessions, each against the one before it. */
  separate: v.array(ComparisonRecord),
  /** Sessions that mix two sides. */
  interleaved: v.array(ComparisonRecord),
});
export type Noise = v.InferOutput<typeof Noise>;

/** A slow-down, injected into every operation of the candidate. */
export const SlowDown = v.object({
  ...part,
  /** Share of its own time that every operation burned. */
  burn: Share,
  /** A session of identical code before, by which the tool says how many runs it needs. */
  pilot: ComparisonRecord,
  sessions: v.array(ComparisonRecord),
});
export type SlowDown = v.InferOutput<typeof SlowDown>;

/** The file: each part where it was measured. */
export const Sessions = v.object({
  schema: v.literal("tidemark.quality-sessions"),
  version: v.literal(SESSIONS_VERSION),
  noise: v.optional(Noise),
  slowDown: v.optional(SlowDown),
});
export type Sessions = v.InferOutput<typeof Sessions>;

/**
 * Reads the file's text.
 *
 * @throws {RangeError} Where it is not such a file; the message says where it is wrong.
 */
export function parseSessions(text: string): Sessions {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RangeError("it is not JSON");
  }
  const parsed = v.safeParse(Sessions, json, FIRST_ISSUE);
  if (parsed.success) return parsed.output;
  throw new RangeError(issueText(parsed.issues));
}

/** What to keep of a comparison. */
export function comparisonRecord(comparison: ResultComparison, seed: number): ComparisonRecord {
  const { base, candidate, rows } = comparison;
  return {
    base: base.result,
    candidate: candidate.result,
    // Both were measured here, so when is known.
    startedAt: candidate.startedAt!,
    seed,
    rows: rows.map((row) => ({
      id: row.id,
      metric: row.metric,
      runs: Math.min(row.base.runs, row.candidate.runs),
      verdict: row.verdict,
      change: row.change,
      adjustedP: row.adjustedP,
      spread: row.spread,
      advised: row.runsNeeded?.runs ?? null,
    })),
  };
}

/** The metric by which a benchmark as a whole is said to have slowed down. */
const HEADLINES: readonly MetricName[] = ["throughput", "mean"];

/** How often comparisons of identical code were wrong. */
interface NoiseVerdict {
  design: "separate" | "interleaved";
  /** Pairs of sessions. */
  pairs: number;
  /** Comparisons: benchmarks × pairs. */
  comparisons: number;
  /** Those with any row called improved or regressed. */
  wrong: number;
  /** The rows that were, e.g. `raw/read p99 regressed by 12 %`, with their pair. */
  calls: { pair: number; id: string; metric: MetricName; change: number }[];
}

/** Counts the false verdicts of both designs. */
export function judgeNoise({ separate, interleaved }: Noise): NoiseVerdict[] {
  return ([["separate", separate], ["interleaved", interleaved]] as const).map(
    ([design, pairs]) => {
      const calls = pairs.flatMap(({ rows }, pair) =>
        rows.filter(isCalled).map(({ id, metric, change }) => ({
          pair,
          id,
          metric,
          change: change?.value ?? 0,
        }))
      );
      const all = pairs.flatMap(({ rows }, pair) => rows.map(({ id }) => `${pair} ${id}`));
      return {
        design,
        pairs: pairs.length,
        comparisons: new Set(all).size,
        wrong: new Set(calls.map(({ pair, id }) => `${pair} ${id}`)).size,
        calls,
      };
    },
  );
}

function isCalled({ verdict }: ComparisonRecord["rows"][number]): boolean {
  return verdict === "improved" || verdict === "regressed";
}

/** How often a slow-down was seen in one benchmark. */
interface SlowDownVerdict {
  id: string;
  metric: MetricName;
  sessions: number;
  runs: number;
  /** Sessions that called it regressed. */
  regressed: number;
  /** Median of the changes that were estimated; `null` without any. */
  change: number | null;
  /** Runs a side that the pilot's comparison advised; `null`: more than a thousand, or unknown. */
  advised: number | null;
  /** Whether the tool had said that it would need more runs than it got. */
  told: boolean;
}

/** Counts how often each benchmark's headline was called regressed. */
export function judgeSlowDown({ pilot, sessions }: SlowDown): SlowDownVerdict[] {
  return pilot.rows.filter(({ metric }) => HEADLINES.includes(metric)).map((foreseen) => {
    const { id, metric, advised } = foreseen;
    const rows = sessions.flatMap(({ rows }) =>
      rows.filter((row) => row.id === id && row.metric === metric)
    );
    const changes = rows.flatMap(({ change }) => change === null ? [] : [change.value]).sort(
      (a, b) => a - b,
    );
    const runs = Math.min(...rows.map(({ runs }) => runs), foreseen.runs);
    return {
      id,
      metric,
      sessions: rows.length,
      runs,
      regressed: rows.filter(({ verdict }) => verdict === "regressed").length,
      change: changes.length === 0 ? null : changes[Math.floor(changes.length / 2)]!,
      advised,
      told: advised === null || advised > runs,
    };
  });
}
