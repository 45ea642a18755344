/** The loads of which the highest rate is searched, as their suite asks. */
import type { BenchmarkRecord } from "../result/mod.ts";

/**
 * Each load of which a search is asked for, once: those that differ in their rate alone have the same
 * highest one, and the first stands for them.
 *
 * @param benchmarks As they are planned, or as a result has them.
 */
export function searchedLoads(benchmarks: readonly BenchmarkRecord[]): BenchmarkRecord[] {
  const asked = benchmarks.filter(({ kind, findRate, part }) =>
    kind === "load" && findRate !== undefined && part === undefined
  );
  return [...Map.groupBy(asked, searchKey).values()].map(([first]) => first!);
}

/** What a search depends on. */
function searchKey({ store, workload, findRate }: BenchmarkRecord): string {
  const { load, shape } = workload;
  const groups = load!.groups.map(({ pace, ...group }) =>
    group.counted ? group : { ...group, pace }
  );
  return JSON.stringify({ store, shape, load: { ...load, groups }, findRate });
}
