/** Stretches in which servers answered nothing, as where a leader was lost. */
import type { RunRecord } from "../result/mod.ts";

/** A time without an answer is a gap where it is longer than this, and than some operations; ns. */
const LEAST_GAP_NS = 500e6;
/** Operations in the mean, as {@linkcode LEAST_GAP_NS}. */
const MOST_TIMES = 20;

/** A gap of a run, and what happened in its servers meanwhile. */
export interface ServersGap {
  /** When it began, after the measuring did, ns. */
  atNs: number;
  ns: number;
  /** Changes that any member saw. */
  leaderChanges: number;
  /** Attempts beyond the operations' first. */
  retries: number;
}

/**
 * Whether a time without an answer is none of the ordinary.
 *
 * @param happened Whether a leader changed or an operation was tried again: a gap makes the mean longer
 * too, so that it is not asked then.
 */
export function isGap(ns: number, meanNs: number, happened: boolean): boolean {
  return ns > LEAST_GAP_NS && (happened || ns > MOST_TIMES * meanNs);
}

/** The gap of a run; `null` where there was none. */
export function gapOf({ gap, meanNs, retries, members }: NonNullable<RunRecord["servers"]>):
  | ServersGap
  | null {
  const leaderChanges = Math.max(0, ...members.map(({ counts }) => counts.leaderChanges ?? 0));
  if (!isGap(gap.ns, meanNs, leaderChanges > 0 || retries > 0)) return null;
  return { atNs: gap.atNs, ns: gap.ns, leaderChanges, retries };
}
