/** Where, in a row of states, the one step lies by which they differ: told from noisy pairs. */
import { biweight } from "./biweight.ts";
import { logSumExp } from "./_log_sum_exp.ts";

/** Pairs of two states, each a measurement of how far they differ. */
export interface ShiftPairs {
  /** Which state the other one is held against: 0, 1, …. */
  base: number;
  /** A later one. */
  candidate: number;
  /** log(candidate / base) of each pair. */
  logs: readonly number[];
}

/** What {@linkcode shiftPlace} takes for known. */
export interface ShiftPlaceOptions {
  /**
   * States that can be the first one after the step, ascending; the last one is after it for sure. The
   * step is told no finer than they are.
   */
  places: readonly number[];
  /** Chance of each before anything was measured, in sum 1. */
  prior: readonly number[];
  /**
   * Standard deviation of what two builds differ by that do the same, as by where their code lies: no
   * number of pairs of the two averages that. @default 0.015
   */
  between?: number;
  /** The step is of the size of this at least, log, and of the sign that all pairs tell. @default 0 */
  least?: number;
}

/** Degrees of freedom of a pair's error: one process in ten may be three times slower. */
const DEGREES = 3;
/** Of the spread and the step, where they may be: in units of what the surest pairs tell. */
const SPREADS = [0.5, 0.7, 1, 1.4, 2];
const STEPS = Array.from({ length: 17 }, (_, at) => (at - 8) / 2);
/** Pairs are never surer than this, log. */
const LEAST_SPREAD = 0.002;

/**
 * The chance of each place, by Bayes' rule: the step is at one of them, all that was measured across it
 * shows its size and all else shows none, errors are Student's t with three degrees of freedom. Size and
 * spread are not known; they are summed over, around what those pairs tell that lie across all places.
 *
 * That is the posterior of Horstein's probabilistic bisection ("Sequential transmission using noiseless
 * feedback", 1963; Waeber, Frazier and Henderson, "Bisection search with noisy responses", 2013), with
 * the likelihood of the measurement itself in the place of that of a yes or no.
 *
 * @returns A chance for each of the places, in sum 1.
 * @throws {RangeError} Where no pairs lie across all places.
 */
export function shiftPlace(
  measured: readonly ShiftPairs[],
  { places, prior, between = 0.015, least = 0 }: ShiftPlaceOptions,
): number[] {
  const [first, last] = [places[0]!, places.at(-1)!];
  const pairs = merged(measured);
  const across = pairs.filter(({ base, candidate }) => base < first && candidate >= last)
    .flatMap(({ logs }) => logs);
  if (across.length === 0) {
    throw new RangeError("Cannot tell where a step lies: no pairs lie across all places");
  }
  const { location, scale } = biweight(across);
  const spread = Math.max(scale, LEAST_SPREAD);
  const error = Math.hypot(1.2 * spread / Math.sqrt(across.length), between);
  const sign = Math.sign(location);
  const sizes = STEPS.map((at) => location + at * error).filter((size) => sign * size >= least);
  // What is less all the same is taken for as large as it can be.
  if (sizes.length === 0) sizes.push(sign * least);
  const sums = places.map((): number[] => []);
  for (const factor of SPREADS) {
    const own = Math.max(factor * spread, LEAST_SPREAD);
    const likelihoods = pairs.map(({ logs }) => likelihoodOf(logs, own, between));
    const without = likelihoods.map((of) => of(0));
    const none = without.reduce((sum, each) => sum + each, 0);
    for (const size of sizes) {
      const gains = likelihoods.map((of, pair) => of(size) - without[pair]!);
      places.forEach((place, index) => {
        let sum = none;
        pairs.forEach(({ base, candidate }, pair) => {
          if (base < place && place <= candidate) sum += gains[pair]!;
        });
        sums[index]!.push(sum);
      });
    }
  }
  const logs = sums.map((each, index) => logSumExp(each) + Math.log(prior[index]!));
  const all = logSumExp(logs);
  return logs.map((log) => Math.exp(log - all));
}

/** Pairs of the same two states together: they share what their builds differ by. */
function merged(measured: readonly ShiftPairs[]): ShiftPairs[] {
  const groups = Map.groupBy(measured, ({ base, candidate }) => `${base} ${candidate}`);
  return [...groups.values()].map((own) => ({
    ...own[0]!,
    logs: own.flatMap(({ logs }) => logs),
  }));
}

/**
 * The log likelihood of the pairs of two states by the step that they truly differ by, what their builds
 * differ by summed over. It is worked out on a grid that is finer than the pairs tell, once each.
 */
function likelihoodOf(
  logs: readonly number[],
  spread: number,
  between: number,
): (step: number) => number {
  const grid = Math.min(spread / Math.sqrt(logs.length) / 2, between / 2);
  const reach = Math.ceil(3 * between / grid);
  const weights = Array.from(
    { length: 2 * reach + 1 },
    (_, at) => -(((at - reach) * grid / between) ** 2) / 2,
  );
  const all = logSumExp(weights);
  const known = new Map<number, number>();
  const at = (place: number): number => {
    const before = known.get(place);
    if (before !== undefined) return before;
    const own = logLikelihood(logs, place * grid, spread);
    known.set(place, own);
    return own;
  };
  return (step) => {
    const middle = Math.round(step / grid);
    return logSumExp(weights.map((weight, k) => weight - all + at(middle + k - reach)));
  };
}

/** Factors whose product no number is too small for. */
const FACTORS = 8;

/** Log likelihood of pairs around a place, but for what is the same everywhere. */
function logLikelihood(logs: readonly number[], place: number, spread: number): number {
  let sum = 0;
  let product = 1;
  for (let i = 0; i < logs.length; i++) {
    const t = (logs[i]! - place) / spread;
    product *= 1 + t * t / DEGREES;
    if (i % FACTORS === FACTORS - 1 || i === logs.length - 1) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return -(DEGREES + 1) / 2 * sum - logs.length * Math.log(spread);
}
