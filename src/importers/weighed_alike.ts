import type { ImportedBenchmark } from "./imported.ts";

/**
 * Each sample counts as one measurement, however many iterations its tool took for it: where the
 * samples' numbers differ, each is one iteration, and the number stands beside it.
 */
export function weighedAlike(benchmark: ImportedBenchmark): ImportedBenchmark {
  const [first] = benchmark.samples;
  if (benchmark.samples.every(({ iterations }) => iterations === first!.iterations)) {
    return benchmark;
  }
  const samples = benchmark.samples.map(({ iterations, ns, metrics, ...sample }) => ({
    ...sample,
    iterations: 1,
    ns: ns / iterations,
    metrics: { ...metrics as Record<string, number> | undefined, iterations },
  }));
  return { ...benchmark, samples };
}
