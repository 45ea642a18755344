/** A ladder for a terminal. */
import { bold, wrapWords } from "../../format/mod.ts";
import { type Ladder, METRIC_WORDS } from "../../analysis/mod.ts";
import { tableToConsole } from "../console_text.ts";
import { table } from "../document.ts";
import { oneLine } from "../plain_text.ts";
import { changeInWords } from "./report.ts";

/**
 * Writes a ladder for a terminal: for each metric what every release is against the first, and what
 * was found. Colours follow `setStyled`.
 *
 * @returns Lines, with a line end at the end.
 */
export function ladderToConsole(
  { rungs, series, steps, remarks }: Ladder,
  columns = 80,
): string {
  const changes = tableToConsole(
    table(
      ["Benchmark", "Metric", ...rungs.slice(1).map(({ name }) => `>${name}`)],
      series.map(({ name, metric, places }) => [
        name,
        METRIC_WORDS[metric],
        ...places.slice(1).map(changeInWords),
      ]),
    ),
    columns,
  );
  const found = remarks.map(({ text }) => wrapWords(`  - ${oneLine(text)}`, columns, "    "));
  const count = steps.length === 0
    ? "No step between neighbours is real."
    : `Real steps between neighbours: ${steps.length}.`;
  return [
    bold(`Change from ${rungs[0]!.name}`),
    ...changes,
    "",
    bold(count),
    ...found,
    "",
  ].join("\n");
}
