/** What people said of a series: notes of its nights, and shifts that they accepted. */
import type { NightNote, NightSeries } from "../../result/mod.ts";
import type { LastingShift } from "./model.ts";

/** Nights by which an accepted shift may be placed elsewhere as more nights come. */
const NEAR_NIGHTS = 3;
/** How many times as large as it was when it was accepted a shift may be found to be. */
const MOST_GROWTH = 1.5;

const DAY_MS = 86_400_000;

/** Whether something was said of a series. */
export function isOf(
  { node, benchmark, metric }: Pick<NightNote, "node" | "benchmark" | "metric">,
  series: NightSeries,
): boolean {
  return (node === null || node === series.node) &&
    (benchmark === null || benchmark === series.benchmark) &&
    (metric === null || metric === series.metric);
}

/** A shift with what was said when it was accepted, if it was. */
export function accepted<Shift extends LastingShift>(
  shift: Shift,
  notes: readonly NightNote[],
): Shift {
  const note = notes.findLast(({ night, accepts }) =>
    accepts !== undefined && accepts.direction === shift.direction &&
    accepts.ofRatio === (shift.of === "ratio") &&
    Math.abs(Date.parse(night) - Date.parse(shift.night)) <= NEAR_NIGHTS * DAY_MS &&
    Math.abs(Math.log1p(shift.change)) <= MOST_GROWTH * Math.abs(Math.log1p(accepts.change))
  );
  return note === undefined ? shift : { ...shift, accepted: note.text };
}
