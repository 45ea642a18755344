import {
  type Analysis,
  formatMetricRange,
  formatMetricValue,
  operationWord,
} from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { ARROWS } from "./captions.ts";
import { drawIntervals, type IntervalGroup } from "./interval_rows.ts";
import { storeColour } from "./marks.ts";

/** Rows of the figure, which has to be low; the tables have all. */
const MOST_ROWS = 16;

/**
 * The time of an operation in every benchmark, for a first screen without targets; nothing where
 * nothing was measured.
 */
export function timesFigure({ benchmarks, stores }: Analysis): Figure[] {
  const measured = benchmarks.flatMap((benchmark) => {
    const mean = benchmark.metrics.find(({ metric }) => metric === "mean")?.estimate ?? null;
    return mean === null ? [] : [{ ...benchmark, mean }];
  });
  const shown = measured.slice(0, MOST_ROWS);
  if (shown.length === 0) return [];
  const several = stores.length > 1;
  const groups = [...Map.groupBy(shown, ({ name }) => name).values()].map((own): IntervalGroup => ({
    rows: own.map(({ id, name, store, operation, kind, mean }) => {
      const alone = benchmarks.every((other) =>
        other.name === name || other.operation !== operation || other.kind !== kind
      );
      // Short: the label's room is that of a phone's figure.
      const word = operation === null || !alone ? null : operationWord(operation);
      const what = word === null ? name : kind === "latency" ? `one ${word}` : word;
      return {
        label: several ? `${what}, ${store}` : what,
        note: formatMetricValue("mean", mean.value),
        colour: storeColour(stores, store),
        mark: "full",
        shape: "circle",
        range: mean,
        says: `${id}: ${formatMetricRange("mean", mean)}`,
      };
    }),
  }));
  const { clipped, ...drawing } = drawIntervals(groups, {
    quantity: "time",
    title: "Time of an operation",
    compact: true,
  });
  const left = measured.length - shown.length;
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
