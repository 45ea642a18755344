/**
 * Limits beyond which something is said, each with its reason, here and nowhere else. Shares are of
 * what the name says, 0 to 1. How many runs, blocks or samples a method needs is the method's own, in
 * `src/stats`; which change matters is for the reader to choose, beside the verdicts.
 */
const GIB = 2 ** 30;

/**
 * Share of the measured time that the harness's loop, or a reading of the clock, may take: what is
 * compared with a bound or another store is then the store's to a few per cent, as its interval is.
 */
export const MOST_HARNESS_SHARE = 0.05;

/** Share of the processors' time that other processes may take: as much as the harness itself. */
export const MOST_OTHERS_SHARE = 0.05;

/** A processor taken away for 1 % of the time makes every p99 a measurement of the neighbours. */
export const MOST_STEAL_SHARE = 0.01;

/** With half of the processors in use, the engine's background threads begin to wait for one. */
export const MOST_LOAD_PER_PROCESSOR = 0.5;

/** Room for 400,000 values of 1 KiB, and for a compaction's second copy of them. */
export const LEAST_FREE_BYTES = 1 * GIB;

/** Below this a file system spends time on looking for space, and an SSD on making some. */
export const COMFORTABLE_FREE_BYTES = 5 * GIB;

/**
 * How far the loops over the store that does nothing may differ on the two sides of a comparison: as
 * much as a change of a mean may before it matters.
 */
export const MOST_CALIBRATION_CHANGE = 0.05;

/** Share of unsteady runs that chance alone can give. */
export const MOST_UNSTEADY_SHARE = 0.1;

/** Runs a side below which a test trusts blindly that the spread between runs has one mode. */
export const LEAST_RUNS_OF_ONE_MODE = 5;

/**
 * How far the two sides of Little's law may be apart: the latency and the throughput of a loop are
 * measured apart from each other, and each is off by some per cent.
 */
export const MOST_LITTLES_LAW_ERROR = 0.1;
