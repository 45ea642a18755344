/** The values of a ladder's rungs, metric by metric, and which of them belong together. */
import type { BenchmarkRecord, Result, RunRecord } from "../../result/mod.ts";
import {
  geometricMean,
  LEAST_RUNS,
  sampleStdDev,
  type SharedSpread,
  sharedSpread,
} from "../../stats/mod.ts";
import { duetRatios } from "../compare/duets.ts";
import { type BenchmarkValues, type MetricValues, valuesOf } from "../run_values.ts";
import type { LadderSeries, LadderSpread } from "./model.ts";

/** The metrics that a ladder is judged by: rates, and of single operations the mean and the tail. */
const METRICS = ["throughput", "mean", "p99"];

/** One metric of one benchmark over all rungs. */
export interface Column {
  record: BenchmarkRecord;
  metric: LadderSeries["metric"];
  /** Rung by rung. */
  sides: ColumnSide[];
  /** The clock's step over the value; 0 where it does not matter. */
  resolution: number;
  /** Why it cannot be judged, as a clause; else `null`. */
  reason: string | null;
  /** What two rungs have together. */
  between(older: number, newer: number): Between;
  /** The spread of all rungs; `null` where it cannot be told. */
  shared: SharedSpread | null;
  /** The same of rungs that took turns, in words that people know; else `null`. */
  spread: LadderSpread | null;
}

/** A rung's runs, with their values and their times for an operation. */
interface ColumnSide {
  own: MetricValues;
  times: number[];
  runs: RunRecord[];
}

/** The values that two rungs have together, and of what took turns what is tested. */
interface Between {
  base: number[];
  candidate: number[];
  /** Newer / older of each pair of runs. */
  pairs?: number[];
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
    const all = sides as BenchmarkValues[];
    return all[0]!.metrics.filter(({ metric }) => METRICS.includes(metric)).map(({ metric }) =>
      result.turns === undefined ? columnOfBlocks(all, metric) : columnOfTurns(all, metric)
    );
  });
}

/** What a column has however its runs belong together. */
function columnOf(all: readonly BenchmarkValues[], sides: ColumnSide[]) {
  const { metric } = sides[0]!.own;
  const steps = sides.map(({ own: { stepNs, values } }) =>
    stepNs === 0 || values.length === 0 ? 0 : stepNs / geometricMean(values)
  );
  return {
    record: all[0]!.record,
    metric,
    sides,
    resolution: Math.max(...steps),
    reason: sides.find(({ own }) => own.values.length === 0)?.own.reason ?? null,
  };
}

function metricOf({ metrics }: BenchmarkValues, metric: string): MetricValues {
  return metrics.find((own) => own.metric === metric)!;
}

/** A side with the runs of some places alone. */
function at({ own, times, runs }: ColumnSide, places: readonly number[]): ColumnSide {
  const there = <T>(list: readonly T[]) => places.flatMap((place) => list[place] ?? []);
  return { own: { ...own, values: there(own.values) }, times: there(times), runs: there(runs) };
}

/** A column whose runs were measured one after the other: a block counts where every rung measured it. */
function columnOfBlocks(all: readonly BenchmarkValues[], metric: string): Column {
  const blocks = all[0]!.runs.map(({ run }) => run)
    .filter((block) => all.every(({ runs }) => runs.some(({ run }) => run === block)));
  const sides = all.map((values): ColumnSide => {
    const { times, runs } = values;
    const places = blocks.map((block) => runs.findIndex(({ run }) => run === block));
    return at({ own: metricOf(values, metric), times, runs }, places);
  });
  const column = columnOf(all, sides);
  const values = sides.map(({ own }) => own.values);
  const usable = column.reason === null && blocks.length >= LEAST_RUNS &&
    values.every((own) => own.length === blocks.length && own.every((value) => value > 0));
  return {
    ...column,
    between: (older, newer) => ({ base: values[older]!, candidate: values[newer]! }),
    shared: usable ? sharedSpread(values) : null,
    spread: null,
  };
}

/** A column whose runs took turns: those belong together that began at the same time. */
function columnOfTurns(all: readonly BenchmarkValues[], metric: string): Column {
  const sides = all.map((values): ColumnSide => ({
    own: metricOf(values, metric),
    times: values.times,
    runs: values.runs,
  }));
  const column = columnOf(all, sides);
  const known = new Map<string, Map<string, number> | null>();
  /** Newer / older by when both began; `null` where one has a value that has no ratio. */
  const ratiosOf = (older: number, newer: number) => {
    const key = `${older} ${newer}`;
    if (!known.has(key)) known.set(key, ratiosOfSides(all, sides, older, newer));
    return known.get(key)!;
  };
  const shared = column.reason === null ? spreadOfGroups(sides, ratiosOf) : null;
  return {
    ...column,
    between(older, newer) {
      const [base, candidate] = together(sides[older]!, sides[newer]!);
      const ratios = ratiosOf(older, newer);
      return {
        base: base.own.values,
        candidate: candidate.own.values,
        ...(ratios !== null && { pairs: [...ratios.values()] }),
      };
    },
    shared,
    spread: shared && { paired: Math.sqrt(shared.variance), unpaired: unpairedSpread(sides) },
  };
}

/** The runs of two sides that took turns with one another, in one order. */
function together(a: ColumnSide, b: ColumnSide): [ColumnSide, ColumnSide] {
  const places = new Map(b.runs.map(({ startedAt }, place) => [startedAt, place]));
  const pairs = a.runs.flatMap(({ startedAt }, place) => {
    const other = places.get(startedAt);
    return other === undefined ? [] : [[place, other] as const];
  });
  return [at(a, pairs.map(([place]) => place)), at(b, pairs.map(([, other]) => other))];
}

function ratiosOfSides(
  all: readonly BenchmarkValues[],
  sides: readonly ColumnSide[],
  older: number,
  newer: number,
): Map<string, number> | null {
  const [base, candidate] = together(sides[older]!, sides[newer]!);
  const found = duetRatios(
    { base: { ...all[older]!, ...base }, candidate: { ...all[newer]!, ...candidate } },
    base.own,
    candidate.own,
  );
  return found &&
    new Map(found.ratios.map((ratio, pair) => [base.runs[pair]!.startedAt, ratio]));
}

/**
 * The spread of a run that taking turns leaves, of all groups together: in each group what the model of
 * releases and rounds of runs leaves of the ratios to its first release.
 */
function spreadOfGroups(
  sides: readonly ColumnSide[],
  ratiosOf: (older: number, newer: number) => Map<string, number> | null,
): SharedSpread | null {
  const rungsAt = new Map<string, number[]>();
  for (const [rung, { runs }] of sides.entries()) {
    for (const { startedAt } of runs) {
      rungsAt.set(startedAt, [...rungsAt.get(startedAt) ?? [], rung]);
    }
  }
  const groups = new Map<string, { rungs: number[]; starts: string[] }>();
  for (const [startedAt, rungs] of rungsAt) {
    const group = groups.get(rungs.join()) ?? { rungs, starts: [] };
    group.starts.push(startedAt);
    groups.set(rungs.join(), group);
  }
  let squares = 0;
  let degrees = 0;
  for (const { rungs: [first, ...others], starts } of groups.values()) {
    const ratios = others.map((rung) => {
      const own = ratiosOf(first!, rung);
      return starts.map((start) => own?.get(start) ?? NaN);
    });
    if (ratios.flat().some((ratio) => !(ratio > 0))) return null;
    const own = sharedSpread([starts.map(() => 1), ...ratios]);
    if (own === null) continue;
    squares += own.variance * own.degrees;
    degrees += own.degrees;
  }
  return degrees === 0 ? null : { variance: squares / degrees, degrees };
}

/** What the spread would be were runs not held against those that they took turns with. */
function unpairedSpread(sides: readonly ColumnSide[]): number {
  const spreads = sides.filter(({ own }) => own.values.length >= 2).map(({ own: { values } }) => ({
    squares: sampleStdDev(values.map(Math.log)) ** 2 * (values.length - 1),
    degrees: values.length - 1,
  }));
  const sum = (of: "squares" | "degrees") => spreads.reduce((all, each) => all + each[of], 0);
  return Math.sqrt(sum("squares") / sum("degrees"));
}
