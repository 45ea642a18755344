/** What every figure says in the same way: the stores' colours and the benchmarks' names. */
import { type BenchmarkAnalysis, type BenchmarkSeries, operationWord } from "../../analysis/mod.ts";
import { SERIES_COLOURS } from "./style.ts";

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
