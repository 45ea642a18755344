/** The first screen's figure for a terminal: every target with its interval, as multiples of the bound. */
import type { Range } from "../format/mod.ts";
import {
  type Analysis,
  METRIC_WORDS,
  operationWord,
  shortRatio,
  type TargetVerdict,
} from "../analysis/mod.ts";
import { coloured } from "./console_text.ts";
import { oneLine } from "./plain_text.ts";

/** The longest label, letters; a longer one is cut. */
const MOST_LABEL = 24;
/** With less room than this for the marks there is no figure. */
const LEAST_TRACK = 12;
/** An interval may go this much beyond the values. */
const REACH = 1000;

/**
 * A line a target: `read rate, raw  │ ├──●──┤  3.04×`, the upright line where the target is.
 *
 * @param columns Letters in a line.
 * @returns No lines where nothing was measured, or where the lines are too short for it.
 */
export function targetsToConsole({ targets }: Analysis, columns: number): string[] {
  const rows = targets.flatMap((row) =>
    row.planned && row.margin !== null ? [{ row, margin: row.margin }] : []
  );
  if (rows.length === 0) return [];
  const labels = rows.map(({ row }) => labelOf(row));
  const notes = rows.map(({ margin }) => shortRatio(margin));
  const [left, right] = [labels, notes].map((texts) =>
    Math.max(...texts.map((text) => text.length))
  ) as [number, number];
  const track = columns - left - right - 4;
  if (track < LEAST_TRACK) return [];
  const place = scaleOf(rows.map(({ margin }) => margin), track);
  const bound = place(1);
  return [
    `${" ".repeat(left + 2 + bound)}target`,
    ...rows.map(({ row, margin }, i) => {
      const drawn = drawTrack(margin, place, track, bound);
      const text = `${drawn}  ${notes[i]!.padStart(right)}`;
      return `${labels[i]!.padEnd(left)}  ${coloured(row.verdict, text)}`;
    }),
  ];
}

function labelOf({ target, operation, store }: TargetVerdict): string {
  const metric = target.metric === "throughput" ? "rate" : METRIC_WORDS[target.metric];
  const of = operation === null ? target.benchmark : operationWord(operation);
  const label = oneLine(`${of} ${metric}, ${store}`);
  return label.length <= MOST_LABEL ? label : `${label.slice(0, MOST_LABEL - 1)}…`;
}

/** Where a factor lies on the track, logarithmically; what is beyond it at its end. */
function scaleOf(margins: readonly Range[], track: number): (factor: number) => number {
  const values = [1, ...margins.map(({ value }) => value).filter((value) => value > 0)];
  const [least, most] = [Math.min(...values) / REACH, Math.max(...values) * REACH];
  const ends = margins.flatMap(({ low, high }) => [low, high])
    .map((end) => Math.min(most, Math.max(least, end)));
  const [low, high] = [
    Math.log(Math.min(...values, ...ends)),
    Math.log(Math.max(...values, ...ends)),
  ];
  return (factor) => {
    const share = high > low ? (Math.log(Math.max(factor, least)) - low) / (high - low) : 0;
    return Math.round(Math.min(1, Math.max(0, share)) * (track - 1));
  };
}

function drawTrack(
  { value, low, high }: Range,
  place: (factor: number) => number,
  track: number,
  bound: number,
): string {
  const line = Array.from({ length: track }, () => " ");
  line[bound] = "│";
  const [from, at, to] = [place(low), place(value), place(high)];
  for (let i = from; i <= to; i++) line[i] = "─";
  if (to > from) [line[from], line[to]] = ["├", "┤"];
  line[at] = "●";
  return line.join("");
}
