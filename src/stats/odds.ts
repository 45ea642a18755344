import { studentTQuantile } from "./distributions.ts";
import { requireConfidence } from "./estimate.ts";

/** What was counted in a stretch of time: events and others, with something going on beside or not. */
export interface OddsBlock {
  /** Events while it went on, and while it did not. */
  eventsOn: number;
  eventsOff: number;
  /** What was no event, likewise. */
  othersOn: number;
  othersOff: number;
}

/** How many times the odds of an event are what they are otherwise, while something goes on. */
export interface OddsRatio {
  value: number;
  /** The interval. */
  low: number;
  high: number;
  confidence: number;
  /** Blocks of time that the interval is from. */
  blocks: number;
}

/** Fewer blocks say nothing of how they differ. */
export const LEAST_ODDS_BLOCKS = 8;

/**
 * The odds ratio of events over blocks of time that follow each other.
 *
 * The value is that of all counts together, with ½ added to each of the four (Haldane 1956, Anscombe
 * 1956), so that none is divided by nothing. Events come in clusters and what goes on lasts, so that
 * single events are not independent: the unit is the block. The logarithm's standard error is of a
 * jackknife that leaves out one block at a time (Künsch 1989), taken for blocks as they are, in twos and
 * in fours, of which the largest counts: it grows with the blocks until these are longer than what they
 * have in common (Flyvbjerg and Petersen 1989). It is at least what independent events would have
 * (Woolf 1955). The interval is Student's; the degrees of freedom are one less than the effective number
 * of blocks (Kish 1965), of those with it, those without it and those with events whichever is least.
 *
 * In simulations with bursts of events that last an eighth of a block to a whole one, intervals of 95 %
 * hold the truth in 96 to 98 % where something goes on for 30 % of the time, a third of a block at a
 * time; in 91 to 98 % where for a block at a time; in 81 to 94 % where for 5 % of the time, a block at
 * a time, for there are few of those then.
 *
 * @param runs Blocks in the order of time, run by run: blocks of two runs are never put together.
 * @param confidence Of the interval.
 * @returns `null` where there is nothing to compare: no event, one state of the two only, or fewer than
 * {@linkcode LEAST_ODDS_BLOCKS} blocks.
 * @throws {RangeError} Where the confidence is not between 0 and 1.
 */
export function oddsRatioOverBlocks(
  runs: readonly (readonly OddsBlock[])[],
  confidence = 0.95,
): OddsRatio | null {
  requireConfidence(confidence);
  const single = runs.flat();
  const all = sumOf(single);
  const events = all.eventsOn + all.eventsOff;
  const [on, off] = [all.eventsOn + all.othersOn, all.eventsOff + all.othersOff];
  if (single.length < LEAST_ODDS_BLOCKS || events === 0 || on === 0 || off === 0) return null;
  const log = logOdds(all);
  let reach = 0;
  for (const length of [1, 2, 4]) {
    const blocks = runs.flatMap((run) => inGroups(run, length));
    if (length > 1 && blocks.length < LEAST_ODDS_BLOCKS) break;
    const degrees = effectiveOf(blocks) - 1;
    if (degrees < LEAST_DEGREES) return null;
    const t = studentTQuantile((1 + confidence) / 2, degrees);
    reach = Math.max(reach, t * Math.max(woolf(all), jackknife(blocks, all)));
  }
  return {
    value: Math.exp(log),
    low: Math.exp(log - reach),
    high: Math.exp(log + reach),
    confidence,
    blocks: single.length,
  };
}

/** Below so many degrees of freedom it is not known how blocks differ. */
const LEAST_DEGREES = 3;

/** Added to every count. */
const CORRECTION = 0.5;

function logOdds({ eventsOn, eventsOff, othersOn, othersOff }: OddsBlock): number {
  const h = CORRECTION;
  return Math.log((eventsOn + h) * (othersOff + h) / ((eventsOff + h) * (othersOn + h)));
}

/** The standard error of the logarithm where all events are independent. */
function woolf(counts: OddsBlock): number {
  const parts = [counts.eventsOn, counts.eventsOff, counts.othersOn, counts.othersOff];
  return Math.sqrt(parts.reduce((sum, count) => sum + 1 / (count + CORRECTION), 0));
}

function jackknife(blocks: readonly OddsBlock[], all: OddsBlock): number {
  const without = blocks.map((block) => logOdds(plus(all, block, -1)));
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares * (without.length - 1) / without.length);
}

/** In how many blocks all of it would be, were it equal in each: Kish's number, of what has the fewest. */
function effectiveOf(blocks: readonly OddsBlock[]): number {
  const effective = (of: (block: OddsBlock) => number) => {
    const sum = blocks.reduce((total, block) => total + of(block), 0);
    return sum ** 2 / blocks.reduce((total, block) => total + of(block) ** 2, 0);
  };
  return Math.min(
    effective(({ eventsOn, othersOn }) => eventsOn + othersOn),
    effective(({ eventsOff, othersOff }) => eventsOff + othersOff),
    effective(({ eventsOn, eventsOff }) => eventsOn + eventsOff),
  );
}

/** Neighbours together, so many at a time; what is left over is with the last of them. */
function inGroups(blocks: readonly OddsBlock[], length: number): OddsBlock[] {
  const groups = Math.max(1, Math.floor(blocks.length / length));
  if (blocks.length === 0) return [];
  return Array.from(
    { length: groups },
    (_, i) => sumOf(blocks.slice(i * length, i === groups - 1 ? undefined : (i + 1) * length)),
  );
}

function sumOf(blocks: readonly OddsBlock[]): OddsBlock {
  const none = { eventsOn: 0, eventsOff: 0, othersOn: 0, othersOff: 0 };
  return blocks.reduce((sum, block) => plus(sum, block, 1), none);
}

function plus(a: OddsBlock, b: OddsBlock, times: 1 | -1): OddsBlock {
  return {
    eventsOn: a.eventsOn + times * b.eventsOn,
    eventsOff: a.eventsOff + times * b.eventsOff,
    othersOn: a.othersOn + times * b.othersOn,
    othersOff: a.othersOff + times * b.othersOff,
  };
}
