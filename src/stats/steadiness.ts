import { incompleteBeta, normalQuantile, studentTCdf } from "./distributions.ts";
import { type Estimate, requireConfidence } from "./estimate.ts";
import { mean, median, sampleVariance, slopeThroughOrigin } from "./estimators.ts";
import { monotonicTrend } from "./trend.ts";

/** Samples below which nothing is said of rounds, drift and warm-up. */
const LEAST_STEADINESS_SAMPLES = 10;

/** SNIA's window is five rounds. */
const ROUNDS = 5;
/**
 * Drift and warm-up are looked for in the means of this many consecutive blocks: means of long blocks
 * are nearly independent and normal where single samples are neither.
 */
const MOST_BLOCKS = 20;
/** The part of the run in which warm-up would show. */
const FIRST_PART = 0.1;

/** The steady state criteria of SNIA's Solid State Storage Performance Test Specification. */
interface Rounds {
  /** The mean of each of five equal consecutive parts of the run. */
  means: Float64Array;
  /** (largest − smallest mean) / mean of the means. SNIA allows 0.2. */
  range: number;
  /** How far the best-fit line moves from the first round to the last / mean, signed. SNIA: ±0.1. */
  movement: number;
  /** p of the F test against rounds that differ by the noise of their samples only. */
  p: number;
  /**
   * True where both are within what SNIA allows, false where they are not and the rounds differ
   * significantly, null where noise alone could have broken the bounds: too few samples to say.
   */
  steady: boolean | null;
}

/** Change over the run. */
interface Drift {
  /** Theil–Sen change from the first block to the last as a fraction of the median block, signed. */
  change: Estimate;
  /** Two-sided p of the Mann–Kendall test against no trend. */
  p: number;
  /** Whether it is significant and not small. */
  drifting: boolean;
}

/** The first tenth of the run against the rest. */
interface WarmUp {
  /** How many samples the first part has. */
  samples: number;
  /** Mean of the first part / mean of the rest − 1 (geometric means over the blocks). */
  excess: number;
  /** Two-sided p of the t test on logarithms against a first part like the rest. */
  p: number;
  /** Whether the first part is significantly and not just a little slower or faster. */
  present: boolean;
}

/** How steady one run was. A part is null where the samples are too few to say. */
interface Steadiness {
  /** Samples in the run. */
  n: number;
  /** Null below {@linkcode LEAST_STEADINESS_SAMPLES} samples. */
  rounds: Rounds | null;
  /** Null below {@linkcode LEAST_STEADINESS_SAMPLES} samples. */
  drift: Drift | null;
  /** Null below {@linkcode LEAST_STEADINESS_SAMPLES} samples. */
  warmUp: WarmUp | null;
  /**
   * False where a round, drift or warm-up says so, true where all three are fine, null where the
   * samples are too few or too noisy to say.
   */
  steady: boolean | null;
}

/** What is significant, and what is small. */
interface SteadinessOptions {
  /** Level of the tests and of the drift's interval. @default 0.99 */
  confidence?: number;
  /** Drift and warm-up below this fraction are not flagged, however significant. @default 0.05 */
  leastChange?: number;
}

/**
 * How steady a run was: SNIA's steady state, drift, warm-up left in.
 *
 * Measured with the defaults, over n = 10, 30, 100, 1,000 (300 to 1,000 repetitions each): independent
 * samples are called drifting in at most 1 % of runs and warming up in at most 2 %, whatever their
 * distribution, but in up to 6 % where 3 % of the samples are stalls. Strongly correlated samples
 * (lag 1: 0.9, spread 5 %) are called drifting in 18, 36, 15, 1 %: short runs cannot tell a slow
 * wave from a trend. With a spread of 5 % a drift of 10 % is found in 7, 48, 97, 100 %, and 20 % of
 * warm-up over the first tenth in 55, 99, 100, 100 %.
 *
 * @param samples One run's samples in time order, e.g. nanoseconds for an iteration; above zero.
 * @throws {RangeError} On a sample that is not above zero and finite, or a confidence out of range.
 */
export function steadiness(
  samples: ArrayLike<number>,
  { confidence = 0.99, leastChange = 0.05 }: SteadinessOptions = {},
): Steadiness {
  requireConfidence(confidence);
  for (let i = 0; i < samples.length; i++) {
    if (!(samples[i]! > 0 && samples[i]! < Infinity)) {
      throw new RangeError(
        `Cannot judge steadiness: sample ${i} is ${samples[i]}, and must be above zero and finite`,
      );
    }
  }
  const enough = samples.length >= LEAST_STEADINESS_SAMPLES;
  const blocks = enough
    ? Float64Array.from(blocksOf(samples, Math.min(samples.length, MOST_BLOCKS)), mean)
    : new Float64Array();
  const rounds = enough ? sniaRounds(samples, confidence) : null;
  const drift = enough ? driftOf(blocks, samples.length, confidence, leastChange) : null;
  const warmUp = enough ? warmUpOf(blocks, samples.length, confidence, leastChange) : null;
  return {
    n: samples.length,
    rounds,
    drift,
    warmUp,
    steady: drift?.drifting || warmUp?.present ? false : rounds?.steady ?? null,
  };
}

/** Consecutive blocks, whose sizes differ by one at most. */
function blocksOf(samples: ArrayLike<number>, count: number): Float64Array[] {
  const all = Float64Array.from(samples);
  const start = (block: number) => Math.floor(block * all.length / count);
  return Array.from({ length: count }, (_, block) => all.subarray(start(block), start(block + 1)));
}

function sniaRounds(samples: ArrayLike<number>, confidence: number): Rounds {
  const rounds = blocksOf(samples, ROUNDS);
  const means = Float64Array.from(rounds, mean);
  const center = mean(means);
  const range = (Math.max(...means) - Math.min(...means)) / center;
  // Rounds −2 … 2 against differences from the mean: the least-squares line passes the origin.
  const places = means.map((_, round) => round - (ROUNDS - 1) / 2);
  const slope = slopeThroughOrigin(places, means.map((value) => value - center));
  const movement = slope * (ROUNDS - 1) / center;
  const p = betweenRounds(rounds, mean(samples));
  const withinBounds = range <= 0.2 && Math.abs(movement) <= 0.1;
  return {
    means,
    range,
    movement,
    p,
    steady: withinBounds ? true : p < 1 - confidence ? false : null,
  };
}

/** p of the one-way analysis of variance. */
function betweenRounds(rounds: readonly Float64Array[], center: number): number {
  let between = 0;
  let within = 0;
  let n = 0;
  for (const round of rounds) {
    between += round.length * (mean(round) - center) ** 2;
    within += (round.length - 1) * sampleVariance(round);
    n += round.length;
  }
  if (between === 0) return 1;
  // P(F > f) = I_x(d₂ / 2, d₁ / 2) with x = d₂ / (d₂ + d₁ f) = within / (within + between).
  const total = within + between;
  return incompleteBeta(within / total, (n - ROUNDS) / 2, (ROUNDS - 1) / 2, between / total);
}

function driftOf(
  blocks: Float64Array,
  n: number,
  confidence: number,
  leastChange: number,
): Drift {
  const { slope, low, high, p } = monotonicTrend(blocks, confidence);
  const scale = (blocks.length - 1) / median(blocks);
  const change: Estimate = {
    value: slope * scale,
    low: low * scale,
    high: high * scale,
    confidence,
    standardError: (high - low) * scale / (2 * normalQuantile((1 + confidence) / 2)),
    n,
    method: "samples",
  };
  return { change, p, drifting: p < 1 - confidence && Math.abs(change.value) >= leastChange };
}

function warmUpOf(
  blocks: Float64Array,
  n: number,
  confidence: number,
  leastChange: number,
): WarmUp {
  const firstBlocks = Math.ceil(blocks.length * FIRST_PART);
  const logs = blocks.map(Math.log);
  const rest = logs.subarray(firstBlocks);
  const difference = mean(logs.subarray(0, firstBlocks)) - mean(rest);
  // The spread is taken from the rest alone: warm-up must not hide behind its own size.
  const error = Math.sqrt(sampleVariance(rest) * (1 / firstBlocks + 1 / rest.length));
  const p = difference === 0 ? 1 : 2 * studentTCdf(-Math.abs(difference) / error, rest.length - 1);
  const excess = Math.expm1(difference);
  return {
    samples: Math.floor(firstBlocks * n / blocks.length),
    excess,
    p,
    present: p < 1 - confidence && Math.abs(excess) >= leastChange,
  };
}
