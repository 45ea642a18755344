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

/** Rows of a comparison that stay inconclusive, as `benchmark metric`. */
export function openRows({ rows }: ResultComparison): string[] {
  return rows.filter(({ verdict }) => verdict === "inconclusive")
    .map(({ id, metric }) => `${id} ${metric}`);
}
