/** The values of a benchmark's runs, metric by metric: what every estimate and comparison is made of. */
import type { Histogram } from "hdr-histogram-js";
import type { BenchmarkRecord, MetricName, Result, RunRecord } from "../result/mod.ts";
import { median, supportsQuantile } from "../stats/mod.ts";
import { formatCount, plural } from "../format/mod.ts";
import { bucketWidth, decodeHistograms, unbiasedQuantile, valueAtRank } from "./histogram.ts";
import type { MissingValue, RunFailure, RunUse } from "./model.ts";
import { type ResponseValues, responseValues } from "./response_values.ts";
import { chooseRuns, timePerOperation } from "./run_use.ts";

/** The quantiles that a latency benchmark reports. */
export const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;

/** The name of a metric that is a quantile. */
export type QuantileName = keyof typeof QUANTILES;

/** Their names, by rising quantile. */
export const QUANTILE_NAMES = Object.keys(QUANTILES) as QuantileName[];

/** What benchmarks of each kind have beside quantiles; a rate says what its mean time says. */
const METRICS = {
  throughput: ["throughput"],
  latency: ["mean"],
  // The mean is that of service times: with several clients it is not the rate inverted.
  load: ["throughput", "mean"],
} as const satisfies Record<BenchmarkRecord["kind"], MetricName[]>;

/** One metric of a benchmark, run by run. */
export interface MetricValues {
  metric: MetricName;
  /** One value a run: operations a second, or ns. */
  values: number[];
  /** Why there is none, or not one for each run, as a clause; else `null`. */
  reason: string | null;
  /** The same in a few words, of operations that were timed. */
  missing?: MissingValue;
  /** The clock's step, ns, where the metric is made of single operations; else 0. */
  stepNs: number;
  /** Width of the histogram's bucket that a value lies in, ns, likewise. */
  bucketNs: number;
  /** The fastest operation, ns, likewise: no quantile can be below. */
  leastNs: number;
}

/** A metric that is not made of single operations. */
const WHOLE = { stepNs: 0, bucketNs: 0, leastNs: 0 };

/** A benchmark's runs, and what each of them measured. */
export interface BenchmarkValues {
  record: BenchmarkRecord;
  use: RunUse;
  failures: RunFailure[];
  /** Why there are none that are used, as a clause; `null` where there are. */
  unmeasured: string | null;
  /** The runs that are used. */
  runs: RunRecord[];
  /** Whether they were interrupted, because none ended. */
  interrupted: boolean;
  /** Time for one operation in each used run, ns. */
  times: number[];
  metrics: MetricValues[];
  /** The latencies of the used runs, as far as they can be read, in the order of the runs. */
  histograms: Histogram[];
  /** Histograms that cannot be read. */
  unreadable: { run: number; error: string }[];
  /** Of a load, its response times. */
  responses?: ResponseValues;
}

/** Takes the values of a benchmark's runs out of a result. */
export function valuesOf(record: BenchmarkRecord, result: Result): BenchmarkValues {
  const planned = record.runs ?? result.profile.runs;
  const { use, runs, failures, unmeasured } = chooseRuns(record, result.runs, planned);
  const times = runs.map((run) => timePerOperation(record, run));
  const { histograms, problems: unreadable } = record.kind !== "throughput"
    ? decodeHistograms(runs)
    : { histograms: [], problems: [] };
  const metrics = METRICS[record.kind].map((metric): MetricValues =>
    metric === "throughput"
      ? { metric, values: times.map((ns) => 1e9 / ns), reason: unmeasured, ...WHOLE }
      : record.kind === "load"
      ? { metric, ...serviceMeans(runs, unmeasured), ...WHOLE }
      : { metric, values: times, reason: unmeasured, ...WHOLE }
  );
  if (record.kind !== "throughput") {
    const steps = runs.flatMap(({ clock }) => clock === null ? [] : [clock.stepNs]);
    metrics.push(...quantileValues(histograms, {
      ...(unmeasured === null ? whyNoQuantiles(runs.length, histograms.length, unreadable) : {
        reason: unmeasured,
      }),
      stepNs: steps.length === 0 ? 0 : median(steps),
    }));
  }
  const interrupted = use.use === "interrupted";
  const measured = {
    record,
    use,
    failures,
    unmeasured,
    runs,
    interrupted,
    times,
    histograms,
    unreadable,
  };
  if (record.kind !== "load") return { ...measured, metrics };
  const responses = responseValues(record, runs, unmeasured);
  return { ...measured, metrics: [...metrics, ...responses.metrics], responses };
}

/** The mean service time of each run of a load. */
function serviceMeans(runs: readonly RunRecord[], why: string | null) {
  const values = runs.flatMap(({ load }) => load?.meanNs ?? []);
  return values.length === runs.length
    ? { values, reason: why }
    : { values: [], reason: why ?? "a run did not come as far as to tell its service times" };
}

/** What the latencies of some runs are read with. */
interface QuantileValuesOptions {
  /** Why the histograms are not those of all runs, as a clause; `null` where they are. @default null */
  reason?: string | null;
  /** The same in a few words. @default none */
  missing?: MissingValue;
  /** The clock's step, ns. @default 0 */
  stepNs?: number;
}

/**
 * Each run's own quantiles: of all runs or of none, since a choice among them would be one of luck.
 * Ten operations must lie beyond a quantile in each run: in all runs together is not enough, since then
 * it is the slowest run's.
 *
 * @param histograms One for each run.
 */
export function quantileValues(
  histograms: readonly Histogram[],
  { reason: none = null, missing, stepNs = 0 }: QuantileValuesOptions = {},
): MetricValues[] {
  const leastNs = Math.min(...histograms.map((histogram) => valueAtRank(histogram, 1)));
  const least = Math.min(...histograms.map(({ totalCount }) => totalCount));
  return QUANTILE_NAMES.map((metric): MetricValues => {
    const q = QUANTILES[metric];
    if (none !== null) {
      return { metric, values: [], reason: none, ...(missing && { missing }), ...WHOLE, stepNs };
    }
    if (!supportsQuantile(least, q)) {
      const beyond = formatCount(Math.floor(least * (1 - q) + 1e-9));
      const count = plural(least, "operation");
      const leave = least === 1 ? "leaves" : "leave";
      const reason = histograms.length === 1
        ? `${count} ${leave} ${beyond} beyond it, and 10 are needed`
        : `a run has ${count}, which ${leave} ${beyond} beyond it, and 10 are needed`;
      return { metric, values: [], reason, missing: "too few operations", ...WHOLE, stepNs };
    }
    const values = histograms.map((histogram) => unbiasedQuantile(histogram, q));
    const buckets = histograms.map((histogram, run) => bucketWidth(histogram, values[run]!));
    return { metric, values, reason: null, stepNs, bucketNs: median(buckets), leastNs };
  });
}

/** Why the histograms that could be read are not those of all runs. */
function whyNoQuantiles(
  runs: number,
  histograms: number,
  [first]: BenchmarkValues["unreadable"],
): Pick<MetricValues, "reason" | "missing"> {
  const missing = "not in all runs";
  if (first !== undefined) {
    return {
      reason: `the histogram of run ${first.run} cannot be read: ${first.error}`,
      missing,
    };
  }
  if (histograms === 0) return { reason: "no run recorded the latencies of single operations" };
  return histograms < runs
    ? { reason: "a run has no latencies of single operations", missing }
    : { reason: null };
}
