import { studentTQuantile } from "./distributions.ts";
import { mean, sampleStdDev } from "./estimators.ts";
import { monotonicTrend } from "./trend.ts";

/** Windows below which a step cannot be judged: growth is told from noise by their order. */
export const LEAST_STEP_WINDOWS = 8;

/** Share of the offered operations that has to be done. */
const LEAST_ACHIEVED = 0.99;
/**
 * How fast the backlog grows, s of it a second: where it is surely beyond the first it grows, and where
 * it seems to be below the second it does not. A store that does 99 % of what is offered is behind by
 * 0.01 s more each second.
 */
const BACKLOG = { grows: 0.002, keeps: 0.01 };
/**
 * The same of compaction debt, bytes of it for each byte that is put. It goes up and down by whole
 * compactions, so that a step can seldom show that it surely does not grow.
 */
const DEBT = { grows: 0.005, keeps: 0.005 };
/** Of the intervals that tell growth from noise: to fall behind ends the search upward. */
const SURE_GROWTH = 0.99;
/** Of the response's interval. */
const CONFIDENCE = 0.95;

/** A stretch of time at one rate, after it has settled. Windows are equally long. */
export interface StepWindow {
  /** Operations that ended in it. */
  operations: number;
  /** Median of the response times, ns: it grows as the backlog does. `null` where nothing ended. */
  responseP50: number | null;
  responseP99: number | null;
  /** Bytes that compaction has still to rewrite, at the window's end; `null` where nobody tells. */
  debtBytes: number | null;
  /** Bytes that were put in it. */
  bytesPut: number;
}

/** One rate, as it was tried. */
export interface LoadStep {
  /** Operations a second that were offered. */
  rate: number;
  /** Length of a window, s. */
  seconds: number;
  windows: readonly StepWindow[];
}

/**
 * What a step came to. `behind`: more was offered than was done, or will be, once the debt is to be
 * paid. `slow`: all of it was done, and later than it may be. `unsure`: the noise is larger than the
 * distance to a bound.
 */
export type StepVerdict = "passed" | "behind" | "slow" | "unsure";

/** The verdict, and what decided it. */
export interface JudgedStep {
  verdict: StepVerdict;
  /** `null` where nothing stood against it. */
  by: "achieved" | "backlog" | "debt" | "response" | null;
  /** Share of what was offered that was done. */
  achieved: number;
}

/**
 * Judges a step: whether it is within the capacity, and where a bound is given within the usable one.
 *
 * @param mostResponseP99 The bound of the response's p99, ns. @default none
 * @throws {RangeError} On fewer than {@linkcode LEAST_STEP_WINDOWS} windows.
 */
export function judgeStep(step: LoadStep, mostResponseP99?: number): JudgedStep {
  const { rate, seconds, windows } = step;
  if (windows.length < LEAST_STEP_WINDOWS) {
    throw new RangeError(
      `Cannot judge a rate: it has ${windows.length} windows, and needs ${LEAST_STEP_WINDOWS}`,
    );
  }
  const done = windows.reduce((sum, { operations }) => sum + operations, 0);
  const offered = rate * seconds * windows.length;
  const achieved = done / offered;
  // Poisson arrivals vary by the root of their number.
  if (achieved < LEAST_ACHIEVED - 2 / Math.sqrt(offered)) {
    return { verdict: "behind", by: "achieved", achieved };
  }
  const lags = windows.map(({ responseP50 }) => (responseP50 ?? Infinity) / 1e9 / seconds);
  if (lags.includes(Infinity)) return { verdict: "behind", by: "achieved", achieved };
  const growths: { by: "backlog" | "debt"; growth: ReturnType<typeof growthOf> }[] = [
    { by: "backlog", growth: growthOf(lags, BACKLOG) },
  ];
  const put = mean(windows.map(({ bytesPut }) => bytesPut));
  const debts = windows.flatMap(({ debtBytes }) => debtBytes === null ? [] : [debtBytes / put]);
  if (put > 0 && debts.length === windows.length) {
    growths.push({ by: "debt", growth: growthOf(debts, DEBT) });
  }
  const grown = growths.find(({ growth }) => growth === "grows");
  if (grown !== undefined) return { verdict: "behind", by: grown.by, achieved };
  const response = mostResponseP99 === undefined
    ? "within"
    : heldAgainst(windows.map(({ responseP99 }) => responseP99!), mostResponseP99);
  if (response === "above") return { verdict: "slow", by: "response", achieved };
  const unsure = growths.find(({ growth }) => growth === "unsure");
  if (unsure !== undefined) return { verdict: "unsure", by: unsure.by, achieved };
  if (response === "unsure") return { verdict: "unsure", by: "response", achieved };
  return { verdict: "passed", by: null, achieved };
}

/** Whether values grow from window to window, by Sen's interval of their slope. */
function growthOf(values: number[], { grows, keeps }: { grows: number; keeps: number }) {
  const { low, slope } = monotonicTrend(values, SURE_GROWTH);
  return low > grows ? "grows" : slope < keeps ? "keeps" : "unsure";
}

/** Where the geometric mean of positive values lies beside a bound, by its interval. */
function heldAgainst(values: readonly number[], bound: number): "within" | "above" | "unsure" {
  const logs = values.map((value) => Math.log(value / bound));
  const middle = mean(logs);
  const reach = studentTQuantile((1 + CONFIDENCE) / 2, logs.length - 1) *
    sampleStdDev(logs) / Math.sqrt(logs.length);
  return middle + reach < 0 ? "within" : middle - reach > 0 ? "above" : "unsure";
}
