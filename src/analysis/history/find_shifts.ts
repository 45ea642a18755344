/**
 * Lasting shifts in a series, found as the nights come in.
 *
 * The nights are taken one after the other, and what is decided on a night rests on the nights up to
 * it only: so one pass over a history says what judging it anew on each of its nights would have said,
 * and a shift once reported stays reported. (Online: `foundAt`. In retrospect: only *where* a
 * shift lies is set again, with the nights after it, by {@linkcode locateShifts}.)
 *
 * ## The model
 *
 * Logarithms of the values, so that changes are ratios. A night is the level plus normal noise of an
 * unknown, constant spread, independent from night to night; now and then it is a spike, which says
 * nothing of the level. With z the night's distance from the level in spreads, and μ the distance of a
 * new level, a night speaks for the new level by the logarithm of
 *
 *     ((1 − ε) φ(z − μ) + ε w) / ((1 − ε) φ(z) + p φ(z − μ) + ε w)
 *
 * φ is the normal density; ε w lets a night be anything, so that no night speaks for more than a few
 * others; and p is how often the nights before have been spikes near μ, by count and a prior.
 * Where one night in twenty is 20 % slow, three such nights in a row are thus no new level yet, while
 * three nights 6 % slow are.
 *
 * ## The statistic
 *
 * For each window of the last 3 to 68 nights: the sum of that over the window, μ being the distance of
 * the window's median from the level before the window (a generalised likelihood ratio, as of Lai,
 * "Information bounds and quick detection of parameter changes in stochastic systems", 1998, with
 * bounded scores). Level and spread are estimated (biweight) from n nights before the window of m, and
 * the spread has ν degrees of freedom, so the sum G counts as
 *
 *     (ν / 2) ln(1 + 2 G n / (n + m) / ν)
 *
 * which for normal noise is the likelihood ratio of Student's two-sample t statistic. A shift is
 * reported when the largest of these passes a threshold, see {@linkcode shiftOptions}.
 *
 * ## Young series
 *
 * With few nights before, ν is small, and a sum of bounded scores never gets far: a clean step of many
 * spreads would stay unseen for weeks. That nights are spikes, and that the spread is not known, are two
 * doubts, and each night is subject to one of them: far from the level it is a spike or a new level,
 * whatever the spread. So as long as the spread is of fewer than 40 nights, the lesser of two counts
 * where it is more than the above: the bounded sum itself, for the doubt of spikes, and the formula with
 * scores that are not bounded by p, for that of the spread. It costs false shifts in the first weeks
 * alone; how many, and how soon a step is found, is in the quality report.
 */
import { biweight, biweightDegrees, normalCdf } from "../../stats/mod.ts";
import { SortedNights } from "./sorted_nights.ts";

/** A shift, in indices of the values. */
export interface FoundShift {
  /** First value of the new level. */
  at: number;
  /** Last value that was known when it was reported. */
  foundAt: number;
}

/** How shifts are looked for. */
export interface ShiftOptions {
  /** What the statistic must pass. */
  threshold: number;
  /** Smallest change of the logarithm that counts. */
  least: number;
}

/** Nights that a new level must have lasted. */
export const LEAST_SEGMENT = 3;
/** Nights of the first level before anything is judged. */
const LEAST_HISTORY = 10;
/** Lengths of the windows that are held against what was before. */
const WINDOWS = [3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 24, 28, 33, 40, 48, 57, 68];
const LONGEST = WINDOWS.at(-1)!;
/** The level is that of so many nights at most, the spread that of so many. */
const LEVEL_NIGHTS = 365;
const SPREAD_NIGHTS = 180;
/** No spread is taken for less than this, as a change of the logarithm: clocks and histograms have steps. */
const LEAST_SPREAD = 0.001;
/** ε, and w as one over the spreads that a spike may be anywhere in. */
const ANYTHING = 0.05 / 125;
const USUAL = 0.95;
/** The prior of spikes near a level: so many in so many nights. */
const PRIOR_SPIKES = 0.5;
const PRIOR_NIGHTS = 10;
/**
 * A window is looked at from here on, as the square of its distance from the level in standard errors: a
 * threshold asks for about four times as much.
 */
const LEAST_SQUARE = 5;
/** Nights count as so many spreads away at most in the mean that is looked at first. */
const FARTHEST_IN_MEAN = 6;
/** What may be a spike, in spreads. */
const SPIKE = 2.5;
/** A series whose spread is of fewer nights is young. */
const YOUNG = 40;

/** Where the levels lie before each night, as far as the nights before it tell. */
interface References {
  level: Float64Array;
  spread: Float64Array;
  /** Nights that the level is of; 0: not enough. */
  nights: Float64Array;
  /** Nights that the spread is of. */
  spreadNights: Float64Array;
  /** Correlation of a night with the next one, as far as it is sure; 0 or above. */
  correlation: Float64Array;
}

/**
 * Finds the lasting shifts of a series.
 *
 * @param values Logarithms of the values of the nights that have one, oldest first; finite.
 * @param onNight Is given the statistic of every night before a decision is made of it.
 * @returns Oldest first. Costs O(n).
 */
export function findShifts(
  values: Float64Array,
  { threshold, least }: ShiftOptions,
  onNight?: (night: number, standing: { statistic: number; change: number }) => void,
): FoundShift[] {
  const n = values.length;
  const references: References = {
    level: new Float64Array(n),
    spread: new Float64Array(n),
    nights: new Float64Array(n),
    spreadNights: new Float64Array(n),
    correlation: new Float64Array(n),
  };
  const levelNights = new SortedNights(LEVEL_NIGHTS + 1);
  const spreadNights = new SortedNights(SPREAD_NIGHTS + 1);
  const residuals = new Float64Array(n);
  const shifts: FoundShift[] = [];
  let start = 0;

  /** Takes a night into the level and, with its distance from the level, into the spread. */
  const take = (t: number, level: number | null) => {
    levelNights.add(values[t]!);
    if (t - start >= LEVEL_NIGHTS) levelNights.remove(values[t - LEVEL_NIGHTS]!);
    const location = levelNights.location();
    residuals[t] = values[t]! - (level ?? location);
    spreadNights.add(residuals[t]!);
    if (t >= SPREAD_NIGHTS) spreadNights.remove(residuals[t - SPREAD_NIGHTS]!);
    references.level[t] = location;
    references.nights[t] = levelNights.length;
  };
  const refer = (t: number) => {
    references.spread[t] = Math.max(spreadNights.scale(), LEAST_SPREAD);
    references.spreadNights[t] = spreadNights.length;
    references.correlation[t] = correlationOf(
      residuals,
      Math.max(0, t + 1 - SPREAD_NIGHTS),
      t + 1,
      references.spread[t]!,
    );
    if (spreadNights.length < LEAST_HISTORY || t - start + 1 < LEAST_SEGMENT) {
      references.nights[t] = 0;
    }
  };
  /** Takes nights anew, around the level that they have together. */
  const restart = (from: number, to: number) => {
    levelNights.clear();
    for (let i = from; i <= to; i++) levelNights.add(values[i]!);
    const location = levelNights.location();
    for (let i = from; i <= to; i++) {
      spreadNights.remove(residuals[i]!);
      residuals[i] = values[i]! - location;
      spreadNights.add(residuals[i]!);
      references.nights[i] = 0;
    }
    references.level[to] = location;
    references.nights[to] = levelNights.length;
  };

  const scan = new Scan(values, references, residuals, spreadNights);
  for (let t = 0; t < n; t++) {
    scan.at(t, start);
    onNight?.(t, scan);
    const before = t > 0 && references.nights[t - 1]! > 0 ? references.level[t - 1]! : null;
    take(t, before);
    if (scan.statistic >= threshold && Math.abs(scan.change) >= least) {
      start = scan.locate(t, start);
      shifts.push({ at: start, foundAt: t });
      restart(start, t);
    } else if (t + 1 === LEAST_HISTORY) restart(0, t);
    refer(t);
  }
  return shifts;
}

/** Nights beside a shift that say where it lies. */
const NEIGHBOURHOOD = 60;

/**
 * Where shifts lie in retrospect: with the nights after them known too, the place at which the nights
 * speak most for the level before up to there, and for the one after from there on.
 *
 * @param values As of {@linkcode findShifts}.
 * @param shifts What it found.
 * @returns First indices of the new levels, ascending, {@linkcode LEAST_SEGMENT} apart at least. Costs O(n).
 */
export function locateShifts(values: Float64Array, shifts: readonly FoundShift[]): number[] {
  const places: number[] = [];
  shifts.forEach(({ at }, i) => {
    const start = places.at(-1) ?? 0;
    const end = shifts[i + 1]?.at ?? values.length;
    const before = values.slice(Math.max(start, at - NEIGHBOURHOOD), at);
    const after = values.slice(at, Math.min(end, at + NEIGHBOURHOOD));
    const [from, to] = [biweight(before), biweight(after)];
    // One spread of both, for few nights after a shift say little of theirs.
    const apart = Float64Array.of(
      ...before.map((value) => value - from.location),
      ...after.map((value) => value - to.location),
    );
    const spread = Math.max(biweight(apart).scale, LEAST_SPREAD);
    const mu = (to.location - from.location) / spread;
    const share = PRIOR_SPIKES / PRIOR_NIGHTS;
    const first = Math.max(start + LEAST_SEGMENT, at - NEIGHBOURHOOD);
    const last = Math.min(end - LEAST_SEGMENT, at + NEIGHBOURHOOD);
    let sum = 0;
    let best = -Infinity;
    let place = at;
    for (let k = last + LEAST_SEGMENT - 1; k >= first; k--) {
      sum += score((values[k]! - from.location) / spread, mu, share);
      if (k <= last && sum > best) {
        best = sum;
        place = k;
      }
    }
    places.push(place);
  });
  return places;
}

/** The windows that end on a night, held against what was before each of them. */
class Scan {
  /** The largest statistic of all windows; 0 where none stands out. */
  statistic = 0;
  /** The change of the logarithm in that window. */
  change = 0;
  #window = 0;
  readonly #sorted = new Float64Array(LONGEST + 1);

  constructor(
    private readonly values: Float64Array,
    private readonly references: References,
    private readonly residuals: Float64Array,
    private readonly spreadNights: SortedNights,
  ) {}

  at(t: number, start: number): void {
    this.statistic = 0;
    this.change = 0;
    const { values, references } = this;
    if (t === 0) return;
    const sorted = this.#sorted;
    let length = 0;
    // Most windows are like the nights before them, which a mean without far nights tells at less cost
    // than a median.
    const lowest = references.level[t - 1]! - FARTHEST_IN_MEAN * references.spread[t - 1]!;
    const highest = references.level[t - 1]! + FARTHEST_IN_MEAN * references.spread[t - 1]!;
    let summed = 0;
    let total = 0;
    for (const m of WINDOWS) {
      const before = t - m;
      if (before < start) return;
      while (summed < m) {
        total += Math.max(lowest, Math.min(highest, values[t - summed++]!));
      }
      const nights = references.nights[before]!;
      if (nights === 0) continue;
      const level = references.level[before]!;
      const spread = references.spread[before]!;
      const away = (total / m - level) / spread;
      if (away * away * m < LEAST_SQUARE) continue;
      while (length < m) insert(sorted, length, values[t - length++]!);
      const middle = m >> 1;
      const median = m % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
      const mu = (median - level) / spread;
      if (mu * mu * m < LEAST_SQUARE) continue;
      const share = this.#shareNear(mu, spread, t, m);
      let bounded = 0;
      let whole = 0;
      for (let i = before + 1; i <= t; i++) {
        const z = (values[i]! - level) / spread;
        const speaks = score(z, mu, share);
        bounded += speaks;
        whole += speaks + there(z, mu) * Math.max(0, mu * z - mu * mu / 2 - speaks);
      }
      if (bounded <= 0) continue;
      const correlation = references.correlation[before]!;
      const inflated = inflation(m, correlation);
      const variance = inflated / m + inflation(nights, correlation) / nights;
      const degrees = biweightDegrees(references.spreadNights[before]!);
      const surprise = (sum: number) =>
        degrees / 2 * Math.log1p(2 * sum / (m * variance) / degrees);
      let statistic = surprise(bounded);
      if (references.spreadNights[before]! < YOUNG) {
        statistic = Math.max(statistic, Math.min(bounded / inflated, surprise(whole)));
      }
      if (statistic > this.statistic) {
        this.statistic = statistic;
        this.change = median - level;
        this.#window = m;
      }
    }
  }

  /** Where the level of the best window most likely began. */
  locate(t: number, start: number): number {
    const { values, references } = this;
    const m = this.#window;
    const level = references.level[t - m]!;
    const spread = references.spread[t - m]!;
    const mu = this.change / spread;
    const share = this.#shareNear(mu, spread, t, m);
    let sum = 0;
    let best = -Infinity;
    let at = t;
    for (let k = t; k >= start + LEAST_SEGMENT && k > t - LONGEST; k--) {
      sum += score((values[k]! - level) / spread, mu, share);
      if (t - k + 1 >= LEAST_SEGMENT && sum > best) {
        best = sum;
        at = k;
      }
    }
    return at;
  }

  /** How often a night before the window was a spike near the window's level. */
  #shareNear(mu: number, spread: number, t: number, m: number): number {
    const size = Math.abs(mu);
    const reach = Math.max(2, size / 4);
    const near = Math.max(SPIKE, size - reach);
    const far = size + reach;
    const [low, high] = mu > 0 ? [near * spread, far * spread] : [-far * spread, -near * spread];
    let count = this.spreadNights.countIn(low, high);
    // The window's own nights are among the residuals but for tonight.
    for (let i = t - m + 1; i < t; i++) {
      if (this.residuals[i]! >= low && this.residuals[i]! < high) count--;
    }
    const nights = Math.max(0, this.spreadNights.length - m + 1);
    // Some are there without any spike.
    const usual = near < far ? nights * (normalCdf(far) - normalCdf(near)) : 0;
    return (Math.max(0, count - usual) + PRIOR_SPIKES) / (nights + PRIOR_NIGHTS);
  }
}

/** Distances count as this many spreads at most when nights are held against the next ones. */
const FARTHEST = 3;

/**
 * Correlation of each residual with the next, shrunk by the positive part of James and Stein's rule
 * (its standard error is 1 / √n), so that independent nights mostly count as such.
 */
function correlationOf(
  residuals: Float64Array,
  from: number,
  to: number,
  spread: number,
): number {
  const farthest = FARTHEST * spread;
  let before = 0;
  let products = 0;
  let squares = 0;
  for (let i = from; i < to; i++) {
    const now = Math.max(-farthest, Math.min(farthest, residuals[i]!));
    products += now * before;
    squares += now * now;
    before = now;
  }
  if (!(products > 0)) return 0;
  // Nights that are all the same but for rounding are not correlated.
  const correlation = products / Math.max(squares, (to - from) * LEAST_SPREAD * LEAST_SPREAD);
  return Math.max(0, Math.min(0.9, correlation - 1 / ((to - from) * correlation)));
}

/** How many times the variance of a mean of m nights is that of independent ones, AR(1). */
function inflation(m: number, correlation: number): number {
  if (correlation === 0) return 1;
  const rest = 1 - correlation;
  return (1 + correlation) / rest - 2 * correlation * (1 - correlation ** m) / (m * rest * rest);
}

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** How a night speaks for a new level, see above. */
function score(z: number, mu: number, share: number): number {
  const there = Math.exp(-(z - mu) * (z - mu) / 2) / ROOT_TWO_PI;
  const here = Math.exp(-z * z / 2) / ROOT_TWO_PI;
  return Math.log((USUAL * there + ANYTHING) / (USUAL * here + share * there + ANYTHING));
}

/** How likely a night of a new level is one of it, and not anything. */
function there(z: number, mu: number): number {
  const density = USUAL * Math.exp(-(z - mu) * (z - mu) / 2) / ROOT_TWO_PI;
  return density / (density + ANYTHING);
}

function insert(sorted: Float64Array, length: number, value: number): void {
  let at = length;
  while (at > 0 && sorted[at - 1]! > value) {
    sorted[at] = sorted[at - 1]!;
    at--;
  }
  sorted[at] = value;
}
