import type { BenchmarkRecord, ProfileRecord } from "../result/mod.ts";
import { derive, Random } from "../stats/mod.ts";

/** One run of the plan. */
export interface PlannedRun {
  benchmark: BenchmarkRecord;
  /** 0, 1, … within the benchmark. */
  run: number;
  /** Place in the order. */
  position: number;
}

/**
 * All runs of all benchmarks in one shuffled order, so that what changes on the machine while it is
 * measured falls on all benchmarks alike. The same seed gives the same order.
 */
export function shuffledRuns(
  benchmarks: readonly BenchmarkRecord[],
  profile: ProfileRecord,
  seed: number,
): PlannedRun[] {
  const runs = benchmarks.flatMap((benchmark) =>
    Array.from({ length: benchmark.runs ?? profile.runs }, (_, run) => ({ benchmark, run }))
  );
  new Random(derive(seed, "order")).shuffle(runs);
  return runs.map((run, position) => ({ ...run, position }));
}
