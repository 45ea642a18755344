/**
 * Claims, judged by their evidence.
 *
 * A piece of evidence names a benchmark, a metric and figures that are to be matched or exceeded; it
 * stands for one row for each store and figure. A row is `supported` where the whole interval is at
 * least as good as the figure, `refuted` where none of it is, else `inconclusive`. A figure that is
 * a range is matched for sure only at its better end, and missed for sure only beyond its worse one.
 *
 * A claim says "all of this", so it is refuted where any row is (more measuring of the other rows
 * cannot mend that), supported where every row is, and inconclusive otherwise: also where a row was
 * not measured, or in fewer than three runs, and where there is no row at all. A store that the claim does not mean has to be left
 * out by the evidence's `stores`.
 */
import type { EvidenceRecord, FigureRecord, MetricName, Result } from "../result/mod.ts";
import { LEAST_RUNS } from "../stats/mod.ts";
import { estimateOf } from "./estimate_of.ts";
import type { Range } from "../format/mod.ts";
import { limitsOfEvidence } from "./evidence_limits.ts";
import type {
  BenchmarkAnalysis,
  ClaimOutcome,
  ClaimVerdict,
  EvidenceVerdict,
  StoreAnalysis,
} from "./model.ts";
import { exactly, publishedMean, publishedQuantile } from "./systems.ts";
import { INTERRUPTED, isNamed } from "./targets.ts";

/** Judges every claim of a result's suite. */
export function judgeClaims(
  result: Result,
  stores: readonly StoreAnalysis[],
  benchmarks: readonly BenchmarkAnalysis[],
  interrupted = false,
): ClaimVerdict[] {
  return result.suite.claims.map((claim) => {
    const evidence = claim.evidence.flatMap((piece) =>
      judgeEvidence(piece, result.suite.figures, stores, benchmarks, interrupted)
    );
    return {
      name: claim.name,
      hypothesis: claim.hypothesis,
      outcome: combine(evidence.map(({ outcome }) => outcome)),
      evidence,
      limits: [...claim.limits],
      remarks: limitsOfEvidence({ result, stores, evidence }),
    };
  });
}

/** The outcome of a claim from those of its rows. */
export function combine(outcomes: readonly ClaimOutcome[]): ClaimOutcome {
  if (outcomes.includes("refuted")) return "refuted";
  if (outcomes.length > 0 && outcomes.every((outcome) => outcome === "supported")) {
    return "supported";
  }
  return "inconclusive";
}

function judgeEvidence(
  { benchmark, metric, figures, stores: named }: EvidenceRecord,
  known: readonly FigureRecord[],
  stores: readonly StoreAnalysis[],
  benchmarks: readonly BenchmarkAnalysis[],
  interrupted: boolean,
): EvidenceVerdict[] {
  return stores.filter(({ store }) => isNamed(named, store)).flatMap(({ store }) =>
    figures.map((figureId) => {
      const own = benchmarks.find((candidate) =>
        candidate.store === store && candidate.name === benchmark
      );
      const figure = known.find(({ id }) => id === figureId) ?? null;
      const published = figure && publishedValue(figure, metric);
      const estimate = own === undefined ? null : estimateOf(own, metric);
      const runs = own?.runs.used.length ?? 0;
      const outcome = estimate !== null && published !== null && runs >= LEAST_RUNS && !interrupted
        ? judgeAgainst(estimate, published, metric)
        : "inconclusive";
      return {
        store,
        benchmark: own?.id ?? `${store}/${benchmark}`,
        metric,
        figureId,
        figure,
        published,
        estimate,
        margin: estimate && published && marginOver(estimate, published, metric),
        outcome,
        reason: outcome !== "inconclusive"
          ? null
          : figure === null
          ? `the suite has no figure ${figureId}`
          : published === null
          ? "the source does not state this metric"
          : own === undefined
          ? "the benchmark is not in this result's plan"
          : estimate === null
          ? own.metrics.find((candidate) => candidate.metric === metric)?.reason ??
            `a ${own.kind} benchmark does not measure it`
          : interrupted
          ? INTERRUPTED
          : runs < LEAST_RUNS
          ? `it was measured in fewer than ${LEAST_RUNS} runs, which say nothing of the next one`
          : "the interval and the figure overlap",
      };
    })
  );
}

/** A figure's number for a metric, in the metric's unit. */
function publishedValue(figure: FigureRecord, metric: MetricName): Range | null {
  if (metric === "throughput") return exactly(figure.ops_per_sec);
  return metric === "mean" ? publishedMean(figure) : publishedQuantile(figure, metric);
}

function judgeAgainst(estimate: Range, published: Range, metric: MetricName): ClaimOutcome {
  if (metric === "throughput") {
    if (estimate.low >= published.high) return "supported";
    return estimate.high < published.low ? "refuted" : "inconclusive";
  }
  if (estimate.high <= published.low) return "supported";
  return estimate.low > published.high ? "refuted" : "inconclusive";
}

/** How many times better than the figure, at the extremes of both. */
function marginOver(estimate: Range, published: Range, metric: MetricName): Range | null {
  const [better, worse] = metric === "throughput" ? [estimate, published] : [published, estimate];
  if (!(worse.low > 0)) return null;
  return {
    value: better.value / worse.value,
    low: better.low / worse.high,
    high: better.high / worse.low,
  };
}
