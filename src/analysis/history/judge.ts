/** Judges a history: lasting shifts, nights that stood out, and tonight. */
import { MetricName, type NightNote, type NightSeries } from "../../result/mod.ts";
import { biweight } from "../../stats/mod.ts";
import type { Thresholds } from "../compare/model.ts";
import { DEFAULT_THRESHOLDS } from "../compare/verdict.ts";
import { findAnomalies } from "./anomalies.ts";
import { whatLiesBetween } from "./between.ts";
import { byEstimator, putTogether } from "./estimators.ts";
import { findShifts, locateShifts, type ShiftOptions } from "./find_shifts.ts";
import {
  type HistoryJudgement,
  type LastingShift,
  type NightAnomaly,
  type SeriesJudgement,
} from "./model.ts";
import { ratiosOf, withControl } from "./control.ts";
import { measuredNights, newsSince } from "./measured_nights.ts";
import { accepted, isOf } from "./notes.ts";
import { shiftOptions } from "./shift_options.ts";
import { verdictOf } from "./verdict.ts";
import { directionOf, judgeTonight, WINDOW_NIGHTS } from "./tonight.ts";

/** How a history is judged. */
interface HistoryOptions {
  /** Changes of a night below which nobody would act, where they differ from {@linkcode DEFAULT_THRESHOLDS}. */
  floors?: Partial<Thresholds>;
  /** What people said of nights, and which shifts they accepted. @default nothing */
  notes?: readonly NightNote[];
}

const DAY_MS = 86_400_000;

/**
 * Judges every series of a history. Tonight is the last night of any of the series.
 *
 * What is known of a night rests on the nights up to it, so that a shift which is reported one night
 * is still there on the next one; where exactly it lies may be set again as nights come in. A night
 * whose value is not above zero counts as missing: no time or rate is. Nights whose times are of different
 * estimators are judged apart, as two series would be. A metric that its benchmark never had a value of,
 * where it had of others, is none of it and is left out; a benchmark that never had any value is not.
 *
 * @param series In any order; the nights of each ascending. A night that a series does not have is
 * missing in it.
 * @throws {RangeError} Where the nights of a series are not dates in ascending order.
 */
export function judgeHistory(
  series: readonly NightSeries[],
  { floors = {}, notes = [] }: HistoryOptions = {},
): HistoryJudgement {
  for (const one of series) requireOrder(one);
  const nights = everyNight(series);
  const tonight = nights.at(-1);
  const measured = measuredNights(series);
  const parted = withoutNeverMeasured(series).sort(byName).map((one) => ({
    one,
    parts: byEstimator(one),
  }));
  const options = shiftOptions(parted.reduce((sum, { parts }) => sum + parts.length, 0));
  return {
    nights,
    measured,
    series: tonight === undefined ? [] : parted.map(({ one, parts: [newest, ...others] }) => {
      const since = measured.length === 0 ? tonight : newsSince(one, measured);
      const judge = (part: NightSeries) =>
        judgeSeries(part, {
          tonight,
          since,
          options,
          floor: floors[one.metric] ?? DEFAULT_THRESHOLDS[one.metric],
          notes: notes.filter((note) => isOf(note, one)),
        });
      return putTogether(one, [judge(newest), ...others.map(judge)]);
    }),
  };
}

/** What is the same for all series, and the floor of one. */
interface SeriesOptions {
  tonight: string;
  /** The first night from which on a shift is news. */
  since: string;
  options: ShiftOptions;
  floor: number;
  /** Of this series. */
  notes: readonly NightNote[];
}

function judgeSeries(series: NightSeries, options: SeriesOptions): SeriesJudgement {
  const own = { ...judgeLevels(series, options), ...notesOf(options) };
  const { ratios, what, missing } = ratiosOf(series, options.tonight);
  if (what === null) return { series, ...own, verdict: verdictOf(own.tonight, own.news) };
  const judged = judgeLevels(ratios, options, RATIO);
  const { shifts, news } = judged;
  const control = { what, shifts, tonight: judged.tonight, news, missing };
  return withControl({ series, ...own, control }, ratios);
}

/** Of a shift of the ratio: the machine cancels from it. */
const RATIO = { of: "ratio", cause: "store" } as const;

function notesOf({ notes }: SeriesOptions): Pick<SeriesJudgement, "notes"> {
  const said = notes.filter(({ accepts }) => accepts === undefined)
    .map(({ night, text }) => ({ night, text }))
    .sort((a, b) => compareText(a.night, b.night));
  return said.length === 0 ? {} : { notes: said };
}

/** What one series of values comes to. */
type Levels = Pick<SeriesJudgement, "shifts" | "anomalies" | "tonight" | "news">;

function judgeLevels(
  series: NightSeries,
  { tonight: lastNight, since, options, floor, notes }: SeriesOptions,
  kind: Partial<typeof RATIO> = {},
): Levels {
  const { better } = series;
  const points = series.points.filter(({ value }) => isUsable(value));
  const logs = Float64Array.from(points, ({ value }) => Math.log(value!));
  const found = findShifts(logs, options);
  const places = locateShifts(logs, found);
  const bounds = [0, ...places, logs.length];
  const segments = bounds.slice(1).map((to, i) => logs.subarray(bounds[i]!, to));

  const shifts = places.map((at, i): LastingShift => {
    const from = Math.exp(levelOf(segments[i]!.slice(-WINDOW_NIGHTS)));
    const to = Math.exp(levelOf(segments[i + 1]!.slice(0, WINDOW_NIGHTS)));
    const before = points[at - 1]!;
    const after = points[at]!;
    const change = to / from - 1;
    const direction = directionOf(better, change);
    const between = whatLiesBetween(before, after);
    const shift = { night: after.night, after: before.night, direction, from, to, change, between };
    return accepted({ ...shift, ...kind }, notes);
  });

  const anomalies = segments.flatMap((segment, i): NightAnomaly[] =>
    findAnomalies(segment, floor, i === segments.length - 1).map(({ at, level }) => {
      const { night, value } = points[bounds[i]! + at]!;
      const change = value! / level - 1;
      return { night, value: value!, direction: directionOf(better, change), change };
    })
  );

  const last = points.at(-1);
  const value = last?.night === lastNight ? last.value : null;
  const present = segments.at(-1)!;
  const tonight = judgeTonight({
    night: lastNight,
    value,
    logs: value === null ? present : present.subarray(0, -1),
    better,
    floor,
  });
  const news = newsOf();
  return { shifts, anomalies, tonight, news };

  function newsOf(): LastingShift | null {
    const first = shifts.findIndex(({ night, accepted }) =>
      night >= since && accepted === undefined
    );
    if (first < 0) return null;
    if (first === shifts.length - 1) return shifts[first]!;
    const { night, after, from } = shifts[first]!;
    const { to } = shifts.at(-1)!;
    const change = to / from - 1;
    // It came back: what is left of it is nothing that anybody would act on.
    if (Math.abs(change) < floor) return null;
    const between = whatLiesBetween(points[places[first]! - 1]!, points[places.at(-1)!]!);
    const direction = directionOf(better, change);
    return { night, after, direction, from, to, change, between, ...kind };
  }
}

function withoutNeverMeasured(series: readonly NightSeries[]): NightSeries[] {
  const keyOf = ({ node, benchmark }: NightSeries) => JSON.stringify([node, benchmark]);
  const has = series.map(({ points }) => points.some(({ value }) => value !== null));
  const measured = new Set(series.filter((_, i) => has[i]).map(keyOf));
  return series.filter((one, i) => has[i] || !measured.has(keyOf(one)));
}

function levelOf(logs: Float64Array): number {
  return biweight(logs).location;
}

function isUsable(value: number | null): boolean {
  return value !== null && value > 0 && value < Infinity;
}

function byName(a: NightSeries, b: NightSeries): number {
  return compareText(a.node, b.node) || compareText(a.benchmark, b.benchmark) ||
    MetricName.options.indexOf(a.metric) - MetricName.options.indexOf(b.metric);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function requireOrder({ node, benchmark, metric, points }: NightSeries): void {
  let before = "";
  for (const { night } of points) {
    if (
      !/^\d{4}-\d{2}-\d{2}$/.test(night) || !Number.isFinite(Date.parse(night)) || night <= before
    ) {
      throw new RangeError(
        `Cannot judge ${metric} of ${benchmark} on ${node}: the night ${JSON.stringify(night)} ` +
          `comes after ${JSON.stringify(before)}, and nights must be dates in ascending order`,
      );
    }
    before = night;
  }
}

function everyNight(series: readonly NightSeries[]): string[] {
  let first: string | undefined;
  let last: string | undefined;
  for (const { points } of series) {
    if (points.length === 0) continue;
    const [begin, end] = [points[0]!.night, points.at(-1)!.night];
    if (first === undefined || begin < first) first = begin;
    if (last === undefined || end > last) last = end;
  }
  if (first === undefined || last === undefined) return [];
  const nights: string[] = [];
  for (let time = Date.parse(first); time <= Date.parse(last); time += DAY_MS) {
    nights.push(new Date(time).toISOString().slice(0, 10));
  }
  return nights;
}
