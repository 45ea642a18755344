import { capitalised, type Range } from "../../format/mod.ts";
import {
  type Analysis,
  type ComparisonRow,
  formatBound,
  formatMetricPoint,
  formatMetricRange,
  METRIC_WORDS,
  OPERATIONS,
  type TargetVerdict,
  verdictWords,
} from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import {
  type Block,
  code,
  heading,
  list,
  paragraph,
  status,
  table,
  type Words,
} from "../document.ts";
import { targetsFigure } from "../plots/mod.ts";
import { prose } from "../prose.ts";
import { measuredRate, measuredTime } from "./measured.ts";

/** Findings that a reader in a hurry needs, in this order. */
const HEADLINES = [
  "targets",
  "kvstore-overhead",
  "async-overhead",
  "sub-microsecond-reads",
  "data-in-memory",
  "data-in-files",
];

/** What came out, on half a page. */
export function summary(result: Result, analysis: Analysis): Block[] {
  const incomplete = analysis.caveats.find(({ id }) => id === "incomplete");
  const headlines = HEADLINES.flatMap((id) => analysis.findings.filter((found) => found.id === id));
  const open = analysis.targets.filter(({ verdict }) => verdict !== "met");
  const claims = analysis.claims.map(({ name, outcome }): Words => [
    status(outcome),
    " ",
    ...prose(name, result),
  ]);
  const points: Words[] = [
    ...(incomplete ? [incomplete.text] : []),
    ...headlines.map(({ text }) => text),
    ...claims,
  ];
  return [
    heading(2, "Executive summary"),
    ...(points.length > 0 ? [list(points)] : []),
    ...headlineTable(analysis.comparison.filter(({ measuredHere }) => measuredHere)),
    ...targetsFigure(analysis),
    ...(open.length > 0
      ? [paragraph("Targets that are not met, or not surely:"), list(open.map(openTarget))]
      : []),
  ];
}

/** A target that is missed or inconclusive, in one line. */
function openTarget(row: TargetVerdict): Words {
  const { target, benchmark, verdict, estimate, point, reason } = row;
  const measured = estimate === null
    ? point === undefined ? "not measured" : `measured ${formatMetricPoint(target.metric, point)}`
    : `measured ${formatMetricRange(target.metric, estimate)}`;
  return [
    status(verdict, verdictWords(row)),
    " ",
    code(benchmark),
    ` ${METRIC_WORDS[target.metric]}: ${measured}, target ${formatBound(target)}` +
    (reason === null ? "" : `; ${reason}`),
  ];
}

/** Rates and tails of each store; columns that no store has are left out. */
function headlineTable(rows: readonly ComparisonRow[]): Block[] {
  const operations = Object.values(OPERATIONS);
  const columns = [
    ...operations.map(({ word }) => ({ header: capitalised(word), operation: word, rate: true })),
    ...operations.filter(({ timed }) => timed).map(({ word }) => ({
      header: `${capitalised(word)} p99`,
      operation: word,
      rate: false,
    })),
  ];
  const value = (row: ComparisonRow | undefined, rate: boolean): Range | null =>
    (rate ? row?.throughput : row?.p99) ?? null;
  const shown = columns.filter(({ operation, rate }) =>
    rows.some((row) => row.operation === operation && value(row, rate) !== null)
  );
  if (shown.length === 0) return [];
  const stores = [...new Set(rows.map(({ system }) => system))];
  return [table(
    ["Store", ...shown.map(({ header, rate }) => rate ? `>${header}, ops/s` : `>${header}`)],
    stores.map((store) => [
      code(store),
      ...shown.map(({ operation, rate }) => {
        const row = rows.find((row) => row.system === store && row.operation === operation);
        const range = value(row, rate);
        if (range === null) return "not measured";
        return rate ? measuredRate(range) : measuredTime(range);
      }),
    ]),
  )];
}
