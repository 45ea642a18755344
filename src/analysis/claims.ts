/**
 * Claims, judged by their evidence.
 *
 * A piece of evidence names a benchmark, a metric and figures that are to be matched or exceeded; it
 * stands for one row for each store and figure. A row is `supported` where the whole interval is at
 * least as good as the figure, `refuted` where none of it is, else `inconclusive`. A figure that is
 * a range is matched for sure only at its better end, and missed for sure only beyond its worse one.
 *
 * A system that was measured in the same session stands for itself: a store is held against that, and
 * what was published of the system elsewhere is told and does not count.
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
      outcome: combine(evidence.filter(({ counts }) => counts).map(({ outcome }) => outcome)),
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
  const wanted = figures.map((figureId) => ({
    figureId,
    figure: known.find(({ id }) => id === figureId) ?? null,
  }));
  const live = liveRows(
    new Set(wanted.flatMap(({ figure }) => figure?.system.toLowerCase() ?? [])),
    stores,
    benchmarks.filter(({ name }) => name === benchmark),
    metric,
  );
  const isLive = (figure: FigureRecord | null) =>
    live.some(({ system }) => system.toLowerCase() === figure?.system.toLowerCase());
  return stores.filter(({ store }) => isNamed(named, store)).flatMap(({ store }) => {
    const own = benchmarks.find((candidate) =>
      candidate.store === store && candidate.name === benchmark
    );
    const estimate = own === undefined ? null : estimateOf(own, metric);
    const runs = own?.runs.used.length ?? 0;
    const against = (held: Range | null, unheld: string | null) => {
      const outcome: ClaimOutcome =
        estimate !== null && held !== null && runs >= LEAST_RUNS && !interrupted
          ? judgeAgainst(estimate, held, metric)
          : "inconclusive";
      return {
        store,
        benchmark: own?.id ?? `${store}/${benchmark}`,
        metric,
        estimate,
        margin: estimate && held && marginOver(estimate, held, metric),
        outcome,
        reason: outcome !== "inconclusive"
          ? null
          : unheld ?? (own === undefined
            ? "the benchmark is not in this result's plan"
            : estimate === null
            ? own.metrics.find((candidate) => candidate.metric === metric)?.reason ??
              `a ${own.kind} benchmark does not measure it`
            : interrupted
            ? INTERRUPTED
            : runs < LEAST_RUNS
            ? `it was measured in fewer than ${LEAST_RUNS} runs, which say nothing of the next one`
            : null),
      };
    };
    return [
      ...live.filter((row) => row.store !== store).map((row): EvidenceVerdict => {
        const few = row.runs < LEAST_RUNS;
        const verdict = against(
          few ? null : row.value,
          few ? `${row.system} was measured in fewer than ${LEAST_RUNS} runs` : null,
        );
        const { runs: _, ...shown } = row;
        return {
          ...verdict,
          reason: verdict.outcome === "inconclusive"
            ? verdict.reason ?? "the intervals overlap"
            : null,
          figureId: null,
          figure: null,
          published: null,
          live: shown,
          counts: true,
        };
      }),
      ...wanted.map(({ figureId, figure }): EvidenceVerdict => {
        const published = figure && publishedValue(figure, metric);
        const verdict = against(
          published,
          figure === null
            ? `the suite has no figure ${figureId}`
            : published === null
            ? "the source does not state this metric"
            : null,
        );
        return {
          ...verdict,
          reason: verdict.outcome === "inconclusive"
            ? verdict.reason ?? "the interval and the figure overlap"
            : null,
          figureId,
          figure,
          published,
          live: null,
          counts: !isLive(figure),
        };
      }),
    ];
  });
}

/** A system that was measured itself, in a benchmark of some name, with the runs of its value. */
type LiveRow = NonNullable<EvidenceVerdict["live"]> & { runs: number };

/**
 * The systems that were measured, of those that are wanted. Servers with an emulated cable in between
 * are left out: what they take is the cable's.
 */
function liveRows(
  wanted: ReadonlySet<string>,
  stores: readonly StoreAnalysis[],
  benchmarks: readonly BenchmarkAnalysis[],
  metric: MetricName,
): LiveRow[] {
  return stores.flatMap(({ store, description }) => {
    if (description === null || !description.network) return [];
    const { engine: system, version, options } = description;
    if (!wanted.has(system.toLowerCase()) || options["cable"] !== undefined) return [];
    const own = benchmarks.find((candidate) => candidate.store === store);
    const value = own && estimateOf(own, metric);
    if (own === undefined || value === null || value === undefined) return [];
    const { low, high } = value;
    return [{
      system,
      version,
      store,
      benchmark: own.id,
      value: { value: value.value, low, high },
      runs: own.runs.used.length,
    }];
  });
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
