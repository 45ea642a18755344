/**
 * The search for the highest rate that a store keeps: steps at rates, each kept in a file before the
 * next one begins, so that a search that ended early goes on where it was.
 */
import * as v from "valibot";
import { fileReason, isThere, readRegularText, replaceFile } from "../disk/mod.ts";
import { formatPercent, formatRate, formatTime, plural } from "../format/mod.ts";
import {
  derive,
  judgeStep,
  type Knee,
  KneeSearch,
  LEAST_STEP_WINDOWS,
  Random,
  type StepWindow,
} from "../stats/mod.ts";
import type { SearchedRate } from "../report/mod.ts";
import { LOAD_BEGINNINGS, type LoadRecord, type WindowRecord } from "../result/mod.ts";
import { columns } from "./columns.ts";
import { UsageError } from "./usage_error.ts";

/** The file of a search, in its directory. */
export const SEARCH_FILE = "search.json";
/** Largest such file that is read, bytes: a search has some dozens of steps. */
const MOST_BYTES = 1024 * 1024;

/** One step, as it is kept. */
const StepRecord = v.object({
  /** Operations a second that were offered. */
  rate: v.pipe(v.number(), v.finite(), v.gtValue(0)),
  verdict: v.picklist(["passed", "behind", "slow", "unsure"]),
  /** What decided it; `null` where nothing stood against it. */
  by: v.nullable(v.picklist(["achieved", "backlog", "debt", "response"])),
  /** Share of what was offered that was done. */
  achieved: v.number(),
  /** Response times, the median of the windows' quantiles, ns; `null` where nothing ended. */
  p50: v.nullable(v.number()),
  p99: v.nullable(v.number()),
  /** How its database came to hold what the load begins with; absent where that is not known. */
  begins: v.optional(v.picklist(LOAD_BEGINNINGS)),
});
/** One step of a search. */
export type RateStep = v.InferOutput<typeof StepRecord>;

const SearchRecord = v.object({
  schema: v.literal("tidemark.search"),
  version: v.literal(1),
  /** What is searched: all that has to be the same where it goes on. */
  asked: v.object({
    benchmark: v.string(),
    /** The store's options and the load, as text. */
    how: v.string(),
    first: v.number(),
    /** Bound of the response's p99, ns; `null` where none was given. */
    mostP99: v.nullable(v.number()),
    /** Time that a step measures, s. */
    seconds: v.number(),
  }),
  seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  steps: v.array(StepRecord),
});
/** A search, as its file has it. */
export type RateSearch = v.InferOutput<typeof SearchRecord>;

/**
 * A new search, or the one that lies at a path.
 *
 * @param asked What is searched.
 * @param seed Of a new one; what lies there keeps its own.
 * @throws {UsageError} Where another search lies there, or none that can be read.
 */
export function beginSearch(path: string, asked: RateSearch["asked"], seed: number): RateSearch {
  if (!isThere(path)) {
    return { schema: "tidemark.search", version: 1, asked, seed, steps: [] };
  }
  const search = readSearch(path);
  const names = Object.keys(asked) as (keyof typeof asked)[];
  const odd = names.find((name) => search.asked[name] !== asked[name]);
  if (odd === undefined) return search;
  throw new UsageError(
    `Cannot go on with ${path}: it is a search with another ${odd}; give another --out`,
  );
}

function readSearch(path: string): RateSearch {
  let text: string;
  try {
    text = readRegularText(path, MOST_BYTES);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${fileReason(error)}`);
  }
  try {
    return v.parse(SearchRecord, JSON.parse(text));
  } catch {
    throw new UsageError(`Cannot go on with ${path}: it is no search; give another --out`);
  }
}

/** What a step came to. */
export interface MeasuredStep extends Pick<LoadRecord, "begins"> {
  windows: StepWindow[];
}

/** Measures a step. @param place Its place among the steps, from 0. */
export type MeasureStep = (rate: number, place: number) => Promise<MeasuredStep | undefined>;

/**
 * Searches, from where it is, to its end, and keeps each step.
 *
 * @param measure `undefined` where it was interrupted.
 * @returns What was found; `undefined` where it was interrupted.
 * @throws {UsageError} Where the steps that lie there are not those of such a search.
 */
export async function searchRate(
  path: string,
  search: RateSearch,
  measure: MeasureStep,
  tell: (step: RateStep) => void = () => {},
): Promise<Knee | undefined> {
  const { asked, seed, steps } = search;
  const knee = new KneeSearch({ first: asked.first, random: new Random(derive(seed, "search")) });
  for (const { rate, verdict } of steps) {
    if (knee.next !== rate) {
      throw new UsageError(
        `Cannot go on with ${path}: its steps are not those of this search; give another --out`,
      );
    }
    knee.observe(verdict);
  }
  while (knee.next !== undefined) {
    const rate = knee.next;
    const measured = await measure(rate, steps.length);
    if (measured === undefined) return undefined;
    const { windows, begins } = measured;
    const seconds = asked.seconds / windows.length;
    const { verdict, by, achieved } = judgeStep(
      { rate, seconds, windows },
      asked.mostP99 ?? undefined,
    );
    const step = {
      rate,
      verdict,
      by,
      achieved,
      p50: middle(windows.map(({ responseP50 }) => responseP50)),
      p99: middle(windows.map(({ responseP99 }) => responseP99)),
      ...(begins !== undefined && { begins }),
    };
    steps.push(step);
    replaceFile(path, JSON.stringify(search, null, 1) + "\n", { alone: true });
    tell(step);
    knee.observe(verdict);
  }
  return knee.knee();
}

/**
 * The windows of a run as a step has them. Of responses, those that there would have been had the client
 * never been late itself: what the machine's own lateness costs is not the store's.
 *
 * @returns `undefined` where there are too few: threads that are woken late make one of two.
 */
export function stepWindows(windows: readonly WindowRecord[]): StepWindow[] | undefined {
  if (windows.length < LEAST_STEP_WINDOWS) return undefined;
  return windows.map(({ operations, unhindered, facts, bytesPut }) => ({
    operations,
    responseP50: unhindered?.p50 ?? null,
    responseP99: unhindered?.p99 ?? null,
    debtBytes: facts.pendingCompactionBytes ?? null,
    bytesPut,
  }));
}

function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  return known.length === 0 ? null : known[known.length >> 1]!;
}

/** What stands against a rate, as what is so or may be. */
const AGAINST = {
  achieved: "less is done than comes",
  backlog: "what waits grows",
  debt: "compaction's debt grows",
  response: "response p99 is beyond its bound",
} as const;

/** A step in a line: its rate and what it came to. */
export function stepInWords({ rate, verdict, by, achieved, p99 }: RateStep): string {
  const against = by === null ? "" : AGAINST[by];
  const words = {
    behind: `overloaded, ${against}: ${formatPercent(achieved)} done`,
    unsure: `unsure whether ${against}`,
    slow: against,
    passed: "passed",
  }[verdict];
  const response = p99 === null || verdict === "behind" ? "" : `; response p99 ${formatTime(p99)}`;
  return `${formatRate(rate)}: ${words}${response}`;
}

/** What a search found. */
export function foundBySearch({ asked, steps, seed }: RateSearch, knee: Knee): SearchedRate {
  const what = asked.mostP99 === null
    ? "capacity"
    : `usable capacity, with response p99 within ${formatTime(asked.mostP99)},`;
  const [low, high] = [formatRate(knee.low), formatRate(knee.high)];
  const answer = {
    found: `The ${what} of ${asked.benchmark} is between ${low} and ${high}`,
    above: `The ${what} of ${asked.benchmark} is above ${low}, the highest rate that was tried`,
    below: `The ${what} of ${asked.benchmark} is below ${high}: no rate that was tried passed`,
    unfinished: `The ${what} of ${asked.benchmark} may be between ${low} and ${high}: ` +
      "the steps were used up before both neighbours had been measured again",
  }[knee.outcome];
  return {
    name: asked.benchmark,
    answer: `${answer}, by ${plural(steps.length, "step")} of ${asked.seconds} s.`,
    low: knee.low,
    high: knee.high,
    remarks: [
      ...(knee.monotone ? [] : [
        "A rate below the answer was too slow: more load makes this store faster there.",
      ]),
      "A rate passes where 99% of it is done (less what random arrivals vary by: two roots of their " +
      "number), and neither what waits nor compaction's debt grows" +
      (asked.mostP99 === null ? "." : ", and the response's p99 is surely within its bound."),
      `${beginnings(steps)} What was unsure was repeated, and both neighbours of the answer were ` +
      "measured again in random order.",
      "Response times are those that there would have been had the load generator never been late.",
      `The order is that of seed ${seed}.`,
    ],
    rates: steps.map((step) => ({
      ...step,
      verdict: step.verdict === "behind" ? "overloaded" : step.verdict,
      overloaded: step.verdict === "behind",
    })),
  };
}

/** What the steps began with. */
function beginnings(steps: readonly RateStep[]): string {
  const all = new Set(steps.map(({ begins }) => begins));
  if (all.size === 1 && all.has("checkpoint")) {
    return "Each step begins with the same checkpoint, so that none pays another's debt.";
  }
  const why = all.has("noCheckpoint")
    ? ", since the store keeps no checkpoint"
    : all.has("inMemory")
    ? ", since what is newest is in memory, which no checkpoint keeps"
    : "";
  return `Each step begins with a database that was loaded anew${why}: none pays another's debt.`;
}

/** The same for a terminal: the answer, and the rates in a table. */
export function searchInWords(search: RateSearch, knee: Knee): string {
  const { answer } = foundBySearch(search, knee);
  const rows = search.steps.toSorted((a, b) => a.rate - b.rate).map((step) => [
    formatRate(step.rate),
    step.verdict === "behind" ? "overloaded" : step.verdict,
    step.by ?? "",
    formatPercent(step.achieved),
    // What waits longer the longer it is measured is no latency.
    step.verdict === "behind" || step.p50 === null ? "" : formatTime(step.p50),
    step.verdict === "behind" || step.p99 === null ? "" : formatTime(step.p99),
  ]);
  return `${answer}\n\n` +
    columns(["Offered", "Verdict", "By", "Done", "Response p50", "Response p99"], rows);
}
