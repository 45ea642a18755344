import {
  capitalised,
  formatBytes,
  formatCount,
  formatFactor,
  formatPercentBound,
  formatRateBound,
  formatTime,
  formatTimeBound,
  plural,
  type Range,
} from "../../format/mod.ts";
import {
  type Analysis,
  benchmarkOf,
  type ComparisonRow,
  type LittlesLaw,
  OPERATIONS,
} from "../../analysis/mod.ts";
import { MOST_LITTLES_LAW_ERROR } from "../../remark/mod.ts";
import type { Result } from "../../result/mod.ts";
import {
  type Block,
  code,
  heading,
  type Inline,
  inline,
  list,
  paragraph,
  quantity,
  table,
  type Words,
} from "../document.ts";
import { comparisonFigure } from "../plots/mod.ts";
import { measured } from "./measured.ts";

const NOT_STATED = "not stated";

/** The measured stores beside published figures, each with what it takes to compare them. */
export function comparison(_result: Result, analysis: Analysis): Block[] {
  const rows = analysis.comparison;
  const sources = [...new Set(rows.map(origin))];
  const tables = Object.values(OPERATIONS).flatMap((operation) => {
    const own = rows.filter((row) => row.operation === operation.word);
    if (own.length === 0) return [];
    return [
      heading(3, capitalised(operation.plural)),
      table(
        [
          "System",
          ">Throughput, ops/s",
          ">Mean latency",
          ">p99",
          ">Clients",
          ">Value",
          "Network",
          "Durability",
          ">Source",
        ],
        own.map((
          row,
        ) => [...comparisonCells(row, analysis), String(sources.indexOf(origin(row)) + 1)]),
      ),
      ...comparisonFigure(analysis, operation),
    ];
  });
  return [
    heading(2, "Comparison with other systems"),
    paragraph(
      "Rows compare only as far as their conditions do: network, durability, clients and value size " +
        "stand beside every figure, hardware and setup with its source, and what a source leaves out " +
        "is said to be not stated.",
    ),
    ...(tables.length > 0 ? tables : [paragraph("There is nothing to compare.")]),
    ...(sources.length > 0
      ? [
        paragraph("Sources:"),
        list(sources.map((source, index) => `Source ${index + 1}: ${source}`)),
      ]
      : []),
    ...littlesLaw(rows),
  ];
}

/** Where a row comes from, with the hardware and the setup. */
function origin({ source, hardware, setup, measuredHere }: ComparisonRow): string {
  return `${source}; hardware: ${hardware ?? (measuredHere ? "not known" : NOT_STATED)}` +
    (setup === null || measuredHere ? "" : `; setup: ${setup}`);
}

function comparisonCells(row: ComparisonRow, { benchmarks }: Analysis): Words[] {
  const about = row.approximate ? "about " : "";
  const missing = row.measuredHere ? "not measured" : NOT_STATED;
  return [
    systemName(row),
    row.throughput === null
      ? missing
      : row.measuredHere
      ? measured("throughput", row.throughput)
      : `${about}${formatRateBound(row.throughput.value).replace(" ops/s", "")}`,
    row.latency === null ? missing : [about, ...time(row, row.latency)],
    row.p99 === null
      ? (row.measuredHere && tailOf(benchmarks, row)?.missing) || missing
      : time(row, row.p99),
    row.clients === null ? NOT_STATED : formatCount(row.clients),
    row.valueBytes === null ? NOT_STATED : formatBytes(row.valueBytes),
    row.network === null ? NOT_STATED : row.network ? "yes" : "no",
    row.durability ?? NOT_STATED,
  ];
}

/** The p99 of the benchmark that a measured row is of. */
function tailOf(benchmarks: Analysis["benchmarks"], { system, operation }: ComparisonRow) {
  return benchmarkOf(benchmarks, system, operation, "latency")?.metrics
    .find(({ metric }) => metric === "p99");
}

function systemName({ system, version, measuredHere }: ComparisonRow): Words {
  if (measuredHere) return code(system);
  return version === null ? system : `${system} ${version}`;
}

/** A measured time with the digits it has, a published one with those that were stated. */
function time({ measuredHere }: ComparisonRow, { value, low, high }: Range): Inline[] {
  const stated = (ns: number) => quantity(formatTimeBound(ns));
  if (measuredHere) return [quantity(formatTime(value))];
  return low === high ? [stated(value)] : inline([stated(low), " to ", stated(high)]);
}

/** The rows that Little's law can check. */
function littlesLaw(rows: readonly ComparisonRow[]): Block[] {
  const checked = rows.flatMap((row) => row.littlesLaw ? [{ row, law: row.littlesLaw }] : []);
  if (checked.length === 0) return [];
  const failed = checked.filter(({ law }) => !law.holds);
  const all = plural(checked.length, "row");
  const most = formatPercentBound(MOST_LITTLES_LAW_ERROR);
  const holding = failed.length === 0 ? "all of them" : formatCount(checked.length - failed.length);
  const intro =
    "Little's law checks a row: in a closed loop, clients / throughput is the mean latency of the same " +
    "operations. What was measured here has the two from processes of their own, so only published " +
    "rows are checked. " +
    `${all} can be checked, and in ${holding} the two are within ${most}.`;
  return [
    heading(3, "Little's law", { apart: "littles-law" }),
    paragraph(intro),
    ...(failed.length === 0 ? [] : [list(failed.map(({ row, law }) => [
      ...[systemName(row)].flat(),
      ` ${row.operation} with ${plural(row.clients ?? 0, "client")}: ${sidesOfLaw(row, law)}` +
      (row.measuredHere ? "" : ` (${row.source})`),
    ]))]),
  ];
}

/** What the law expects, what there is instead, and how far that is off. */
function sidesOfLaw({ measuredHere }: ComparisonRow, law: LittlesLaw): string {
  const [expected, stated] = [formatTime(law.expectedNs), formatTime(law.statedNs)];
  const how = measuredHere ? "measured" : "stated";
  return `${expected} by the law, ${stated} ${how}, ${formatFactor(law.factor)} of it`;
}
