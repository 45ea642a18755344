/** What criterion would have printed: its estimates and outlier counts, of one run. */
import type { BenchmarkRecord, RunRecord } from "../result/mod.ts";
import {
  type CriterionEstimates,
  criterionEstimates,
  derive,
  type Estimate,
  insideRuns,
  LEAST_SAMPLES,
  totalsOverSamples,
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
  /** Draws that a run's interval is made of at most. @default 2e8, which take some seconds */
  draws?: number;
}

const MOST_DRAWS = 2e8;
/** Resamples below which bounds would be too rough. */
const LEAST_RESAMPLES = 500;

/**
 * How many resamples a run of so many samples has: as many as asked for, up to where they would take
 * minutes. The more samples, the less each resample differs from the next.
 */
export function resamplesFor(
  samples: number,
  { resamples, draws = MOST_DRAWS }: BootstrapOptions,
): number {
  const most = Math.max(LEAST_RESAMPLES, Math.floor(draws / samples));
  return Math.min(resamples, most);
}

/** criterion's estimates of the runs of a benchmark, each made once. */
export class RunEstimates {
  readonly #made = new Map<RunRecord, CriterionEstimates>();
  readonly #benchmark: BenchmarkRecord;
  readonly #options: BootstrapOptions;

  constructor(benchmark: BenchmarkRecord, options: BootstrapOptions) {
    this.#benchmark = benchmark;
    this.#options = options;
  }

  /** @throws {RangeError} Where the run has fewer than two samples, or one that is no time. */
  of(run: RunRecord): CriterionEstimates {
    const made = this.#made.get(run) ?? criterionEstimates({
      ...this.samplesOf(run),
      mode: this.#benchmark.sampling,
    });
    this.#made.set(run, made);
    return made;
  }

  /** What estimates of a run are made of. */
  samplesOf({ run, samples }: RunRecord) {
    const { confidence, seed } = this.#options;
    return {
      iterations: Float64Array.from(samples, (sample) => sample.iterations),
      ns: Float64Array.from(samples, (sample) => sample.ns),
      resamples: resamplesFor(samples.length, this.#options),
      confidence,
      seed: derive(seed, "analysis", this.#benchmark.id, String(run)),
    };
  }
}

/**
 * Estimates the run whose mean is the (lower) median of the runs' means.
 *
 * @returns `null` where no run has samples enough for an interval, or where the samples of flat sampling are of unequal
 * weight: criterion has none of these, and its mean would count each alike.
 */
export function estimateMedianRun(
  benchmark: BenchmarkRecord,
  runs: readonly RunRecord[],
  own: RunEstimates,
): CriterionRun | null {
  if (runs.some((run) => isUneven(benchmark, run))) return null;
  const candidates = runs.filter((run) => run.samples.length >= LEAST_SAMPLES)
    .toSorted((a, b) =>
      timePerOperation(benchmark, a) - timePerOperation(benchmark, b) || a.run - b.run
    );
  const run = candidates[Math.floor((candidates.length - 1) / 2)];
  if (run === undefined) return null;
  const { typical, distribution, tukey: _, ...estimates } = own.of(run);
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

/** Whether samples of flat sampling have not all as many iterations, as those of a log have not. */
export function isUneven({ sampling }: BenchmarkRecord, { samples }: RunRecord): boolean {
  return sampling === "flat" &&
    samples.some(({ iterations }) => iterations !== samples[0]!.iterations);
}

/**
 * The time for one operation in few runs, with the interval that the samples inside them give.
 *
 * @param runTimes The time for one operation of each, ns.
 * @throws {RangeError} Where a run has fewer than two samples, or one that is no time.
 */
export function estimateInsideRuns(
  benchmark: BenchmarkRecord,
  runs: readonly RunRecord[],
  runTimes: readonly number[],
  own: RunEstimates,
): Estimate {
  const operations = operationsPerIteration(benchmark);
  return insideRuns(runs.map((run, index) => {
    const { low, high, standardError, ...estimate } = isUneven(benchmark, run)
      ? totalsOverSamples(own.samplesOf(run))
      : own.of(run).typical;
    const value = runTimes[index]!;
    return {
      ...estimate,
      value,
      low: Math.min(value, low / operations),
      high: Math.max(value, high / operations),
      standardError: standardError / operations,
    };
  }));
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
