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

/** A shift in a few words: `−5.2% since 2026-03-01`. */
export function shiftText({ change, night }: LastingShift): string {
  return `${formatChange(change)} since ${night}`;
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
