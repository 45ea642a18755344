import {
  type Analysis,
  type ComparisonRow,
  formatBytes,
  formatCount,
  formatFactor,
  formatPercentBound,
  formatRate,
  formatRateRange,
  formatTime,
  formatTimeRange,
  LITTLES_LAW_TOLERANCE,
  plural,
  type Range,
} from "../../analysis/mod.ts";
import type { Result } from "../../result/schema.ts";
import { type Block, code, heading, list, paragraph, table, type Words } from "../document.ts";

const OPERATIONS = ["write", "read", "scan"] as const;
const NOT_STATED = "not stated";

/** The measured stores beside published figures, each with what it takes to compare them. */
export function comparison(_result: Result, analysis: Analysis): Block[] {
  const rows = analysis.comparison;
  const tables = OPERATIONS.flatMap((operation) => {
    const own = rows.filter((row) => row.operation === operation);
    if (own.length === 0) return [];
    return [
      heading(3, { write: "Writes", read: "Reads", scan: "Scans" }[operation]),
      table(
        [
          "System",
          ">Throughput",
          ">Mean latency",
          ">p99",
          ">Clients",
          ">Value",
          "Network",
          "Durability",
          "Hardware and setup",
          "Source",
        ],
        own.map(comparisonCells),
      ),
    ];
  });
  return [
    heading(2, "Comparison with other systems"),
    paragraph(
      "Rows compare only as far as their conditions do: network, durability, clients, value size and " +
        "hardware stand beside every figure, and what a source leaves out is said to be not stated.",
    ),
    ...(tables.length > 0 ? tables : [paragraph("There is nothing to compare.")]),
    ...littlesLaw(rows),
  ];
}

function comparisonCells(row: ComparisonRow): Words[] {
  const about = row.approximate ? "about " : "";
  return [
    row.measuredHere ? code(row.system) : `${row.system}${row.version ? ` ${row.version}` : ""}`,
    row.throughput === null ? missing(row) : `${about}${rate(row.throughput)}`,
    row.latency === null ? missing(row) : `${about}${time(row.latency)}`,
    row.p99 === null ? missing(row) : time(row.p99),
    row.clients === null ? NOT_STATED : formatCount(row.clients),
    row.valueBytes === null ? NOT_STATED : formatBytes(row.valueBytes),
    row.network === null ? NOT_STATED : row.network ? "yes" : "no",
    row.durability ?? NOT_STATED,
    [row.hardware ?? NOT_STATED, ...(row.setup === null ? [] : [`; ${row.setup}`])],
    row.source,
  ];
}

function missing(row: ComparisonRow): string {
  return row.measuredHere ? "not measured" : NOT_STATED;
}

/** A rate, with its interval where there is one. */
function rate(range: Range): string {
  return range.low === range.high ? formatRate(range.value) : formatRateRange(range);
}

function time(range: Range): string {
  return range.low === range.high ? formatTime(range.value) : formatTimeRange(range);
}

/** The rows that Little's law can check. */
function littlesLaw(rows: readonly ComparisonRow[]): Block[] {
  const checked = rows.flatMap((row) => row.littlesLaw ? [{ row, law: row.littlesLaw }] : []);
  if (checked.length === 0) return [];
  const failed = checked.filter(({ law }) => !law.holds);
  const intro =
    "Little's law checks a row: in a closed loop, clients / throughput is the mean latency. " +
    `${plural(checked.length, "row")} can be checked, and in ${
      failed.length === 0 ? "all of them" : formatCount(checked.length - failed.length)
    } the two are within ${formatPercentBound(LITTLES_LAW_TOLERANCE)}.`;
  return [
    heading(3, "Little's law"),
    paragraph(intro),
    ...(failed.length === 0 ? [] : [list(failed.map(({ row, law }) => [
      row.measuredHere ? code(row.system) : `${row.system}${row.version ? ` ${row.version}` : ""}`,
      ` ${row.operation} with ${plural(row.clients ?? 0, "client")}: ${
        formatTime(law.expectedNs)
      } by the law, ${formatTime(law.statedNs)} ${row.measuredHere ? "measured" : "stated"}, ${
        formatFactor(law.factor)
      } of it` +
      (row.measuredHere ? "" : ` (${row.source})`),
    ]))]),
  ];
}
