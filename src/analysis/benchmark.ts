/** One benchmark: its runs' samples and histograms, made into metrics. */
import type { BenchmarkRecord, Result, RunRecord } from "../result/mod.ts";
import {
  type Estimate,
  geometricMean,
  intervalOverRuns,
  isTooWide,
  LEAST_RUNS,
  LEAST_SAMPLES,
  mean,
  sampleStdDev,
} from "../stats/mod.ts";
import {
  type BootstrapOptions,
  countOutliers,
  estimateInsideRuns,
  estimateMedianRun,
  resamplesFor,
  RunEstimates,
} from "./criterion_run.ts";
import { formatCount, joinWords, plural } from "../format/mod.ts";
import type { Remark } from "../remark/mod.ts";
import type { BenchmarkAnalysis, MetricEstimate, Spread } from "./model.ts";
import {
  type Attempt,
  attempt,
  basisOf,
  estimateOverRuns,
  estimateQuantiles,
  rateOf,
} from "./metric_estimates.ts";
import { confidenceOf } from "./looks.ts";
import { patternRemarks } from "./run_patterns.ts";
import { judgeSteadiness } from "./run_conditions.ts";
import { analyseLoad } from "./load.ts";
import type { ResponseValues } from "./response_values.ts";
import {
  type BenchmarkValues,
  type MetricValues,
  QUANTILE_NAMES,
  type QuantileName,
  valuesOf,
} from "./run_values.ts";
import { operationsPerIteration } from "./run_use.ts";
import { METRIC_WORDS } from "./words.ts";

/** A benchmark's analysis, with the values of its runs, which ratios between stores are made of. */
export interface MeasuredBenchmark {
  record: BenchmarkRecord;
  analysis: BenchmarkAnalysis;
  /** The runs that are used. */
  runs: RunRecord[];
  /** Time for one operation in each used run, ns. */
  runTimes: number[];
  /** Each metric, run by run. */
  values: MetricValues[];
}

/**
 * Analyses one benchmark of a result.
 *
 * @param withCriterion Whether criterion's estimates are made, of which no metric is made.
 */
export function analyseBenchmark(
  record: BenchmarkRecord,
  result: Result,
  options: BootstrapOptions,
  withCriterion = true,
): MeasuredBenchmark {
  const measured = valuesOf(record, result);
  const confidence = confidenceOf(record, result, options.confidence);
  const { use, runs, failures, unmeasured, times: runTimes } = measured;
  const remarks: Remark<"measurement">[] = [];
  if (use.use === "interrupted") remarks.push(interruptedOnly(record.id, use.used.length));
  remarks.push(...measured.unreadable.map((problem) => unreadable(record.id, problem)));

  const own = new RunEstimates(record, options);
  const criterion = withCriterion
    ? attempt(() => estimateMedianRun(record, runs, own)).value
    : null;
  const time: Attempt<Estimate> = unmeasured === null
    ? estimateTime(record, runs, runTimes, own, confidence)
    : { value: null, reason: unmeasured };

  const basis = time.value && basisOf(time.value, runs.length);
  const metrics: MetricEstimate[] = [];
  if (record.kind !== "latency") {
    const { value } = time;
    const rate = value === null ? time : attempt(() => rateOf(value));
    metrics.push({ metric: "throughput", estimate: rate.value, reason: rate.reason, basis });
  }
  if (record.kind === "load") metrics.push(estimateServiceMean(measured, confidence));
  else metrics.push({ metric: "mean", estimate: time.value, reason: time.reason, basis });
  if (time.value === null && runTimes.length > 0) addPoints(metrics, record, runs, runTimes);

  if (record.kind !== "throughput") {
    const { metrics: values, histograms } = measured;
    metrics.push(
      ...estimateQuantiles(values, histograms, confidence).map((metric) =>
        unmeasured === null ? statedQuantile(metric, runs) : metric
      ),
    );
  }
  const { responses } = measured;
  if (responses !== undefined) {
    metrics.push(...estimateResponses(responses, confidence));
    remarks.push(...refusedResponses(record.id, responses));
  }
  const apart = metrics.filter(({ estimate }) => estimate?.apart !== undefined);
  if (apart.length > 0) remarks.push(runsApart(record.id, apart));
  remarks.push(...patternRemarks(record.id, runs, runTimes));
  const longest = runs.reduce((most, { samples }) => Math.max(most, samples.length), 0);
  if (time.value?.method === "samples" && resamplesFor(longest, options) < options.resamples) {
    remarks.push(fewerResamples(record.id, longest, resamplesFor(longest, options)));
  }

  return {
    record,
    runs,
    runTimes,
    values: measured.metrics,
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
      observations: runs.reduce((sum, { latency }) => sum + (latency?.count ?? 0), 0),
      metrics,
      criterion,
      outliers: countOutliers(runs),
      spread: spreadOf(runs, runTimes),
      steadiness: runs.map(judgeSteadiness),
      ...(record.kind === "load" && { load: analyseLoad(record, runs, options.seed) }),
      remarks,
    },
  };
}

/** The mean service time of a load: over the runs where there are three, else their mean alone. */
function estimateServiceMean(measured: BenchmarkValues, confidence: number): MetricEstimate {
  const own = measured.metrics.find(({ metric }) => metric === "mean")!;
  const { values, reason } = own;
  if (reason !== null) return { metric: "mean", estimate: null, reason, basis: null };
  if (values.length < LEAST_RUNS) {
    const few = `${plural(values.length, "run")} of a load say nothing of its interval`;
    return {
      metric: "mean",
      estimate: null,
      reason: few,
      basis: null,
      ...(values.length > 0 && { point: geometricMean(values) }),
      ...(values.length > 1 && { made: { of: "runs" as const, values } }),
    };
  }
  const over = attempt(() => estimateOverRuns(own, [], confidence));
  const basis = over.value && basisOf(over.value, values.length);
  return { metric: "mean", estimate: over.value, reason: over.reason, basis };
}

/** The response quantiles of a load, by the one estimator of quantiles. */
function estimateResponses(
  { metrics, histograms, refused }: ResponseValues,
  confidence: number,
): MetricEstimate[] {
  if (metrics.length === 0) return [];
  const asQuantiles = metrics.map((own, index) => ({ ...own, metric: QUANTILE_NAMES[index]! }));
  return estimateQuantiles(asQuantiles, histograms, confidence).map((row, index) => {
    const { metric } = metrics[index]!;
    if (row.estimate !== null) return { ...row, metric };
    // Whose the pooled tail is was not looked at.
    const { pooled: _, ...rest } = row;
    return { ...rest, metric, ...(refused.has(metric) && { missing: "refused" as const }) };
  });
}

/** Says why response times are not told. */
function refusedResponses(id: string, { refused }: ResponseValues): Remark<"measurement">[] {
  return [...Map.groupBy(refused, ([, why]) => why)].map(([why, metrics]) => ({
    id: "response-refused",
    topic: "measurement",
    severity: "warn",
    about: [id],
    condition: "response times would tell of the generator, or of a backlog without end",
    numbers: { metrics: metrics.length },
    text: `The ${joinWords(metrics.map(([metric]) => METRIC_WORDS[metric]))} of ${id} ` +
      `${metrics.length === 1 ? "is" : "are"} refused: ${why}.`,
  }));
}

/** Intervals inside runs of more samples than can be drawn as often as is said of all. */
function fewerResamples(id: string, samples: number, resamples: number): Remark<"measurement"> {
  return {
    id: "fewer-resamples",
    topic: "measurement",
    severity: "info",
    about: [id],
    condition: "a run has too many samples for as many resamples as the others have",
    numbers: { samples, resamples },
    text: `A run of ${id} has ${formatCount(samples)} samples: its interval is made of ` +
      `${formatCount(resamples)} resamples, so that it does not take minutes.`,
  };
}

/** Runs whose interval would say nothing, so that they are shown themselves. */
function runsApart(id: string, metrics: readonly MetricEstimate[]): Remark<"measurement"> {
  const names = joinWords(metrics.map(({ metric }) => METRIC_WORDS[metric]));
  return {
    id: "runs-apart",
    topic: "measurement",
    severity: "warn",
    about: [id],
    condition: "the ends of an interval over runs lie more than tenfold apart",
    numbers: { metrics: metrics.length },
    text: `The runs of ${id} differ too much in ${names} for an interval to say anything: their ` +
      "own values stand in its place.",
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

/** Gives the time for one operation, and the rate, where they have no interval, with what it is made of. */
function addPoints(
  metrics: MetricEstimate[],
  record: BenchmarkRecord,
  runs: readonly RunRecord[],
  runTimes: readonly number[],
): void {
  const ns = geometricMean(runTimes);
  const times = runs.flatMap((run) => sampleTimes(record, run));
  for (const row of metrics.filter(({ point }) => point === undefined)) {
    const show = (time: number) => row.metric === "throughput" ? 1e9 / time : time;
    row.point = show(ns);
    // One is the point itself.
    if (times.length > 1) row.made = { of: "samples", values: times.map(show) };
  }
}

/** The time for one operation in each sample, ns. */
function sampleTimes(record: BenchmarkRecord, { samples }: RunRecord): number[] {
  const operations = operationsPerIteration(record);
  return samples.map(({ ns, iterations }) => ns / iterations / operations);
}

/** A quantile as the tool that measured stated it, where the runs have no histograms. */
function statedQuantile(row: MetricEstimate, runs: readonly RunRecord[]): MetricEstimate {
  if (row.estimate !== null || !runs.some(({ stated }) => stated !== undefined)) return row;
  const { missing: _, ...rest } = row;
  const values = runs.flatMap(({ stated }) => stated?.[row.metric as QuantileName] ?? []);
  const [point] = values;
  if (point === undefined) {
    return {
      ...row,
      missing: "not stated",
      reason: "the tool that measured stated none that can be used",
    };
  }
  return values.length === 1
    ? { ...rest, point, reason: "the tool stated it as one figure, so it has no interval" }
    : {
      ...row,
      missing: "not merged",
      reason: "each run stated it as one figure, and such figures do not merge",
    };
}

/** Time for one operation: over the runs where there are three, else from the samples. */
function estimateTime(
  record: BenchmarkRecord,
  runs: readonly RunRecord[],
  runTimes: readonly number[],
  own: RunEstimates,
  confidence: number,
): Attempt<Estimate> {
  if (runs.length >= LEAST_RUNS) {
    return attempt(() => intervalOverRuns(runTimes, confidence));
  }
  const least = Math.min(...runs.map(({ samples }) => samples.length));
  if (least < LEAST_SAMPLES) {
    const which = runs.length === 1 ? "it" : "a run";
    const reason = `${which} has ${plural(least, "sample")}, too few for an interval`;
    return { value: null, reason };
  }
  const inside = attempt(() => estimateInsideRuns(record, runs, runTimes, own));
  return inside.value !== null && isTooWide(inside.value)
    ? { value: null, reason: "its samples differ too much for an interval to say anything" }
    : inside;
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
