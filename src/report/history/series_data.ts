/** A series as the page's script reads it: short, and with every night. */
import type { SeriesJudgement } from "../../analysis/mod.ts";
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
  /** Levels: from a position on, one value. */
  levels: From<number>[];
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
  { series, shifts, anomalies, tonight }: SeriesJudgement,
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
    levels: levelsOf(shifts, place).map(([i, value]) => [i, short(value)!]),
    anomalies: anomalies.map(({ night }) => place(night)),
    expected: tonight.expected === null
      ? null
      : [short(tonight.expected.low)!, short(tonight.expected.high)!],
    expectedFrom: judgedFrom(points, tonight.nights),
  };
}

/** The level before the first shift, and from each one on; none where nothing ever shifted. */
function levelsOf(
  shifts: SeriesJudgement["shifts"],
  place: (night: string) => number,
): From<number>[] {
  if (shifts.length === 0) return [];
  return [[0, shifts[0]!.from], ...shifts.map(({ night, to }): From<number> => [place(night), to])];
}

/** Where the last so many nights with a value before tonight begin. */
function judgedFrom(points: readonly NightPoint[], nights: number): number {
  let left = nights;
  for (let i = points.length - 2; i >= 0; i--) {
    if (points[i]!.value !== null && --left <= 0) return i;
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
