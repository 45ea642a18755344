/** How many runs it takes to see a change. */
import { studentTQuantile } from "./distributions.ts";
import { LEAST_RUNS } from "./runs.ts";

/** What a comparison of as many runs on each side can see. */
export interface PowerOptions {
  /** Spread between runs: standard deviation of the logarithms of the run means, zero or above. */
  spread: number;
  /** Changes below this are not called, as the logarithm of a ratio, zero or above. */
  threshold: number;
  /** Level of the two-sided test, e.g. 0.01. */
  level: number;
  /** Whether it is tested over blocks of a run of each side. @default {false} */
  blocks?: boolean;
  /** Share of the comparisons in which the change is to be called, e.g. 0.95. */
  power: number;
}

/** Quantiles of t that were asked for: a search asks for the same ones for every row. */
const quantiles = new Map<string, number>();

function cachedQuantile(p: number, degrees: number): number {
  const key = `${p} ${degrees}`;
  let quantile = quantiles.get(key);
  if (quantile === undefined) quantiles.set(key, quantile = studentTQuantile(p, degrees));
  return quantile;
}

/** Runs above which nobody is advised to go. */
const MOST_RUNS = 1000;

/**
 * The smallest change that so many runs a side call with the power asked for, as the logarithm of a
 * ratio: max(threshold, t₁ · e) + t₂ · e, e = spread · √(2 / runs), with t₁ at level / 2 and t₂ at the
 * power, both of Student's t with 2 (runs − 1) degrees of freedom (Zar, "Biostatistical Analysis",
 * 8.4, with a threshold added).
 *
 * @param runs on each side, three at least.
 * @throws {RangeError} on fewer runs, or an option out of range.
 */
export function detectableChange(runs: number, options: PowerOptions): number {
  const { spread, threshold, level, power, blocks = false } = options;
  if (!(runs >= LEAST_RUNS)) {
    throw new RangeError(`Cannot say what ${runs} runs detect: it needs ${LEAST_RUNS}`);
  }
  if (!(spread >= 0 && spread < Infinity && threshold >= 0 && threshold < Infinity)) {
    throw new RangeError(
      `Cannot say what runs detect: the spread ${spread} and the threshold ${threshold} must be ` +
        "zero or above",
    );
  }
  if (!(level > 0 && level < 1 && power > 0 && power < 1)) {
    throw new RangeError(
      `Cannot say what runs detect: the level ${level} and the power ${power} must lie between 0 and 1`,
    );
  }
  const degrees = blocks ? runs - 1 : 2 * (runs - 1);
  const error = spread * Math.sqrt(2 / runs);
  return Math.max(threshold, -cachedQuantile(level / 2, degrees) * error) +
    cachedQuantile(power, degrees) * error;
}

/**
 * The fewest runs a side that call a change with the power asked for.
 *
 * @param change the logarithm of the ratio that is to be seen.
 * @returns `null` where even a thousand do not, as when the change is within the threshold.
 * @throws {RangeError} where an option is out of range.
 */
export function runsToDetect(change: number, options: PowerOptions): number | null {
  if (!(detectableChange(MOST_RUNS, options) <= Math.abs(change))) return null;
  let below = LEAST_RUNS - 1;
  let enough = MOST_RUNS;
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (detectableChange(middle, options) <= Math.abs(change)) enough = middle;
    else below = middle;
  }
  return enough;
}
