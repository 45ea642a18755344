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
