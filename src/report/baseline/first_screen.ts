/** The first screen: the verdict in a sentence, five numbers a store, the machine's noise, one figure. */
import { capitalised } from "../../format/mod.ts";
import {
  type Analysis,
  type BenchmarkAnalysis,
  type ComparisonRow,
  formatBound,
  formatMetricValue,
  metricWords,
  OPERATIONS,
  type OperationWord,
  type TargetVerdict,
  verdictWords,
} from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import {
  aside,
  type Block,
  code,
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
import { targetsFigure, timesFigure } from "../plots/mod.ts";
import { prose } from "../prose.ts";
import { measuredRate, measuredTime } from "./measured.ts";

/** The title, and what answers without turning the page. */
export function firstScreen(result: Result, analysis: Analysis): Block[] {
  const numbers = headlineTable(analysis);
  const against = targetsFigure(analysis);
  return [
    heading(1, prose(result.suite.title, result)),
    ...verdictParagraph(analysis),
    ...(numbers === null ? [] : [numbers]),
    ...noiseParagraph(analysis),
    ...(against.length > 0 ? against : timesFigure(analysis)),
  ];
}

/** The outcome that the targets have together: the worst of them; `null` where none was set. */
export function overallVerdict({ targets }: Analysis): TargetVerdict["verdict"] | null {
  const own = targets.filter(({ planned }) => planned).map(({ verdict }) => verdict);
  const worst = (["missed", "inconclusive", "met in one run", "met"] as const)
    .find((verdict) => own.includes(verdict));
  return worst ?? null;
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
    ...(finding === null ? [] : [paragraph([...mark, strong(finding)])]),
    ...(incomplete === undefined ? [] : [paragraph(incomplete.text)]),
  ];
}

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

/** A number of the first screen: a rate or a tail, of one operation. */
interface Headline {
  /** `Write, ops/s`. */
  header: string;
  operation: OperationWord;
  metric: "throughput" | "p99";
}

/** Loads that the first screen has room for; of more, none stands for the others. */
const MOST_LOADS = 2;

/** The most stores that stand side by side on a phone; more stand below one another. */
const MOST_SIDE_BY_SIDE = 3;

/**
 * Rates and tails of each store, and the targets that they are held against; numbers that no store has
 * are left out, and where many stores stand below one another, those that have none of the numbers.
 *
 * @returns `null` where there are none.
 */
export function headlineTable({ comparison, targets, benchmarks }: Analysis): Table | null {
  const rows = comparison.filter(({ measuredHere }) => measuredHere);
  const shown = headlines().filter((headline) =>
    rows.some((row) => row.operation === headline.operation && valueOf(row, headline) !== null)
  );
  const loaded = loadHeadlines(benchmarks);
  if (shown.length + loaded.length === 0) return null;
  const stores = [
    ...new Set([
      ...rows.map(({ system }) => system),
      ...(loaded.length === 0 ? [] : benchmarks.map(({ store }) => store)),
    ]),
  ];
  const judged = (headline: Headline, store?: string) =>
    targets.filter(({ planned, operation, target, store: own }) =>
      planned && operation !== null && OPERATIONS[operation].word === headline.operation &&
      target.metric === headline.metric && (store === undefined || own === store)
    );
  const rowOf = ({ operation }: Headline, store: string) =>
    rows.find((row) => row.system === store && row.operation === operation);
  const cell = (headline: Headline, store: string): Inline[] => {
    const value = valueOf(rowOf(headline, store), headline);
    if (value === null) return inline("not measured");
    const shown = headline.metric === "throughput" ? measuredRate(value) : measuredTime(value);
    const open = judged(headline, store).filter(({ verdict }) => verdict !== "met");
    return [
      shown,
      ...open.map((verdict) => aside(status(verdict.verdict, verdictWords(verdict)))),
    ];
  };
  const label = "The numbers in short";
  if (stores.length > MOST_SIDE_BY_SIDE) {
    return table(
      ["Store", ...[...shown, ...loaded].map(({ header }) => `>${header}`)],
      stores.filter((store) =>
        shown.some((headline) => valueOf(rowOf(headline, store), headline) !== null) ||
        loaded.some((headline) => loadValue(headline, store) !== null)
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

/** A rate or a tail of a load. */
interface LoadHeadline {
  /** `mixed/90-10, ops/s`. */
  header: string;
  metric: "throughput" | "p999";
  benchmarks: readonly BenchmarkAnalysis[];
}

/** The numbers of a suite's loads, where there are few. */
function loadHeadlines(benchmarks: readonly BenchmarkAnalysis[]): LoadHeadline[] {
  const loads = Map.groupBy(benchmarks.filter(({ kind }) => kind === "load"), ({ name }) => name);
  if (loads.size > MOST_LOADS) return [];
  return [...loads].flatMap(([name, own]): LoadHeadline[] => [
    { header: `${name}, ops/s`, metric: "throughput", benchmarks: own },
    { header: `${name} ${metricWords(own[0]!, "p999")}`, metric: "p999", benchmarks: own },
  ]);
}

function loadCell(headline: LoadHeadline, store: string): Inline[] {
  return loadValue(headline, store) ?? inline("not measured");
}

/** A load's number of a store, or what it has instead; `null` where it has nothing. */
function loadValue({ metric, benchmarks }: LoadHeadline, store: string): Inline[] | null {
  const own = benchmarks.find((benchmark) => benchmark.store === store)?.metrics
    .find((estimate) => estimate.metric === metric);
  if (own?.estimate) {
    const { estimate } = own;
    return [metric === "throughput" ? measuredRate(estimate) : measuredTime(estimate)];
  }
  if (own?.pooled !== undefined) return inline(`pooled ${formatMetricValue(metric, own.pooled)}`);
  return own?.missing === undefined ? null : inline(own.missing);
}

function headlines(): Headline[] {
  const operations = Object.values(OPERATIONS);
  return [
    ...operations.map(({ word }): Headline => ({
      header: `${capitalised(word)}, ops/s`,
      operation: word,
      metric: "throughput",
    })),
    ...operations.filter(({ timed }) => timed).map(({ word }): Headline => ({
      header: `${capitalised(word)} p99`,
      operation: word,
      metric: "p99",
    })),
  ];
}

function valueOf(row: ComparisonRow | undefined, { metric }: Headline) {
  return (metric === "throughput" ? row?.throughput : row?.p99) ?? null;
}
