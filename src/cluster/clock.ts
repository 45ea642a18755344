/** How far a node's clock is off. */
import { ask, type Link } from "./link.ts";

/** How far a node's clock is ahead, and how sure that is, s. */
export interface ClockOffset {
  aheadSeconds: number;
  uncertaintySeconds: number;
}

/** What a report of one night takes for the same time. */
const MOST_OFF_SECONDS = 1;

/**
 * Asks a node for its time. The answer was made somewhere between question and answer, so half the
 * round trip is how unsure it is.
 *
 * @param now The controller's clock, ms.
 * @returns `null` where it gives none.
 */
export async function clockOffset(
  link: Link,
  seconds: number,
  now: () => number = Date.now,
): Promise<ClockOffset | null> {
  const before = now();
  const answer = await ask(link, "date +%s.%N", seconds);
  const after = now();
  const text = answer?.out.trim() ?? "";
  // A date without %N leaves the letter, and whole seconds.
  const time = Number(text.match(/^\d+(\.\d+)?/)?.[0] ?? NaN) * 1000;
  if (answer?.code !== 0 || Number.isNaN(time)) return null;
  const step = /\.\d+$/.test(text) ? 0 : 1000;
  return {
    aheadSeconds: (time + step / 2 - (before + after) / 2) / 1000,
    uncertaintySeconds: ((after - before) / 2 + step / 2) / 1000,
  };
}

/** Whether a clock is off beyond doubt. */
export function isOff({ aheadSeconds, uncertaintySeconds }: ClockOffset): boolean {
  return Math.abs(aheadSeconds) - uncertaintySeconds > MOST_OFF_SECONDS;
}

/** What is to be said of a clock that is off, in one line. */
export function clockWarning(clock: ClockOffset): string {
  return `its clock is ${offText(clock)}; start chronyd or ntpd on it`;
}

/** How far a clock is off, e.g. `1440 min ahead`. */
export function offText({ aheadSeconds }: ClockOffset): string {
  const off = Math.abs(aheadSeconds);
  const much = off < 120 ? `${off.toFixed(1)} s` : `${(off / 60).toFixed(0)} min`;
  return `${much} ${aheadSeconds > 0 ? "ahead" : "behind"}`;
}
