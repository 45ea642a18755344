/**
 * Going on until it is sure: after the planned runs, and after those that were added, somebody looks at
 * what was measured and says what is still open; the benchmarks concerned get more runs, as long as
 * there is time. What a look says is in the journal, so that a bench that is killed at any moment goes
 * on as it would have. Which questions are open is for those who judge results; how the looks share the
 * error rate is in src/stats/looks.ts.
 */
import type { JournalRecord, LookRecord, Result } from "../result/mod.ts";
import { mean, runsAtNextLook } from "../stats/mod.ts";
import { MOST_RUNS } from "../suite/mod.ts";
import type { LaneResult } from "./places.ts";

/** What a look at the lanes of a bench found. */
export interface Unsettled {
  /** What is not decided and may be by more runs, in words. */
  open: readonly string[];
  /** The benchmarks that need them: their ids in the first lane. */
  benchmarks: readonly string[];
  /** How many runs of one there are at the next look, of so many now. @default twice as many */
  next?: (runs: number) => number;
}

/** Looks at what the lanes of a bench have measured so far. */
export type Look = (lanes: readonly LaneResult[]) => Unsettled;

/**
 * Where time is left for less than this share of the runs that a look should add, none are added: the
 * next look would say what this one says.
 */
const LEAST_SHARE = 0.1;

/**
 * The runs that are to be added.
 *
 * @param result What the first lane has measured.
 * @param unsettled What a look at it found.
 * @param leftMs Time that is left for them.
 */
export function planMore(
  { benchmarks, profile, runs }: Pick<Result, "benchmarks" | "profile" | "runs">,
  { benchmarks: needed, next = twice }: Pick<Unsettled, "benchmarks" | "next">,
  leftMs: number,
): Pick<LookRecord, "more" | "ended"> {
  if (needed.length === 0) return { more: [], ended: "sure" };
  const durations = Map.groupBy(runs, ({ benchmark }) => benchmark);
  const wanted = benchmarks.filter(({ id }) => needed.includes(id)).map((benchmark) => {
    const { id, runs: before = profile.runs } = benchmark;
    const eachMs = meanDuration(durations.get(id) ?? []);
    return { id, before, add: Math.min(MOST_RUNS, next(before)) - before, eachMs };
  }).filter(({ add }) => add > 0);
  if (wanted.length === 0) return { more: [], ended: "runs" };
  const costMs = wanted.reduce((sum, { add, eachMs }) => sum + add * eachMs, 0);
  const share = Math.min(1, leftMs / costMs);
  const more = share < LEAST_SHARE ? [] : wanted
    .map(({ id, before, add }) => ({ benchmark: id, runs: before + Math.floor(add * share) }))
    .filter(({ runs }, place) => runs > wanted[place]!.before);
  return more.length === 0 ? { more, ended: "time" } : { more };
}

function twice(runs: number): number {
  return runsAtNextLook(runs, MOST_RUNS);
}

/** How long a run took on the average, ms. */
function meanDuration(runs: Result["runs"]): number {
  const ended = runs.flatMap(({ startedAt, endedAt }) =>
    endedAt === null ? [] : [Date.parse(endedAt) - Date.parse(startedAt)]
  );
  return ended.length === 0 ? 0 : mean(ended);
}

/** How long the sessions of a journal have measured, ms: what lies between them is nobody's. */
export function measuredMs(records: readonly JournalRecord[]): number {
  let sum = 0;
  let [begun, last] = [NaN, NaN];
  for (const record of records) {
    if (record.kind === "plan" || record.kind === "session") {
      if (!Number.isNaN(begun)) sum += last - begun;
      begun = last = Date.parse(record.startedAt);
    } else last = Math.max(last, momentOf(record));
  }
  return sum + (last - begun);
}

/** When a record was written, as far as it says it, ms. */
function momentOf(record: JournalRecord): number {
  const text = "at" in record && typeof record.at === "string"
    ? record.at
    : "endedAt" in record
    ? record.endedAt
    : "startedAt" in record
    ? record.startedAt
    : null;
  return typeof text === "string" ? Date.parse(text) : -Infinity;
}
