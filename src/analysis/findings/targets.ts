import {
  formatFactorSpan,
  formatPercent,
  formatSpan,
  joinWords,
  plural,
} from "../../format/mod.ts";
import { isTooWide, LEAST_RUNS } from "../../stats/mod.ts";
import type { TargetVerdict, Verdict } from "../model.ts";
import { extremes, type TellFinding } from "./context.ts";

/** Targets of one outcome, and what they are; none of what none is. */
function counted(count: number, what: string): { count: number; what: string }[] {
  return count === 0 ? [] : [{ count, what }];
}

/** `All 3 targets are met.`, `Of 3 targets, 2 are met and 1 is missed.` */
function countsInWords(of: number, counts: readonly { count: number; what: string }[]): string {
  const [first, ...others] = counts;
  if (others.length === 0) {
    return of === 1 ? `The one target is ${first!.what}.` : `All ${of} targets are ${first!.what}.`;
  }
  const words = counts.map(({ count, what }) => `${count} ${count === 1 ? "is" : "are"} ${what}`);
  return `Of ${plural(of, "target")}, ${joinWords(words)}.`;
}

/** Whether there is a ratio to the bound, and its interval is none that says nothing. */
function saysSomething({ factor }: TargetVerdict): boolean {
  return factor !== null && !isTooWide(factor);
}

/** How many targets are met, and by how much, from the table. */
export const targetSummary: TellFinding = ({ targets: all }) => {
  // What nobody asked for, as the benchmarks that a filter left out, is neither met nor missed.
  const targets = all.filter(({ planned }) => planned);
  if (targets.length === 0) return null;
  const count = (verdict: Verdict) => targets.filter((row) => row.verdict === verdict).length;
  const [met, missed, inconclusive] = [count("met"), count("missed"), count("inconclusive")];
  const once = count("met in one run");
  const isRate = ({ target }: TargetVerdict) =>
    target.metric === "throughput" && target.bound === "atLeast";
  const isTime = ({ target }: TargetVerdict) =>
    target.metric !== "throughput" && target.bound === "atMost";
  // Of what differs too much for a ratio there is none.
  const factorsOf = (choose: (row: TargetVerdict) => boolean) =>
    extremes(
      targets.flatMap((row) => saysSomething(row) && choose(row) ? [row.factor!.value] : []),
      (factor) => factor,
    );
  const [rates, times] = [factorsOf(isRate), factorsOf(isTime)];
  const which = (choose: (row: TargetVerdict) => boolean) =>
    targets.some((row) => row.factor !== null && choose(row) && !saysSomething(row))
      ? " that do not differ too much for a ratio"
      : "";
  const counts = [
    ...counted(met, "met"),
    ...counted(once, `met in fewer than ${LEAST_RUNS} runs only`),
    ...counted(missed, "missed"),
    ...counted(inconclusive, "inconclusive"),
  ];
  const sentences = [countsInWords(targets.length, counts)];
  if (rates !== null) {
    const factors = formatFactorSpan(rates.least, rates.most);
    sentences.push(`The rates${which(isRate)} are ${factors} what the targets ask for.`);
  }
  if (times !== null) {
    const shares = formatSpan(times.least, times.most, formatPercent);
    sentences.push(`The times${which(isTime)} are ${shares} of what the targets allow.`);
  }
  return {
    id: "targets",
    topic: "targets",
    severity: missed > 0 ? "warn" : "info",
    about: targets.filter(({ verdict }) => verdict === "missed").map(({ benchmark }) => benchmark),
    condition: "the suite has targets for what was to be measured",
    numbers: {
      targets: targets.length,
      met,
      metInFewRuns: once,
      missed,
      inconclusive,
      ...(rates && { leastRateFactor: rates.least, mostRateFactor: rates.most }),
      ...(times && { leastTimeFactor: times.least, mostTimeFactor: times.most }),
    },
    text: sentences.join(" "),
  };
};
