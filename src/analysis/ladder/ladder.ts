/** A result over several releases, judged as a ladder. */
import type { BenchmarkRecord, Result, RunRecord } from "../../result/mod.ts";
import { kindOfStore, variantOf } from "../../result/mod.ts";
import {
  geometricMean,
  intervalOverRuns,
  LEAST_RUNS,
  type SharedSpread,
  sharedSpread,
} from "../../stats/mod.ts";
import { type BenchmarkValues, valuesOf } from "../run_values.ts";
import { BETTER, DEFAULT_THRESHOLDS, judgeFamily, SIGNIFICANCE } from "../compare/verdict.ts";
import { CALIBRATION_STORES } from "../stores.ts";
import { explain } from "./explain.ts";
import type { Ladder, LadderRow, LadderRung, LadderSeries } from "./model.ts";
import { optionSteps } from "./options.ts";
import { ladderRemarks } from "./remarks.ts";

/** The metrics that a ladder is judged by: rates, and of single operations the mean and the tail. */
const METRICS = ["throughput", "mean", "p99"];

/** Confidence of the intervals. */
const CONFIDENCE = 0.95;

/** One metric of one benchmark: each rung's values, of the blocks that all rungs measured. */
export interface Column {
  record: BenchmarkRecord;
  metric: LadderSeries["metric"];
  /** Rung by rung, one value a block. */
  values: number[][];
  /** The runs that they came from, rung by rung. */
  runs: RunRecord[][];
  /** The clock's step over the value; 0 where it does not matter. */
  resolution: number;
  /** Why it cannot be judged, as a clause; else `null`. */
  reason: string | null;
}

/**
 * Judges a ladder. Rungs share the blocks of their runs, so that what the machine did falls on all of
 * them, and their spread: of many rungs it is known far better than two of them tell. All rows, of
 * neighbours and against the first, are one family.
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
    const own = rows.slice(i * pairs.length, (i + 1) * pairs.length);
    return {
      name: column.record.name,
      kind: column.record.kind,
      workload: column.record.workload,
      metric: column.metric,
      better: BETTER[column.metric] as LadderSeries["better"],
      data: whereDataWas(column),
      places: rungs.map((_, rung) => {
        const values = column.values[rung]!;
        return {
          rung,
          runs: values.length,
          estimate: values.length >= LEAST_RUNS && column.reason === null
            ? intervalOverRuns(values, CONFIDENCE)
            : null,
          change: own.find(({ older, newer }) => older === 0 && newer === rung)?.change ?? null,
        };
      }),
    };
  });
  const steps = rows.filter(({ older, newer, verdict }) =>
    newer === older + 1 && (verdict === "improved" || verdict === "regressed")
  );
  const judged = {
    rungs,
    series,
    rows,
    steps,
    options: optionSteps(rungs),
    explanations: again === undefined ? null : explain(again, rungs),
    confidence: CONFIDENCE,
    level: SIGNIFICANCE,
  };
  return { ...judged, remarks: ladderRemarks(judged) };
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

/** Every metric of every benchmark over the given stores. */
export function columnsOf(result: Result, stores: readonly string[]): Column[] {
  const names = [
    ...new Set(
      result.benchmarks.filter(({ store }) => stores.includes(store)).map(({ name }) => name),
    ),
  ];
  return names.flatMap((name) => {
    const sides = stores.map((store) => {
      const record = result.benchmarks.find((own) => own.store === store && own.name === name);
      return record && valuesOf(record, result);
    });
    if (sides.some((side) => side === undefined)) return [];
    return columnsOfBenchmark(sides as BenchmarkValues[]);
  });
}

function columnsOfBenchmark(sides: readonly BenchmarkValues[]): Column[] {
  const [first] = sides;
  // A block counts where every rung measured it.
  const blocks = first!.runs.map(({ run }) => run)
    .filter((block) => sides.every(({ runs }) => runs.some(({ run }) => run === block)));
  return first!.metrics.filter(({ metric }) => METRICS.includes(metric)).map(({ metric }) => {
    const own = sides.map((side) => side.metrics.find((each) => each.metric === metric)!);
    const reason = own.find((each) => each.values.length === 0)?.reason ?? null;
    const places = sides.map(({ runs }) =>
      blocks.map((block) => runs.findIndex(({ run }) => run === block))
    );
    const values = own.map((each, rung) =>
      places[rung]!.flatMap((place) => each.values[place] ?? [])
    );
    const resolution = Math.max(
      ...own.map((each, rung) =>
        each.stepNs === 0 || values[rung]!.length === 0
          ? 0
          : each.stepNs / geometricMean(values[rung]!)
      ),
    );
    return {
      record: first!.record,
      metric,
      values,
      runs: sides.map(({ runs }, rung) => places[rung]!.map((place) => runs[place]!)),
      resolution,
      reason,
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
  const asked = columns.flatMap((column) => {
    const shared = sharedOf(column);
    return pairs.map((pair) => ({ column, pair, shared }));
  });
  const judgements = judgeFamily(
    asked.map(({ column, pair: [older, newer], shared }) => ({
      better: BETTER[column.metric],
      base: column.values[older]!,
      candidate: column.values[newer]!,
      blocks: true,
      shared: shared ?? undefined,
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

function sharedOf({ values, reason }: Column): SharedSpread | null {
  const blocks = values[0]?.length ?? 0;
  if (reason !== null || blocks < LEAST_RUNS) return null;
  if (values.some((side) => side.length !== blocks || side.some((value) => !(value > 0)))) {
    return null;
  }
  return sharedSpread(values);
}

/** Where the data was that a benchmark read. */
function whereDataWas({ record, runs }: Column): LadderSeries["data"] {
  if (record.workload.shape === "settled") return "files";
  const bytes = runs.flat().map(({ facts }) => facts.liveFileBytes);
  return bytes.length > 0 && bytes.every((value) => value === 0) ? "memory" : null;
}
