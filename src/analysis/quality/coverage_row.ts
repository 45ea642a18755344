/** How often an interval holds the truth, in one situation. */

/** How often one kind of interval held the truth in one situation. */
export interface CoverageRow {
  interval: string;
  data: string;
  runs: number;
  /** Samples or operations in a run. */
  n: number;
  repetitions: number;
  coverage: number;
  /** How reports print it. Every report says how many runs can miss what. */
  printed: "plainly" | "with a warning" | "not printed";
  /** Share of cases of which it is told that the interval does not fit; of those that it fits, falsely. */
  told?: number;
}

/** Runs of the simulations that take several counts of them up to a gate's twice over. */
export const QUANTILE_RUNS = [3, 5, 10, 20];

interface Held {
  low: number;
  high: number;
}

/** Share of the repetitions in which an interval held the truth. */
export function share(repetitions: number, truth: number, draw: () => Held): number {
  let held = 0;
  for (let i = 0; i < repetitions; i++) {
    const { low, high } = draw();
    if (low <= truth && truth <= high) held++;
  }
  return held / repetitions;
}
