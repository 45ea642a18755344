/** A series as the page's script reads it: short, and with every night. */
import { estimatorOf, type SeriesJudgement } from "../../analysis/mod.ts";
import type { NightPoint } from "../../result/mod.ts";
import { oneLine } from "../plain_text.ts";
import { shortCommit, type Unit } from "./words.ts";

/** Significant digits of values in a page: more than are ever shown. */
const DIGITS = 7;

/** A value that holds from a position on. */
type From<T> = [at: number, value: T];

/** What a series' page holds for its script. Positions count nights from the first one. */
interface SeriesData {
  /** The first night of all. */
  first: string;
  /** Values and interval ends, in the unit; `null` where there is none. */
  values: (number | null)[];
  lows: (number | null)[];
  highs: (number | null)[];
  runs: From<number>[];
  reasons: From<string | null>[];
  commits: From<string | null>[];
  libraries: From<string | null>[];
  /** Reports that are there: position, path after {@linkcode SeriesData.reportBase}. */
  reports: From<string>[];
  reportBase: string;
  unit: string;
  digits: number;
  better: "higher" | "lower";
  /** Levels: from a position on, one value; `null` where none is known, as after another estimator. */
  levels: From<number | null>[];
  /** Where lasting shifts begin. */
  shifts: number[];
  /** What the times are of those that their tool took; empty where it is one all along. */
  estimators: From<string>[];
  anomalies: number[];
  expected: [low: number, high: number] | null;
  /** Position from which on tonight's expectation was made. */
  expectedFrom: number;
}

/**
 * Makes the data of a page.
 *
 * @param reports What leads from the page to the history's directory; `null`: no links.
 */
export function seriesData(
  { series, shifts, anomalies, tonight, estimators = [] }: SeriesJudgement,
  unit: Unit,
  reports: string | null,
): SeriesData {
  const { points } = series;
  const at = new Map(points.map(({ night }, i) => [night, i]));
  const short = (value: number | null) =>
    value === null ? null : Number((value / unit.factor).toPrecision(DIGITS));
  const shown = (text: string | null) => text === null ? null : oneLine(text);
  const place = (night: string) => at.get(night) ?? 0;
  return {
    first: points[0]?.night ?? tonight.night,
    values: points.map(({ value }) => short(value)),
    lows: points.map(({ low }) => short(low)),
    highs: points.map(({ high }) => short(high)),
    runs: runsOf(points, ({ runs }) => runs),
    reasons: runsOf(points, ({ reason }) => shown(reason)),
    commits: runsOf(points, ({ commit }) => commit === null ? null : shown(shortCommit(commit))),
    libraries: runsOf(points, ({ library }) => shown(library)),
    reports: reports === null
      ? []
      : points.flatMap(({ report }, i): From<string>[] => report === null ? [] : [[i, report]]),
    reportBase: reports ?? "",
    unit: unit.name,
    digits: series.metric === "throughput" ? 5 : 4,
    better: series.better,
    levels: levelsOf(shifts, estimators.map(({ night }) => night), place)
      .map(([i, value]) => [i, short(value)]),
    shifts: shifts.map(({ night }) => place(night)),
    estimators: estimators.length === 0 ? [] : [
      [0, estimators[0]!.from],
      ...estimators.map(({ night, to }): From<string> => [
        place(night),
        to,
      ]),
    ],
    anomalies: anomalies.map(({ night }) => place(night)),
    expected: tonight.expected === null
      ? null
      : [short(tonight.expected.low)!, short(tonight.expected.high)!],
    expectedFrom: judgedFrom(points, tonight.nights),
  };
}

/**
 * The level before the first shift, and from each one on; none where nothing ever shifted. What another
 * estimator begins has a level of its own.
 *
 * @param cuts First nights of other estimators, oldest first.
 */
function levelsOf(
  shifts: SeriesJudgement["shifts"],
  cuts: readonly string[],
  place: (night: string) => number,
): From<number | null>[] {
  if (shifts.length === 0) return [];
  const begins = ["", ...cuts];
  return begins.flatMap((begin, i): From<number | null>[] => {
    const end = begins[i + 1];
    const own = shifts.filter(({ night }) => night >= begin && (end === undefined || night < end));
    const from = begin === "" ? 0 : place(begin);
    return [
      [from, own[0]?.from ?? null],
      ...own.filter(({ night }) => place(night) > from)
        .map(({ night, to }): From<number> => [place(night), to]),
    ];
  });
}

/** Where the last so many nights with a value of tonight's estimator before tonight begin. */
function judgedFrom(points: readonly NightPoint[], nights: number): number {
  const newest = points.findLast(({ value }) => value !== null);
  let left = nights;
  for (let i = points.length - 2; i >= 0; i--) {
    const point = points[i]!;
    const counts = point.value !== null && estimatorOf(point) === estimatorOf(newest!);
    if (counts && --left <= 0) return i;
  }
  return 0;
}

/** What changes seldom: each value with where it begins. */
function runsOf<T>(points: readonly NightPoint[], of: (point: NightPoint) => T): From<T>[] {
  const runs: From<T>[] = [];
  points.forEach((point, i) => {
    const value = of(point);
    if (runs.length === 0 || runs.at(-1)![1] !== value) runs.push([i, value]);
  });
  return runs;
}
