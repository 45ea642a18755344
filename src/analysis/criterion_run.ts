/** What criterion would have printed: its estimates and outlier counts, of one run. */
import type { BenchmarkRecord, RunRecord } from "../result/mod.ts";
import {
  type CriterionEstimates,
  criterionEstimates,
  derive,
  tukeyOutliers,
} from "../stats/mod.ts";
import type { CriterionRun, OutlierCounts } from "./model.ts";
import { operationsPerIteration, timePerOperation } from "./run_use.ts";

/** How intervals inside a run are made. */
export interface BootstrapOptions {
  resamples: number;
  confidence: number;
  /** The result's seed; every benchmark and run derives its own from it. */
  seed: number;
}

/** Samples that criterion's estimates need. */
const LEAST_SAMPLES = 2;

/**
 * Estimates the run whose mean is the (lower) median of the runs' means.
 *
 * @returns `null` where no run has two samples.
 */
export function estimateMedianRun(
  benchmark: BenchmarkRecord,
  runs: readonly RunRecord[],
  options: BootstrapOptions,
): CriterionRun | null {
  const candidates = runs.filter((run) => run.samples.length >= LEAST_SAMPLES)
    .toSorted((a, b) =>
      timePerOperation(benchmark, a) - timePerOperation(benchmark, b) || a.run - b.run
    );
  const run = candidates[Math.floor((candidates.length - 1) / 2)];
  if (run === undefined) return null;
  const { typical, distribution, tukey: _, ...estimates } = estimateSamples(
    benchmark,
    [run],
    options,
  );
  return {
    run: run.run,
    of: candidates.length,
    time: typical,
    elements: operationsPerIteration(benchmark),
    outliers: countOutliers([run]),
    estimates,
    distribution,
  };
}

/** criterion's estimates of the time of one iteration, over the samples of all runs given. */
export function estimateSamples(
  benchmark: BenchmarkRecord,
  runs: readonly RunRecord[],
  { resamples, confidence, seed }: BootstrapOptions,
): CriterionEstimates {
  const samples = runs.flatMap((run) => run.samples);
  return criterionEstimates({
    iterations: Float64Array.from(samples, (sample) => sample.iterations),
    ns: Float64Array.from(samples, (sample) => sample.ns),
    mode: benchmark.sampling,
    resamples,
    confidence,
    seed: derive(seed, "analysis", benchmark.id, ...runs.map((run) => String(run.run))),
  });
}

/** Tukey's counts, each run classified by fences of its own. */
export function countOutliers(runs: readonly RunRecord[]): OutlierCounts {
  const sum: OutlierCounts = {
    lowSevere: 0,
    lowMild: 0,
    highMild: 0,
    highSevere: 0,
    total: 0,
    samples: 0,
  };
  for (const run of runs) {
    if (run.samples.length === 0) continue;
    const { counts, total } = tukeyOutliers(
      run.samples.map((sample) => sample.ns / sample.iterations),
    );
    sum.lowSevere += counts["low severe"];
    sum.lowMild += counts["low mild"];
    sum.highMild += counts["high mild"];
    sum.highSevere += counts["high severe"];
    sum.total += total;
    sum.samples += run.samples.length;
  }
  return sum;
}
