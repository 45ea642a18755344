/** One benchmark: its runs' samples and histograms, made into metrics. */
import type { BenchmarkRecord, RunRecord } from "../result/mod.ts";
import {
  type Estimate,
  intervalOverRuns,
  invert,
  LEAST_RUNS,
  mean,
  sampleStdDev,
} from "../stats/mod.ts";
import {
  type BootstrapOptions,
  countOutliers,
  estimateMedianRun,
  estimateSamples,
} from "./criterion_run.ts";
import { plural } from "../format/mod.ts";
import type { Remark } from "../remark/mod.ts";
import { decodeHistograms } from "./histogram.ts";
import type { BenchmarkAnalysis, CriterionRun, MetricEstimate, Spread } from "./model.ts";
import { estimateQuantiles, type QuantileName } from "./quantile_metrics.ts";
import { judgeSteadiness } from "./run_conditions.ts";
import { chooseRuns, operationsPerIteration, timePerOperation, whyUnmeasured } from "./run_use.ts";

/** A benchmark's analysis, with the values of its runs, which ratios between stores are made of. */
export interface MeasuredBenchmark {
  record: BenchmarkRecord;
  analysis: BenchmarkAnalysis;
  /** The runs that are used. */
  runs: RunRecord[];
  /** Time for one operation in each used run, ns. */
  runTimes: number[];
  /** Quantiles of each run that has a histogram, ns. */
  runQuantiles: Record<QuantileName, number[]>;
}

/** Analyses one benchmark. */
export function analyseBenchmark(
  record: BenchmarkRecord,
  allRuns: readonly RunRecord[],
  plannedRuns: number,
  options: BootstrapOptions,
): MeasuredBenchmark {
  const { use, runs, failures } = chooseRuns(record, allRuns, plannedRuns);
  const runTimes = runs.map((run) => timePerOperation(record, run));
  const remarks: Remark<"measurement">[] = [];
  if (use.use === "interrupted") remarks.push(interruptedOnly(record.id, use.used.length));

  const criterion = attempt(() => estimateMedianRun(record, runs, options)).value;
  const time: Attempt<Estimate> = use.use === "none"
    ? absent(whyUnmeasured(use, failures))
    : estimateTime(record, runs, runTimes, criterion, options);

  const metrics: MetricEstimate[] = [];
  if (record.kind === "throughput") {
    const rate = time.value === null ? time : inverted(time.value);
    metrics.push({ metric: "throughput", estimate: rate.value, reason: rate.reason });
  }
  metrics.push({ metric: "mean", estimate: time.value, reason: time.reason });
  if (time.value === null && runTimes.length > 0) addPoints(metrics, mean(runTimes));

  let runQuantiles: Record<QuantileName, number[]> = { p50: [], p90: [], p99: [], p999: [] };
  let observations = 0;
  if (record.kind === "latency") {
    const { histograms, problems } = decodeHistograms(runs);
    remarks.push(...problems.map((problem) => unreadable(record.id, problem)));
    const quantiles = estimateQuantiles(histograms, options.confidence);
    metrics.push(
      ...quantiles.metrics.map((metric) =>
        use.use === "none" ? { ...metric, reason: time.reason } : statedQuantile(metric, runs)
      ),
    );
    runQuantiles = quantiles.ofRuns;
    observations = quantiles.observations;
  }

  return {
    record,
    runs,
    runTimes,
    runQuantiles,
    analysis: {
      id: record.id,
      store: record.store,
      name: record.name,
      kind: record.kind,
      operation: record.workload.operation,
      elements: operationsPerIteration(record),
      runs: use,
      failures,
      samples: runs.reduce((sum, run) => sum + run.samples.length, 0),
      observations,
      metrics,
      criterion,
      outliers: countOutliers(runs),
      spread: spreadOf(runs, runTimes),
      steadiness: runs.map(judgeSteadiness),
      basis: basisOf(time.value, runs.length),
      remarks,
    },
  };
}

function interruptedOnly(id: string, runs: number): Remark<"measurement"> {
  return {
    id: "interrupted-runs",
    topic: "measurement",
    severity: "warn",
    about: [id],
    condition: "no run of the benchmark ended, and one or more were interrupted",
    numbers: { runs },
    text: `No run of ${id} ended; its numbers come from ${plural(runs, "interrupted run")}.`,
  };
}

function unreadable(
  id: string,
  { run, error }: { run: number; error: string },
): Remark<"measurement"> {
  return {
    id: "unreadable-histogram",
    topic: "measurement",
    severity: "warn",
    about: [id],
    condition: "the histogram of a run cannot be read",
    numbers: { run },
    text: `The histogram of run ${run} of ${id} cannot be read: ${error}.`,
  };
}

/** Gives the time for one operation, and the rate, where they have no interval. */
function addPoints(metrics: MetricEstimate[], ns: number): void {
  for (const row of metrics) row.point = row.metric === "throughput" ? 1e9 / ns : ns;
}

/** A quantile as the tool that measured stated it, where the runs have no histograms. */
function statedQuantile(row: MetricEstimate, runs: readonly RunRecord[]): MetricEstimate {
  if (row.estimate !== null || !runs.some(({ stated }) => stated !== undefined)) return row;
  const values = runs.flatMap(({ stated }) => stated?.[row.metric as QuantileName] ?? []);
  const [point] = values;
  if (point === undefined) return { ...row, reason: "the tool that measured did not state it" };
  return values.length === 1
    ? { ...row, point, reason: "the tool stated it without a histogram, so it has no interval" }
    : { ...row, reason: "each run stated it without a histogram, and such figures do not merge" };
}

/** A value, or the reason why there is none. */
interface Attempt<T> {
  value: T | null;
  reason: string | null;
}

function absent<T>(reason: string): Attempt<T> {
  return { value: null, reason };
}

/** Statistics refuse data that they cannot handle with a RangeError; here that is a reason, not a crash. */
function attempt<T>(compute: () => T): Attempt<T> {
  try {
    return { value: compute(), reason: null };
  } catch (error) {
    if (error instanceof RangeError) return absent(error.message);
    throw error;
  }
}

/** Operations a second from nanoseconds for one. */
function inverted(time: Estimate): Attempt<Estimate> {
  return attempt(() => invert(time, 1e9));
}

/** Time for one operation: over the runs where there are three, else from the samples. */
function estimateTime(
  record: BenchmarkRecord,
  runs: readonly RunRecord[],
  runTimes: readonly number[],
  criterion: CriterionRun | null,
  options: BootstrapOptions,
): Attempt<Estimate> {
  if (runs.length >= LEAST_RUNS) {
    return attempt(() => intervalOverRuns(runTimes, options.confidence));
  }
  if (criterion === null) {
    return absent(
      `it has ${plural(runs[0]?.samples.length ?? 0, "sample")}, too few for an interval`,
    );
  }
  return attempt(() => {
    if (runs.length === 1) return perOperation(criterion.time, criterion.elements);
    return perOperation(estimateSamples(record, runs, options).typical, criterion.elements);
  });
}

/** What the intervals of means and rates were taken from, as a clause. */
function basisOf(time: Estimate | null, runs: number): string | null {
  if (time === null) return null;
  if (time.method === "runs") return `over ${plural(runs, "run")}`;
  return runs === 1 ? "inside one run only" : `from the samples of ${plural(runs, "run")}`;
}

/** The time of an operation from that of an iteration. */
function perOperation(iteration: Estimate, operations: number): Estimate {
  return {
    ...iteration,
    value: iteration.value / operations,
    low: iteration.low / operations,
    high: iteration.high / operations,
    standardError: iteration.standardError / operations,
  };
}

function spreadOf(
  runs: readonly RunRecord[],
  runTimes: readonly number[],
): Spread {
  const within = runs.filter((run) => run.samples.length >= 2)
    .map((run) => variation(run.samples.map((sample) => sample.ns / sample.iterations)));
  return {
    betweenRuns: runTimes.length >= 2 ? variation(runTimes) : null,
    withinRuns: within.length > 0 ? Math.sqrt(mean(within.map((cv) => cv * cv))) : null,
  };
}

/** Coefficient of variation: standard deviation over mean. */
function variation(values: readonly number[]): number {
  return sampleStdDev(values) / mean(values);
}
