import { type HistoryJudgement, judgeHistory, type SeriesJudgement } from "../analysis/mod.ts";

/**
 * Series that regressed on a night, and those whose level is known since then to have.
 *
 * @param judgement Of the whole history.
 * @returns `benchmark metric on node`; none where the night is not the history's newest.
 */
export function regressions(judgement: HistoryJudgement, night: string): string[] {
  if (judgement.nights.at(-1) !== night) return [];
  const before = judgeHistory(judgement.series.map(({ series }) => ({
    ...series,
    points: series.points.filter((point) => point.night < night),
  })));
  const known = new Map(before.series.map((judged) => [nameOf(judged), judged.shifts.length]));
  return judgement.series.filter((judged) =>
    judged.tonight.verdict === "regressed" ||
    judged.shifts.length > (known.get(nameOf(judged)) ?? 0) &&
      judged.shifts.at(-1)?.direction === "regressed"
  ).map(nameOf);
}

function nameOf({ series: { benchmark, metric, node } }: SeriesJudgement): string {
  return `${benchmark} ${metric} on ${node}`;
}
