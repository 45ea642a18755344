/** The values of a benchmark's runs, metric by metric: all that a comparison looks at. */
import type { BenchmarkRecord, MetricName, Result, RunRecord } from "../../result/mod.ts";
import { median, supportsQuantile } from "../../stats/mod.ts";
import { formatCount } from "../../format/mod.ts";
import { decodeHistograms, quantileRank, valueAtRank } from "../histogram.ts";
import { QUANTILES } from "../quantile_metrics.ts";
import { chooseRuns, timePerOperation, whyUnmeasured } from "../run_use.ts";

/** The metrics that benchmarks of each kind are compared by; a rate says what its mean time says. */
const METRICS = {
  throughput: ["throughput"],
  latency: ["mean", "p50", "p90", "p99", "p999"],
} as const satisfies Record<BenchmarkRecord["kind"], MetricName[]>;

/** One metric of a benchmark, run by run. */
export interface MetricValues {
  metric: MetricName;
  /** One value a run: operations a second, or ns. */
  values: number[];
  /** Why there is none, or not one for each run, as a clause; else `null`. */
  reason: string | null;
  /** The clock's step, ns, where the metric is made of single operations; else 0. */
  stepNs: number;
}

/** A benchmark on one side. */
export interface BenchmarkValues {
  record: BenchmarkRecord;
  /** The runs that are used. */
  runs: RunRecord[];
  /** Whether they were interrupted, because none ended. */
  interrupted: boolean;
  /** Mean time for one operation in each used run, ns. */
  times: number[];
  metrics: MetricValues[];
}

/** Takes the values of a benchmark's runs out of a result, choosing runs as every analysis does. */
export function valuesOf(record: BenchmarkRecord, result: Result): BenchmarkValues {
  const counted = result.runs.filter(({ superseded }) => superseded !== true);
  const { use, runs, failures } = chooseRuns(record, counted, result.profile.runs);
  const times = runs.map((run) => timePerOperation(record, run));
  const why = use.use === "none" ? whyUnmeasured(use, failures) : null;
  const tails = record.kind === "latency" ? quantilesOf(runs) : null;
  const metrics = METRICS[record.kind].map((metric): MetricValues => {
    if (metric === "mean") return { metric, values: times, reason: why, stepNs: 0 };
    if (metric === "throughput") {
      return { metric, values: times.map((ns) => 1e9 / ns), reason: why, stepNs: 0 };
    }
    const { values, reason } = tails![metric];
    return { metric, values, reason: why ?? reason, stepNs: tails!.stepNs };
  });
  return { record, runs, interrupted: use.use === "interrupted", times, metrics };
}

type Tails =
  & Record<keyof typeof QUANTILES, Pick<MetricValues, "values" | "reason">>
  & { stepNs: number };

/** Each run's own quantiles: of all runs or of none, since a choice among them would be one of luck. */
function quantilesOf(runs: readonly RunRecord[]): Tails {
  const { histograms, problems } = decodeHistograms(runs);
  const steps = runs.flatMap(({ clock }) => clock === null ? [] : [clock.stepNs]);
  const none = problems[0] !== undefined
    ? `the histogram of run ${problems[0].run} cannot be read: ${problems[0].error}`
    : histograms.length < runs.length || runs.length === 0
    ? "a run has no latencies of single operations"
    : null;
  const of = (q: number): Pick<MetricValues, "values" | "reason"> => {
    if (none !== null) return { values: [], reason: none };
    const least = Math.min(...histograms.map(({ totalCount }) => totalCount));
    if (!supportsQuantile(least, q)) {
      const beyond = formatCount(Math.floor(least * (1 - q) + 1e-9));
      const reason =
        `a run has ${formatCount(least)} operations, which leave ${beyond} beyond it, ` +
        "and 10 are needed";
      return { values: [], reason };
    }
    return {
      values: histograms.map((histogram) =>
        valueAtRank(histogram, quantileRank(histogram.totalCount, q))
      ),
      reason: null,
    };
  };
  return {
    p50: of(QUANTILES.p50),
    p90: of(QUANTILES.p90),
    p99: of(QUANTILES.p99),
    p999: of(QUANTILES.p999),
    stepNs: steps.length === 0 ? 0 : median(steps),
  };
}
