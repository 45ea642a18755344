/** What a result or a comparison was asked and did not decide. */
import type { Analysis, BenchmarkAnalysis } from "./model.ts";
import type { ResultComparison } from "./compare/model.ts";

/**
 * Targets that are neither met nor missed, and claims that are neither supported nor refuted, as
 * `benchmark metric` and the claim's name. What no run was planned for is not asked.
 */
export function openQuestions({ targets, claims }: Analysis): string[] {
  return [
    ...targets.filter(({ planned, verdict }) =>
      planned && (verdict === "inconclusive" || verdict === "met in one run")
    ).map(({ benchmark, target }) => `${benchmark} ${target.metric}`),
    ...claims.filter(({ outcome, evidence }) =>
      outcome === "inconclusive" && evidence.every(({ estimate }) => estimate !== null)
    ).map(({ name }) => name),
  ];
}

/**
 * Benchmarks whose runs ended, and of which there is no number at all, as a load none of whose
 * operations ended. A tail that is refused is none of these: the rest of its benchmark is measured.
 *
 * @returns Their ids, and why as a clause.
 */
export function unmeasuredBenchmarks(
  { benchmarks }: { benchmarks: readonly BenchmarkAnalysis[] },
): { id: string; reason: string }[] {
  return benchmarks.filter(({ runs }) => runs.use === "none").map(({ id, metrics }) => ({
    id,
    reason: metrics.find(({ reason }) => reason !== null)?.reason ?? "no run has a number",
  }));
}

/**
 * Rows of a comparison that stay inconclusive, as `benchmark metric`; none of which neither side has a
 * value, as a p99.9 of few operations.
 */
export function openRows({ rows }: ResultComparison): string[] {
  return rows.filter(({ verdict, base, candidate }) =>
    verdict === "inconclusive" && (base.value !== null || candidate.value !== null)
  )
    .map(({ id, metric }) => `${id} ${metric}`);
}
