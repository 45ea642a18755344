/** A report for a terminal. */
import { bold, dim, wrapWords } from "../format/mod.ts";
import {
  type Analysis,
  type BenchmarkAnalysis,
  formatMetricRange,
  formatMetricValue,
  type MetricEstimate,
  metricWords,
  shortRatio,
  storeTitle,
  type TargetVerdict,
  verdictWords,
  withoutInterval,
} from "../analysis/mod.ts";
import { type Remark, textsOf } from "../remark/mod.ts";
import type { Result } from "../result/mod.ts";
import { rawBlock } from "./baseline/appendix.ts";
import { firstScreen } from "./baseline/first_screen.ts";
import { claimInWords } from "./baseline/summary.ts";
import { targetsToConsole } from "./console_figure.ts";
import { type ConsoleRow, rowsToConsole } from "./console_rows.ts";
import {
  type ConsoleOptions,
  inlineToConsole,
  statusToConsole,
  tableToConsole,
} from "./console_text.ts";
import { oneLine } from "./plain_text.ts";

/**
 * Writes a result for a terminal: the first screen (the verdict, five numbers a store, the machine's
 * noise, the targets drawn), then a line for each metric, the claims, and what to beware of. Colours
 * follow `setStyled`, which the command line switches off under NO_COLOR or away from a terminal.
 *
 * @returns Lines, with a line end at the end.
 */
export function toConsole(
  result: Result,
  analysis: Analysis,
  { columns = 80, verbose = false }: ConsoleOptions = {},
): string {
  const wrap = (text: string, indent = "") => wrapWords(text, columns, indent);
  const { stores, benchmarks, claims } = analysis;
  const sections: string[][] = screenLines(result, analysis, columns);
  for (const described of stores) {
    const own = benchmarks.filter(({ store }) => store === described.store);
    sections.push([
      wrap(bold(oneLine(storeTitle(described)))),
      ...rowLines(own, analysis.targets, columns),
    ]);
    if (verbose) sections.push(...own.map((benchmark) => [rawBlock(benchmark)]));
  }
  if (claims.length > 0) {
    sections.push([
      bold("Claims"),
      ...claims.map((claim) => wrap(`  ${inlineToConsole(claimInWords(claim, result))}`, "    ")),
    ]);
  }
  const { shown, hidden } = notesOf(result, analysis, verbose);
  if (shown.length + hidden > 0) {
    const more = hidden === 0
      ? []
      : [wrap(dim(`  ${hidden} more in the report; --verbose prints all`), "  ")];
    sections.push([
      bold("Notes"),
      ...shown.map((text) => wrap(`  - ${oneLine(text)}`, "    ")),
      ...more,
    ]);
  }
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** The first screen: what the document has there, the figure drawn in letters. */
function screenLines(result: Result, analysis: Analysis, columns: number): string[][] {
  return firstScreen(result, analysis).flatMap((block): string[][] => {
    switch (block.type) {
      case "heading":
        return [[wrapWords(bold(inlineToConsole(block.content)), columns)]];
      case "paragraph":
        return [[wrapWords(inlineToConsole(block.content), columns)]];
      case "table":
        return [tableToConsole(block, columns)];
      case "figure": {
        const drawn = targetsToConsole(analysis, columns);
        return drawn.length === 0 ? [] : [drawn];
      }
      default:
        return [];
    }
  });
}

/** A line for each metric: benchmark, metric, value with its interval, and the target's verdict. */
function rowLines(
  benchmarks: readonly BenchmarkAnalysis[],
  targets: readonly TargetVerdict[],
  columns: number,
): string[] {
  const rows = benchmarks.flatMap((benchmark): ConsoleRow[] => {
    // The mean time of a throughput benchmark is its rate inverted.
    const metrics = benchmark.metrics.filter(({ metric }) =>
      benchmark.kind !== "throughput" || metric === "throughput" || judged(benchmark, metric) !== ""
    );
    return metrics.map((row) => ({
      name: oneLine(benchmark.name),
      metric: metricWords(benchmark, row.metric),
      value: metricText(row),
      verdict: judged(benchmark, row.metric),
    }));
  });
  function judged({ id }: BenchmarkAnalysis, metric: MetricEstimate["metric"]): string {
    return targets.filter(({ benchmark, target }) => benchmark === id && target.metric === metric)
      .map((row) => {
        const times = row.margin === null ? "" : ` ${shortRatio(row.margin)}`;
        return `${statusToConsole(row.verdict, verdictWords(row))}${times}`;
      }).join(", ");
  }
  return rowsToConsole(rows, columns);
}

/** A metric with its interval, or why there is none. */
function metricText(row: MetricEstimate): string {
  const { metric, estimate, point, pooled, reason, basis } = row;
  const shown = [
    ...(estimate !== null
      ? [formatMetricRange(metric, estimate), ...(basis?.startsWith("inside") ? [basis] : [])]
      : point !== undefined
      ? [withoutInterval(row)]
      : []),
    // Beside a value of its own it is for the report.
    ...(pooled === undefined || estimate !== null
      ? []
      : [dim(`pooled ${formatMetricValue(metric, pooled)}`)]),
  ];
  return shown.length === 0 ? dim(oneLine(reason ?? "not measured")) : shown.join(", ");
}

/** What to beware of; and how many others there are, which are not warnings. */
function notesOf(
  result: Result,
  { benchmarks, findings, caveats }: Analysis,
  verbose: boolean,
): { shown: string[]; hidden: number } {
  // The first screen has these already.
  const said = new Set(["verdict", "machine-noise", "incomplete"]);
  const all: Remark[] = [
    ...benchmarks.flatMap(({ remarks }) => remarks),
    ...findings,
    ...caveats.filter(({ topic }) => topic === "measurement"),
  ].filter(({ id }) => !said.has(id));
  const shown = verbose ? all : all.filter(({ severity }) => severity === "warn");
  return { shown: [...textsOf(shown), ...result.warnings], hidden: all.length - shown.length };
}
