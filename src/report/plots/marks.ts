/** What every figure says in the same way: the stores' colours and the benchmarks' names. */
import { type BenchmarkAnalysis, type BenchmarkSeries, operationWord } from "../../analysis/mod.ts";
import type { Axis } from "./axis.ts";
import { SERIES_COLOURS } from "./style.ts";
import type { Attributes } from "./svg.ts";

/** A benchmark of one store with its samples. */
export interface Measured {
  benchmark: BenchmarkAnalysis;
  series: BenchmarkSeries;
}

/** The class that colours a store, by its place in the plan. */
export function storeColour(stores: readonly { store: string }[], store: string): string {
  const index = stores.findIndex((each) => each.store === store);
  return index < 0 ? "other" : `c${index % SERIES_COLOURS + 1}`;
}

/** The class of a store's dashes, which tell lines apart without their colour. */
export function storeDashes(stores: readonly { store: string }[], store: string): string {
  const index = stores.findIndex((each) => each.store === store);
  return `d${Math.max(0, index) % SERIES_COLOURS + 1}`;
}

/** What a sample's time is the time of: `Time for one write`. */
export function timeTitle({ operation }: BenchmarkAnalysis): string {
  return `Time for one ${operationWord(operation)}`;
}

/**
 * What `client/read_samples.js` needs to tell the values of a run's samples from where they are drawn.
 *
 * @param along The direction of the values' axis.
 * @param bundle How many samples a stroke stands for. @default 1
 */
export function readable(
  name: string,
  axis: Axis,
  along: "x" | "y",
  samples: number,
  bundle = 1,
): Attributes {
  const { values, places } = axis.ends;
  const scale = axis.log ? "log" : "linear";
  return {
    "data-samples": name,
    "data-axis": [along, scale, ...values.map((value) => value.toPrecision(7)), ...places].join(
      " ",
    ),
    "data-count": `${samples} ${bundle}`,
  };
}
