/** A comparison for a terminal. */
import { bold, dim, type Range } from "../../format/mod.ts";
import { type ChangeRow, METRIC_WORDS, type ResultComparison } from "../../analysis/mod.ts";
import { textsOf } from "../../remark/mod.ts";
import { criterionBlock } from "../criterion_text.ts";
import { statusToConsole } from "../console_text.ts";
import { oneLine } from "../plain_text.ts";
import { countsInWords, gateInWords, pairingInWords, rowInWords, sight } from "./words.ts";

/**
 * Writes a comparison for a terminal: criterion's block with its change for each benchmark, then each
 * metric with its verdict, and at the end what to beware of and the counts. The times in the blocks
 * are over runs, unlike criterion's own. Colours follow `setStyled`.
 *
 * @returns Lines, with a line end at the end.
 */
export function comparisonToConsole(comparison: ResultComparison): string {
  const { base, candidate, rows, onlyInBase, onlyInCandidate, remarks, differences, counts } =
    comparison;
  const sections = [...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => {
    const block = changeBlock(own[0]!, comparison.level);
    return [block ?? oneLine(id), ...own.flatMap(metricLines)];
  });
  const sides = [
    ...(onlyInBase.length === 0 ? [] : [`  only in the base: ${oneLine(onlyInBase.join(", "))}`]),
    ...(onlyInCandidate.length === 0
      ? []
      : [`  only in the candidate: ${oneLine(onlyInCandidate.join(", "))}`]),
    ...differences.map(({ what, base, candidate }) =>
      oneLine(`${what}: ${base} in the base, ${candidate} in the candidate`)
    ).map((text) => `  ${text}`),
  ];
  if (sides.length > 0) sections.push([bold("Differences"), ...sides]);
  const seen = [pairingInWords(comparison), sight(comparison)].filter((text) => text !== null);
  const notes = [...textsOf(remarks), ...seen];
  if (notes.length > 0) {
    sections.push([bold("Notes"), ...notes.map((text) => `  - ${oneLine(text)}`)]);
  }
  const title = bold(oneLine(`${candidate.label} against ${base.label}`));
  sections.push([`${title}: ${countsInWords(counts)}`, gateInWords(comparison)]);
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function metricLines(row: ChangeRow): string[] {
  const metric = METRIC_WORDS[row.metric].padEnd(10);
  const line = `  ${metric}  ${statusToConsole(row.verdict)}  ${rowInWords(row)}`;
  return row.reason === null ? [line] : [line, dim(`      ${oneLine(row.reason)}`)];
}

/** criterion's block of the row that has a benchmark's mean time; `null` without an interval. */
function changeBlock(row: ChangeRow, significance: number): string | null {
  const { id, metric, elements, candidate: { estimate }, change, adjustedP, verdict } = row;
  if (estimate === null || change === null || adjustedP === null) return null;
  const rate = metric === "throughput";
  // The time of an iteration, which criterion's block is about.
  const time: Range = rate ? reciprocal(estimate, elements * 1e9) : {
    value: estimate.value * elements,
    low: estimate.low * elements,
    high: estimate.high * elements,
  };
  const { value, low, high } = change;
  const mean = rate
    ? { value: 1 / (1 + value) - 1, low: 1 / (1 + high) - 1, high: 1 / (1 + low) - 1 }
    : change;
  return criterionBlock({
    id: oneLine(id),
    time,
    ...(rate ? { elements } : {}),
    change: { mean, p: adjustedP, significance, verdict },
  });
}

function reciprocal({ value, low, high }: Range, scale: number): Range {
  return { value: scale / value, low: scale / high, high: scale / low };
}
