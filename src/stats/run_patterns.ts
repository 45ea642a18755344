/** What the runs of a benchmark look like where an interval over them does not mean what it says. */
import { studentTCdf } from "./distributions.ts";
import { mean } from "./estimators.ts";

/**
 * Dixon's r10 at two-sided 99 % for 3, 4, … 20 values (Rorabacher, 1991): the gap beside the farthest
 * value over the range of all.
 */
const DIXON = [
  ...[0.994, 0.926, 0.821, 0.74, 0.68, 0.634, 0.598, 0.568, 0.542],
  ...[0.522, 0.503, 0.488, 0.475, 0.463, 0.452, 0.442, 0.433, 0.425],
];

/**
 * The widest gap with two values or more on either side over the range of all, which 1 % of normal
 * samples of 5, 6, … 10 exceed (20,000 simulations); of more, fewer do.
 */
const MODES_GAP = [0.775, 0.698, 0.638, 0.575, 0.529, 0.492];
/** Runs from which on two modes can be told from chance. */
const LEAST_OF_MODES = 5;
/** Runs from which on a drift can be. */
const LEAST_OF_DRIFT = 5;
/** The level of the test for a drift. */
const DRIFT_LEVEL = 0.005;
/** What differs by less than this is not told of, whatever its shape. */
export const LEAST_CHANGE = Math.log(1.05);

/** What was found. Changes are factors, above 1. */
export interface RunPatterns {
  /** The one run that is far from all others: its place, and its value over the nearest other's. */
  farOff: { place: number; factor: number } | null;
  /** Two groups with nothing in between: how many are in the lower one, and the gap. */
  modes: { lower: number; upper: number; factor: number } | null;
  /** The last value over the first, along the line through all. */
  drift: { factor: number; p: number } | null;
}

/**
 * Looks for what the t interval does not allow for: one run far off, two modes, a drift over the
 * session. Few runs show little: what they miss is not said by their looking well.
 *
 * @param values Of the runs in the order in which they were measured, above zero.
 */
export function runPatterns(values: readonly number[]): RunPatterns {
  const none = { farOff: null, modes: null, drift: null };
  if (values.length < 3 || values.some((value) => !(value > 0 && value < Infinity))) return none;
  const logs = values.map(Math.log);
  const sorted = logs.toSorted((a, b) => a - b);
  const range = sorted.at(-1)! - sorted[0]!;
  if (range < LEAST_CHANGE) return none;
  return {
    farOff: farOffOf(logs, sorted, range),
    modes: modesOf(sorted, range),
    drift: driftOf(logs),
  };
}

/** The share of all that so many miss altogether with a chance of one in twenty: of 5 runs, 45 %. */
export function shareMissed(n: number): number {
  return 1 - 0.05 ** (1 / n);
}

function farOffOf(logs: number[], sorted: number[], range: number): RunPatterns["farOff"] {
  const n = sorted.length;
  const [below, above] = [sorted[1]! - sorted[0]!, sorted[n - 1]! - sorted[n - 2]!];
  const gap = Math.max(below, above);
  const limit = DIXON[Math.min(n - 3, DIXON.length - 1)]!;
  if (gap < LEAST_CHANGE || gap / range <= limit) return null;
  const value = above >= below ? sorted[n - 1]! : sorted[0]!;
  return { place: logs.indexOf(value), factor: Math.exp(above >= below ? gap : -gap) };
}

function modesOf(sorted: number[], range: number): RunPatterns["modes"] {
  const n = sorted.length;
  if (n < LEAST_OF_MODES) return null;
  let best = { lower: 0, gap: 0 };
  // Two in each group at least: one alone is far off, and no mode.
  for (let lower = 2; lower <= n - 2; lower++) {
    const gap = sorted[lower]! - sorted[lower - 1]!;
    if (gap > best.gap) best = { lower, gap };
  }
  const limit = MODES_GAP[Math.min(n - LEAST_OF_MODES, MODES_GAP.length - 1)]!;
  if (best.gap < LEAST_CHANGE || best.gap / range <= limit) return null;
  return { lower: best.lower, upper: n - best.lower, factor: Math.exp(best.gap) };
}

/** The slope of the least squares line over the order, with Student's test. */
function driftOf(logs: number[]): RunPatterns["drift"] {
  const n = logs.length;
  if (n < LEAST_OF_DRIFT) return null;
  const [center, middle] = [mean(logs), (n - 1) / 2];
  let [xy, xx, yy] = [0, 0, 0];
  logs.forEach((log, place) => {
    xy += (place - middle) * (log - center);
    xx += (place - middle) ** 2;
    yy += (log - center) ** 2;
  });
  const slope = xy / xx;
  const rest = Math.max(0, yy - slope * xy);
  const t = Math.abs(slope) / Math.sqrt(rest / (n - 2) / xx);
  const p = rest === 0 ? 0 : 2 * studentTCdf(-t, n - 2);
  const change = slope * (n - 1);
  if (p >= DRIFT_LEVEL || Math.abs(change) < LEAST_CHANGE) return null;
  return { factor: Math.exp(change), p };
}
