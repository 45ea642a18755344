/** What the history's pages, texts and tables say in the same way. */
import {
  formatChange,
  formatNumber,
  formatRate,
  formatTime,
  joinRange,
  type RangeText,
} from "../../format/mod.ts";
import {
  type Between,
  type EstimatorChange,
  type LastingShift,
  METRIC_WORDS,
  metricRangeText,
  type SeriesJudgement,
} from "../../analysis/mod.ts";
import type { MetricName, NightSeries } from "../../result/mod.ts";
import { type Inline, inline, status } from "../document.ts";

/** A value in the metric's unit: `104,290 ops/s`, `10.37 µs`. */
export function formatMetric(metric: MetricName, value: number): string {
  return metric === "throughput" ? formatRate(value) : formatTime(value);
}

/** A value with its interval where it has one, apart. */
export function valueText(
  metric: MetricName,
  { value, low, high }: { value: number; low: number | null; high: number | null },
): RangeText {
  if (low === null || high === null) return { text: formatMetric(metric, value) };
  return metricRangeText(metric, { value, low, high });
}

/** A value with its interval where it has one. */
export function formatValue(
  metric: MetricName,
  value: Parameters<typeof valueText>[1],
): string {
  return joinRange(valueText(metric, value));
}

/** The name of a series: `raw/read/100 p99 on node01`. */
export function seriesName({ benchmark, metric, node }: NightSeries): string {
  return `${benchmark} ${METRIC_WORDS[metric]} on ${node}`;
}

/** A shift in a few words: `−5.2% since 2026-03-01`, and whose it is where a control tells. */
export function shiftText(shift: LastingShift): string {
  const { change, night } = shift;
  const whose = causeText(shift);
  const text = `${formatChange(change)} since ${night}${whose === null ? "" : `, ${whose}`}`;
  return shift.accepted === undefined ? text : `${text} (accepted)`;
}

/** Another estimator in a few words: `mean → median since 2026-03-01, judged apart`. */
export function estimatorText({ from, to, night }: EstimatorChange): string {
  return `${from} → ${to} since ${night}, judged apart`;
}

/** Whose a shift is, as a clause; `null` where no control tells. */
export function causeText({ of, cause, control }: LastingShift): string | null {
  if (of === "ratio") return "the store, against its control";
  if (cause === undefined || control === undefined) return null;
  const moved = `the control ${formatChange(control)}`;
  if (cause === "machine") return `the machine, ${moved} too`;
  return cause === "store" ? `the store, ${moved}` : `not known whose, ${moved}`;
}

/** The levels on both sides of a shift: values, or times the control's. */
export function levelTexts(metric: MetricName, { of, from, to }: LastingShift): [string, string] {
  const show = (level: number) =>
    of === "ratio" ? `${formatNumber(level, 4)} × the control` : formatMetric(metric, level);
  return [show(from), show(to)];
}

/** Tonight's ratio to the control, or why there is none; `null` where none was measured lately. */
export function controlText({ control }: SeriesJudgement): string | null {
  if (control === undefined) return null;
  const { what, missing, tonight } = control;
  if (tonight.value === null) return `no control tonight: ${missing ?? "it was not measured"}`;
  const { expected, change } = tonight;
  const from = change === null ? "" : `, ${formatChange(change)} from its level`;
  const range = expected === null
    ? ""
    : `, expected ${formatNumber(expected.low, 4)} to ${formatNumber(expected.high, 4)}`;
  return `${formatNumber(tonight.value, 4)} × the control (${what})${from}${range}`;
}

/** How many digits of a commit are shown: enough to find it by. */
const COMMIT_DIGITS = 12;

/** A commit as it is shown. */
export function shortCommit(commit: string): string {
  return /^[0-9a-f]{20,}$/i.test(commit) ? commit.slice(0, COMMIT_DIGITS) : commit;
}

/** What lies between two levels, a clause each; digests of conditions are not for people. */
export function betweenTexts(between: readonly Between[], details: readonly string[]): string[] {
  return between.flatMap(({ what, from, to }) => {
    if (what === "conditions") {
      return details.length > 0 ? details : ["other conditions (machine, options or workload)"];
    }
    const show = (text: string | null) =>
      text === null ? "not recorded" : what === "commit" ? shortCommit(text) : text;
    return [`${what} ${show(from)} → ${show(to)}`];
  });
}

/**
 * The metric that stands for a benchmark where there is room for one: the throughput, else the mean
 * time, else the first that there is.
 */
export function headline(series: readonly SeriesJudgement[]): SeriesJudgement {
  const of = (metric: MetricName) => series.find(({ series }) => series.metric === metric);
  return of("throughput") ?? of("mean") ?? series[0]!;
}

/** Whether tonight is one that somebody should look at. */
export function stoodOutTonight({ tonight }: SeriesJudgement): boolean {
  return tonight.verdict === "regressed" || tonight.verdict === "improved";
}

/** Whether there is anything that somebody should look at, tonight or in the last nights. */
export function stoodOut({ verdict }: SeriesJudgement): boolean {
  return verdict === "regressed" || verdict === "improved";
}

/** What a series comes to, as an outcome: `regressed`, or `regressed for good` where tonight is usual. */
export function verdictStatus({ verdict, tonight, news }: SeriesJudgement): Inline {
  const isForGood = news?.direction === verdict && tonight.verdict !== verdict;
  return isForGood ? status(verdict, `${verdict} for good`) : status(verdict);
}

/** Pieces of a line with dots between them. */
export function separated(pieces: readonly Inline[][]): Inline[] {
  return pieces.flatMap((piece, i) => i === 0 ? piece : [...inline(" · "), ...piece]);
}

/** One unit for all values of a page: what to divide by, and its name. */
export interface Unit {
  factor: number;
  name: string;
}

/** The unit that suits a metric's typical value; times are nanoseconds. */
export function unitOf(metric: MetricName, typical: number): Unit {
  if (metric === "throughput") return { factor: 1, name: "ops/s" };
  for (const [name, factor] of [["s", 1e9], ["ms", 1e6], ["µs", 1e3]] as const) {
    if (typical >= factor) return { factor, name };
  }
  return { factor: 1, name: "ns" };
}

/** A number in a unit that stands in the column's header. */
export function formatIn({ factor }: Unit, metric: MetricName, value: number): string {
  return formatNumber(value / factor, metric === "throughput" ? 5 : 4);
}
