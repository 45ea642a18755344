/** A judged history for a terminal. */
import { dim, formatChange, plural } from "../../format/mod.ts";
import {
  type HistoryJudgement,
  METRIC_WORDS,
  type SeriesJudgement,
  toldShifts,
  type TonightVerdict,
} from "../../analysis/mod.ts";
import { coloured, tableToConsole } from "../console_text.ts";
import { table, type Words } from "../document.ts";
import { oneLine } from "../plain_text.ts";
import { changesOf, estimatorSentence, notKnownWhoseText, uncontrolledText } from "./changes.ts";
import {
  causeText,
  estimatorText,
  formatMetric,
  formatValue,
  shiftText,
  shortCommit,
  verdictStatus,
} from "./words.ts";

/** How many benchmarks of another estimator are told, a line each. */
const MOST_TOLD = 5;

/**
 * Writes a table with a row for each series, and under each as many of its last nights as are asked
 * for.
 *
 * @param nights Nights under each series. @default none
 * @returns Lines, with a line end at the end.
 */
export function historyToConsole(judgement: HistoryJudgement, nights = 0): string {
  const changes = changesOf(judgement);
  const { tonight, counts, estimators, uncontrolled } = changes;
  if (tonight === null) return "There is no night in this history yet.\n";
  const isControlled = judgement.series.some(({ control }) => control !== undefined);
  const [headers, ...rows] = tableToConsole(table(
    [
      "benchmark",
      "metric",
      "node",
      "tonight",
      "from level",
      ...(isControlled ? ["from control"] : []),
      "verdict",
      "last shift",
    ],
    judgement.series.map((judged) => rowOf(judged, isControlled)),
  ));
  const whose = notKnownWhoseText(changes);
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
    ...estimators.slice(0, MOST_TOLD).map((each) => oneLine(estimatorSentence(each))),
    ...(estimators.length > MOST_TOLD
      ? [`Another estimator, too: ${plural(estimators.length - MOST_TOLD, "more benchmark")}.`]
      : []),
    ...uncontrolled.map((each) => oneLine(uncontrolledText(each))),
    ...(whose === null ? [] : [whose]),
    "",
    `Tonight is ${tonight}; ${plural(judgement.measured.length, "measured night")} since ` +
      `${judgement.nights[0]}. ${plural(rows.length, "series", "series")}: ${tally.join(", ")}.`,
  );
  return lines.join("\n") + "\n";
}

/** @param isControlled Whether there is a column of how far the ratio to the control is from its level. */
function rowOf(judged: SeriesJudgement, isControlled: boolean): Words[] {
  const { series, tonight, control } = judged;
  const last = toldShifts(judged).at(-1);
  const ofControl = control?.tonight.change ?? null;
  return [
    series.benchmark,
    METRIC_WORDS[series.metric],
    series.node,
    tonight.value === null
      ? "–"
      : formatValue(series.metric, { ...series.points.at(-1)!, value: tonight.value }),
    tonight.change === null ? "–" : formatChange(tonight.change),
    ...(isControlled ? [ofControl === null ? "–" : formatChange(ofControl)] : []),
    verdictStatus(judged),
    [
      last === undefined ? "none" : shiftText(last),
      ...(judged.estimators ?? []).slice(-1).map(estimatorText),
    ].join("; "),
  ];
}

/** The last nights, the newest first. */
function nightLines(judged: SeriesJudgement, nights: number): string[] {
  const { series, anomalies } = judged;
  const notes = new Map<string, string>([
    ...(judged.estimators ?? []).map((change): [string, string] => [
      change.night,
      estimatorText(change),
    ]),
    ...anomalies.map(({ night, direction }): [string, string] => [
      night,
      coloured(direction, "stood out, and did not last"),
    ]),
    ...toldShifts(judged).map((shift): [string, string] => {
      const { night, direction } = shift;
      const whose = causeText(shift);
      const owned = whose === null ? "" : `, ${whose}`;
      const accepted = shift.accepted === undefined ? "" : `, accepted: ${oneLine(shift.accepted)}`;
      const text = `a lasting shift begins: ${direction}${owned}${accepted}`;
      return [night, coloured(direction, text)];
    }),
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
      ...(judged.notes ?? []).filter((note) => note.night === night)
        .map(({ text }) => `note: ${oneLine(text)}`),
    ];
    return `    ${night}  ${rest.filter((text) => text !== "").join("  ")}`;
  });
}
