/** A series whose nights have times of several estimators: judged apart, each by its own nights. */
import type { NightEstimator, NightPoint, NightSeries } from "../../result/mod.ts";
import type { EstimatorChange, LastingShift, SeriesJudgement } from "./model.ts";
import { verdictOf } from "./verdict.ts";

/** What the times of a night are. */
export function estimatorOf({ estimator }: NightPoint): NightEstimator {
  return estimator ?? "mean";
}

/**
 * A series for each estimator, in which the nights of the others have no value; that of the newest night
 * with a value comes first. One that has a single estimator stays as it is.
 */
export function byEstimator(series: NightSeries): [NightSeries, ...NightSeries[]] {
  const valued = series.points.filter(({ value }) => value !== null).toReversed();
  const [newest, ...others] = new Set(valued.map(estimatorOf));
  if (newest === undefined || others.length === 0) return [series];
  const only = (estimator: NightEstimator): NightSeries => ({
    ...series,
    points: series.points.map((point) => {
      if (point.value === null || estimatorOf(point) === estimator) return point;
      const { control: _, ...rest } = point;
      const reason = `the night's times are ${estimatorOf(point)}s`;
      return { ...rest, value: null, low: null, high: null, runs: 0, reason };
    }),
  });
  return [only(newest), ...others.map(only)];
}

/** Where the estimator changes from one night with a value to the next one, oldest first. */
function estimatorChanges({ points }: NightSeries): EstimatorChange[] {
  const valued = points.filter(({ value }) => value !== null);
  return valued.slice(1).flatMap((point, i): EstimatorChange[] => {
    const before = valued[i]!;
    const [from, to] = [estimatorOf(before), estimatorOf(point)];
    return from === to ? [] : [{ night: point.night, after: before.night, from, to }];
  });
}

/**
 * Puts together what was judged apart. Tonight is that of the newest nights; of several pieces of news the
 * worse counts.
 *
 * @param series The whole series.
 * @param parts Judged, as {@linkcode byEstimator} has them.
 */
export function putTogether(
  series: NightSeries,
  parts: readonly [SeriesJudgement, ...SeriesJudgement[]],
): SeriesJudgement {
  const [newest, ...others] = parts;
  if (others.length === 0) return newest;
  const news = parts.map((part) => part.news).filter((each) => each !== null);
  const worst = news.find(({ direction }) => direction === "regressed") ?? news[0] ?? null;
  const machine = parts.find((part) => part.machine !== undefined)?.machine;
  const { control } = newest;
  const alike = parts.filter((part) => part.control?.what === control?.what);
  return {
    ...newest,
    series,
    shifts: inOrder(parts.flatMap(({ shifts }) => shifts)),
    anomalies: inOrder(parts.flatMap(({ anomalies }) => anomalies)),
    estimators: estimatorChanges(series),
    ...(control !== undefined && {
      control: {
        ...control,
        shifts: inOrder(alike.flatMap((part): LastingShift[] => part.control?.shifts ?? [])),
      },
    }),
    ...(machine !== undefined && { machine }),
    news: worst,
    verdict: verdictOf(newest.tonight, worst),
  };
}

function inOrder<T extends { night: string }>(each: readonly T[]): T[] {
  return each.toSorted((a, b) => a.night < b.night ? -1 : a.night > b.night ? 1 : 0);
}
