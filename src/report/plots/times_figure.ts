import {
  type Analysis,
  formatMetricRange,
  formatMetricValue,
  operationWord,
} from "../../analysis/mod.ts";
import type { Estimate } from "../../stats/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { ARROWS } from "./captions.ts";
import { areCompact, drawIntervals, type IntervalGroup } from "./interval_rows.ts";
import { storeColour } from "./marks.ts";

/** Rows of the figure, which has to be low; the tables have all. */
const MOST_ROWS = 16;
/** As {@linkcode MOST_ROWS}, where names are too long for a line a row: each stands over its track then. */
const MOST_SPREAD_ROWS = 10;

/**
 * The time of an operation in every benchmark, for a first screen without targets; nothing where
 * nothing was measured.
 */
export function timesFigure({ benchmarks, stores }: Analysis): Figure[] {
  const rowOf = (id: string, store: string, mean: Estimate) => ({
    note: formatMetricValue("mean", mean.value),
    colour: storeColour(stores, store),
    mark: "full" as const,
    shape: "circle" as const,
    range: mean,
    says: `${id}: ${formatMetricRange("mean", mean)}`,
  });
  const measured = benchmarks.flatMap((benchmark) => {
    const mean = benchmark.metrics.find(({ metric }) => metric === "mean")?.estimate ?? null;
    return mean === null ? [] : [{ ...benchmark, mean }];
  });
  if (measured.length === 0) return [];
  const several = stores.length > 1;
  const close = groupsOf(measured.slice(0, MOST_ROWS)).map((own): IntervalGroup => ({
    rows: own.map(({ id, name, store, operation, kind, mean }) => {
      const alone = benchmarks.every((other) =>
        other.name === name || other.operation !== operation || other.kind !== kind
      );
      // Short: the label's room is that of a phone's figure.
      const word = operation === null || !alone ? null : operationWord(operation);
      const what = word === null ? name : kind === "latency" ? `one ${word}` : word;
      return { ...rowOf(id, store, mean), label: several ? `${what}, ${store}` : what };
    }),
  }));
  const compact = areCompact(close);
  const groups = compact ? close : spread(
    groupsOf(measured).map((own): IntervalGroup => ({
      heading: own[0]!.name,
      rows: own.map(({ id, store, mean }) => ({ ...rowOf(id, store, mean), label: store })),
    })),
  );
  const { clipped, ...drawing } = drawIntervals(groups, {
    quantity: "time",
    title: "Time of an operation",
    compact,
  });
  const left = measured.length - groups.reduce((sum, { rows }) => sum + rows.length, 0);
  return [figure({
    id: "times",
    title: "What an operation takes",
    caption: "A dot is the mean time of an operation, the bar its interval: left is faster." +
      (left > 0 ? ` The tables have ${left} more.` : "") +
      (clipped ? ARROWS : ""),
    drawing,
    numbers: table(
      ["Benchmark", ">Mean time"],
      measured.map(({ id, mean }) => [code(id), formatMetricRange("mean", mean)]),
    ),
  })];
}

/** Those of one name together. */
function groupsOf<T extends { name: string }>(measured: readonly T[]): T[][] {
  return [...Map.groupBy(measured, ({ name }) => name).values()];
}

/** As many of the first groups as there is room for, each whole: its rows are there to be compared. */
function spread([first, ...others]: readonly IntervalGroup[]): IntervalGroup[] {
  const shown = [{ ...first!, rows: first!.rows.slice(0, MOST_SPREAD_ROWS) }];
  let rows = first!.rows.length;
  for (const group of others) {
    rows += group.rows.length;
    if (rows > MOST_SPREAD_ROWS) break;
    shown.push(group);
  }
  return shown;
}
