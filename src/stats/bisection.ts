/**
 * The search for the commit that changed how fast a store is, as a pure function of what happened so
 * far: what is to be measured next, or how it ended. Commits are numbers: 0 is the good one, the last
 * the bad one. Resuming is asking again.
 *
 * A binary search asks whether the middle one is slow, and one wrong answer sends it to the wrong half
 * for good. This one keeps the chance of each commit (see `shiftPlace`), asks where the halves are
 * equally likely, and goes on when the answer is plain; wrong answers are outweighed later. The error
 * rate that it is given is spent by halves: on seeing a difference where there is none, and on the
 * commit.
 */
import type { Estimate } from "./estimate.ts";
import { testOverPairs } from "./pairs.ts";
import { type ShiftPairs, shiftPlace } from "./shift_place.ts";

/** What is searched for, and how surely. */
export interface SearchPlan {
  /** Commits after the good one; the last is the bad one. */
  commits: number;
  /** Chance of ending with a wrong answer. @default 0.05 */
  error?: number;
  /** A difference between good and bad below this fraction is not searched for. @default 0.03 */
  least?: number;
  /** Pairs of processes in all; where they do not do it, what is known is told. @default 600 */
  mostPairs?: number;
}

/** Something that happened. */
export type SearchEvent =
  | ({ kind: "measured" } & ShiftPairs)
  | {
    kind: "skipped";
    /** A commit that cannot be measured. */
    commit: number;
  };

/** Pairs that are to be measured. */
export interface Measure {
  kind: "measure";
  base: number;
  candidate: number;
  /** Pairs of processes. */
  pairs: number;
  /** For what: whether good and bad differ, which half it is in, or whether this commit it is. */
  why: "difference" | "half" | "commit";
}

/** Commits that the change is in: after `from`, up to `to`; more than one where some were skipped. */
export interface Span {
  from: number;
  to: number;
  /** Chance that it is in there, if it is one change. */
  chance: number;
}

/** How a search ended. */
export type SearchEnd =
  | { kind: "no difference"; effect: Estimate }
  /** Good or bad itself cannot be measured. */
  | { kind: "no end"; commit: number }
  | { kind: "found"; span: Span; effect: Estimate; whole: Estimate }
  /** The pairs are used up: the likeliest commits that hold it together at the error rate. */
  | { kind: "open"; span: Span; whole: Estimate };

/** After how many pairs of good and bad in all it is looked whether they differ. */
const LOOKS = [16, 24, 36, 54, 80];
/** Pairs of a question. */
const PAIRS = 6;
/** Fresh pairs of a commit and the one before it: they tell its effect, and whether it is the one. */
const CONFIRMING = 20;
/** A question is settled where one of the halves is less likely than this. */
const SETTLED = 0.05;

/**
 * What comes next.
 *
 * @param events What happened, in order.
 * @throws {RangeError} Where there is no commit.
 */
export function nextStep(
  { commits, error = 0.05, least = 0.03, mostPairs = 600 }: SearchPlan,
  events: readonly SearchEvent[],
): Measure | SearchEnd {
  if (!(commits >= 1)) throw new RangeError("Cannot search: there is no commit after the good one");
  const skipped = new Set(
    events.flatMap((event) => event.kind === "skipped" ? [event.commit] : []),
  );
  for (const commit of [0, commits]) if (skipped.has(commit)) return { kind: "no end", commit };
  const measured = events.flatMap((event) => event.kind === "measured" ? [event] : []);
  const whole = pairsOf(measured, 0, commits);
  const differ = differenceOf(whole, error / 2, least);
  if (typeof differ === "number") {
    return { kind: "measure", base: 0, candidate: commits, pairs: differ, why: "difference" };
  }
  if (!differ.sure) return { kind: "no difference", effect: differ.effect };
  const { effect } = differ;
  const places = Array.from({ length: commits }, (_, at) => at + 1).filter((at) =>
    !skipped.has(at)
  );
  const before = (place: number) => places[places.indexOf(place) - 1] ?? 0;
  const chances = shiftPlace(measured, {
    places,
    prior: places.map((place) => (place - before(place)) / commits),
    least: Math.log1p(least) / 2,
  });
  const likeliest = chances.indexOf(Math.max(...chances));
  const used = measured.reduce((sum, { logs }) => sum + logs.length, 0);
  const to = places[likeliest]!;
  const from = before(to);
  const chance = chances[likeliest]!;
  if (chance >= 1 - error / 2) {
    // Of the good and the bad one alone, their pairs are the ones that showed it.
    const fresh = pairsOf(measured, from, to);
    const missing = from === 0 && to === commits ? 0 : CONFIRMING - fresh.length;
    if (missing <= 0) {
      return {
        kind: "found",
        span: { from, to, chance },
        effect: testOverPairs(fresh.map(Math.exp)).ratio,
        whole: effect,
      };
    }
    if (used + missing <= mostPairs) {
      return { kind: "measure", base: from, candidate: to, pairs: missing, why: "commit" };
    }
  }
  if (used + PAIRS > mostPairs) {
    return { kind: "open", span: likelySpan(places, chances, 1 - error / 2), whole: effect };
  }
  const asked = questionOf(places, chances, measured, commits);
  // What a slow one would show has to be known as well as what this one shows.
  const isKnown = pairsOf(measured, 0, asked).length < whole.length;
  return isKnown
    ? { kind: "measure", base: 0, candidate: asked, pairs: PAIRS, why: "half" }
    : { kind: "measure", base: 0, candidate: commits, pairs: PAIRS, why: "difference" };
}

/** log ratios of all pairs of two commits. */
function pairsOf(measured: readonly ShiftPairs[], from: number, to: number): number[] {
  return measured.flatMap(({ base, candidate, logs }) =>
    base === from && candidate === to ? logs : []
  );
}

/**
 * Whether good and bad differ, or how many more pairs it takes to tell. Each look has its share of the
 * error (Bonferroni), so that looking often finds no more.
 */
function differenceOf(
  logs: readonly number[],
  error: number,
  least: number,
): number | { sure: boolean; effect: Estimate } {
  const effectOf = (pairs: number) => testOverPairs(logs.slice(0, pairs).map(Math.exp));
  const isSure = (look: number) => {
    const { ratio, p } = effectOf(look);
    return Math.abs(Math.log(ratio.value)) >= Math.log1p(least) && p < error / LOOKS.length;
  };
  // What a look was sure of stays: pairs that come later tell how much it is.
  const sure = LOOKS.some((look) => look <= logs.length && isSure(look));
  const next = LOOKS.find((look) => look > logs.length);
  if (!sure && next !== undefined) return next - logs.length;
  return { sure, effect: effectOf(logs.length).ratio };
}

/**
 * The commit to ask of: the one that was asked last, until its answer is plain; then the one that
 * leaves the halves most alike. Each has to be built, which takes longer than its pairs.
 */
function questionOf(
  places: readonly number[],
  chances: readonly number[],
  measured: readonly ShiftPairs[],
  commits: number,
): number {
  // After the last one nothing is left to ask.
  const upTo = new Map<number, number>();
  let sum = 0;
  places.forEach((place, index) => upTo.set(place, sum += chances[index]!));
  const last = measured.findLast(({ base, candidate }) => base === 0 && candidate < commits);
  const lately = last && upTo.get(last.candidate);
  if (lately !== undefined && Math.min(lately, 1 - lately) > SETTLED) return last!.candidate;
  const inner = places.slice(0, -1);
  const far = (place: number) => Math.abs(upTo.get(place)! - 1 / 2);
  return inner.reduce((best, place) => far(place) < far(best) ? place : best, inner[0]!);
}

/** The shortest stretch of commits around the likeliest that is as sure as this. */
function likelySpan(places: readonly number[], chances: readonly number[], sure: number): Span {
  const best = chances.indexOf(Math.max(...chances));
  let [first, last, chance] = [best, best, chances[best]!];
  while (chance < sure && (first > 0 || last < places.length - 1)) {
    const left = chances[first - 1] ?? -1;
    const right = chances[last + 1] ?? -1;
    chance += Math.max(left, right);
    if (left > right) first--;
    else last++;
  }
  return { from: places[first - 1] ?? 0, to: places[last]!, chance };
}
