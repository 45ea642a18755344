/** A judged history for a terminal. */
import { bold, dim, formatChange, green, plural, red } from "../../format/mod.ts";
import {
  type Direction,
  type HistoryJudgement,
  METRIC_WORDS,
  type SeriesJudgement,
  type TonightVerdict,
} from "../../analysis/mod.ts";
import { oneLine } from "../plain_text.ts";
import { changesOf } from "./changes.ts";
import { formatMetric, formatValue, shiftText, shortCommit, verdictText } from "./words.ts";

/**
 * Writes a table with a row for each series, and under each as many of its last nights as are asked
 * for.
 *
 * @param nights Nights under each series. @default none
 * @returns Lines, with a line end at the end.
 */
export function historyToConsole(judgement: HistoryJudgement, nights = 0): string {
  const { tonight, counts } = changesOf(judgement);
  if (tonight === null) return "There is no night in this history yet.\n";
  const headers = ["benchmark", "metric", "node", "tonight", "from level", "verdict", "last shift"];
  const rows = judgement.series.map(rowOf);
  const widths = headers.map((header, i) =>
    Math.max(header.length, ...rows.map((row) => row[i]!.length))
  );
  const line = (cells: readonly string[], colour: (text: string, i: number) => string) =>
    cells.map((cell, i) => colour(cell.padEnd(widths[i]!), i)).join("  ").trimEnd();
  const lines = [line(headers, (text) => bold(text))];
  judgement.series.forEach((judged, n) => {
    lines.push(
      line(rows[n]!, (text, i) => i === 5 ? coloured(judged.tonight.verdict, text) : text),
    );
    if (nights > 0) lines.push(...nightLines(judged, nights));
  });
  const tally = (Object.entries(counts) as [TonightVerdict, number][])
    .filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${verdict}`);
  lines.push(
    "",
    `Tonight is ${tonight}; ${plural(judgement.nights.length, "night")} since ` +
      `${judgement.nights[0]}. ${plural(rows.length, "series", "series")}: ${tally.join(", ")}.`,
  );
  return lines.join("\n") + "\n";
}

function rowOf({ series, tonight, shifts }: SeriesJudgement): string[] {
  const last = shifts.at(-1);
  return [
    oneLine(series.benchmark),
    METRIC_WORDS[series.metric],
    oneLine(series.node),
    tonight.value === null
      ? "–"
      : formatValue(series.metric, { ...series.points.at(-1)!, value: tonight.value }),
    tonight.change === null ? "–" : formatChange(tonight.change),
    verdictText(tonight.verdict),
    last === undefined ? "none" : shiftText(last),
  ];
}

/** The last nights, the newest first. */
function nightLines({ series, shifts, anomalies }: SeriesJudgement, nights: number): string[] {
  const notes = new Map<string, string>([
    ...anomalies.map(({ night, direction }): [string, string] => [
      night,
      coloured(direction, "stood out, and did not last"),
    ]),
    ...shifts.map(({ night, direction }): [string, string] => [
      night,
      coloured(direction, `a lasting shift begins: ${direction}`),
    ]),
  ]);
  return series.points.slice(-nights).toReversed().map((point) => {
    const { night, value, runs, reason, commit, library } = point;
    if (value === null) return dim(`    ${night}  no value: ${oneLine(reason ?? "not known")}`);
    const rest = [
      point.low === null
        ? formatMetric(series.metric, value)
        : formatValue(series.metric, { ...point, value }),
      plural(runs, "run"),
      commit === null ? "" : oneLine(shortCommit(commit)),
      oneLine(library ?? ""),
      notes.get(night) ?? "",
    ];
    return `    ${night}  ${rest.filter((text) => text !== "").join("  ")}`;
  });
}

function coloured(verdict: TonightVerdict | Direction, text: string): string {
  if (verdict === "regressed") return red(text);
  if (verdict === "improved") return green(text);
  return text;
}
