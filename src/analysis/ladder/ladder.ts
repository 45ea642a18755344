/** A result over several releases, judged as a ladder. */
import type { Result } from "../../result/mod.ts";
import { kindOfStore, variantOf } from "../../result/mod.ts";
import { LEAST_RUNS } from "../../stats/mod.ts";
import { estimateOverRuns } from "../metric_estimates.ts";
import { BETTER, DEFAULT_THRESHOLDS, judgeFamily, SIGNIFICANCE } from "../compare/verdict.ts";
import { CALIBRATION_STORES } from "../stores.ts";
import { type Column, columnsOf } from "./columns.ts";
import { explain } from "./explain.ts";
import type {
  Explanation,
  Ladder,
  LadderRow,
  LadderRung,
  LadderSeries,
  LadderTurns,
} from "./model.ts";
import { optionSteps } from "./options.ts";
import { ladderRemarks } from "./remarks.ts";

/** Confidence of the intervals. */
const CONFIDENCE = 0.95;

/**
 * Judges a ladder. Rungs took turns, or share the blocks of their runs, so that what the machine did
 * falls on all of them, and they share their spread: of many rungs it is known far better than two of
 * them tell. All rows, of neighbours and against the first, are one family.
 *
 * @param again The result in which steps were measured again with the older's options, if there is one.
 * @throws {RangeError} Where the result is of fewer than two releases.
 */
export function judgeLadder(result: Result, again?: Result): Ladder {
  const rungs = rungsOf(result);
  if (rungs.length < 2) {
    throw new RangeError("Cannot judge a ladder: the result is of fewer than two releases");
  }
  const columns = columnsOf(result, rungs.map(({ store }) => store));
  const pairs = pairsOf(rungs.length);
  const rows = judgeColumns(columns, pairs);
  const series = columns.map((column, i): LadderSeries => {
    const judged = rows.slice(i * pairs.length, (i + 1) * pairs.length);
    return {
      name: column.record.name,
      kind: column.record.kind,
      workload: column.record.workload,
      metric: column.metric,
      better: BETTER[column.metric] as LadderSeries["better"],
      data: whereDataWas(column),
      spread: column.spread,
      places: rungs.map((_, rung) => {
        const { own, times } = column.sides[rung]!;
        return {
          rung,
          runs: own.values.length,
          estimate: own.values.length >= LEAST_RUNS && column.reason === null &&
              own.values.every((value) => value > 0)
            ? estimateOverRuns(own, times, CONFIDENCE)
            : null,
          change: judged.find(({ older, newer }) => older === 0 && newer === rung)?.change ?? null,
        };
      }),
    };
  });
  const sure = rows.filter(({ older, newer, verdict }) =>
    newer === older + 1 && (verdict === "improved" || verdict === "regressed")
  );
  const explanations = again === undefined ? null : explain(again, rungs);
  const gone = sure.filter((row) => explanations?.some((own) => isGone(row, own)));
  const judged = {
    rungs,
    turns: turnsOf(result),
    series,
    rows,
    steps: sure.filter((row) => !gone.includes(row)),
    gone,
    options: optionSteps(rungs),
    explanations,
    confidence: CONFIDENCE,
    level: SIGNIFICANCE,
  };
  return { ...judged, remarks: ladderRemarks(judged) };
}

/**
 * Whether a step was not found when it was measured again. Of hundreds of rows the surest are chosen,
 * which chance has helped: what is looked at a second time has had no such help.
 */
function isGone(row: LadderRow, { name, metric, newer, step }: Explanation): boolean {
  if (name !== row.name || metric !== row.metric || newer !== row.newer || step === null) {
    return false;
  }
  return row.change!.value > 0 ? step.low <= 0 : step.high >= 0;
}

/** Whether a result is one that {@linkcode judgeLadder} judges: a ladder of two releases or more. */
export function isLadder(result: Result): boolean {
  return result.suite.ladder === true && rungsOf(result).length >= 2;
}

/** How the releases of a result took turns. */
function turnsOf({ turns }: Result): LadderTurns | null {
  if (turns === undefined) return null;
  const { batchMs, groups } = turns;
  return { together: Math.max(...groups.map(({ length }) => length)), batchMs };
}

/** The releases of a result, in its order. */
function rungsOf({ benchmarks, runs }: Result): LadderRung[] {
  const stores = [...new Set(benchmarks.map(({ store }) => store))]
    .filter((store) => !CALIBRATION_STORES.includes(store));
  return stores.map((store) => {
    const own = runs.filter((run) => run.store?.store === store);
    const description = own[0]?.store ?? null;
    const release = description?.release;
    return {
      store,
      name: variantOf(store) ?? kindOfStore(store),
      engine: description && `${description.engine} ${description.version}`,
      compiler: release?.compiler ?? null,
      sha256: release?.sha256 ?? null,
      pinned: release?.pinned ?? null,
      options: own.find(({ engineOptions }) => engineOptions !== undefined)?.engineOptions ?? null,
    };
  });
}

/** Two rungs that are held against one another. */
export type Pair = readonly [older: number, newer: number];

/** Each rung against the one before it, and against the first. */
function pairsOf(rungs: number): Pair[] {
  return Array.from(
    { length: rungs - 1 },
    (_, i): Pair[] => i === 0 ? [[0, 1]] : [[i, i + 1], [0, i + 1]],
  ).flat();
}

/** The rows of some columns, column by column and pair by pair, judged as one family. */
export function judgeColumns(columns: readonly Column[], pairs: readonly Pair[]): LadderRow[] {
  const asked = columns.flatMap((column) => pairs.map((pair) => ({ column, pair })));
  const judgements = judgeFamily(
    asked.map(({ column, pair: [older, newer] }) => ({
      better: BETTER[column.metric],
      ...column.between(older, newer),
      blocks: true,
      shared: column.shared ?? undefined,
      threshold: DEFAULT_THRESHOLDS[column.metric],
      resolution: column.resolution,
      refusal: column.reason,
    })),
    CONFIDENCE,
  );
  return asked.map(({ column: { record, metric }, pair: [older, newer] }, i): LadderRow => {
    const { ratio, p, adjustedP, threshold, verdict, reason } = judgements[i]!;
    return {
      name: record.name,
      metric,
      better: BETTER[metric] as LadderRow["better"],
      older,
      newer,
      change: ratio && { value: ratio.value - 1, low: ratio.low - 1, high: ratio.high - 1 },
      p,
      adjustedP,
      threshold,
      verdict,
      reason,
    };
  });
}

/** Where the data was that a benchmark read. */
function whereDataWas({ record, sides }: Column): LadderSeries["data"] {
  if (record.workload.shape === "settled") return "files";
  const bytes = sides.flatMap(({ runs }) => runs).map(({ facts }) => facts.liveFileBytes);
  return bytes.length > 0 && bytes.every((value) => value === 0) ? "memory" : null;
}
