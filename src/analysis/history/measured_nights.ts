/** Nights on which something was measured, as against days of the calendar. */
import type { NightSeries } from "../../result/mod.ts";
import { NEWS_NIGHTS } from "./model.ts";

/** Nights on which any of the series has a value, oldest first. */
export function measuredNights(series: readonly NightSeries[]): string[] {
  const nights = new Set<string>();
  for (const { points } of series) {
    for (const { night, value } of points) if (value !== null) nights.add(night);
  }
  return [...nights].sort();
}

/**
 * The night from which on a change of a series is news: the first of its last {@linkcode NEWS_NIGHTS}
 * measured nights, so that a node that is measured once a week has news as well. Of a series that has no
 * value in the history's own last nights nothing is.
 *
 * @param measured Nights of the history, as {@linkcode measuredNights} has them; not empty.
 */
export function newsSince({ points }: NightSeries, measured: readonly string[]): string {
  const lately = measured.at(-NEWS_NIGHTS) ?? measured[0]!;
  const own = points.filter(({ value }) => value !== null);
  const last = own.at(-1)?.night;
  if (last === undefined || last < lately) return lately;
  const since = (own.at(-NEWS_NIGHTS) ?? own[0]!).night;
  return since < lately ? since : lately;
}
