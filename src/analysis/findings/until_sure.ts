/** What a bench that goes on until it is sure has come to, and what its looks cost. */
import {
  formatCount,
  formatPercentBound,
  formatSeconds,
  joinSome,
  joinWords,
  plural,
} from "../../format/mod.ts";
import { confidenceAtLook } from "../../stats/mod.ts";
import { looksAt } from "../looks.ts";
import type { TellFinding } from "./context.ts";

/** Of more than these a sentence names the first, and counts the rest. */
const MOST_NAMED = 5;

/** How many runs were added in how many looks, at what level the last one was, and what stayed open. */
export const untilSure: TellFinding = ({ result, measured, options }) => {
  const { untilSure, profile } = result;
  const looks = untilSure?.looks ?? [];
  const last = looks.at(-1);
  if (untilSure === undefined || last === undefined) return null;
  const grown = measured.flatMap(({ record: { id, runs = profile.runs, added } }) =>
    added === undefined ? [] : [{ id, runs, added }]
  );
  const added = grown.reduce((sum, own) => sum + own.added, 0);
  const counts = measured.flatMap(({ record }) => looksAt(record, result) ?? []);
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const whole = formatPercentBound(options.confidence);
  const levels = [...new Set([1, most])].map((look) =>
    `${formatLevel(confidenceAtLook(options.confidence, look))} at look ${look}`
  );
  const [seen, more] = [plural(looks.length, "look"), plural(added, "run")];
  const which = joinSome(grown.map(nameGrown), MOST_NAMED);
  const sentences = [
    grown.length === 0
      ? "The bench was to go on until everything asked was decided, and no runs were added."
      : `The bench went on until everything asked was decided: ${seen} added ${more}, so that ${which}.`,
    ENDS[last.ended ?? "none"](last.open, untilSure.atMostMs),
    `Looking again and again costs certainty, so that the intervals of what is asked are wider, ` +
    `at ${joinWords(levels)}: over all looks together they hold with ${whole}.`,
  ];
  return {
    id: "until-sure",
    topic: "measurement",
    severity: last.ended === "sure" ? "info" : "warn",
    about: grown.map(({ id }) => id),
    condition: "the bench was asked to go on until everything was decided",
    numbers: { looks: looks.length, added, mostLooks: most, open: last.open.length },
    text: sentences.join(" "),
  };
};

/** A level with two digits of what it leaves. */
function formatLevel(confidence: number): string {
  const left = Number((1 - confidence).toPrecision(2));
  return formatPercentBound(Number((1 - left).toPrecision(10)));
}

/** What is said of the last look, by why it was the last. */
const ENDS = {
  sure: () => "Nothing was open then that more runs can decide.",
  time: (open: readonly string[], ms: number) =>
    `The time that it had, ${formatSeconds(ms)}, was up when ${areOpen(open)}.`,
  runs: (open: readonly string[]) => `It had as many runs as there may be when ${areOpen(open)}.`,
  none: (open: readonly string[]) =>
    `It did not come to its end; at its last look ${areOpen(open)}.`,
};

function areOpen(open: readonly string[]): string {
  return `${joinSome(open, MOST_NAMED)} ${open.length === 1 ? "was" : "were"} open`;
}

function nameGrown({ id, runs }: { id: string; runs: number }): string {
  return `${id} has ${formatCount(runs)}`;
}
