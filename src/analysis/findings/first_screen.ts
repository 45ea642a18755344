/** What a reader in a hurry is told first: the verdict in a sentence, and how noisy the machine was. */
import {
  formatBound,
  formatMetricPoint,
  formatMetricValue,
  METRIC_WORDS,
  operationWord,
} from "../words.ts";
import { formatFactor, formatPercent, joinWords, plural } from "../../format/mod.ts";
import { MOST_OTHERS_SHARE, MOST_STEAL_SHARE } from "../../remark/mod.ts";
import { isTooWide, LEAST_RUNS, median } from "../../stats/mod.ts";
import { metricOf } from "../estimate_of.ts";
import type { BenchmarkAnalysis, MissingValue, TargetVerdict } from "../model.ts";
import { INTERRUPTED } from "../targets.ts";
import { largestPressure } from "../run_conditions.ts";
import { extremes, type TellFinding } from "./context.ts";

/** Of more targets than this that are not met a sentence names the first, and counts the rest. */
const MOST_NAMED = 3;

/** What a target that is met below {@linkcode LEAST_RUNS} runs is worth. */
const FEW = "in so few runs that they say nothing of the next";

/** Which stores meet all of their targets, and which miss what. */
export const verdict: TellFinding = ({ targets, stores, measured }) => {
  const benchmarks = measured.map(({ analysis }) => analysis);
  if (measured.length === 0) return null;
  const asked = targets.filter(({ planned }) => planned);
  const count = (verdict: TargetVerdict["verdict"]) =>
    asked.filter((row) => row.verdict === verdict).length;
  const missed = count("missed");
  return {
    id: "verdict",
    topic: "targets",
    severity: missed > 0 ? "warn" : "info",
    about: [...new Set(asked.filter((row) => row.verdict !== "met").map(({ store }) => store))],
    condition: "a store was measured",
    numbers: { targets: asked.length, met: count("met"), missed },
    text: asked.length === 0
      ? "No target was set for what was measured."
      : asked.some(({ reason }) => reason === INTERRUPTED)
      ? "Nothing is judged: the bench was interrupted."
      : inOneSentence(stores.map(({ store }) => store), asked, benchmarks),
  };
};

function inOneSentence(
  stores: readonly string[],
  asked: readonly TargetVerdict[],
  benchmarks: readonly BenchmarkAnalysis[],
): string {
  const own = stores.map((store) => ({ store, rows: asked.filter((row) => row.store === store) }))
    .filter(({ rows }) => rows.length > 0);
  const meeting = own.filter(({ rows }) => rows.every(({ verdict }) => verdict === "met"));
  const once = own.filter(({ rows }) =>
    rows.every(({ verdict }) => verdict === "met" || verdict === "met in one run") &&
    rows.some(({ verdict }) => verdict === "met in one run")
  );
  const others = own.filter((each) => !meeting.includes(each) && !once.includes(each));
  const clauses = [
    ...(meeting.length === 0 ? [] : [`${meetsAll(meeting)}${closest(meeting)}`]),
    ...(once.length === 0 ? [] : [`${meetsAll(once)} ${FEW}`]),
    ...others.map(({ store, rows }) => failing(store, rows, benchmarks)),
  ];
  return `${clauses.join("; ")}.`;
}

interface StoreTargets {
  store: string;
  rows: readonly TargetVerdict[];
}

/** `raw and kvstore meet all of their 8 targets`. */
function meetsAll(stores: readonly StoreTargets[]): string {
  const count = stores.reduce((sum, { rows }) => sum + rows.length, 0);
  const names = joinWords(stores.map(({ store }) => store));
  const [meet, their] = stores.length === 1 ? ["meets", "its"] : ["meet", "their"];
  return count === 1
    ? `${names} ${meet} ${their} one target`
    : `${names} ${meet} all of ${their} ${plural(count, "target")}`;
}

/** By how much at least, and where; nothing where a margin says nothing, or none is known. */
function closest(stores: readonly StoreTargets[]): string {
  const rows = stores.flatMap(({ rows }) => rows);
  const nearest = extremes(
    rows.flatMap((row) => row.margin === null ? [] : [{ row, factor: row.margin.value }]),
    ({ factor }) => factor,
  );
  // One that says nothing may be the closest.
  if (nearest === null || rows.some(({ margin }) => margin !== null && isTooWide(margin))) {
    return "";
  }
  const { row, factor } = nearest.at.least;
  const where = `${stores.length === 1 ? "" : `${row.store}, `}${targetWords(row)}`;
  return rows.length === 1 ? `, ${formatFactor(factor)} over` : (
    `, the closest by ${formatFactor(factor)} (${where})`
  );
}

/** What a store misses and what it leaves open, each with its value. */
function failing(
  store: string,
  rows: readonly TargetVerdict[],
  benchmarks: readonly BenchmarkAnalysis[],
): string {
  const missingOf = ({ benchmark, target }: TargetVerdict) =>
    metricOf(benchmarks, benchmark, target.metric)?.missing;
  const isKnown = (row: TargetVerdict) =>
    row.estimate !== null || row.point !== undefined || missingOf(row) !== undefined;
  const of = (choose: (row: TargetVerdict) => boolean) => {
    const chosen = rows.filter(choose);
    const named = chosen.slice(0, MOST_NAMED).map((row) => valueAgainstBound(row, missingOf(row)));
    const more = chosen.length - named.length;
    return joinWords([...named, ...(more === 0 ? [] : [`${more} more`])]);
  };
  const missed = of(({ verdict }) => verdict === "missed");
  const open = of((row) => row.verdict === "inconclusive" && isKnown(row));
  const unknown = of((row) => row.verdict === "inconclusive" && !isKnown(row));
  const count = (verdict: TargetVerdict["verdict"]) =>
    rows.filter((row) => row.verdict === verdict).length;
  const [met, once] = [count("met"), count("met in one run")];
  const parts = [
    ...(missed === "" ? [] : [`misses ${missed}`]),
    ...(open === "" ? [] : [`leaves open ${open}`]),
    ...(unknown === "" ? [] : [`was not measured in ${unknown}`]),
    ...(met === 0 ? [] : [`meets ${met} of ${plural(rows.length, "target")}`]),
    ...(once === 0 ? [] : [
      `${met === 0 ? `meets ${once} of ${plural(rows.length, "target")}` : `${once} more`} ${FEW}`,
    ]),
  ];
  return `${store} ${parts.join(", ")}`;
}

/**
 * `read throughput (28,929 ops/s, target ≥ 50,000 ops/s)`, `read p99 (too few operations, …)`; of a value
 * that has an interval and leaves its target open also why.
 */
function valueAgainstBound(row: TargetVerdict, missing: MissingValue | undefined): string {
  const { target, estimate, point, reason } = row;
  const value = estimate !== null
    ? `${formatMetricValue(target.metric, estimate.value)}, `
    : point !== undefined
    ? `${formatMetricPoint(target.metric, point)}, `
    : missing === undefined
    ? ""
    : `${missing}, `;
  const why = estimate === null || reason === null ? "" : `: ${reason}`;
  return `${targetWords(row)} (${value}target ${formatBound(target)}${why})`;
}

/** A target by its operation and metric; one of no known operation by its benchmark. */
function targetWords({ target, operation }: TargetVerdict): string {
  const of = operation === null ? target.benchmark : operationWord(operation);
  return `${of} ${METRIC_WORDS[target.metric]}`;
}

/** That benchmarks have too few runs to say anything of the next one; nothing where none has. */
function fewRuns(runs: readonly number[]): string[] {
  const few = runs.filter((count) => count < LEAST_RUNS).length;
  if (few === 0) return [];
  if (few < runs.length) {
    const which = `${few} of ${runs.length} benchmarks`;
    return [`fewer than ${LEAST_RUNS} runs in ${which}, which say nothing of the next`];
  }
  const most = Math.max(...runs);
  return [
    most === 1
      ? "one run of each benchmark, which says nothing of the next"
      : `${most} runs of a benchmark at most, which say nothing of the next`,
  ];
}

/**
 * How noisy the machine was, in half a line: the most that others took during a run, the median
 * spread between a benchmark's runs, and whether these are too few. How often that was is told in full further on.
 */
export const machineNoise: TellFinding = ({ measured }) => {
  const runs = measured.flatMap((benchmark) => benchmark.runs);
  if (runs.length === 0) return null;
  const others = largestPressure(runs, "busyOthers");
  const steal = largestPressure(runs, "steal");
  const hit =
    runs.filter(({ pressure }) =>
      (pressure?.busyOthers ?? 0) > MOST_OTHERS_SHARE || (pressure?.steal ?? 0) > MOST_STEAL_SHARE
    ).length;
  const spreads = measured.flatMap(({ analysis }) => analysis.spread.betweenRuns ?? []);
  const taken = [
    ...(others === null
      ? []
      : others === 0
      ? ["others took nothing of the processors"]
      : [`others took up to ${formatPercent(others)} of the processors`]),
    ...(steal === null || steal <= MOST_STEAL_SHARE
      ? []
      : [`the hypervisor ${formatPercent(steal)}${others === 0 ? " at most" : ""}`]),
  ];
  const parts = [
    taken.length === 0 ? "what else the machine did is not known" : taken.join(", "),
    ...(spreads.length === 0 ? [] : [`runs spread by ${formatPercent(median(spreads))}`]),
    ...fewRuns(measured.flatMap(({ runs }) => runs.length > 0 ? [runs.length] : [])),
  ];
  return {
    id: "machine-noise",
    topic: "measurement",
    severity: hit > 0 ? "warn" : "info",
    about: [],
    condition: "a run of a measured benchmark is used",
    numbers: {
      runs: runs.length,
      hit,
      ...(others !== null && { others }),
      ...(steal !== null && { steal }),
      ...(spreads.length > 0 && { spread: median(spreads) }),
    },
    text: `${hit > 0 ? "Noisy machine" : "Noise"}: ${parts.join("; ")}.`,
  };
};
