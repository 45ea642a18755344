/** What the history's pages, texts and tables say in the same way. */
import {
  formatChange,
  formatNumber,
  formatRate,
  formatRateRange,
  formatTime,
  formatTimeRange,
} from "../../format/mod.ts";
import {
  type Between,
  type Direction,
  type LastingShift,
  METRIC_WORDS,
  type SeriesJudgement,
  type TonightVerdict,
} from "../../analysis/mod.ts";
import type { MetricName, NightSeries } from "../../result/mod.ts";
import { type Markup, markup } from "../html_page.ts";

/** Marks of the verdicts over tonight; the word beside a mark says the same. */
const MARKS: Record<TonightVerdict, string> = {
  "usual": "=",
  "improved": "✓",
  "regressed": "✗",
  "too small to matter": "≈",
  "too few nights": "?",
  "missing": "–",
};

/** A verdict over tonight as a mark and a word: `✗ regressed`. */
export function verdictText(verdict: TonightVerdict): string {
  return `${MARKS[verdict]} ${verdict}`;
}

/** The mark alone, where the word is beside it in another form. */
export function verdictMark(verdict: TonightVerdict): string {
  return MARKS[verdict];
}

/** The class that colours a verdict. */
export function verdictClass(verdict: TonightVerdict): string {
  return `status ${verdict.replaceAll(" ", "-")}`;
}

/** A way as a mark and a word. */
export function directionText(direction: Direction): string {
  return `${MARKS[direction]} ${direction}`;
}

/** A value in the metric's unit: `104,290 ops/s`, `10.37 µs`. */
export function formatMetric(metric: MetricName, value: number): string {
  return metric === "throughput" ? formatRate(value) : formatTime(value);
}

/** A value with its interval where it has one. */
export function formatValue(
  metric: MetricName,
  { value, low, high }: { value: number; low: number | null; high: number | null },
): string {
  if (low === null || high === null) return formatMetric(metric, value);
  const range = { value, low, high };
  return metric === "throughput" ? formatRateRange(range) : formatTimeRange(range);
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
export function stoodOut({ tonight }: SeriesJudgement): boolean {
  return tonight.verdict === "regressed" || tonight.verdict === "improved";
}

/** Pieces of a line with dots between them. */
export function separated(pieces: readonly Markup[]): Markup {
  return markup`${pieces.map((piece, i) => i === 0 ? piece : markup` · ${piece}`)}`;
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
