import type { SlowCause } from "../result/mod.ts";
import type { SlowAnalysis } from "./model.ts";

/** What a load's slow operations are put down to most, beyond what chance would give it. */
export interface MainCause {
  cause: SlowCause;
  /** Of the slow operations, the share that is put down to it. */
  share: number;
  /**
   * Of the operations that were not slow, the share that ended while it went on: what chance alone would
   * have given it. `null` where it is told of each operation itself, or nothing tells of it.
   */
  chance: number | null;
  /** The share of the slow operations that it explains beyond chance. */
  beyond: number;
}

/** Causes that are measured of the operation itself, as most of its own time: nothing of them is chance. */
const MOST_OF_ITS_TIME: ReadonlySet<SlowCause> = new Set([
  "runQueue",
  "hiccup",
  "generator",
  "fsync",
]);

/**
 * Whether a cause is measured of the operation itself, and did not merely go on beside it.
 *
 * @param inFlight Whether one thread had several operations in flight: a collection in it was beside all of
 * them, and which of them it held up nobody knows. Else its heap is the one operation's.
 */
function isMeasuredOfItself(cause: SlowCause, inFlight: boolean): boolean {
  return MOST_OF_ITS_TIME.has(cause) || (cause === "collection" && !inFlight);
}

/**
 * The main cause of a load's slow operations: the one that explains the largest share of them. What merely
 * overlapped them explains (s − c) ÷ (1 − c) of them, where s is the share that is put down to it and c
 * the share of the others that ended while it went on: the attributable fraction of something that is
 * met by c of all (Levin 1953), for slow ones are few. Not known is a cause like the others, so that what
 * explains little is no main cause.
 *
 * @param beside Of the operations that were not slow, the share that ended while a cause went on; `null`
 * where nobody counted, for which the share of the time stands.
 * @param inFlight As in {@linkcode isMeasuredOfItself}.
 * @returns `null` where nothing explains more than chance would.
 */
export function mainCause(
  causes: SlowAnalysis["causes"],
  beside: (cause: SlowCause) => number | null,
  inFlight = false,
): MainCause | null {
  const all = causes.map(({ cause, share, anyway }): MainCause => {
    if (isMeasuredOfItself(cause, inFlight) || cause === "unknown") {
      return { cause, share, chance: null, beyond: share };
    }
    const chance = beside(cause) ?? anyway;
    // Of what nobody knows how often it goes on, nothing is known to be more than chance.
    if (chance === null || chance >= 1) return { cause, share, chance, beyond: 0 };
    return { cause, share, chance, beyond: Math.max(0, (share - chance) / (1 - chance)) };
  });
  const main = all.reduce<MainCause | undefined>(
    (most, each) => most === undefined || each.beyond > most.beyond ? each : most,
    undefined,
  );
  return main === undefined || main.beyond === 0 ? null : main;
}
