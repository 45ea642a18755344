/** The first screen: the verdict in a sentence, five numbers a store, the machine's noise, one figure. */
import { capitalised, plural } from "../../format/mod.ts";
import {
  type Analysis,
  type BenchmarkAnalysis,
  benchmarkOf,
  formatBound,
  formatMetricValue,
  type MetricEstimate,
  metricWords,
  OPERATIONS,
  type OperationWord,
  type TargetVerdict,
  verdictWords,
  withoutInterval,
} from "../../analysis/mod.ts";
import type { MetricName, Result } from "../../result/mod.ts";
import {
  aside,
  type Block,
  code,
  type Figure,
  heading,
  type Inline,
  inline,
  paragraph,
  quantity,
  status,
  strong,
  type Table,
  table,
  type Words,
} from "../document.ts";
import { loadsFigure, targetsFigure, timesFigure } from "../plots/mod.ts";
import { prose } from "../prose.ts";
import { measured } from "./measured.ts";

/** The title, and what answers without turning the page. */
export function firstScreen(result: Result, analysis: Analysis): Block[] {
  return [
    heading(1, prose(result.suite.title, result)),
    ...verdictParagraph(analysis),
    ...answerOf(analysis).map(({ text }) => paragraph(text)),
    ...headlineTables(analysis),
    ...noiseParagraph(analysis),
    ...oneFigure(analysis),
  ];
}

/** What was asked for against its target; else what operations take, or of loads alone what loads do. */
function oneFigure(analysis: Analysis): Figure[] {
  const loadsOnly = analysis.benchmarks.every(({ kind }) => kind === "load");
  const figures = [targetsFigure, ...(loadsOnly ? [loadsFigure] : []), timesFigure, loadsFigure];
  for (const draw of figures) {
    const drawn = draw(analysis);
    if (drawn.length > 0) return drawn;
  }
  return [];
}

/** The outcome that the targets have together: the worst of them; `null` where none was set. */
export function overallVerdict({ targets }: Analysis): TargetVerdict["verdict"] | null {
  const own = targets.filter(({ planned }) => planned).map(({ verdict }) => verdict);
  const worst = (["missed", "inconclusive", "met in one run", "met"] as const)
    .find((verdict) => own.includes(verdict));
  return worst ?? null;
}

/** Findings that are what was measured for where no target was set, the first of them that there is. */
const ANSWERS = ["load-share", "soak"];

/** What answers on the first screen where no verdict does: one finding, or none. */
export function answerOf(analysis: Analysis): Analysis["findings"] {
  if (overallVerdict(analysis) !== null) return [];
  const told = ANSWERS.flatMap((id) => analysis.findings.filter((finding) => finding.id === id));
  return told.slice(0, 1);
}

function verdictParagraph(analysis: Analysis): Block[] {
  const finding = findingText(analysis, "verdict");
  const incomplete = analysis.caveats.find(({ id }) => id === "incomplete");
  const worst = overallVerdict(analysis);
  const mark = worst === null ? [] : [
    status(worst, verdictWords({ verdict: worst, runs: leastRuns(analysis) })),
    ": ",
  ];
  return [
    paragraph([...mark, strong(finding ?? NOTHING)]),
    ...(incomplete === undefined ? [] : [paragraph(incomplete.text)]),
  ];
}

/** What there is to say of a result that has no number. */
const NOTHING = "No benchmark was planned: there is nothing to judge.";

/** Runs of the target that has fewest: `met in one run` where it is one. */
function leastRuns({ targets }: Analysis): number {
  return Math.min(...targets.filter(({ planned }) => planned).map(({ runs }) => runs));
}

function noiseParagraph(analysis: Analysis): Block[] {
  const text = findingText(analysis, "machine-noise");
  return text === null ? [] : [paragraph(text)];
}

/** The sentence of a finding; `null` where its condition does not hold. */
export function findingText({ findings }: Analysis, id: string): string | null {
  return findings.find((finding) => finding.id === id)?.text ?? null;
}

/** A number of the first screen: a rate, a mean time or a tail, of one operation. */
interface Headline {
  /** `Write, ops/s`. */
  header: string;
  operation: OperationWord;
  kind: "throughput" | "latency";
  metric: "throughput" | "mean" | "p90" | "p99";
}

/** Loads that stand among the operations; more have a table of their own. */
const MOST_LOADS = 2;

/** Rows of the loads' table, which is not all that the first screen has room for. */
const MOST_LOAD_ROWS = 10;

/** The most stores that stand side by side on a phone; more stand below one another. */
const MOST_SIDE_BY_SIDE = 3;

/**
 * Rates and tails of each store, and the targets that they are held against; of loads alone, or of many,
 * a table of theirs. Numbers that no store has are left out, and a dash stands for what was not asked of
 * a store. Where many stores stand below one another, those that have none of the numbers are left out.
 *
 * @returns None where there is no number.
 */
export function headlineTables(analysis: Analysis): Block[] {
  const { benchmarks } = analysis;
  const shown = headlines(analysis);
  const loads = benchmarks.filter(({ kind }) => kind === "load");
  const few = new Set(loads.map(({ name }) => name)).size <= MOST_LOADS;
  const among = shown.length > 0 && few ? loadHeadlines(loads) : [];
  return [
    ...(shown.length === 0 ? [] : [operationsTable(analysis, shown, among)]),
    ...(loads.length === 0 || among.length > 0 ? [] : loadsTable(analysis, loads)),
  ];
}

/** Operations, and loads among them, by store. */
function operationsTable(
  { targets, benchmarks }: Analysis,
  shown: readonly Headline[],
  loaded: readonly LoadHeadline[],
): Table {
  const stores = [...new Set(benchmarks.map(({ store }) => store))];
  const judged = (headline: Headline, store?: string) =>
    targets.filter(({ planned, operation, target, store: own }) =>
      planned && operation !== null && OPERATIONS[operation].word === headline.operation &&
      target.metric === headline.metric && (store === undefined || own === store)
    );
  const cell = (headline: Headline, store: string): Inline[] => [
    ...valueCell(metricOfHeadline(benchmarks, headline, store)),
    ...judged(headline, store).filter(({ verdict }) => verdict !== "met").map((verdict) =>
      aside(status(verdict.verdict, verdictWords(verdict)))
    ),
  ];
  const label = "The numbers in short";
  if (stores.length > MOST_SIDE_BY_SIDE) {
    return table(
      ["Store", ...[...shown, ...loaded].map(({ header }) => `>${header}`)],
      stores.filter((store) =>
        shown.some((headline) => isTold(metricOfHeadline(benchmarks, headline, store))) ||
        loaded.some((headline) => isTold(metricOfLoad(headline, store)))
      ).map((store) => [
        code(store),
        ...shown.map((headline) => cell(headline, store)),
        ...loaded.map((headline) => loadCell(headline, store)),
      ]),
      { label },
    );
  }
  return table(
    ["Metric", ...stores.map((store) => `>${store}`)],
    [
      ...shown.map((headline): Words[] => {
        // The unit of rates is the row's.
        const bounds = new Set(
          judged(headline).map(({ target }) => formatBound(target).replace(/ ops\/s$/, "")),
        );
        return [
          [headline.header, ...[...bounds].map((bound) => aside(["target ", quantity(bound)]))],
          ...stores.map((store) => cell(headline, store)),
        ];
      }),
      ...loaded.map((headline): Words[] => [
        headline.header,
        ...stores.map((store) => loadCell(headline, store)),
      ]),
    ],
    { label },
  );
}

/** A metric under a header that has its unit; a dash where the store was not asked for it. */
function valueCell(row: MetricEstimate | undefined): Inline[] {
  if (row === undefined) return inline("–");
  const { metric, estimate, point, pooled } = row;
  if (estimate !== null) {
    return [measured(metric, estimate)];
  }
  return inline(
    point === undefined && pooled !== undefined
      ? `pooled ${formatMetricValue(metric, pooled)}`
      : withoutInterval(row, { underUnit: true }),
  );
}

/** A rate or a tail of a load. */
interface LoadHeadline {
  /** `mixed/90-10, ops/s`. */
  header: string;
  metric: MetricName;
  benchmarks: readonly BenchmarkAnalysis[];
}

/** Rate and tail of each load. */
function loadHeadlines(loads: readonly BenchmarkAnalysis[]): LoadHeadline[] {
  return [...Map.groupBy(loads, ({ name }) => name)].flatMap(([name, own]): LoadHeadline[] => [
    { header: `${name}, ops/s`, metric: "throughput", benchmarks: own },
    ...deepest(own, ["p999", "p99", "p90"]).map((metric) => ({
      header: `${name} ${metricWords(own[0]!, metric)}`,
      metric,
      benchmarks: own,
    })),
  ]);
}

/** The first of some quantiles that half of some benchmarks have; none where none of them is had. */
function deepest<T extends MetricName>(
  benchmarks: readonly BenchmarkAnalysis[],
  quantiles: readonly T[],
): T[] {
  const have = (metric: T) =>
    benchmarks.filter(({ metrics }) => metrics.some((row) => row.metric === metric && isKnown(row)))
      .length;
  const had = quantiles.filter((metric) => have(metric) > 0);
  const found = had.find((metric) => have(metric) * 2 >= benchmarks.length) ?? had[0];
  return found === undefined ? [] : [found];
}

function isKnown({ estimate, point, pooled }: MetricEstimate): boolean {
  return estimate !== null || point !== undefined || pooled !== undefined;
}

function loadCell(headline: LoadHeadline, store: string): Inline[] {
  return valueCell(metricOfLoad(headline, store));
}

function metricOfLoad(
  { metric, benchmarks }: LoadHeadline,
  store: string,
): MetricEstimate | undefined {
  return benchmarks.find((benchmark) => benchmark.store === store)?.metrics
    .find((row) => row.metric === metric);
}

/** Whether there is a number, or why there is none of operations that were timed. */
function isTold(row: MetricEstimate | undefined): boolean {
  return row !== undefined && (isKnown(row) || row.missing !== undefined);
}

/** Columns of the loads' table, of service times and of responses. */
const LOAD_QUANTILES = {
  service: ["p50", "p99", "p999"],
  response: ["responseP50", "responseP99", "responseP999"],
} as const;

/**
 * Rate and times of loads, a row each: of a schedule response times, which count from when an operation
 * was due, and beside those that are refused the service times.
 */
function loadsTable({ stores }: Analysis, loads: readonly BenchmarkAnalysis[]): Block[] {
  const ordered = [...Map.groupBy(loads, ({ name }) => name).values()].flat();
  const rows = ordered.slice(0, MOST_LOAD_ROWS);
  const times = new Set(rows.map(timesOf));
  const several = stores.length > 1;
  // Where all rows have times of one kind the headers say which.
  const [only] = times.size === 1 ? times : [];
  const headers = ["p50", "p99", "p99.9"].map((quantile) =>
    `>${only === undefined ? quantile : capitalised(`${only} ${quantile}`)}`
  );
  return [
    table(
      ["Load", ...(several ? ["Store"] : []), ">ops/s", ...headers],
      rows.map((benchmark) => {
        const own = timesOf(benchmark);
        const of = (metric: MetricName) => benchmark.metrics.find((row) => row.metric === metric);
        return [
          // Where it has to break, it does so after a part of it.
          [
            { type: "name", text: benchmark.name },
            ...(only === undefined ? [aside(`${own} times`)] : []),
          ],
          ...(several ? [code(benchmark.store)] : []),
          valueCell(of("throughput")),
          ...LOAD_QUANTILES[own].map((metric, index) => {
            const row = of(metric);
            const service = of(LOAD_QUANTILES.service[index]!);
            return row?.missing === "refused" && service !== undefined && isKnown(service)
              ? [...valueCell(row), aside(["service ", ...valueCell(service)])]
              : valueCell(row);
          }),
        ];
      }),
      { label: "The loads in short" },
    ),
    ...(ordered.length > rows.length
      ? [paragraph(`The results have ${plural(ordered.length - rows.length, "load")} more.`)]
      : []),
  ];
}

/** Which times a load is told by: of a schedule its responses. */
function timesOf({ metrics }: BenchmarkAnalysis): keyof typeof LOAD_QUANTILES {
  return metrics.some(({ metric }) => metric === "responseP50") ? "response" : "service";
}

/**
 * A rate and a tail of each operation, as far as any store has them; of operations without a rate the
 * mean time. The tail is the p99 where it has a target or half of the stores have it, else the p90.
 */
function headlines({ benchmarks, stores, targets }: Analysis): Headline[] {
  const operations = Object.values(OPERATIONS);
  const ofKind = (word: OperationWord, kind: Headline["kind"]) =>
    stores.flatMap(({ store }) => benchmarkOf(benchmarks, store, word, kind) ?? []);
  const rates = operations.flatMap(({ word, plural, counted }): Headline[] => {
    const [rate, times] = [ofKind(word, "throughput"), ofKind(word, "latency")];
    const what = capitalised(word);
    if (deepest(rate, ["throughput"]).length > 0) {
      return [{
        // Of a scan each entry is counted, which a rate of scans would not tell.
        header: counted === plural ? `${what}, ops/s` : `${capitalised(counted)}/s`,
        operation: word,
        kind: "throughput",
        metric: "throughput",
      }];
    }
    return deepest(times, ["mean"]).map((metric) => ({
      header: `${what} mean`,
      operation: word,
      kind: "latency",
      metric,
    }));
  });
  const tails = operations.flatMap(({ word }): Headline[] => {
    const own = ofKind(word, "latency");
    const asked = targets.some(({ planned, operation, target }) =>
      planned && operation !== null && OPERATIONS[operation].word === word &&
      target.metric === "p99"
    );
    return (asked ? ["p99" as const] : deepest(own, ["p99", "p90"])).map((metric) => ({
      header: `${capitalised(word)} ${metric}`,
      operation: word,
      kind: "latency",
      metric,
    }));
  });
  return [...rates, ...tails];
}

function metricOfHeadline(
  benchmarks: readonly BenchmarkAnalysis[],
  { operation, kind, metric }: Headline,
  store: string,
): MetricEstimate | undefined {
  return benchmarkOf(benchmarks, store, operation, kind)?.metrics
    .find((row) => row.metric === metric);
}
