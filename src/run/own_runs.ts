/** Benchmarks that need more runs than others: their suite says so. */
import { LEAST_RUNS } from "../stats/mod.ts";
import type { BenchmarkRecord } from "../result/mod.ts";
import type { BenchRequest } from "./request.ts";

/**
 * The same benchmarks with the runs that the suite asks for, where these are more than the profile's: a
 * number is a least one, so that a longer profile has no fewer runs of anything. A profile of fewer than
 * three runs is a look and stays one, and a number that the call gives is that of all benchmarks.
 *
 * @param planned What has a number of runs already, such as a calibration, keeps it.
 */
export function withOwnRuns(
  planned: readonly BenchmarkRecord[],
  { suite, profile, sameRuns = false }: Pick<BenchRequest, "suite" | "profile" | "sameRuns">,
): BenchmarkRecord[] {
  if (sameRuns || profile.runs < LEAST_RUNS) return [...planned];
  const asked = new Map(
    [...suite.benchmarks, ...suite.loads ?? []].map(({ name, runs }) => [name, runs]),
  );
  return planned.map((benchmark) => {
    const runs = asked.get(benchmark.name);
    return runs === undefined || runs <= profile.runs || benchmark.runs !== undefined
      ? benchmark
      : { ...benchmark, runs };
  });
}
