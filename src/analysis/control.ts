/** The ratios of what was measured to a control, out of the duets of a result. */
import { kindOfStore, type MetricName, type Result, type RunRecord } from "../result/mod.ts";
import { type Estimate, LEAST_RUNS, testOverPairs } from "../stats/mod.ts";
import { duetRatios } from "./compare/duets.ts";
import { type BenchmarkValues, valuesOf } from "./run_values.ts";

/** One metric of one benchmark, held against the control. */
export interface ControlRow {
  /** Id of the benchmark as it is measured for its own figures. */
  id: string;
  metric: MetricName;
  /** Tonight's / the control's; `null` where nothing is known of it. */
  ratio: Estimate | null;
  /** Pairs of processes that it comes from. */
  pairs: number;
  /** Why there is none, as a clause without a period; else `null`. */
  reason: string | null;
}

/** A result without what was measured for the sake of a ratio alone. */
export function withoutControl(result: Result): Result {
  if (result.control === undefined) return result;
  const { control: _, turns: __, ...plain } = result;
  const benchmarks = result.benchmarks.filter(({ part }) => part === undefined);
  const ids = new Set(benchmarks.map(({ id }) => id));
  const runs = result.runs.filter(({ benchmark }) => ids.has(benchmark));
  const missing = benchmarks.some(({ id, runs: planned = result.profile.runs }) =>
    ended(runs, id) < planned
  );
  return { ...plain, benchmarks, runs, complete: !missing };
}

function ended(runs: readonly RunRecord[], id: string): number {
  return new Set(
    runs.flatMap(({ benchmark, run, state }) => benchmark === id && state === "ended" ? [run] : []),
  ).size;
}

/** Every metric that was measured in duet with a control, in the plan's order. */
export function controlRows(result: Result, confidence: number): ControlRow[] {
  const { benchmarks, turns } = result;
  return benchmarks.filter(({ part }) => part === "tonight").flatMap((record): ControlRow[] => {
    const partners = turns?.groups.find(([tonight]) => tonight === record.store)?.slice(1) ?? [];
    const control = benchmarks.find(({ part, store, name }) =>
      part === "control" && name === record.name && partners.includes(store)
    );
    if (control === undefined) return [];
    const sides = played(valuesOf(control, result), valuesOf(record, result));
    const id = `${record.store.slice(0, -"@tonight".length)}/${record.name}`;
    return sides.candidate.metrics.map((after): ControlRow => {
      const { metric } = after;
      const before = sides.base.metrics.find((own) => own.metric === metric);
      const ratios = (before && duetRatios(sides, before, after))?.ratios ?? [];
      const row = { id, metric, pairs: ratios.length };
      const why = after.reason ?? before?.reason ?? null;
      if (ratios.length < LEAST_RUNS) {
        const reason = why ?? `it has ${ratios.length} pairs of processes, and 3 are needed`;
        return { ...row, ratio: null, reason };
      }
      return { ...row, ratio: testOverPairs(ratios, { confidence }).ratio, reason: null };
    });
  });
}

/** Two sides with the runs that took turns, which began at the same time, in one order. */
function played(base: BenchmarkValues, candidate: BenchmarkValues) {
  const own = new Map(base.runs.map(({ startedAt }, place) => [startedAt, place]));
  const places = candidate.runs.flatMap(({ startedAt }, place) => {
    const partner = own.get(startedAt);
    return partner === undefined ? [] : [[partner, place] as const];
  });
  const at = (side: BenchmarkValues, chosen: readonly number[]): BenchmarkValues => {
    const there = <T>(list: readonly T[]) => chosen.flatMap((place) => list[place] ?? []);
    return {
      ...side,
      runs: there(side.runs),
      times: there(side.times),
      metrics: side.metrics.map((metric) => ({ ...metric, values: there(metric.values) })),
    };
  };
  return {
    base: at(base, places.map(([partner]) => partner)),
    candidate: at(candidate, places.map(([, place]) => place)),
  };
}

/** What a control is, in words: `release=9.10.0`. */
export function controlInWords({ control, benchmarks }: Result): string | null {
  if (control === undefined) return null;
  const { store, ...options } = control.differs;
  const kinds = benchmarks.filter(({ part }) => part === "control").map((own) =>
    kindOfStore(own.store)
  );
  const settings = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return [store ?? [...new Set(kinds)].join(" and "), ...settings].join(", ");
}
