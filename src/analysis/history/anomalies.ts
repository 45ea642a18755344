/** Nights that stood out and did not last. */
import { expectNight } from "./tonight.ts";

/**
 * Share of usual nights that stand out by chance: one in twenty series of a year. Stricter than
 * tonight's interval, for here many nights are looked at at once.
 */
const FALSE_ANOMALIES = 0.05 / 365;

/** A night that stood out, as an index, with the level around it. */
export interface StandingOut {
  at: number;
  level: number;
}

/**
 * Finds the nights that left a level and did not stay away. Nights that still stand out at the end are
 * not among them where they are last: whether they last is for the next nights to say.
 *
 * @param logs logarithms of the nights between two shifts.
 * @param floor the change below which nobody would act.
 * @param isLast Whether the level is the present one.
 */
export function findAnomalies(logs: Float64Array, floor: number, isLast: boolean): StandingOut[] {
  const expected = expectNight(logs, FALSE_ANOMALIES);
  if (expected === null) return [];
  const { level, low, high } = expected;
  const side = (at: number) => {
    const value = Math.exp(logs[at]!);
    if (value >= low && value <= high || Math.abs(value / level - 1) < floor) return 0;
    return value > level ? 1 : -1;
  };
  let end = logs.length;
  if (isLast) {
    const last = side(end - 1);
    while (last !== 0 && end > 0 && side(end - 1) === last) end--;
  }
  const found: StandingOut[] = [];
  for (let at = 0; at < end; at++) if (side(at) !== 0) found.push({ at, level });
  return found;
}
