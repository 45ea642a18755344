/** How large the statistic of {@linkcode findShifts} must be. */

/** PROVISIONAL until it is calibrated by simulation. */
const THRESHOLD = 11.5;
const SERIES = 60;

/** The threshold for so many series: each e times as many series cost one more. */
export function thresholdFor(series: number): number {
  return THRESHOLD + Math.max(0, Math.log(series / SERIES));
}
