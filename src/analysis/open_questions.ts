/** What a result or a comparison was asked and did not decide. */
import type { Analysis } from "./model.ts";
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
 * Rows of a comparison that stay inconclusive, as `benchmark metric`; none of which neither side has a
 * value, as a p99.9 of few operations.
 */
export function openRows({ rows }: ResultComparison): string[] {
  return rows.filter(({ verdict, base, candidate }) =>
    verdict === "inconclusive" && (base.value !== null || candidate.value !== null)
  )
    .map(({ id, metric }) => `${id} ${metric}`);
}
