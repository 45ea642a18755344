import { capitalised } from "../../format/mod.ts";
import {
  type Analysis,
  formatRatio,
  METRIC_WORDS,
  OPERATIONS,
  operationWord,
  shortRatio,
  type StoreRatio,
  surely,
} from "../../analysis/mod.ts";
import { code, type Figure, figure, table } from "../document.ts";
import { ARROWS } from "./captions.ts";
import { drawIntervals, type IntervalGroup } from "./interval_rows.ts";
import { storeColour } from "./marks.ts";

/** How much longer an operation takes than in the base store: a figure for each other store. */
export function overheadFigures({ ratios, stores }: Analysis): Figure[] {
  return stores.flatMap(({ store }, index) => {
    const own = ratios.filter((ratio) => ratio.store === store);
    const base = own[0]?.base;
    if (base === undefined) return [];
    const groups = [...Map.groupBy(own, ({ operation }) => operation)].map(
      ([operation, rows]): IntervalGroup => ({
        heading: capitalised(operation === null ? "operations" : OPERATIONS[operation].plural),
        rows: rows.map((row) => ({
          label: `${row.name}, ${METRIC_WORDS[row.metric]}`,
          note: `${shortRatio(row.ratio)} ${direction(row)}`,
          colour: storeColour(stores, store),
          mark: "full",
          shape: "circle",
          range: row.ratio,
          says: `${row.name}, ${METRIC_WORDS[row.metric]}: ${formatRatio(row.ratio)}`,
        })),
      }),
    );
    const { clipped, ...drawing } = drawIntervals(groups, {
      quantity: "factor",
      title: `Time in ${store} over time in ${base}`,
      reference: { value: 1, name: `as ${base}` },
    });
    return [figure({
      id: `overhead-${index + 1}`,
      title: `Time in ${store} as a multiple of ${base}'s`,
      caption: `Right of the line at 1× an operation takes longer in ${store} than in ${base}. ` +
        "The bar is the interval; where it touches that line, neither is surely slower." +
        (clipped ? ARROWS : ""),
      drawing,
      numbers: table(
        ["Operation", "Benchmark", "Metric", ">Time, as a multiple"],
        own.map(({ operation, name, metric, ratio }) => [
          operationWord(operation),
          code(name),
          METRIC_WORDS[metric],
          formatRatio(ratio),
        ]),
      ),
    })];
  });
}

function direction(row: StoreRatio): string {
  return surely(row) ?? "not sure";
}
