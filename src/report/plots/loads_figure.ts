import {
  type Analysis,
  type BenchmarkAnalysis,
  formatMetricRange,
  formatMetricValue,
  metricWords,
} from "../../analysis/mod.ts";
import type { MetricName } from "../../result/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { areCompact, drawIntervals, type IntervalGroup } from "./interval_rows.ts";
import { storeColour } from "./marks.ts";

/** Rows of the figure, which has to be low; the tables have all. */
const MOST_ROWS = 12;

/** The quantiles that a bar goes to, the farthest that a load has. */
const ENDS = ["p999", "p99", "p90"] as const satisfies readonly MetricName[];

/** A load's service times, from the median as far out as its runs tell. */
interface Spread {
  load: BenchmarkAnalysis;
  median: number;
  end: { metric: (typeof ENDS)[number]; ns: number };
}

/** From the median to the tail of each load, for a first screen of loads; nothing where none is known. */
export function loadsFigure({ benchmarks, stores }: Analysis): Figure[] {
  const known = benchmarks.flatMap((load) => spreadOf(load) ?? []);
  if (known.length === 0) return [];
  const shown = [...Map.groupBy(known, ({ load }) => load.name).values()].flat()
    .slice(0, MOST_ROWS);
  const ends = new Set(shown.map(({ end }) => end.metric));
  const [end] = ends.size === 1 ? ends : [];
  const several = stores.length > 1;
  const rows = shown.map(({ load, median, end: own }) => {
    const to = `${metricWords(load, own.metric)} ${formatMetricValue(own.metric, own.ns)}`;
    return {
      label: several ? `${load.name}, ${load.store}` : load.name,
      // What the bar ends at where that is not the same for all.
      note: end === undefined
        ? `${metricWords(load, own.metric).replace("service ", "")} ` +
          formatMetricValue(own.metric, own.ns)
        : formatMetricValue(own.metric, own.ns),
      colour: storeColour(stores, load.store),
      mark: "full" as const,
      shape: "circle" as const,
      range: { value: median, low: Math.min(median, own.ns), high: Math.max(median, own.ns) },
      says: `${load.id}: service p50 ${formatMetricValue("p50", median)}, ${to}`,
    };
  });
  const close: IntervalGroup[] = [{ rows }];
  const { clipped: _, ...drawing } = drawIntervals(close, {
    quantity: "time",
    title: "Service time of an operation",
    compact: areCompact(close),
  });
  const left = known.length - shown.length;
  const endWords = end && metricWords({ kind: "load" }, end).replace("service ", "");
  const reach = endWords === undefined
    ? "the farthest quantile that its runs tell, which is named at its right"
    : `its ${endWords}, which stands at its right`;
  return [figure({
    id: "loads",
    title: "What an operation takes in each load",
    caption:
      `A dot is the median service time of a load's operations, and the bar goes on to ${reach}: ` +
      "it is no interval." + (left > 0 ? ` The tables have ${left} more.` : ""),
    drawing,
    numbers: table(
      ["Load", ">Service p50", ">Service p90", ">Service p99", ">Service p99.9"],
      known.map(({ load }) => [
        code(load.id),
        ...(["p50", "p90", "p99", "p999"] as const).map((metric) => {
          const row = load.metrics.find((each) => each.metric === metric);
          return row?.estimate
            ? formatMetricRange(metric, row.estimate)
            : row?.missing ?? "not measured";
        }),
      ]),
    ),
  })];
}

function spreadOf(load: BenchmarkAnalysis): Spread | null {
  if (load.kind !== "load") return null;
  const of = (metric: MetricName) =>
    load.metrics.find((row) => row.metric === metric)?.estimate?.value;
  const median = of("p50");
  const metric = ENDS.find((each) => of(each) !== undefined);
  return median === undefined || metric === undefined
    ? null
    : { load, median, end: { metric, ns: of(metric)! } };
}
