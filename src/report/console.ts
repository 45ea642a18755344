/** A report for a terminal. */
import { bold, dim, formatPercentBound } from "../format/mod.ts";
import {
  type Analysis,
  formatBound,
  formatMetricPoint,
  formatMetricRange,
  formatMetricValue,
  METRIC_WORDS,
  type MetricEstimate,
  storeTitle,
  type TargetVerdict,
  verdictWords,
} from "../analysis/mod.ts";
import { textsOf } from "../remark/mod.ts";
import type { Result } from "../result/mod.ts";
import { rawBlock } from "./baseline/appendix.ts";
import { distanceFromBound } from "./baseline/results.ts";
import { inlineToConsole, statusToConsole } from "./console_text.ts";
import { inlineText } from "./inline_text.ts";
import { oneLine } from "./plain_text.ts";
import { prose } from "./prose.ts";

/**
 * Writes a result for a terminal: criterion's blocks store by store, the metrics with their intervals,
 * the verdicts, and what to know about them. Colours follow `setStyled`, which the command line
 * switches off under NO_COLOR or away from a terminal.
 *
 * @returns Lines, with a line end at the end.
 */
export function toConsole(result: Result, analysis: Analysis): string {
  const { stores, benchmarks, targets, claims, findings, caveats } = analysis;
  const sections: string[][] = [];
  for (const described of stores) {
    const { store } = described;
    const own = benchmarks.filter((benchmark) => benchmark.store === store);
    sections.push([bold(oneLine(storeTitle(described)))]);
    for (const benchmark of own) {
      sections.push([
        rawBlock(benchmark),
        ...benchmark.metrics.slice(0, 1).flatMap(({ reason }) =>
          benchmark.criterion === null && reason !== null ? [dim(`  ${oneLine(reason)}`)] : []
        ),
        ...benchmark.metrics.filter(({ metric }) =>
          benchmark.kind === "latency" || metric === "throughput"
        ).flatMap((row) => {
          const value = metricLine(row);
          return value === null ? [] : [`  ${METRIC_WORDS[row.metric].padEnd(10)}  ${value}`];
        }),
        ...textsOf(benchmark.remarks).map((text) => dim(`  ${oneLine(text)}`)),
      ]);
    }
  }
  if (targets.length > 0) {
    sections.push([
      bold(`Targets (intervals at ${formatPercentBound(analysis.confidence)})`),
      ...targets.map(targetLine),
    ]);
  }
  if (claims.length > 0) {
    sections.push([
      bold("Claims"),
      ...claims.map(({ name, outcome }) =>
        `  ${statusToConsole(outcome)}  ${inlineToConsole(prose(name, result))}`
      ),
    ]);
  }
  const notes = [
    ...textsOf(findings),
    ...textsOf(caveats.filter(({ topic }) => topic === "measurement")),
    ...result.warnings,
  ];
  if (notes.length > 0) {
    sections.push([bold("Notes"), ...notes.map((text) => `  - ${oneLine(text)}`)]);
  }
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** A metric with what its interval is from; `null` where there is nothing to show. */
function metricLine({ metric, estimate, point, basis, pooled }: MetricEstimate): string | null {
  const shown = [
    ...(estimate !== null
      ? [formatMetricRange(metric, estimate), basis]
      : point !== undefined
      ? [formatMetricPoint(metric, point)]
      : []),
    ...(pooled === undefined ? [] : [`pooled ${formatMetricValue(metric, pooled)}`]),
  ];
  return shown.length === 0 ? null : shown.join(", ");
}

function targetLine(verdict: TargetVerdict): string {
  const { target, benchmark, estimate, point, reason } = verdict;
  const { metric } = target;
  const value = point === undefined ? "not measured" : formatMetricPoint(metric, point);
  const measured = estimate === null
    ? `${value}: ${oneLine(reason ?? "")}`
    : `${formatMetricRange(metric, estimate)}, ${inlineText(distanceFromBound(verdict))}`;
  const what = `${oneLine(benchmark)} ${METRIC_WORDS[metric]} ${formatBound(target)}`;
  return `  ${statusToConsole(verdict.verdict, verdictWords(verdict))}  ${what}: ${measured}`;
}
