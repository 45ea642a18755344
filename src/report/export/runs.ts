/** The runs that an export shows: those that stand for a benchmark, as an analysis takes them. */
import type { BenchmarkRecord, Result, RunRecord } from "../../result/mod.ts";

/** A benchmark with its runs, in their order. */
interface ExportedBenchmark {
  benchmark: BenchmarkRecord;
  runs: RunRecord[];
}

/**
 * The benchmarks of a result that have a run to show. A run that failed, was interrupted, or has
 * another in its place is no measurement that another tool could tell from a whole one.
 */
export function exportedRuns({ benchmarks, runs }: Result): ExportedBenchmark[] {
  const attempts = Map.groupBy(runs, ({ benchmark }) => benchmark);
  return benchmarks.flatMap((benchmark) => {
    const own = (attempts.get(benchmark.id) ?? []).filter((run) =>
      run.state === "ended" && !run.superseded && run.samples.length > 0
    ).toSorted((a, b) => a.run - b.run);
    return own.length === 0 ? [] : [{ benchmark, runs: own }];
  });
}

/** Operations in one iteration; 0 says that they are not known, and counts as 1. */
export function operationsOf({ elements }: BenchmarkRecord): number {
  return Math.max(1, elements);
}
