import type { HistoryJudgement } from "../analysis/mod.ts";

/**
 * Series that a history calls regressed on a night: that night, or for good in the last nights.
 *
 * @param judgement Of the whole history.
 * @returns `benchmark metric on node`; none where the night is not the history's newest.
 */
export function regressions({ nights, series }: HistoryJudgement, night: string): string[] {
  if (nights.at(-1) !== night) return [];
  return series.filter(({ verdict }) => verdict === "regressed")
    .map(({ series: { benchmark, metric, node } }) => `${benchmark} ${metric} on ${node}`);
}
