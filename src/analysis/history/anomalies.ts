/** Nights that stood out and did not last. */
import { expectNight, FALSE_NIGHTS } from "./tonight.ts";

/** A night that stood out, as an index, with the level around it. */
interface StandingOut {
  at: number;
  level: number;
}

/**
 * Finds the nights that left a level and did not stay away, by the interval that tonight is judged by:
 * one in 200 usual nights is flagged too. The last nights are not among them as long as they stand out:
 * whether that lasts is for the next nights to say.
 *
 * @param logs Logarithms of the nights between two shifts.
 * @param floor The change below which nobody would act.
 * @param isPresent Whether the level is the present one.
 */
export function findAnomalies(
  logs: Float64Array,
  floor: number,
  isPresent: boolean,
): StandingOut[] {
  const expected = expectNight(logs, FALSE_NIGHTS);
  if (expected === null) return [];
  const { level, low, high } = expected;
  const side = (at: number) => {
    const value = Math.exp(logs[at]!);
    if (value >= low && value <= high || Math.abs(value / level - 1) < floor) return 0;
    return value > level ? 1 : -1;
  };
  let end = logs.length;
  if (isPresent) {
    const last = side(end - 1);
    while (last !== 0 && end > 0 && side(end - 1) === last) end--;
  }
  const found: StandingOut[] = [];
  for (let at = 0; at < end; at++) if (side(at) !== 0) found.push({ at, level });
  return found;
}
