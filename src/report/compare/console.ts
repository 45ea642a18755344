/** A comparison for a terminal. */
import { bold, formatChangeRange, type Range, wrapWords } from "../../format/mod.ts";
import {
  type ChangeRow,
  METRIC_WORDS,
  type ResultComparison,
  type WitnessRow,
} from "../../analysis/mod.ts";
import { textsOf } from "../../remark/mod.ts";
import { criterionBlock } from "../criterion_text.ts";
import { type ConsoleRow, rowsToConsole } from "../console_rows.ts";
import { type ConsoleOptions, statusToConsole } from "../console_text.ts";
import { oneLine } from "../plain_text.ts";
import {
  countsInWords,
  gateInWords,
  looksInWords,
  pairingInWords,
  rowInWords,
  rowName,
  sideInWords,
  sight,
  WITNESS_WORDS,
  witnessesInWords,
  witnessValue,
} from "./words.ts";

/**
 * Writes a comparison for a terminal: what came of it, a line for each metric as benchstat has it, and
 * what to beware of; criterion's blocks where they are asked for, whose times are over runs here,
 * unlike criterion's own. Colours follow `setStyled`.
 *
 * @returns Lines, with a line end at the end.
 */
export function comparisonToConsole(
  comparison: ResultComparison,
  { columns = 80, verbose = false }: ConsoleOptions = {},
): string {
  const { base, candidate, rows, witnesses, onlyInBase, onlyInCandidate, remarks, differences } =
    comparison;
  const { counts } = comparison;
  const wrap = (text: string, indent = "    ") => wrapWords(text, columns, indent);
  const title = bold(oneLine(`${candidate.label} against ${base.label}`));
  const sections = [[
    wrap(`${title}: ${countsInWords(counts)}`),
    wrap(gateInWords(comparison), ""),
  ]];
  for (const [store, own] of Map.groupBy(rows, ({ store }) => store)) {
    sections.push([bold(oneLine(store)), ...rowsToConsole(own.map(consoleRow), columns)]);
  }
  const witnessed = witnessesInWords(comparison);
  if (witnessed !== null) {
    sections.push([
      bold("Witnesses"),
      ...rowsToConsole(witnesses.map(witnessRow), columns),
      wrap(`  ${oneLine(witnessed)}`, "  "),
    ]);
  }
  const reasons = [...new Set(rows.flatMap(({ reason }) => reason ?? []))];
  if (reasons.length > 0) {
    sections.push([
      bold("Not decided"),
      ...reasons.map((reason) => {
        const names = rows.filter((row) => row.reason === reason).map(rowName);
        return wrap(`  - ${oneLine(`${names.join(", ")}: ${reason}`)}`);
      }),
    ]);
  }
  if (verbose) {
    const blocks = [...Map.groupBy(rows, ({ id }) => id).values()].map(([first, ...others]) => [
      changeBlock(first!, comparison.level) ?? oneLine(first!.id),
      ...[first!, ...others].map((row) =>
        wrap(`  ${METRIC_WORDS[row.metric]}  ${rowInWords(row)}`)
      ),
    ]);
    sections.push(...blocks);
  }
  const sides = [
    ...(onlyInBase.length === 0 ? [] : [`  only in the base: ${oneLine(onlyInBase.join(", "))}`]),
    ...(onlyInCandidate.length === 0
      ? []
      : [`  only in the candidate: ${oneLine(onlyInCandidate.join(", "))}`]),
    ...differences.map(({ what, base, candidate }) =>
      oneLine(`${what}: ${base} in the base, ${candidate} in the candidate`)
    ).map((text) => `  ${text}`),
  ];
  if (sides.length > 0) {
    sections.push([bold("Differences"), ...sides.map((text) => wrap(text))]);
  }
  const seen = [looksInWords(comparison), pairingInWords(comparison), sight(comparison)]
    .filter((text) => text !== null);
  const notes = [...textsOf(remarks), ...seen];
  if (notes.length > 0) {
    sections.push([bold("Notes"), ...notes.map((text) => wrap(`  - ${oneLine(text)}`))]);
  }
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function consoleRow(row: ChangeRow): ConsoleRow {
  const sides = `${sideInWords(row, row.base)} → ${sideInWords(row, row.candidate)}`;
  return {
    name: oneLine(row.name),
    metric: METRIC_WORDS[row.metric],
    value: row.change === null ? sides : `${sides}, ${formatChangeRange(row.change)}`,
    verdict: statusToConsole(row.verdict),
  };
}

function witnessRow(row: WitnessRow): ConsoleRow {
  const sides = `${witnessValue(row, row.base)} → ${witnessValue(row, row.candidate)}`;
  return {
    name: oneLine(row.id),
    metric: WITNESS_WORDS[row.witness],
    value: row.change === null ? sides : `${sides}, ${formatChangeRange(row.change)}`,
    verdict: "",
  };
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
