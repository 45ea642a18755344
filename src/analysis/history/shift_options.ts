/** When a shift is reported. */
import type { ShiftOptions } from "./find_shifts.ts";

/** Series of a history up to which each has the same threshold. */
const SERIES = 60;

/**
 * With it, about one in 200 series whose nights are normal and independent gets a shift in a year that
 * is not there. It comes from simulation: `deno task quality` measures that share, and prints the
 * threshold that one series in a hundred passes beside this one.
 */
const THRESHOLD = 9.4;

/** A lasting shift smaller than 1 % is not reported. */
const LEAST_CHANGE = Math.log1p(0.01);

/**
 * How lasting shifts are looked for in each of so many series: of more than 60, each is held to more, so
 * that the whole history does not have more false shifts a year than 60 have. The tail of the largest
 * statistic falls by e for each unit, as that of a likelihood ratio does.
 */
export function shiftOptions(series: number): ShiftOptions {
  return { threshold: THRESHOLD + Math.max(0, Math.log(series / SERIES)), least: LEAST_CHANGE };
}
