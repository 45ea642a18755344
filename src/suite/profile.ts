import type { ProfileRecord } from "../result/mod.ts";

/**
 * How much is measured, by name. The times are each run's own; starting processes and filling
 * databases comes on top.
 */
export const PROFILES: Readonly<Record<string, ProfileRecord>> = {
  /** Seconds in all: whether everything works; its numbers are worth nothing. */
  smoke: { name: "smoke", runs: 1, warmupMs: 5, measureMs: 20 },
  /** Half a minute in all: a look; its intervals know one process only. */
  quick: { name: "quick", runs: 1, warmupMs: 100, measureMs: 800 },
  /**
   * Three minutes in all: intervals from several processes and databases. A run's length buys nothing
   * once its fixed cost is paid, and runs buy much: Student's t over the root of them is 2.48 for three,
   * 1.24 for five and 0.84 for eight. It is 0.64 for twelve and 0.50 for eighteen, which a suite may ask
   * for where runs differ most.
   */
  baseline: { name: "baseline", runs: 8, warmupMs: 250, measureMs: 500 },
  /** About a quarter of an hour in all: narrow enough to compare nights. */
  nightly: { name: "nightly", runs: 10, warmupMs: 1000, measureMs: 4000 },
};

/**
 * The same for a comparison whose two sides take turns, a run being a process of each at once. Many
 * short ones: processes of identical code differ by some percent, which only more of them average,
 * and within one a hundred batches say all that there is to say.
 */
export const DUET_PROFILES: typeof PROFILES = {
  smoke: { name: "smoke", runs: 1, warmupMs: 5, measureMs: 15 },
  quick: { name: "quick", runs: 8, warmupMs: 100, measureMs: 120 },
  baseline: { name: "baseline", runs: 16, warmupMs: 150, measureMs: 150 },
  nightly: { name: "nightly", runs: 40, warmupMs: 150, measureMs: 150 },
};

/** The profile of `bench` where none is named. */
export const DEFAULT_PROFILE = "baseline";
