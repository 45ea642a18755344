/**
 * What many nights of one benchmark mean: plain data. A series is one metric of one benchmark on one
 * node, a value a night; times are nanoseconds, rates operations a second, changes plain fractions
 * of the level before (+0.05 is 5 % more, whichever way is better).
 */
import type { NightEstimator, NightSeries } from "../../result/mod.ts";

/** Which way a change went. */
export type Direction = "improved" | "regressed";

/** A level that lasted, then another one. */
export interface LastingShift {
  /** The first night of the new level. */
  night: string;
  /** The last night with a value before it. */
  after: string;
  direction: Direction;
  /** Robust levels before and after. */
  from: number;
  to: number;
  /** `to / from − 1`. */
  change: number;
  /** Commits, libraries and conditions on either side, where they differ. */
  between: Between[];
  /** Absent: levels of the metric; `ratio`: of its ratio to the control, which the machine cancels from. */
  of?: "ratio";
  /** Whose it is, where a control was measured before and after it. */
  cause?: ShiftCause;
  /** How much the control changed itself, as a fraction, likewise. */
  control?: number;
  /** What was said when somebody accepted it: it is no news any more. */
  accepted?: string;
}

/**
 * Whose a shift of a metric is: the machine's where the control went along, the store's where the ratio
 * to the control shifted too, and unsure where it did neither.
 */
export type ShiftCause = "store" | "machine" | "unsure";

/** Something that was not the same before and after a shift. */
export interface Between {
  what: "commit" | "library" | "conditions";
  from: string | null;
  to: string | null;
}

/**
 * Where the nights of a series begin to have times of another estimator, such as their tool's medians after
 * its means. Values on both sides are not of one kind: they are never held against each other.
 */
export interface EstimatorChange {
  /** The first night of the other one. */
  night: string;
  /** The last night with a value before it. */
  after: string;
  from: NightEstimator;
  to: NightEstimator;
}

/** A night that stood out and did not last. */
export interface NightAnomaly {
  night: string;
  value: number;
  direction: Direction;
  /** Change from the level around it. */
  change: number;
}

/**
 * How tonight compares with the nights of the present level, by a prediction interval.
 *
 * - `usual`: within the interval;
 * - `improved`, `regressed`: beyond the interval, and beyond the practical floor;
 * - `too small to matter`: beyond the interval, within the practical floor;
 * - `too few nights`: not enough nights at the present level for an interval;
 * - `missing`: tonight has no value.
 */
export type TonightVerdict =
  | Direction
  | "usual"
  | "too small to matter"
  | "too few nights"
  | "missing";

/** Tonight, judged. */
export interface Tonight {
  night: string;
  verdict: TonightVerdict;
  value: number | null;
  /** Where a night of the present level lies but for one in 200; `null` with too few nights. */
  expected: { low: number; high: number } | null;
  /** Robust level of the nights it is judged against; `null` with none. */
  level: number | null;
  /** `value / level − 1`; `null` without a value, and with too few nights, of which nothing is judged. */
  change: number | null;
  /** Nights it was judged against. */
  nights: number;
  /** The change below which nobody would act. */
  floor: number;
  /**
   * Whose it is where it stands out: `machine` where the ratio to the control is usual, which is no
   * verdict of the store. Absent where no control tells.
   */
  cause?: Exclude<ShiftCause, "unsure">;
}

/** The ratios to a control, judged as values are. */
export interface ControlJudgement {
  /** What the control is, e.g. `raw, release=9.10.0`. */
  what: string;
  /** Shifts of the ratio, oldest first. */
  shifts: LastingShift[];
  /** Tonight's ratio among those of the nights before. */
  tonight: Tonight;
  news: LastingShift | null;
  /** Why there is no ratio tonight, as a clause without a period; `null` where there is one. */
  missing: string | null;
}

/** A series with what was found in it. */
export interface SeriesJudgement {
  series: NightSeries;
  /** Oldest first. */
  shifts: LastingShift[];
  /** Oldest first. */
  anomalies: NightAnomaly[];
  /**
   * Where the estimator of its times changed, oldest first; absent where it never did. Shifts, nights that
   * stood out, tonight and the news are of nights of one estimator each.
   */
  estimators?: EstimatorChange[];
  /** What was said of its nights, oldest first; absent where nothing was. */
  notes?: { night: string; text: string }[];
  tonight: Tonight;
  /** How it stood to a control; absent where none was measured lately. */
  control?: ControlJudgement;
  /** The lasting shift of the last nights that the control went along with: the machine's, and no news. */
  machine?: LastingShift;
  /**
   * The lasting shift that is news: that which began in its last {@linkcode NEWS_NIGHTS} measured nights, or
   * all of them as one where there are several. `null` where there is none, or they came back.
   */
  news: LastingShift | null;
  /**
   * What the series comes to, which counts, pages, feed and exit codes go by: `regressed` where tonight
   * or the news has, else `improved` where one of them has, else what tonight is.
   */
  verdict: TonightVerdict;
}

/** Measured nights for which a lasting shift is news: it takes some until it is told from a few odd nights. */
export const NEWS_NIGHTS = 14;

/** A history, judged. */
export interface HistoryJudgement {
  /** Every day from the first night to the last, those without a value too, oldest first. */
  nights: string[];
  /** Those of them on which any series has a value. */
  measured: string[];
  /** By node, then benchmark, then metric. */
  series: SeriesJudgement[];
}
