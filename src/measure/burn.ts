/**
 * Operations that were made slower on purpose, for testing whether a comparison sees it: after them the
 * thread busy-waits for a given share of the time that they took.
 *
 * It is done around a batch and not around each call of the store: what a wrapper's calls and two more
 * readings of the clock cost after each operation, whose caches the engine has emptied, was measured to
 * be 5 % of a put or of a step of a walk and 10 % of a get, on top of the share.
 */
import type { Clock } from "../native/mod.ts";
import type { BoundOperations } from "./operation.ts";

/**
 * Makes operations slower: batches of them, and single ones where these are timed. Filling is as it was.
 *
 * @param share Of an operation's time that is burned on top; 0: they are as they were.
 * @param clock The one that busy-waiting reads.
 */
export function burned(
  { prepare, iterate, timed }: BoundOperations,
  share: number,
  clock: Clock,
): BoundOperations {
  if (share === 0) return { prepare, iterate, timed };
  /** Waits until what began then has become longer by the share, and says how long it took. */
  const burn = (start: number): number => {
    let now = clock.now();
    const until = start + (now - start) * (1 + share);
    while (now < until) now = clock.now();
    return now - start;
  };
  return {
    prepare,
    iterate(count) {
      const start = clock.now();
      const pending = iterate(count);
      if (pending !== undefined) return pending.then(() => void burn(start));
      burn(start);
      return undefined;
    },
    timed: timed && ((out) => timeEach(timed, burn, clock, out)),
  };
}

/** Times operations one by one, each with what is burned after it. */
function timeEach(
  timed: NonNullable<BoundOperations["timed"]>,
  burn: (start: number) => number,
  clock: Clock,
  out: Float64Array,
): void | Promise<void> {
  for (let i = 0; i < out.length; i++) {
    const start = clock.now();
    const pending = timed(out.subarray(i, i + 1));
    if (pending !== undefined) {
      return pending.then(() => {
        out[i] = burn(start);
        return timeEach(timed, burn, clock, out.subarray(i + 1));
      });
    }
    out[i] = burn(start);
  }
}
