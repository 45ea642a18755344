/** A judged history for a terminal. */
import { dim, formatChange, plural } from "../../format/mod.ts";
import {
  type HistoryJudgement,
  METRIC_WORDS,
  type SeriesJudgement,
  type TonightVerdict,
} from "../../analysis/mod.ts";
import { coloured, tableToConsole } from "../console_text.ts";
import { table, type Words } from "../document.ts";
import { oneLine } from "../plain_text.ts";
import { changesOf } from "./changes.ts";
import { formatMetric, formatValue, shiftText, shortCommit, verdictStatus } from "./words.ts";

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
  const [headers, ...rows] = tableToConsole(table(
    ["benchmark", "metric", "node", "tonight", "from level", "verdict", "last shift"],
    judgement.series.map(rowOf),
  ));
  const lines = [
    headers!,
    ...judgement.series.flatMap((judged, n) => [
      rows[n]!,
      ...(nights > 0 ? nightLines(judged, nights) : []),
    ]),
  ];
  const tally = (Object.entries(counts) as [TonightVerdict, number][])
    .filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${verdict}`);
  lines.push(
    "",
    `Tonight is ${tonight}; ${plural(judgement.nights.length, "night")} since ` +
      `${judgement.nights[0]}. ${plural(rows.length, "series", "series")}: ${tally.join(", ")}.`,
  );
  return lines.join("\n") + "\n";
}

function rowOf(judged: SeriesJudgement): Words[] {
  const { series, tonight, shifts } = judged;
  const last = shifts.at(-1);
  return [
    series.benchmark,
    METRIC_WORDS[series.metric],
    series.node,
    tonight.value === null
      ? "–"
      : formatValue(series.metric, { ...series.points.at(-1)!, value: tonight.value }),
    tonight.change === null ? "–" : formatChange(tonight.change),
    verdictStatus(judged),
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
