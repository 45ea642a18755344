/** One night against the nights of the level that it should be at. */
import type { NightSeries } from "../../result/mod.ts";
import { biweight, biweightDegrees, studentTQuantile } from "../../stats/mod.ts";
import type { Direction, Tonight, TonightVerdict } from "./model.ts";

/** Where a night of a level lies. */
interface Expected {
  level: number;
  low: number;
  high: number;
}

/** Nights from which on there is an interval. */
export const LEAST_NIGHTS = 14;
/** A night is judged against so many nights at most. */
export const WINDOW_NIGHTS = 120;
/** Share of the usual nights that are outside of tonight's interval. */
export const FALSE_NIGHTS = 1 / 200;
/** Smallest spread, as a change of the logarithm: clocks and histograms have steps. */
const LEAST_SPREAD = 0.001;

/**
 * The prediction interval of one more night: the level, robustly, and Student's t times the robust
 * spread, with as many degrees of freedom as the spread is worth. Assumes that the logarithms are
 * normal but for single spikes, and independent from night to night.
 *
 * @param logs Logarithms of the nights at the level.
 * @param outside Share of such nights that may lie outside.
 * @returns Values, not logarithms; `null` with too few nights.
 */
export function expectNight(logs: ArrayLike<number>, outside: number): Expected | null {
  const n = logs.length;
  if (n < LEAST_NIGHTS) return null;
  const { location, scale } = biweight(logs);
  const t = studentTQuantile(1 - outside / 2, biweightDegrees(n));
  const reach = t * Math.max(scale, LEAST_SPREAD) * Math.sqrt(1 + 1 / n);
  return {
    level: Math.exp(location),
    low: Math.exp(location - reach),
    high: Math.exp(location + reach),
  };
}

/** Which way a change of a value went. */
export function directionOf(better: NightSeries["better"], change: number): Direction {
  return (change > 0) === (better === "higher") ? "improved" : "regressed";
}

/**
 * Judges the last night.
 *
 * @param value Of the night; `null` where it is missing.
 * @param logs Logarithms of the nights at the present level, without this one; the newest last.
 * @param floor The change below which nobody would act.
 */
export function judgeTonight(
  { night, value, logs, better, floor }: {
    night: string;
    value: number | null;
    logs: Float64Array;
    better: NightSeries["better"];
    floor: number;
  },
): Tonight {
  const window = logs.subarray(Math.max(0, logs.length - WINDOW_NIGHTS));
  const expected = expectNight(window, FALSE_NIGHTS);
  const level = window.length === 0 ? null : Math.exp(biweight(window).location);
  const change = value === null || expected === null ? null : value / level! - 1;
  return {
    night,
    verdict: verdictOf(),
    value,
    expected: expected && { low: expected.low, high: expected.high },
    level,
    change,
    nights: window.length,
    floor,
  };

  function verdictOf(): TonightVerdict {
    if (value === null) return "missing";
    if (expected === null || change === null) return "too few nights";
    if (value >= expected.low && value <= expected.high) return "usual";
    return Math.abs(change) < floor ? "too small to matter" : directionOf(better, change);
  }
}
