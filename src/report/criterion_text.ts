/**
 * criterion's text output, to the letter: its users and their scripts read it. The format is that of
 * criterion.rs 0.5 (`report.rs`, `format.rs`, `measurement.rs`).
 */
import type { Range } from "../format/mod.ts";
import type { ChangeVerdict, OutlierCounts } from "../analysis/mod.ts";

/** What a block shows. */
export interface CriterionText {
  /** The benchmark's id, e.g. `write_throughput/10000`. */
  id: string;
  /** Time of one iteration with its interval, ns. */
  time: Range;
  /** Operations in one iteration; absent for benchmarks that state no throughput. */
  elements?: number;
  outliers?: OutlierCounts;
  /** How it differs from an earlier measurement. */
  change?: CriterionChange;
}

/** A difference in criterion's form; the verdict was given elsewhere, and is only told here. */
export interface CriterionChange {
  /** Mean now / mean then − 1, with its interval. */
  mean: Range;
  /** p-value of the test, and the level it is held against. */
  p: number;
  significance: number;
  verdict: ChangeVerdict;
}

/** The column at which `time:` stands. */
const INDENT = 24;

/**
 * The block that criterion prints for a benchmark, without a line end at its end:
 *
 * ```text
 * write_throughput/10000  time:   [94.953 ms 95.885 ms 96.931 ms]
 *                         thrpt:  [103.17 Kelem/s 104.29 Kelem/s 105.32 Kelem/s]
 * Found 1 outliers among 10 measurements (10.00%)
 *   1 (10.00%) high severe
 * ```
 */
export function criterionBlock({ id, time, elements, outliers, change }: CriterionText): string {
  const rows: string[] = [];
  // An id that would touch the time stands on a line of its own.
  const beside = id.length < INDENT;
  if (!beside) rows.push(id);
  const times = [time.low, time.value, time.high].map(criterionTime);
  rows.push(`${(beside ? id : "").padEnd(INDENT)}time:   [${times.join(" ")}]`);
  if (elements !== undefined) {
    const rates = [time.high, time.value, time.low]
      .map((ns) => criterionThroughput(elements * 1e9 / ns));
    rows.push(`${" ".repeat(INDENT)}thrpt:  [${rates.join(" ")}]`);
  }
  if (change !== undefined) rows.push(...changeRows(change, elements !== undefined));
  if (outliers !== undefined && outliers.total > 0) rows.push(...outlierRows(outliers));
  return rows.join("\n");
}

function changeRows({ mean, p, significance, verdict }: CriterionChange, rates: boolean): string[] {
  const indent = " ".repeat(INDENT);
  // criterion has two decimals, which a level below 0.01 would not show in.
  const places = significance < 0.01 ? 3 : 2;
  const times = [mean.low, mean.value, mean.high].map(criterionPercent).join(" ");
  const side = p < significance ? "<" : ">";
  const test = `(p = ${p.toFixed(places)} ${side} ${significance.toFixed(places)})`;
  // Half the time is twice the rate.
  const rate = (change: number) => criterionPercent(1 / (1 + change) - 1);
  const rows = rates
    ? [
      `${" ".repeat(17)}change:`,
      `${indent}time:   [${times}] ${test}`,
      `${indent}thrpt:  [${[mean.high, mean.value, mean.low].map(rate).join(" ")}]`,
    ]
    : [`${indent}change: [${times}] ${test}`];
  return [...rows, `${indent}${CHANGE_SENTENCES[verdict]}`];
}

/** criterion's sentences, and one of its kind for what criterion never says. */
const CHANGE_SENTENCES: Record<ChangeVerdict, string> = {
  "improved": "Performance has improved.",
  "regressed": "Performance has regressed.",
  "unchanged": "No change in performance detected.",
  "too small to matter": "Change within noise threshold.",
  "inconclusive": "Change not conclusive.",
};

function outlierRows(outliers: OutlierCounts): string[] {
  const percent = (count: number) => `${(count / outliers.samples * 100).toFixed(2)}%`;
  const classes = [
    [outliers.lowSevere, "low severe"],
    [outliers.lowMild, "low mild"],
    [outliers.highMild, "high mild"],
    [outliers.highSevere, "high severe"],
  ] as const;
  const { total, samples } = outliers;
  return [
    // criterion has no singular here.
    `Found ${total} outliers among ${samples} measurements (${percent(total)})`,
    ...classes.filter(([count]) => count > 0)
      .map(([count, label]) => `  ${count} (${percent(count)}) ${label}`),
  ];
}

/** criterion's five digits: four decimals below 10, three below 100, two, one, none. */
function short(value: number): string {
  // As Rust writes it: the rate of an interval of times that reaches down to 0.
  if (value === Infinity) return "inf".padStart(6);
  const places = value < 10 ? 4 : value < 100 ? 3 : value < 1_000 ? 2 : value < 10_000 ? 1 : 0;
  return value.toFixed(places).padStart(6);
}

/** A relative change with its sign, the minus being U+2212: `−1.2340%`. */
export function criterionPercent(change: number): string {
  const size = short(Math.abs(change * 100)).trimStart();
  return `${`${change < 0 ? "\u2212" : "+"}${size}`.padStart(6)}%`;
}

/** A time in the unit that criterion picks for it: `95.885 ms`. */
export function criterionTime(ns: number): string {
  if (ns < 1) return `${short(ns * 1e3)} ps`;
  if (ns < 1e3) return `${short(ns)} ns`;
  if (ns < 1e6) return `${short(ns / 1e3)} µs`;
  if (ns < 1e9) return `${short(ns / 1e6)} ms`;
  return `${short(ns / 1e9)} s`;
}

/** A rate in the unit that criterion picks for it: `104.29 Kelem/s`. */
export function criterionThroughput(perSecond: number): string {
  // criterion pads the plain unit, so that the brackets of rows line up.
  if (perSecond < 1e3) return `${short(perSecond)}  elem/s`;
  if (perSecond < 1e6) return `${short(perSecond / 1e3)} Kelem/s`;
  if (perSecond < 1e9) return `${short(perSecond / 1e6)} Melem/s`;
  return `${short(perSecond / 1e9)} Gelem/s`;
}
