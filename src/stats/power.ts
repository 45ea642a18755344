/** How many runs it takes to see a change. */
import { normalCdf, normalQuantile, studentTQuantile } from "./distributions.ts";
import { LEAST_BLOCKS, LEAST_RUNS } from "./runs.ts";

/** What a comparison of as many runs on each side can see. */
export interface PowerOptions {
  /** Spread between runs: standard deviation of the logarithms of the run means, zero or above. */
  spread: number;
  /** Changes below this are not called, as the logarithm of a ratio, zero or above. */
  threshold: number;
  /** Level of the two-sided test, e.g. 0.01. */
  level: number;
  /** Share of the comparisons in which the change is to be called, e.g. 0.95. */
  power: number;
  /**
   * Whether the runs are in blocks of one of each side, and tested so where they are enough.
   * @default false
   */
  blocks?: boolean;
}

/** Runs above which nobody is advised to go. */
const MOST_RUNS = 1000;

/** Runs from which on the spread that a test sees is as good as the true one. */
const MANY_RUNS = 40;

/**
 * What a test may see when the true error of the difference is 1: how far the difference must be off
 * to be sure, with the probability of each.
 */
interface Reach {
  sure: number;
  weight: number;
}

const reaches = new Map<string, readonly Reach[]>();

/**
 * Integrates over the variances that a test may see: sums of squares over their degrees of freedom,
 * χ² with runs − 1 for each side or for the blocks. Welch's degrees of freedom follow from the two
 * that are seen, which is why few runs see much less than the textbook's formula for the pooled t
 * test says.
 */
function reachesOf(runs: number, { level, blocks: inBlocks = false }: PowerOptions) {
  const blocks = inBlocks && runs >= LEAST_BLOCKS;
  const key = `${runs} ${level} ${blocks}`;
  let known = reaches.get(key);
  if (known === undefined) {
    const degrees = runs - 1;
    const quantile = (own: number) => -studentTQuantile(level / 2, own);
    if (runs >= MANY_RUNS) {
      known = [{ sure: quantile(blocks ? degrees : 2 * degrees), weight: 1 }];
    } else {
      const seen = variancesSeen(degrees);
      const crit = quantile(degrees);
      known = blocks
        ? seen.map(({ variance, weight }) => ({ sure: crit * Math.sqrt(variance), weight }))
        : seen.flatMap((a, i) =>
          seen.slice(i).map((b, j): Reach => {
            const sum = a.variance + b.variance;
            const own = degrees * sum * sum / (a.variance ** 2 + b.variance ** 2);
            // The other way round it is the same.
            const weight = (j === 0 ? 1 : 2) * a.weight * b.weight;
            return { sure: quantile(own) * Math.sqrt(sum / 2), weight };
          })
        );
    }
    reaches.set(key, known);
  }
  return known;
}

/** Points of the integral over a variance. */
const POINTS = 20;

/** The density of χ²/k at the middles of equal steps, as weights that add up to 1. */
function variancesSeen(degrees: number): { variance: number; weight: number }[] {
  const most = 1 + 4.5 * Math.sqrt(2 / degrees) + 6 / degrees;
  const points = Array.from({ length: POINTS }, (_, i) => {
    const variance = most * (i + 0.5) / POINTS;
    const log = (degrees / 2 - 1) * Math.log(variance) - degrees * variance / 2;
    return { variance, density: Math.exp(log + degrees / 2) };
  });
  const total = points.reduce((sum, { density }) => sum + density, 0);
  return points.map(({ variance, density }) => ({ variance, weight: density / total }));
}

/** Share of the comparisons that call a change: it is sure, and beyond the threshold. */
function shareCalled(change: number, runs: number, options: PowerOptions): number {
  const { spread, threshold } = options;
  const error = spread * Math.sqrt(2 / runs);
  if (error === 0) return change >= threshold ? 1 : 0;
  let share = 0;
  for (const { sure, weight } of reachesOf(runs, options)) {
    share += weight * normalCdf(change / error - Math.max(threshold / error, sure));
  }
  return share;
}

function requireOptions({ spread, threshold, level, power }: PowerOptions): void {
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
}

/**
 * The smallest change that so many runs a side call with the power asked for, as the logarithm of a
 * ratio: where the difference of two normal means, spread · √(2 / runs) off, is beyond both the
 * threshold and what is sure by Welch's or the blocks' test, integrated over the variances that the
 * test may see.
 *
 * @param runs On each side, three at least.
 * @throws {RangeError} On fewer runs, or an option out of range.
 */
export function detectableChange(runs: number, options: PowerOptions): number {
  if (!(runs >= LEAST_RUNS)) {
    throw new RangeError(`Cannot say what ${runs} runs detect: it needs ${LEAST_RUNS}`);
  }
  requireOptions(options);
  const { spread, threshold, power } = options;
  const error = spread * Math.sqrt(2 / runs);
  const sure = Math.max(...reachesOf(runs, options).map(({ sure }) => sure));
  let [below, enough] = [0, Math.max(threshold, sure * error) + 10 * error];
  // To a thousandth of itself: it comes from a spread that is known to a tenth at best.
  while (enough - below > 1e-3 * enough) {
    const middle = (below + enough) / 2;
    if (shareCalled(middle, runs, options) >= power) enough = middle;
    else below = middle;
  }
  return Math.max(threshold, enough);
}

/**
 * The fewest runs a side that call a change with the power asked for.
 *
 * @param change The logarithm of the ratio that is to be seen.
 * @returns `null` where even a thousand do not, as when the change is within the threshold.
 * @throws {RangeError} Where an option is out of range.
 */
export function runsToDetect(change: number, options: PowerOptions): number | null {
  requireOptions(options);
  const enoughAre = (runs: number) => shareCalled(Math.abs(change), runs, options) >= options.power;
  if (!enoughAre(MOST_RUNS)) return null;
  let below = LEAST_RUNS - 1;
  let enough = MOST_RUNS;
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (enoughAre(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}

/**
 * The spread that the true one is below with a confidence, given the one that was seen: what advice
 * from few runs must reckon with, since half of all spreads seen are too small. χ² by Wilson and
 * Hilferty's approximation (1931), within 1 % at two degrees of freedom.
 *
 * @param spread That was seen.
 * @param degrees Of freedom that it was seen with, one or more.
 * @param confidence One-sided.
 */
export function spreadLimit(spread: number, degrees: number, confidence = 0.8): number {
  const share = 2 / (9 * degrees);
  const lower = (1 - share + normalQuantile(1 - confidence) * Math.sqrt(share)) ** 3;
  return spread / Math.sqrt(lower);
}
