import { capitalised, formatFactor } from "../../format/mod.ts";
import {
  type Analysis,
  formatMetricRange,
  formatMetricValue,
  layeredOperations,
  OPERATIONS,
  operationWord,
} from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { ARROWS } from "./captions.ts";
import { drawIntervals } from "./interval_rows.ts";
import { storeColour } from "./marks.ts";

/** What an operation costs layer by layer, from the storage alone to servers that are far apart. */
export function layersFigure({ benchmarks, decompositions, stores }: Analysis): Figure[] {
  const operations = layeredOperations(benchmarks, decompositions ?? []);
  if (operations.length === 0) return [];
  const { clipped, ...drawing } = drawIntervals(
    operations.map(({ operation, layers }) => ({
      heading: capitalised(operation === null ? "operations" : OPERATIONS[operation].plural),
      rows: layers.map(({ words, store, mean, benchmark }, i) => ({
        label: i === 0 ? `${words} (${store})` : words,
        note: formatMetricValue("mean", mean.value),
        colour: storeColour(stores, store),
        mark: "full" as const,
        shape: i === 0 ? "circle" as const : "diamond" as const,
        range: mean,
        says: `${benchmark}: ${formatMetricRange("mean", mean)}`,
      })),
    })),
    { quantity: "time", title: "Mean time of an operation, one at a time" },
  );
  return [figure({
    id: "layers",
    title: "From the storage alone to servers that are apart",
    caption:
      "The mean time of one operation with nothing else in flight, layer upon layer; the axis " +
      "is logarithmic, so that equal steps are equal factors." + (clipped ? ARROWS : ""),
    drawing,
    numbers: table(
      ["Operation", "Layer", "Benchmark", ">Mean time", ">As a multiple"],
      operations.flatMap(({ operation, layers }) =>
        layers.map(({ words, benchmark, mean }) => [
          operationWord(operation),
          words,
          code(benchmark),
          formatMetricRange("mean", mean),
          formatFactor(mean.value / layers[0]!.mean.value),
        ])
      ),
    ),
  })];
}
