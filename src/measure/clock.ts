import type { Clock } from "../native/mod.ts";

/** What reading a clock costs, in ns: stated beside every latency that it took part in. */
interface ClockCost {
  /** Mean time of one reading. */
  costNs: number;
  /** Smallest difference between two readings that differ. */
  stepNs: number;
}

/**
 * Measures what a clock costs and how fine it is.
 *
 * @param readings How often to read it. @default 100_000
 */
export function clockCost(clock: Clock, readings = 100_000): ClockCost {
  // Twice, since the first round is what warms the code up.
  let cost = readRound(clock, readings);
  cost = readRound(clock, readings);
  return cost;
}

/** Calls of a round, and rounds: the first ones compile the loop, and the shortest one tells. */
const CROSSINGS = 10_000;
const CROSSING_ROUNDS = 20;

/**
 * Measures what a call into an engine's library costs that does nothing there.
 *
 * @param cross Makes so many of them.
 * @param rounds How often, of which the shortest counts. @default 20
 * @returns Mean time of one, ns.
 */
export function crossingCost(
  clock: Clock,
  cross: (count: number) => void,
  rounds = CROSSING_ROUNDS,
): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = clock.now();
    cross(CROSSINGS);
    least = Math.min(least, clock.now() - start);
  }
  return least / CROSSINGS;
}

function readRound(clock: Clock, readings: number): ClockCost {
  let step = Infinity;
  const start = clock.now();
  let last = start;
  for (let i = 0; i < readings; i++) {
    const now = clock.now();
    if (now > last && now - last < step) step = now - last;
    last = now;
  }
  return { costNs: (last - start) / readings, stepNs: step };
}
