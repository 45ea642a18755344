/**
 * What a control tells of a history: whether a change is the machine's, which the control went along
 * with, or the store's.
 */
import type { NightSeries } from "../../result/mod.ts";
import { biweight } from "../../stats/mod.ts";
import { type ControlJudgement, type LastingShift, NEWS_NIGHTS } from "./model.ts";
import type { SeriesJudgement, ShiftCause, Tonight } from "./model.ts";
import { verdictOf } from "./verdict.ts";

/** Nights beside a shift that say how the control did. */
const NEIGHBOURHOOD = 60;
/** Nights with a ratio that are needed before a shift, and after it. */
const LEAST_BEFORE = 10;
const LEAST_AFTER = 3;
/** Nights with a ratio by which a shift of the ratio may be placed elsewhere than that of the values. */
const NEAR = 10;
/** Share of a change from which on the ratio has it: less is the machine's. */
const HALF = 0.5;

/**
 * The ratios of a series to the control that was measured last, a value a night. Ratios to another
 * control, as before a new one was pinned, do not count.
 *
 * @returns `what` is `null` where no control was measured in the last nights.
 */
export function ratiosOf(
  series: NightSeries,
  tonight: string,
): { ratios: NightSeries; what: string | null; missing: string | null } {
  const { points } = series;
  const last = points.filter(({ value, control }) => value !== null || control !== undefined)
    .slice(-NEWS_NIGHTS).findLast(({ control }) => control !== undefined)?.control;
  const what = last?.what ?? null;
  const ratios = {
    ...series,
    points: points.map(({ control, ...point }) => {
      const own = control?.what === what ? control : undefined;
      return {
        ...point,
        value: own?.ratio ?? null,
        low: own?.low ?? null,
        high: own?.high ?? null,
        runs: own?.pairs ?? 0,
      };
    }),
  };
  const point = points.at(-1);
  const missing = point === undefined || point.night !== tonight
    ? "there is no result of it"
    : point.control === undefined
    ? point.reason ?? "the night was measured without one"
    : point.control.reason;
  return { ratios, what, missing };
}

/** A series that was judged by its values and by its ratios, put together. */
export function withControl(
  judged: Omit<SeriesJudgement, "verdict"> & { control: ControlJudgement },
  ratios: NightSeries,
): SeriesJudgement {
  const { control } = judged;
  const logs = ratios.points.flatMap(({ night, value }) =>
    value !== null && value > 0 && value < Infinity ? [{ night, log: Math.log(value) }] : []
  );
  const explained = (shift: LastingShift) => explain(shift, logs, control.shifts);
  const own = judged.news && explained(judged.news);
  // What no ratio was measured around is told as it is.
  const news = control.news ?? (own?.cause === undefined ? own : null);
  const tonight = tonightOf(judged.tonight, control.tonight);
  return {
    ...judged,
    shifts: judged.shifts.map(explained),
    tonight,
    ...(own?.cause === "machine" && { machine: own }),
    news,
    verdict: verdictOf(tonight, news),
  };
}

function explain(
  shift: LastingShift,
  logs: readonly { night: string; log: number }[],
  ratioShifts: readonly LastingShift[],
): LastingShift {
  const before = logs.filter(({ night }) => night <= shift.after).slice(-NEIGHBOURHOOD);
  const after = logs.filter(({ night }) => night >= shift.night).slice(0, NEIGHBOURHOOD);
  if (before.length < LEAST_BEFORE || after.length < LEAST_AFTER) return shift;
  const levelOf = (nights: typeof before) => biweight(nights.map(({ log }) => log)).location;
  const whole = Math.log(shift.to / shift.from);
  const ofRatio = levelOf(after) - levelOf(before);
  const placeOf = (begin: string) => logs.filter(({ night }) => night < begin).length;
  const isRatios = ratioShifts.some(({ night, direction }) =>
    direction === shift.direction && Math.abs(placeOf(night) - placeOf(shift.night)) <= NEAR
  );
  const cause: ShiftCause = isRatios ? "store" : ofRatio / whole < HALF ? "machine" : "unsure";
  return { ...shift, cause, control: Math.expm1(whole - ofRatio) };
}

/** Tonight by the ratio where that can be judged, else by the value. */
function tonightOf(own: Tonight, ratio: Tonight): Tonight {
  if (own.value === null || ratio.value === null || ratio.expected === null) return own;
  const isOut = ({ verdict }: Tonight) => verdict === "improved" || verdict === "regressed";
  if (isOut(ratio)) return { ...own, verdict: ratio.verdict, cause: "store" };
  if (isOut(own)) return { ...own, verdict: "usual", cause: "machine" };
  // As after a shift of the machine, by which the ratio's level has not changed.
  return own.verdict === "too few nights" ? { ...own, verdict: ratio.verdict } : own;
}

/**
 * The lasting shifts that are told of a series, oldest first: of a change that is the store's, that of
 * the ratio, which has its size without the machine's.
 */
export function toldShifts({ shifts, control }: SeriesJudgement): LastingShift[] {
  if (control === undefined) return shifts;
  return [...control.shifts, ...shifts.filter(({ cause }) => cause !== "store")]
    .sort((a, b) => a.night < b.night ? -1 : a.night > b.night ? 1 : 0);
}
