/**
 * The ratio of two things that are measured pair by pair until it is known: how often is looked, and
 * what a look may say.
 */
import { requireConfidence } from "./estimate.ts";
import { LEAST_SWAPPED_PAIRS, pOverPairs, testOverPairs } from "./pairs.ts";
import type { RunsTest } from "./runs.ts";

/** Looks at a comparison at most. */
const LOOKS = 10;
/** From look to look there are so many times as many pairs. */
const GROWTH = 4 / 3;

/**
 * After how many pairs is looked, ascending: 16, 22, 30, 40, … 228. They are fixed beforehand, and
 * farther apart the more there are, since a few pairs more tell nothing new among many.
 *
 * @param first Pairs before the first look; fewer than a permutation test needs are as many as it needs.
 */
export function plannedLooks(first: number): number[] {
  const looks = [Math.max(first, LEAST_SWAPPED_PAIRS)];
  while (looks.length < LOOKS) looks.push(Math.ceil(looks.at(-1)! * GROWTH));
  return looks;
}

/** A pair with its number, which tells the looks that it was there for. */
export interface NumberedRatio {
  /** 0, 1, … in the order in which the pairs were measured. */
  run: number;
  /** Above zero. */
  ratio: number;
}

/** A ratio that was looked at several times. */
export interface LooksTest extends RunsTest {
  /** Looks so far. */
  looks: number;
}

/**
 * The test of {@linkcode testOverPairs} where the pairs are looked at several times and measuring ends
 * when they say something. Who looks ten times at a level of 5 % is wrong in 19 % of cases; here the
 * level holds over all looks together, wherever one stops, and whatever the reason.
 *
 * It is a group-sequential test (Jennison and Turnbull, "Group Sequential Methods with Applications to
 * Clinical Trials", 2000, chapters 2 and 9) whose error is spent on the planned looks in equal parts, by
 * Bonferroni's inequality: p is the smallest of the looks' own, times the planned looks, so that it only
 * falls; the interval is the newest look's at a confidence of 1 − (1 − confidence) / looks, a repeated
 * confidence interval, which all hold the truth together. Nothing is asked of how looks depend on each
 * other, so each being exact is enough: normality, a known variance or many pairs are not assumed, as
 * Pocock's and O'Brien and Fleming's bounds and the usual always-valid intervals do. Where rows are
 * judged together, adjusting these p again by Benjamini and Hochberg's method stays right, since a p that
 * only falls makes no verdict undone.
 *
 * What that costs: where one look needs p < 0.005, each of ten needs 0.0005, for which it takes half more
 * pairs (in a family of 15 rows a third more); what it gains is that most comparisons end at the first
 * looks. What stopping does to the value: a look that came out high ends it sooner, so it reads a few
 * percent of itself too much; reports/quality.md has how much.
 *
 * @param pairs In any order.
 * @param looks As {@linkcode plannedLooks} gives. Pairs beyond the last look that was reached, as of
 * measuring that ended in between, are a look of their own in the next one's place.
 * @throws {RangeError} As of {@linkcode testOverPairs}, or where there are more pairs than looks for
 * them.
 */
export function testOverLooks(
  pairs: readonly NumberedRatio[],
  looks: readonly number[],
  { confidence = 0.95, resolution = 0 }: { confidence?: number; resolution?: number } = {},
): LooksTest {
  requireConfidence(confidence);
  const reached = 1 + pairs.reduce((most, { run }) => Math.max(most, run), -1);
  const taken = looks.filter((look) => look <= reached);
  if ((taken.at(-1) ?? 0) < reached) taken.push(reached);
  if (taken.length > looks.length) {
    const [pair, last] = [reached - 1, looks.at(-1)];
    throw new RangeError(
      `Cannot test over looks: there is a pair ${pair}, and the last look is after ${last} pairs`,
    );
  }
  const share = 1 / looks.length;
  const own = { confidence: 1 - (1 - confidence) * share, resolution };
  // A look that came when most had failed has too few to say anything.
  const before = taken.slice(0, -1)
    .map((look) => pairs.filter(({ run }) => run < look).map(({ ratio }) => ratio))
    .filter((seen) => seen.length >= LEAST_SWAPPED_PAIRS)
    .map((seen) => pOverPairs(seen, { resolution }));
  const newest = testOverPairs(pairs.map(({ ratio }) => ratio), own);
  return {
    ...newest,
    ratio: { ...newest.ratio, confidence },
    p: Math.min(1, Math.min(newest.p, ...before) / share),
    looks: taken.length,
  };
}
