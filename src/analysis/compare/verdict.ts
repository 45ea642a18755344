/** Verdicts over changes: the one place that decides whether something got better or worse. */
import type { MetricName } from "../../result/mod.ts";
import {
  detectableChange,
  type Estimate,
  falseDiscoveryAdjusted,
  LEAST_BLOCKS,
  LEAST_RUNS,
  type PowerOptions,
  type RunsTest,
  runsToDetect,
  type SharedSpread,
  spreadLimit,
  testOverBlocks,
  testOverLooks,
  testOverPairs,
  testOverRuns,
} from "../../stats/mod.ts";
import { formatChange, formatP, formatPercentBound, plural } from "../../format/mod.ts";
import type { ChangeVerdict, RunsNeeded, Thresholds } from "./model.ts";

/**
 * A change is sure where its p, adjusted for the family of rows by Benjamini and Hochberg's method, is
 * below this. It is half of the rate of false verdicts that is promised, one of a hundred comparisons
 * of identical code: the spread between runs is not as normal as the test takes it for, and a level
 * of one in a hundred was measured to give up to 1.3 of them.
 */
export const SIGNIFICANCE = 0.005;

/** The power that detectable changes and needed runs are stated for: 19 of 20 comparisons. */
const POWER = 0.95;

/** How surely the true spread between runs is below the one that advice reckons with. */
export const SPREAD_CONFIDENCE = 0.8;

/**
 * What advice reckons with, given the spread that a test saw.
 *
 * @param rows That are tested together: where only one of them changed, its p is multiplied by as many,
 * and by as many as are planned where it is looked at several times.
 */
function powerOptions(
  { spread, degrees }: Pick<RunsTest, "spread" | "degrees">,
  threshold: number,
  { blocks = false, looks }: Pick<Rivals, "blocks" | "looks">,
  rows: number,
): PowerOptions {
  return {
    spread: spreadLimit(spread, degrees, SPREAD_CONFIDENCE),
    threshold: Math.log1p(threshold),
    level: SIGNIFICANCE / rows / (looks?.planned.length ?? 1),
    power: POWER,
    blocks,
  };
}

/**
 * The change below which nobody would act, for each metric: sessions on one machine, hours apart, differ
 * by a few percent without any change of the code, and their tails by more.
 */
export const DEFAULT_THRESHOLDS: Thresholds = {
  throughput: 0.05,
  mean: 0.05,
  p50: 0.05,
  p90: 0.05,
  p99: 0.1,
  p999: 0.2,
  responseP50: 0.05,
  responseP90: 0.1,
  responseP99: 0.1,
  responseP999: 0.2,
};

/** Which way each metric is better. */
export const BETTER: Record<MetricName, "higher" | "lower"> = {
  throughput: "higher",
  mean: "lower",
  p50: "lower",
  p90: "lower",
  p99: "lower",
  p999: "lower",
  responseP50: "lower",
  responseP90: "lower",
  responseP99: "lower",
  responseP999: "lower",
};

/** A row that is to be judged: the values of the runs of one metric on both sides. */
export interface Rivals {
  better: "higher" | "lower";
  /** One value a run, above zero. */
  base: readonly number[];
  candidate: readonly number[];
  /**
   * Whether run i of the base was measured next to run i of the candidate, in random order.
   * @default false
   */
  blocks?: boolean;
  /**
   * candidate / base of each pair of processes that took turns; it is then what is tested.
   * @default the two sides are tested by their values
   */
  pairs?: readonly number[];
  /** Of pairs that are looked at several times: their numbers, and after how many is looked. */
  looks?: { runs: readonly number[]; planned: readonly number[] } | undefined;
  /** The spread between runs of all sides that share the blocks, or took turns. @default these two's */
  shared?: SharedSpread | undefined;
  /** The change below which nobody would act. */
  threshold: number;
  /** The change that advice on runs is for. @default twice the threshold */
  effect?: number | undefined;
  /** The smallest difference that the clock can tell, as a fraction. */
  resolution: number;
  /** Why the two must not be compared, as a clause; `null` where they may be. */
  refusal: string | null;
}

/** What became of a row. */
interface Judgement {
  /** candidate / base; `null` where a side has too few runs. */
  ratio: Estimate | null;
  p: number | null;
  adjustedP: number | null;
  threshold: number;
  verdict: ChangeVerdict;
  reason: string | null;
  looks: number | null;
  spread: number | null;
  detectable: number | null;
  runsNeeded: RunsNeeded | null;
}

/**
 * Judges a family of rows together. The run is the unit: a side with fewer than three has no verdict,
 * however many samples it took.
 *
 * - sure: Welch's test on the logarithms of the runs' values, or where there are blocks enough
 *   Student's on those of the blocks' ratios, adjusted p < {@linkcode SIGNIFICANCE};
 * - beyond: the estimate differs by the threshold or more, as a factor either way;
 * - within: all of the interval differs by less.
 *
 * Sure and beyond is `improved` or `regressed`, sure and within `too small to matter`, within alone
 * `unchanged`, and everything else `inconclusive`.
 *
 * @throws {RangeError} Where a threshold or a resolution is not a fraction, zero or above, or the
 * confidence is out of range.
 */
export function judgeFamily(rows: readonly Rivals[], confidence = 0.95): Judgement[] {
  const family = decideFamily(rows, confidence);
  const tested = family.filter(({ adjustedP }) => adjustedP !== null).length;
  return family.map((decided): Judgement => {
    const { row, threshold, refusal, test, adjustedP, verdict } = decided;
    if (test === null) return { ...NO_TEST, threshold, verdict, reason: refusal };
    const power = powerOptions(test, threshold, row, Math.max(1, tested));
    const runs = Math.min(row.base.length, row.candidate.length);
    const effect = row.effect ?? 2 * threshold;
    const known = {
      ratio: test.ratio,
      p: test.p,
      threshold,
      looks: test.looks ?? null,
      spread: test.spread,
      detectable: Math.expm1(detectableChange(runs, power)),
      runsNeeded: { change: effect, runs: runsToDetect(Math.log1p(effect), power) },
    };
    if (adjustedP === null) return { ...known, adjustedP, verdict, reason: refusal };
    const judged = { ...known, adjustedP, verdict };
    if (verdict !== "inconclusive") return { ...judged, reason: null };
    // The runs that settle this very change, where it is one that matters.
    const settling = runsToDetect(Math.abs(Math.log(test.ratio.value)), power);
    return { ...judged, reason: whyOpen(judged, settling) };
  });
}

/** The runs a side that {@linkcode judgeFamily} advises for a row of so many; `null`: none do. */
export function runsAdvised(row: Rivals, rows: number): number | null {
  const [{ test, threshold }] = decideFamily([row], 0.95) as [Decided];
  if (test === null) return null;
  const power = powerOptions(test, threshold, row, rows);
  return runsToDetect(Math.log1p(row.effect ?? 2 * threshold), power);
}

/** The verdicts of {@linkcode judgeFamily} alone, without its advice, which takes most of its time. */
export function verdictsOfFamily(rows: readonly Rivals[]): ChangeVerdict[] {
  return decideFamily(rows, 0.95).map(({ verdict }) => verdict);
}

/** A row's test, with the looks that there were at it where there may be several. */
type RowTest = RunsTest & { looks?: number };

/** A row with its test and its verdict. */
interface Decided {
  row: Rivals;
  threshold: number;
  /** Why there is no verdict whatever the numbers are; `null` where nothing refuses one. */
  refusal: string | null;
  /** `null` where there are too few runs, or a value without a logarithm. */
  test: RowTest | null;
  /** `null` where the row does not count in the family. */
  adjustedP: number | null;
  verdict: ChangeVerdict;
}

function decideFamily(rows: readonly Rivals[], confidence: number): Decided[] {
  const tested = rows.map((row) => {
    if (!(row.threshold >= 0 && row.threshold < Infinity)) {
      throw new RangeError(
        `Cannot compare: the threshold is ${row.threshold}, and must be a fraction, zero or above`,
      );
    }
    const refusal = refusalOf(row);
    const { base, candidate, resolution } = row;
    // Each side of a comparison can be off by a step of the clock.
    const threshold = Math.max(row.threshold, 2 * resolution);
    if (base.length < LEAST_RUNS || candidate.length < LEAST_RUNS || !allPositive(row)) {
      return { row, threshold, refusal, test: null };
    }
    return { row, threshold, refusal, test: testOf(row, { confidence, resolution }) };
  });
  const family = tested.flatMap(({ test, refusal }) =>
    test === null || refusal !== null ? [] : [test.p]
  );
  const adjusted = falseDiscoveryAdjusted(family);
  let next = 0;
  return tested.map(({ row, threshold, refusal, test }): Decided => {
    if (test === null || refusal !== null) {
      return { row, threshold, refusal, test, adjustedP: null, verdict: "inconclusive" };
    }
    const adjustedP = adjusted[next++]!;
    const verdict = decide(test.ratio, adjustedP < SIGNIFICANCE, Math.log1p(threshold), row.better);
    return { row, threshold, refusal, test, adjustedP, verdict };
  });
}

/** The test that a row's design asks for. */
function testOf(
  row: Rivals,
  options: { confidence: number; resolution: number },
): RowTest {
  const { base, candidate, pairs, shared, looks } = row;
  if (pairs !== undefined && looks !== undefined) {
    const numbered = pairs.map((ratio, pair) => ({ run: looks.runs[pair]!, ratio }));
    return testOverLooks(numbered, looks.planned, options);
  }
  if (pairs !== undefined) {
    return shared === undefined
      ? testOverPairs(pairs, options)
      : testOverBlocks(pairs, pairs.map(() => 1), { ...options, shared });
  }
  return isOverBlocks(row)
    ? testOverBlocks(candidate, base, { ...options, shared })
    : testOverRuns(candidate, base, options);
}

/** Whether a row is tested by its blocks' ratios: of few blocks the runs by themselves say more. */
function isOverBlocks({ blocks = false, shared, base, candidate }: Rivals): boolean {
  if (shared !== undefined) return base.length === candidate.length;
  return blocks && Math.min(base.length, candidate.length) >= LEAST_BLOCKS;
}

const NO_TEST = {
  ratio: null,
  p: null,
  adjustedP: null,
  looks: null,
  spread: null,
  detectable: null,
  runsNeeded: null,
};

/** The verdict of a row whose change is sure or not. */
function decide(
  { value, low, high }: Estimate,
  sure: boolean,
  limit: number,
  better: "higher" | "lower",
): ChangeVerdict {
  const change = Math.log(value);
  if (sure && Math.abs(change) >= limit) {
    return (change > 0) === (better === "higher") ? "improved" : "regressed";
  }
  const within = Math.log(low) > -limit && Math.log(high) < limit;
  if (!within) return "inconclusive";
  return sure ? "too small to matter" : "unchanged";
}

/** Why a row has no verdict whatever its numbers are. */
function refusalOf(row: Rivals): string | null {
  const { base, candidate, refusal } = row;
  if (refusal !== null) return refusal;
  if (base.length === 0 && candidate.length === 0) return "neither side measured it";
  if (base.length === 0) return "the base did not measure it";
  if (candidate.length === 0) return "the candidate did not measure it";
  if (base.length < LEAST_RUNS || candidate.length < LEAST_RUNS) {
    const runs = plural(base.length, "run");
    return `the base has ${runs} and the candidate ${candidate.length}, and ` +
      `a verdict needs ${LEAST_RUNS} of each: one process says nothing about the next`;
  }
  if (!allPositive(row)) return "a run's value is zero: the clock is too coarse to see it";
  const still = (values: readonly number[]) => values.every((value) => value === values[0]);
  if (row.resolution === 0 && still(base) && still(candidate) && base[0] !== candidate[0]) {
    return "the runs of either side are all equal, so nothing says how far runs spread";
  }
  return null;
}

function allPositive({ base, candidate }: Rivals): boolean {
  return [...base, ...candidate].every((value) => value > 0 && value < Infinity);
}

/** Why a row that was tested stays open, and what would close it. */
function whyOpen(
  { ratio, p, adjustedP, threshold, runsNeeded }: {
    ratio: Estimate;
    p: number;
    adjustedP: number;
    threshold: number;
    runsNeeded: RunsNeeded;
  },
  settling: number | null,
): string {
  const limit = Math.log1p(threshold);
  const beyond = Math.abs(Math.log(ratio.value)) >= limit;
  const bound = formatPercentBound(threshold);
  const effect = formatPercentBound(runsNeeded.change);
  const advice = runsNeeded.runs === null
    ? `no number of runs up to 1,000 would surely show a change of ${effect}`
    : `about ${plural(runsNeeded.runs, "run")} a side would show a change of ${effect}`;
  if (adjustedP < SIGNIFICANCE) {
    return `a change is sure, but not whether it is beyond the threshold of ${bound}`;
  }
  if (beyond && p < SIGNIFICANCE) {
    return `the change would be sure by itself (${formatP(p)}), but is not once all rows are ` +
      `counted; ${advice}`;
  }
  const level = formatPercentBound(SIGNIFICANCE);
  const [low, high] = [formatChange(ratio.low - 1), formatChange(ratio.high - 1)];
  if (Math.log(ratio.low) >= limit || Math.log(ratio.high) <= -limit) {
    const more = settling === null
      ? "no number of runs up to 1,000 would surely settle it"
      : `about ${plural(settling, "run")} a side would settle it`;
    return `the interval, ${low} to ${high}, is wholly beyond the threshold of ${bound}, but the ` +
      `change is not sure at ${level} (${formatP(adjustedP)} with all rows counted); ${more}`;
  }
  return `the interval, ${low} to ${high}, ` +
    `reaches beyond the threshold of ${bound}, and no change is sure at ${level}; ${advice}`;
}
