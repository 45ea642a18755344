/** The words of a comparison, the same for every writer. */
import {
  formatChangeRange,
  formatCount,
  formatNumber,
  formatP,
  formatPercent,
  formatPercentBound,
  formatRate,
  formatTime,
  joinWords,
  plural,
} from "../../format/mod.ts";
import {
  type ChangeRow,
  type ChangeSide,
  type ChangeVerdict,
  METRIC_WORDS,
  type ResultComparison,
  SAME_RESULT,
  SPREAD_CONFIDENCE,
  type VerdictCounts,
  type WitnessKind,
  type WitnessRow,
} from "../../analysis/mod.ts";
import type { CountingRecord } from "../../result/mod.ts";
import { LEAST_BLOCKS, LEAST_SWAPPED_PAIRS, median } from "../../stats/mod.ts";

/** Verdicts in the order in which a reader wants to see them. */
export const VERDICTS: readonly ChangeVerdict[] = [
  "regressed",
  "improved",
  "inconclusive",
  "too small to matter",
  "unchanged",
];

/** What became of the rows in one line: `1 regressed, 3 unchanged`. */
export function countsInWords(counts: VerdictCounts): string {
  const some = VERDICTS.filter((verdict) => counts[verdict] > 0);
  return some.length === 0
    ? "nothing to compare"
    : some.map((verdict) => `${formatCount(counts[verdict])} ${verdict}`).join(", ");
}

/** What a gate makes of a comparison, as a sentence: nothing known is not a pass. */
export function gateInWords({ outcome, rows, counts, remarks }: ResultComparison): string {
  const all = plural(rows.length, "row");
  const same = remarks.find(({ id }) => id === SAME_RESULT);
  if (same !== undefined) return same.text;
  if (outcome === "nothing in common") return "The two sides have no benchmark in common.";
  if (outcome === "regressed") return `Failed: ${counts.regressed} of ${all} regressed.`;
  if (outcome === "not decided") {
    return `Not decided: of ${all} none is known, so nothing is known of a regression.`;
  }
  const known = rows.length - counts.inconclusive;
  return counts.inconclusive === 0
    ? `Passed: of ${all} none regressed.`
    : `Passed: of ${known} of ${all} that are known none regressed; the others are open.`;
}

/** A side's value, without its interval: `10.37 µs`; `–` where there is none. */
export function sideInWords({ metric }: ChangeRow, { value }: ChangeSide): string {
  if (value === null) return "–";
  return metric === "throughput" ? formatRate(value) : formatTime(value);
}

/** A metric with the benchmark it is of: `raw/read_latency/single_read p99`. */
export function rowName({ id, metric }: ChangeRow): string {
  return `${id} ${METRIC_WORDS[metric]}`;
}

/** A row in one line: both values, the change, the test. */
export function rowInWords(row: ChangeRow): string {
  const sides = `${sideInWords(row, row.base)} → ${sideInWords(row, row.candidate)}`;
  const tested = row.adjustedP === null ? [] : [formatP(row.adjustedP)];
  return [
    sides,
    ...(row.change === null ? [] : [formatChangeRange(row.change)]),
    ...tested,
    `threshold ${formatPercentBound(round(row.threshold))}`,
    `${runsInWords(row)}`,
  ].join(", ");
}

/** The runs of both sides: `10 and 10 runs`. */
export function runsInWords({ base, candidate }: ChangeRow): string {
  return `${formatCount(base.runs)} and ${plural(candidate.runs, "run")}`;
}

/** A threshold that the clock has raised may have any digits: two are enough. */
export function round(threshold: number): number {
  return Number(threshold.toPrecision(2));
}

/** How verdicts are given, in whole sentences. */
export function method({ confidence, level, interleaved, duet }: ResultComparison): string {
  return (
    (duet
      ? "The two sides are live processes that took turns at a grain of milliseconds, in random order, " +
        "with the same operations; each pair of processes is new. The pair is the unit, with the " +
        "robust centre of its batches' log ratios (of quantiles, the ratio of its processes' own): a " +
        "permutation test that swaps the sides of pairs, on their biweight scores, or with fewer " +
        `than ${LEAST_SWAPPED_PAIRS} pairs Student's test`
      : interleaved
      ? "The two sides were measured in one session, in blocks of a run of each in random order. The " +
        `run is the unit: Student's test on the logarithms of the blocks' ratios, or with fewer than ` +
        `${LEAST_BLOCKS} blocks Welch's on those of the runs' values`
      : "The run is the unit: Welch's test on the logarithms of the runs' values") +
    ", p adjusted for all rows " +
    `by Benjamini and Hochberg's method. A change is sure where the adjusted p is below ${level}; it ` +
    "improved or regressed where it is sure and beyond the metric's threshold, is too small to matter " +
    "where it is sure and its whole interval within, unchanged where the interval alone is within, " +
    `and inconclusive otherwise. Intervals are at ${formatPercentBound(confidence)} confidence, ` +
    "each on its own."
  );
}

/** What is beyond tenfold has no percentage that anybody could act on. */
function seenInWords(change: number): string {
  return change > 9 ? "more than tenfold" : formatPercent(change);
}

/** Witnesses as tables name them. */
export const WITNESS_WORDS: Readonly<Record<WitnessKind, string>> = {
  cpuNs: "processor time",
  instructions: "instructions",
  cacheMisses: "cache misses",
  countedInstructions: "instructions under callgrind",
};

/** What a thread did for an operation: `1.02 µs`, `4,210`. */
export function witnessValue({ witness }: WitnessRow, value: number): string {
  return witness === "cpuNs" ? formatTime(value) : formatNumber(value, 4);
}

/** How witnesses are to be read, in whole sentences; `null` where there is none. */
export function witnessesInWords(
  { witnesses, uncounted, counting }: ResultComparison,
): string | null {
  if (witnesses.length === 0) return null;
  const missing = [...Map.groupBy(uncounted, ({ reason }) => reason)].map(([reason, those]) => {
    const names = joinWords([...new Set(those.map(({ witness }) => WITNESS_WORDS[witness]))]);
    return ` Not counted: ${names}, since ${reason}.`;
  });
  const isCounted = witnesses.some(({ witness }) => witness === "countedInstructions");
  const counted = counting === null || !isCounted ? "" : countedInWords(counting);
  return "Witnesses are what the measuring thread did in the timed batches, for an operation, whatever " +
    "else the machine did meanwhile; the engine's own threads are not in it. They are no verdict and " +
    `no part of one.${counted}${missing.join("")}`;
}

/** How callgrind counted. */
function countedInWords({ tool, processes, batches, operations }: CountingRecord): string {
  const each = plural(processes, "process", "processes");
  const parts = plural(batches, "batch", "batches");
  const size = plural(operations, "operation");
  return ` Those under callgrind (${tool}) are of ${each} a side by themselves, with ${parts} of about ` +
    `${size} each, on the same keys; of the ratios of their batches the middle one counts. They say what ` +
    "the code does, however busy the machine is, and not how long that takes.";
}

/** Why rows stayed open, at the end of a sentence. */
const LOOKS_ENDED = {
  sure: ", which more pairs do not decide",
  time: " when the time was up",
  runs: " at the last look",
  none: " so far, since it did not come to its end",
} as const;

/**
 * How often was looked at pairs that were measured until each row was decided, and what stayed open, in
 * sentences; `null` of a plan that was fixed.
 */
export function looksInWords(
  { looks, looksEnded, rows, counts, level }: ResultComparison,
): string | null {
  if (looks === null) return null;
  const tested = rows.filter((row) => row.looks !== null);
  const counted = tested.map(({ candidate }) => candidate.runs).toSorted((a, b) => a - b);
  const [least, most] = [counted[0] ?? 0, counted.at(-1) ?? 0].map(formatCount);
  const pairs = least === most ? least : `${least} to ${most}`;
  const taken = tested.reduce((all, row) => Math.max(all, row.looks!), 0);
  const left = counts.inconclusive === 0
    ? "no row stayed open"
    : `${plural(counts.inconclusive, "row")} stayed open${LOOKS_ENDED[looksEnded ?? "none"]}`;
  return "Until sure: measuring was to go on pair by pair until each row was decided, and what was " +
    `decided was measured no more: ${pairs} pairs a row, in ${plural(taken, "look")} of ` +
    `${formatCount(looks.length)} that were planned (after ${joinWords(looks.map(formatCount))} ` +
    `pairs); ${left}. The level of ${level} and the intervals hold over all of these looks together, ` +
    "by Bonferroni's inequality; a change that ended it reads a few percent of itself too much.";
}

/** Whether taking turns helped, in a sentence; `null` where nobody took turns. */
export function pairingInWords({ rows }: ResultComparison): string | null {
  const spreads = rows.flatMap(({ spread, pairing }) =>
    spread === null || pairing === null || pairing.unpaired === null
      ? []
      : [{ paired: spread, unpaired: pairing.unpaired }]
  );
  if (spreads.length === 0) return null;
  const paired = formatPercent(median(spreads.map(({ paired }) => paired)));
  const unpaired = formatPercent(median(spreads.map(({ unpaired }) => unpaired)));
  const helped = spreads.filter(({ paired, unpaired }) => paired < unpaired).length;
  return `Taking turns: between processes the sides spread by ${paired} where each is held against ` +
    `its partner and by ${unpaired} where not (medians over the rows, from the same minutes); it was ` +
    `less in ${helped} of ${plural(spreads.length, "row")}.`;
}

/** Rows that are told how many runs they need; the others are in the table and the JSON. */
const MOST_ADVISED = 20;

/** What such runs can see, in a sentence; `null` where no row could be tested. */
export function sight({ rows }: ResultComparison): string | null {
  const seen = rows.flatMap(({ detectable }) => detectable ?? []);
  if (seen.length === 0) return null;
  // Not by an argument each: a result may have a hundred thousand rows.
  const [least, most] = [
    seen.reduce((a, b) => Math.min(a, b)),
    seen.reduce((a, b) => Math.max(a, b)),
  ];
  const blind = rows.filter(({ runsNeeded, base, candidate }) =>
    runsNeeded !== null &&
    (runsNeeded.runs === null || runsNeeded.runs > Math.min(base.runs, candidate.runs))
  );
  const [steadiest, shakiest] = [seenInWords(least), seenInWords(most)];
  const span = steadiest === shakiest
    ? steadiest
    : `${steadiest} (the steadiest row) to ${shakiest} (the least steady)`;
  const more = blind.length - MOST_ADVISED;
  const advice = joinWords(
    blind.slice(0, MOST_ADVISED).map((row) => {
      const { runs, change } = row.runsNeeded!;
      const needed = runs === null ? "more than 1,000 runs" : plural(runs, "run");
      const shown = formatPercentBound(round(change));
      return `${rowName(row)} would need ${needed} a side to show ${shown}`;
    }).concat(more > 0 ? `${plural(more, "row")} more would need more runs as well` : []),
  );
  return `In 19 of 20 comparisons of as many runs a row would show a change of ${span}, all rows ` +
    "counted, the spread between runs taken at the upper end of what was seen " +
    `(${formatPercentBound(SPREAD_CONFIDENCE)} confidence).` +
    (blind.length === 0 ? "" : ` ${advice}.`);
}
