import type { Range } from "../../format/mod.ts";
import {
  formatMetricValue,
  formatRatio,
  METRIC_WORDS,
  type NodesComparison,
  type NodesRow,
  type NodeValue,
  shortRatio,
} from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { ARROWS } from "./captions.ts";
import { drawIntervals, type IntervalGroup } from "./interval_rows.ts";
import { storeColour } from "./marks.ts";

/** What is drawn of each benchmark: its rate or, of latencies, the tail. */
const DRAWN: readonly NodesRow["metric"][] = ["throughput", "p99"];

/** How each node does beside the others, metric by metric; nothing where there are fewer than two. */
export function nodesFigure({ nodes, rows }: NodesComparison): Figure[] {
  const stores = nodes.map((store) => ({ store }));
  const drawn = rows.filter(({ metric }) => DRAWN.includes(metric)).flatMap((row) => {
    const middle = middleOf(row);
    return middle === null ? [] : [{ row, middle }];
  });
  if (nodes.length < 2 || drawn.length === 0) return [];
  const groups = drawn.map(({ row, middle }): IntervalGroup => ({
    heading: `${row.id} ${METRIC_WORDS[row.metric]}`,
    rows: nodes.map((node) => {
      const own = row.values.find((each) => each.node === node);
      const range = own === undefined ? null : rangeOf(own, middle);
      return {
        label: node,
        note: range === null ? "–" : shortRatio(range),
        colour: storeColour(stores, node),
        mark: "full",
        shape: "circle",
        range,
        says: range === null ? "" : `${node}: ${formatRatio(range)}`,
      };
    }),
  }));
  const { clipped, ...drawing } = drawIntervals(groups, {
    quantity: "factor",
    title: "Value over the nodes' geometric mean",
    reference: { value: 1, name: "mean of the nodes" },
    compact: true,
  });
  return [figure({
    id: "nodes",
    title: "The nodes beside each other",
    caption:
      "A dot is what a node has over the geometric mean of all nodes, a bar its interval over " +
      "runs: of rates more is better, of times (p99) less. Nodes that are alike lie on the line." +
      (clipped ? ARROWS : ""),
    drawing,
    numbers: table(
      ["Benchmark", "Metric", "Node", ">Value", ">Over the mean"],
      drawn.flatMap(({ row, middle }) =>
        row.values.map((own) => {
          const range = rangeOf(own, middle);
          return [
            code(row.id),
            METRIC_WORDS[row.metric],
            code(own.node),
            own.value === null ? "–" : formatMetricValue(row.metric, own.value),
            range === null ? "–" : formatRatio(range),
          ];
        })
      ),
    ),
  })];
}

/** The geometric mean over the nodes; `null` where fewer than two have a value. */
function middleOf({ values }: NodesRow): number | null {
  const known = values.flatMap(({ value }) => value !== null && value > 0 ? [value] : []);
  if (known.length < 2) return null;
  return Math.exp(known.reduce((sum, value) => sum + Math.log(value), 0) / known.length);
}

function rangeOf({ value, estimate }: NodeValue, middle: number): Range | null {
  if (value === null || !(value > 0)) return null;
  const { low, high } = estimate ?? { low: value, high: value };
  return { value: value / middle, low: low / middle, high: high / middle };
}
