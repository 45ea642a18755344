import {
  capitalised,
  formatCount,
  formatPercent,
  formatPercentBound,
  joinWords,
  plural,
} from "../../format/mod.ts";
import {
  type Analysis,
  type BenchmarkAnalysis,
  formatBound,
  formatMetricValue,
  METRIC_WORDS,
  type MetricEstimate,
  metricRangeText,
  metricWords,
  OPERATIONS,
  operationWord,
  ratioText,
  storeTitle,
  type TargetVerdict,
  verdictWords,
  withoutInterval,
} from "../../analysis/mod.ts";
import { textsOf } from "../../remark/mod.ts";
import { LEAST_SAMPLES, shareMissed } from "../../stats/mod.ts";
import type { Result } from "../../result/mod.ts";
import { criterionThroughput, criterionTime } from "../criterion_text.ts";
import {
  type Block,
  code,
  heading,
  type Inline,
  inline,
  list,
  paragraph,
  quantity,
  status,
  table,
  type Words,
} from "../document.ts";

/** Every metric of every store, with its interval, its target and the verdict. */
export function results(result: Result, analysis: Analysis): Block[] {
  const { stores, benchmarks, targets, confidence, findings } = analysis;
  // What was done with the runs as a whole stands before them.
  const whole = ["until-sure", "session-change"].flatMap((told) =>
    findings.filter(({ id }) => id === told)
  );
  return [
    heading(2, "Benchmark results"),
    paragraph(
      `Intervals are at ${formatPercentBound(confidence)} confidence, each on its own. A target ` +
        "is met where its whole interval is on the good side of the bound, missed where none of it is, and " +
        "inconclusive otherwise; below three runs it is at most met in these, and never missed.",
    ),
    ...whole.map(({ text }) => paragraph(text)),
    ...stores.flatMap((described) => {
      const { store } = described;
      const own = benchmarks.filter((benchmark) => benchmark.store === store);
      const notes = own.flatMap((benchmark) => [
        ...textsOf(benchmark.remarks),
        ...benchmark.failures.map(({ run, error }) =>
          `Run ${run} of ${benchmark.id} failed: ${error}.`
        ),
      ]);
      return [
        heading(3, `Results of ${storeTitle(described)}`, { listed: true }),
        // What limits the numbers stands before them.
        ...basisParagraph(own),
        ...(notes.length > 0 ? [paragraph("To know of these numbers:"), list(notes)] : []),
        table(["Metric", ">Result", ">Target", "Status"], resultRows(result, own, targets, store)),
        ...(analysis.withoutCriterion
          ? []
          : [paragraph("Detailed results, in criterion's units:"), list(own.map(detail))]),
      ];
    }),
  ];
}

/** What the intervals of a store were taken from: one clause where it is the same for all. */
function basisParagraph(benchmarks: readonly BenchmarkAnalysis[]): Block[] {
  const basesOf = ({ metrics }: BenchmarkAnalysis) => metrics.flatMap(({ basis }) => basis ?? []);
  const bases = [...new Set(benchmarks.flatMap(basesOf))];
  if (bases.length === 0) return [];
  const clause = (basis: string) => {
    const names = benchmarks.filter((own) => basesOf(own).includes(basis)).map(({ name }) => name);
    return bases.length === 1 ? basis : `${basis} for ${joinWords(names)}`;
  };
  return [
    paragraph(
      `The intervals are ${bases.map(clause).join("; ")}. ${whatIsMissed(benchmarks)}`.trim(),
    ),
  ];
}

/** What so few runs and samples may not have met at all; nothing where none has an interval. */
function whatIsMissed(benchmarks: readonly BenchmarkAnalysis[]): string {
  const measured = benchmarks.filter(({ metrics }) => metrics.some(({ estimate }) => estimate));
  if (measured.length === 0) return "";
  const least = (counts: number[]) => formatPercent(shareMissed(Math.min(...counts)));
  const runs = measured.map(({ runs }) => runs.used.length);
  const whose = new Set(runs).size === 1
    ? "a benchmark's runs"
    : "the runs of a benchmark with fewest";
  const ofSamples = least(measured.map(({ samples }) => samples));
  return `What happens in ${least(runs)} of ${whose}, or in ${ofSamples} of the samples of ` +
    "the one with fewest, is missed altogether in one session of twenty, and by the intervals too.";
}

function resultRows(
  result: Result,
  benchmarks: readonly BenchmarkAnalysis[],
  targets: readonly TargetVerdict[],
  store: string,
): Words[][] {
  const own = targets.filter((verdict) => verdict.store === store);
  const inFlight = new Map(result.benchmarks.map(({ id, workload }) => [id, workload.clients]));
  const rows = benchmarks.flatMap((benchmark) =>
    benchmark.metrics.flatMap((metric) => {
      const judged = own.filter(({ target }) =>
        target.benchmark === benchmark.name && target.metric === metric.metric
      );
      // The mean time of a throughput benchmark is its rate inverted: shown where it is asked for.
      if (benchmark.kind === "throughput" && metric.metric === "mean" && judged.length === 0) {
        return [];
      }
      const name = metricName(benchmark, metric, benchmarks, inFlight.get(benchmark.id) ?? 1);
      return judged.length === 0
        ? [[
          name,
          resultCell(metric),
          "none",
          untargetedStatus(metric),
        ]]
        : judged.map((verdict) => [
          name,
          resultCell(metric),
          quantity(formatBound(verdict.target)),
          statusCell(verdict, metric),
        ]);
    })
  );
  const unplanned = own.filter(({ target }) =>
    !benchmarks.some(({ name, metrics }) =>
      name === target.benchmark && metrics.some(({ metric }) => metric === target.metric)
    )
  );
  return [
    ...rows,
    ...unplanned.map((verdict) => [
      [code(verdict.target.benchmark), ` ${METRIC_WORDS[verdict.target.metric]}`],
      "not measured",
      quantity(formatBound(verdict.target)),
      statusCell(verdict),
    ]),
  ];
}

/** A metric in words; with the benchmark's name where another one has a metric of the same words. */
function metricName(
  benchmark: BenchmarkAnalysis,
  { metric }: MetricEstimate,
  all: readonly BenchmarkAnalysis[],
  inFlight: number,
): Words {
  const operation = benchmark.operation === null ? "" : operationWord(benchmark.operation);
  const what = metric === "throughput"
    ? "throughput"
    : benchmark.kind === "throughput"
    ? "mean time"
    : benchmark.kind === "load"
    ? metricWords(benchmark, metric)
    : metric === "mean"
    ? inFlight > 1 ? `wall time for one of ${formatCount(inFlight)} in flight` : "latency (mean)"
    : `latency ${METRIC_WORDS[metric]}`;
  const words = `${operation} ${what}`.trim();
  const name = `${capitalised(words)}${metric === "throughput" ? ofWhat(benchmark) : ""}`;
  const alone = benchmark.operation !== null &&
    all.every((other) =>
      other === benchmark || other.kind !== benchmark.kind ||
      other.operation !== benchmark.operation
    );
  return alone ? name : [`${name} `, code(benchmark.name)];
}

/** What a rate counts, where that is not the operation's own word. */
function ofWhat({ operation }: BenchmarkAnalysis): string {
  if (operation === null) return "";
  const { plural, counted } = OPERATIONS[operation];
  return counted === plural ? "" : ` (${counted})`;
}

function resultCell(row: MetricEstimate): Words {
  const { metric, estimate, pooled } = row;
  const value = estimate !== null
    ? quantity(metricRangeText(metric, estimate))
    : withoutInterval(row);
  return pooled === undefined ? value : [value, `; pooled ${formatMetricValue(metric, pooled)}`];
}

/** What there is to say of a metric without a target: why it has no value. What is refused is told before. */
function untargetedStatus({ estimate, point, missing, reason }: MetricEstimate): Words {
  if (estimate !== null || point !== undefined || missing === "refused") return "–";
  if (missing !== undefined) return reason ?? "–";
  return reason === null ? status("not measured") : [status("not measured"), `: ${reason}`];
}

/** The verdict and how far the value is from the bound. */
function statusCell(verdict: TargetVerdict, row?: MetricEstimate): Words {
  const { estimate } = verdict;
  if (estimate === null) {
    const measured = row?.point !== undefined || row?.missing !== undefined;
    return [status(measured ? verdict.verdict : "not measured"), `: ${verdict.reason}`];
  }
  const distance = distanceFromBound(verdict);
  return [
    status(verdict.verdict, verdictWords(verdict)),
    ...(distance.length === 0 ? [] : [", ", ...distance]),
    ...(verdict.reason === null ? [] : [`; ${verdict.reason}`]),
  ];
}

/** How far a value is from its bound, in words; none where it is not known. */
export function distanceFromBound({ target, factor, margin }: TargetVerdict): Inline[] {
  const times = factor && ratioText(factor);
  // What says nothing of the value says nothing of its distance.
  if (times === null) return [];
  if (target.bound === "atLeast") return inline([quantity(times), " the target"]);
  const better = margin && ratioText(margin);
  return margin !== null && better !== null && margin.value >= 1
    ? inline(["with a margin of ", quantity(better)])
    : inline([quantity(times), " the bound"]);
}

/** A benchmark as criterion's users write it down: interval, headline, outliers. */
function detail(benchmark: BenchmarkAnalysis): Words {
  const { criterion, name, metrics } = benchmark;
  if (criterion === null) {
    const [row] = metrics;
    const value = row === undefined ? "not measured" : resultCell(row);
    const why = row?.reason ?? whyNotCriterions(benchmark);
    return [code(name), ": ", ...inline(value), ` (${why})`];
  }
  const { time, elements, outliers } = criterion;
  const rate = (ns: number) => criterionThroughput(elements * 1e9 / ns).trim();
  const [low, mean, high] = [time.low, time.value, time.high].map((ns) => criterionTime(ns).trim());
  const interval = benchmark.kind === "throughput"
    ? `${rate(time.high)} to ${rate(time.low)} (${mean} for ${plural(elements, "operation")})`
    : `${low} to ${high}`;
  const [outside, all] = [plural(outliers.total, "outlier"), plural(outliers.samples, "sample")];
  const which = criterion.of > 1
    ? `, the one with the median mean of ${formatCount(criterion.of)}`
    : "";
  return [code(name), `: ${interval}; ${outside} in ${all} (run ${criterion.run}${which})`];
}

/** Why a benchmark that has intervals has no estimates of criterion's, as a clause. */
function whyNotCriterions({ samples, runs }: BenchmarkAnalysis): string {
  return samples < LEAST_SAMPLES * runs.used.length
    ? `its runs have fewer than ${LEAST_SAMPLES} samples, too few for criterion's estimates`
    : "its samples are of unequal weight, which criterion has no form for";
}
