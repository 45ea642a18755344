/** How often a history's shifts, anomalies and nights are judged rightly, in made-up years. */
import { derive, quantileSorted, Random, sortedCopy } from "../../stats/mod.ts";
import { findShifts, locateShifts } from "../history/find_shifts.ts";
import { shiftOptions } from "../history/shift_options.ts";
import { findAnomalies } from "../history/anomalies.ts";
import { judgeTonight, LEAST_NIGHTS } from "../history/tonight.ts";
import { DEFAULT_THRESHOLDS } from "../compare/verdict.ts";

/** What a year of nights is like, but for a change. */
export interface Noise {
  /** Spread of a night. */
  spread: number;
  /** Share of nights that are 20 % slow. */
  spikes?: number;
  /** Share of nights without a value. */
  missing?: number;
  /** Correlation of a night with the next one. */
  correlation?: number;
  /** Degrees of freedom of Student's t in place of the normal distribution. */
  heavy?: number;
  /** σ of a lognormal distribution in place of the normal one; the spread stays. */
  skew?: number;
}

/** How often a year without a change got a lasting shift. */
interface FalseShiftRow {
  data: string;
  /** The share that is promised at most; `null` where the noise is not such as the method assumes. */
  most: number | null;
  series: number;
  /** Share of series in which any night of the year reported a shift. */
  share: number;
  /** Share of series in which one of the first {@linkcode HistoryQuality.youngNights} nights did. */
  young: number;
  /** The threshold that one series in a hundred passes. */
  atOnePercent: number;
  /** The same for a rule that holds each night against the last one: differs by more than 10 %. */
  lastNight: number;
}

/** How soon, and where, a change was found. */
export interface ShiftRow {
  change: string;
  data: string;
  /** The median delay that is promised at most; `null` where none is. */
  most: number | null;
  series: number;
  /** Nights at the new level, the reporting one with them: of half of the series, and of nine in ten. */
  median: number;
  p90: number;
  /** Share of series in which it was reported within 30 nights, and within 50. */
  in30: number;
  in50: number;
  /** Share of series in which it lies within one night, and three, of the truth; `null` for a creep. */
  within1: number | null;
  within3: number | null;
  /** Share of series with a second shift that is not there; `null` for a creep, which goes on. */
  second: number | null;
  /** Share of series in which a difference of 10 % from the last night would have told of it that night. */
  lastNight: number;
}

/** How often a usual night was called one that is not. */
interface FalseNightRow {
  data: string;
  /** Whether the nights are such as the method assumes. */
  assumed: boolean;
  /** Nights of the present level that tonight was held against. */
  history: string;
  nights: number;
  /** Share of nights outside of the interval. */
  outside: number;
  /** Share of nights called improved or regressed. */
  called: number;
}

/** How well single nights were told from the rest. */
interface AnomalyRow {
  data: string;
  spikes: number;
  /** Share of the injected spikes that were flagged. */
  found: number;
  usual: number;
  /** Share of the usual nights that were. */
  wrong: number;
}

/** Everything that was simulated of histories. */
export interface HistoryQuality {
  nights: number;
  /** Nights of a series that is young. */
  youngNights: number;
  seriesOfHistory: number;
  threshold: number;
  falseShifts: FalseShiftRow[];
  shifts: ShiftRow[];
  falseNights: FalseNightRow[];
  anomalies: AnomalyRow[];
}

/** Nights of a year. */
export const NIGHTS = 365;
const YOUNG_NIGHTS = 50;
/** Series of a history. */
export const SERIES = 60;
/** Spread of nights where nothing else is said. */
export const SPREAD = 0.02;
const SPIKE = 0.2;
const SPIKES = 0.05;
/** What the rule that this is compared with takes for a change. */
const LAST_NIGHT = 0.1;
/** Changes come after a month at least, and so early that there is time to find them. */
export const FIRST_CHANGE = 30;
/** The night before which they come. */
export const LAST_CHANGE = 265;

const PLAIN: Noise = { spread: SPREAD };
const SPIKED: Noise = { spread: SPREAD, spikes: SPIKES };
const SPIKED_WORDS = "5 % of nights 20 % slow";
const GAPS_WORDS = `${SPIKED_WORDS}, 20 % of nights missing`;

/** A year of nights: values, and which are spikes. */
interface Year {
  /** NaN where the night is missing. */
  values: Float64Array;
  isSpike: Uint8Array;
}

/**
 * Draws a year.
 *
 * @param levelAt The level of a night, by its index.
 */
export function drawYear(
  { spread, spikes = 0, missing = 0, correlation = 0, heavy, skew }: Noise,
  levelAt: (night: number) => number,
  random: Random,
  nights = NIGHTS,
): Year {
  const values = new Float64Array(nights);
  const isSpike = new Uint8Array(nights);
  let wave = random.normal();
  for (let t = 0; t < nights; t++) {
    let noise = random.normal();
    if (heavy !== undefined) noise *= Math.sqrt(heavy / chiSquared(heavy, random));
    if (skew !== undefined) noise = standardLognormal(skew, noise);
    wave = correlation * wave + Math.sqrt(1 - correlation * correlation) * noise;
    // Heavy tails would go below zero, where no time is.
    values[t] = levelAt(t) * Math.max(0.01, 1 + spread * wave);
    if (spikes > 0 && random.uniform() < spikes) {
      values[t]! *= 1 + SPIKE;
      isSpike[t] = 1;
    }
    if (missing > 0 && random.uniform() < missing) values[t] = NaN;
  }
  return { values, isSpike };
}

/** A lognormal deviate with a mean of 0 and a variance of 1, of a normal one. */
function standardLognormal(sigma: number, normal: number): number {
  const square = Math.exp(sigma * sigma);
  const mean = Math.sqrt(square);
  return (Math.exp(sigma * normal) - mean) / Math.sqrt((square - 1) * square);
}

function chiSquared(degrees: number, random: Random): number {
  let sum = 0;
  for (let i = 0; i < degrees; i++) sum += random.normal() ** 2;
  return sum;
}

/** Logarithms of the nights that there are, and which nights they are. */
function logsOf(values: Float64Array): { logs: Float64Array; nights: number[] } {
  const nights: number[] = [];
  values.forEach((value, night) => {
    if (!Number.isNaN(value)) nights.push(night);
  });
  return { logs: Float64Array.from(nights, (night) => Math.log(values[night]!)), nights };
}

/** Whether two logarithms are farther apart than the rule of the last night allows. */
function jumps(before: number, now: number): boolean {
  return Math.abs(Math.exp(now - before) - 1) > LAST_NIGHT;
}

function simulateFalseShifts(seed: number, histories: number): FalseShiftRow[] {
  const fewer = Math.ceil(histories / 4);
  const cases: { data: string; noise: Noise; histories: number; most?: number }[] = [
    { data: "stationary", noise: PLAIN, histories, most: 0.01 },
    { data: SPIKED_WORDS, noise: SPIKED, histories, most: 0.02 },
    {
      data: GAPS_WORDS,
      noise: { ...SPIKED, missing: 0.2 },
      histories,
      most: 0.02,
    },
    { data: "stationary, spread of 5 %", noise: { spread: 0.05 }, histories, most: 0.01 },
    {
      data: "Student's t, 4 degrees of freedom",
      noise: { ...PLAIN, heavy: 4 },
      histories: fewer,
    },
    { data: "lognormal, σ = 0.5", noise: { ...PLAIN, skew: 0.5 }, histories: fewer },
    ...[0.2, 0.4, 0.7].map((correlation) => ({
      data: `each night correlated ${correlation} with the next`,
      noise: { ...PLAIN, correlation },
      histories: fewer,
    })),
  ];
  const { threshold, least } = shiftOptions(SERIES);
  return cases.map(({ data, noise, histories, most = null }) => {
    const random = new Random(derive(seed, "false shifts", data));
    const series = histories * SERIES;
    const largest = new Float64Array(series);
    let lastNight = 0;
    let young = 0;
    for (let i = 0; i < series; i++) {
      const { logs } = logsOf(drawYear(noise, () => 1, random).values);
      // Without a threshold nothing is reported, and a series passes any threshold that its largest does.
      findShifts(logs, { threshold: Infinity, least }, (_, { statistic, change }) => {
        if (Math.abs(change) >= least) largest[i] = Math.max(largest[i]!, statistic);
      });
      if (findShifts(logs.subarray(0, YOUNG_NIGHTS), { threshold, least }).length > 0) young++;
      if (logs.some((log, t) => t > 0 && jumps(logs[t - 1]!, log))) lastNight++;
    }
    return {
      data,
      most,
      series,
      share: largest.filter((statistic) => statistic >= threshold).length / series,
      young: young / series,
      atOnePercent: quantileSorted(sortedCopy(largest), 0.99),
      lastNight: lastNight / series,
    };
  });
}

/** A change that is injected, as the level n nights after it began; n is 1 on its first night. */
export interface Change {
  name: string;
  level: (n: number) => number;
  creeps?: boolean;
  most?: number | null;
  /** Nights before it, both ends with it. @default a month at least, and time enough to find it */
  before?: [least: number, most: number];
}

function simulateShifts(seed: number, histories: number): ShiftRow[] {
  const lasting = (name: string, size: number, most: number): Change => ({
    name,
    level: () => 1 + size,
    most,
  });
  const creeping = (name: string, rate: number): Change => ({
    name,
    level: (n) => (1 + rate) ** n,
    creeps: true,
    most: 50,
  });
  const changes = [
    lasting("3σ: 6 % slower", 3 * SPREAD, 4),
    lasting("3σ: 6 % faster", -3 * SPREAD, 4),
    lasting("2σ: 4 % slower", 2 * SPREAD, 8),
    lasting("2σ: 4 % faster", -2 * SPREAD, 8),
    lasting("20 % slower, as a spike", SPIKE, 4),
    creeping("0.1 % a night slower", 0.001),
    creeping("0.1 % a night faster", -0.001),
  ];
  const young = (nights: [least: number, most: number], most: number): Change => ({
    name: `17 % faster after ${nights.join(" to ")} nights`,
    level: () => 0.83,
    most,
    before: nights,
  });
  const cases = [
    ...([[PLAIN, "no spikes"], [SPIKED, SPIKED_WORDS]] as const).flatMap(([noise, data]) =>
      [young([12, 20], 4), young([21, 30], 4)].map((change) => ({ change, data, noise }))
    ),
    {
      change: { ...young([12, 30], 4), most: null },
      data: "no spikes, spread of 5 %",
      noise: { spread: 0.05 },
    },
    ...changes.map((change) => ({ change, data: SPIKED_WORDS, noise: SPIKED })),
    ...[changes[0]!, changes[2]!].map((change) => ({ change, data: "no spikes", noise: PLAIN })),
    {
      change: { ...changes[0]!, most: null },
      data: GAPS_WORDS,
      noise: { ...SPIKED, missing: 0.2 },
    },
  ];
  return cases.map(({ change, data, noise }) =>
    simulateShift(
      change,
      data,
      noise,
      histories * SERIES,
      new Random(derive(seed, "shift", change.name, data)),
    )
  );
}

/** Injects a change into so many series, and says when and where it was found. */
export function simulateShift(
  { name, level, creeps = false, most = null, before }: Change,
  data: string,
  noise: Noise,
  series: number,
  random: Random,
): ShiftRow {
  const options = shiftOptions(SERIES);
  const [earliest, latest] = before ?? [FIRST_CHANGE, LAST_CHANGE - 1];
  const delays = new Float64Array(series);
  const counts = { within1: 0, within3: 0, second: 0, lastNight: 0 };
  for (let i = 0; i < series; i++) {
    const first = earliest + random.below(latest - earliest + 1);
    const levelAt = (t: number) => t < first ? 1 : level(t - first + 1);
    const { logs, nights } = logsOf(drawYear(noise, levelAt, random).values);
    const start = nights.findIndex((night) => night >= first);
    const found = findShifts(logs, options);
    const places = locateShifts(logs, found);
    // One that was reported before is a false one, and does not count as this one.
    const hit = found.findIndex(({ foundAt }) => foundAt >= start);
    delays[i] = hit < 0 ? Infinity : nights[found[hit]!.foundAt]! - first + 1;
    const off = hit < 0 ? Infinity : Math.abs(places[hit]! - start);
    if (off <= 1) counts.within1++;
    if (off <= 3) counts.within3++;
    if (hit >= 0 && hit + 1 < found.length) counts.second++;
    if (start > 0 && jumps(logs[start - 1]!, logs[start]!)) counts.lastNight++;
  }
  const sorted = delays.toSorted();
  // The lower of two middle ones would flatter, and half of an infinite delay is not a number.
  const quantile = (q: number) => sorted[Math.min(series - 1, Math.floor(q * series))]!;
  const share = (count: number) => count / series;
  const within = (nights: number) => share(delays.filter((delay) => delay <= nights).length);
  return {
    change: name,
    data,
    most,
    series,
    median: quantile(0.5),
    p90: quantile(0.9),
    in30: within(30),
    in50: within(50),
    within1: creeps ? null : share(counts.within1),
    within3: creeps ? null : share(counts.within3),
    second: creeps ? null : share(counts.second),
    lastNight: share(counts.lastNight),
  };
}

/** Lengths of history for which nights are counted apart. */
const HISTORIES: [from: number, to: number][] = [
  [LEAST_NIGHTS, 19],
  [20, 29],
  [30, 59],
  [60, NIGHTS - 1],
];

/** Nights that are judged for each year that is simulated. */
const NIGHTS_OF_HISTORY = 100;

const FLOOR = DEFAULT_THRESHOLDS.mean;

function simulateFalseNights(seed: number, nights: number): FalseNightRow[] {
  const cases: [string, Noise][] = [
    ["stationary", PLAIN],
    [SPIKED_WORDS, SPIKED],
    ["stationary, spread of 5 %", { spread: 0.05 }],
    ["Student's t, 4 degrees of freedom", { ...PLAIN, heavy: 4 }],
    ["lognormal, σ = 0.5", { ...PLAIN, skew: 0.5 }],
  ];
  return cases.flatMap(([data, noise]) =>
    HISTORIES.map(([from, to]) => {
      const random = new Random(derive(seed, "tonight", data, String(from)));
      const counts = { outside: 0, called: 0 };
      for (let i = 0; i < nights; i++) {
        const before = from + random.below(to - from + 1);
        let year = drawYear(noise, () => 1, random, before + 1);
        // A spike is not a usual night.
        while (year.isSpike[before]) year = drawYear(noise, () => 1, random, before + 1);
        const { verdict } = judgeTonight({
          night: "",
          value: year.values[before]!,
          logs: logsOf(year.values).logs.subarray(0, before),
          better: "lower",
          floor: FLOOR,
        });
        if (verdict !== "usual") counts.outside++;
        if (verdict === "improved" || verdict === "regressed") counts.called++;
      }
      return {
        data,
        assumed: noise.heavy === undefined && noise.skew === undefined,
        history: to === NIGHTS - 1 ? `${from} and more` : `${from} to ${to}`,
        nights,
        outside: counts.outside / nights,
        called: counts.called / nights,
      };
    })
  );
}

function simulateAnomalies(seed: number, histories: number): AnomalyRow[] {
  const cases: [string, Noise][] = [
    [SPIKED_WORDS, SPIKED],
    [`${SPIKED_WORDS}, spread of 5 %`, { ...SPIKED, spread: 0.05 }],
  ];
  return cases.map(([data, noise]) => {
    const random = new Random(derive(seed, "anomalies", data));
    const counts = { spikes: 0, found: 0, usual: 0, wrong: 0 };
    for (let i = 0; i < histories * SERIES; i++) {
      const { values, isSpike } = drawYear(noise, () => 1, random);
      const flagged = new Set(
        findAnomalies(logsOf(values).logs, FLOOR, true).map(({ at }) => at),
      );
      for (let t = 0; t < NIGHTS; t++) {
        if (isSpike[t]) {
          counts.spikes++;
          if (flagged.has(t)) counts.found++;
        } else {
          counts.usual++;
          if (flagged.has(t)) counts.wrong++;
        }
      }
    }
    return {
      data,
      spikes: counts.spikes,
      found: counts.found / counts.spikes,
      usual: counts.usual,
      wrong: counts.wrong / counts.usual,
    };
  });
}

/**
 * Simulates years of 60 series.
 *
 * @param histories Years for each kind of noise that is assumed; the others, the changes and the nights
 * take fewer.
 */
export function simulateHistories(seed: number, histories: number): HistoryQuality {
  const fewer = Math.ceil(histories / 5);
  return {
    nights: NIGHTS,
    youngNights: YOUNG_NIGHTS,
    seriesOfHistory: SERIES,
    threshold: shiftOptions(SERIES).threshold,
    falseShifts: simulateFalseShifts(seed, histories),
    shifts: simulateShifts(seed, fewer),
    falseNights: simulateFalseNights(seed, histories * NIGHTS_OF_HISTORY),
    anomalies: simulateAnomalies(seed, fewer),
  };
}
