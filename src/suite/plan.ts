/** From a suite to the list of benchmarks of one `bench`. */
import { type BenchmarkRecord, variantName, type VariantRecord } from "../result/mod.ts";
import { SuiteError } from "./error.ts";
import { loadBenchmarkRecord } from "./load.ts";
import { benchmarkRecord, type Suite } from "./suite.ts";

/** Letters of a benchmark's id at most: a folder's name has 255 bytes on most file systems. */
const MOST_ID = 200;

/** A store with options of its own. */
export interface Variant {
  /**
   * What tells it from others of its store, in words; no two of a store have the same. Empty where
   * nothing does.
   */
  name: string;
  options: VariantRecord;
  /** The benchmarks that it is measured in, by name. @default all */
  benchmarks?: readonly string[] | undefined;
  /** The stores that there are of it. @default all */
  stores?: readonly string[] | undefined;
}

/** A store as the bench says, with nothing else in it. */
const AS_IT_IS: Variant = { name: "", options: {} };

/** The variants that there are of a store: itself, where there are none. */
export function variantsOf(store: string, variants: readonly Variant[] = []): readonly Variant[] {
  const own = variants.filter(({ stores }) => stores?.includes(store) ?? true);
  return own.length === 0 ? [AS_IT_IS] : own;
}

/** What of a suite is to be measured. */
interface Selection {
  /** Stores, in the report's order. */
  stores: readonly string[];
  /** Options with which each store is measured once, in turn. Absent or empty: once as it is. */
  variants?: readonly Variant[] | undefined;
  /** Text that a benchmark's id must contain. Absent: all. */
  filter?: string | undefined;
  /** Sampling of all benchmarks. Absent: each as the suite says. */
  sampling?: "flat" | "linear" | undefined;
}

/**
 * The benchmarks of a selection, store by store, and variant by variant.
 *
 * @throws {SuiteError} Where nothing is left.
 */
export function planBenchmarks(suite: Suite, selection: Selection): BenchmarkRecord[] {
  const { stores, variants, filter, sampling } = selection;
  const all = stores.flatMap((store) =>
    variantsOf(store, variants).flatMap(({ name, options, benchmarks }) => {
      const isAnother = name !== "" || Object.keys(options).length > 0;
      return recordsOf(suite, variantName(store, name), sampling)
        .filter((record) => benchmarks?.includes(record.name) ?? true)
        .map((record) => ({ ...record, ...(isAnother && { variant: { ...options } }) }));
    })
  );
  // Of whatever was asked for: a run's database is a folder that bears the name.
  const long = all.find(({ id }) => id.length > MOST_ID);
  if (long !== undefined) {
    throw new SuiteError(
      `Cannot measure ${long.id.slice(0, 40)}…: its name has ${long.id.length} letters, and a ` +
        `benchmark's with its store has at most ${MOST_ID}, since a folder bears it; shorten it`,
    );
  }
  const planned = all.filter((benchmark) => benchmark.id.includes(filter ?? ""));
  if (planned.length === 0) {
    const ids = all.map((benchmark) => benchmark.id).join(", ");
    throw new SuiteError(
      all.length === 0
        ? `Cannot measure the suite ${suite.name}: no store is left to measure`
        : `Cannot filter by ${JSON.stringify(filter)}: no benchmark's id contains it; there is ` +
          ids,
    );
  }
  return planned;
}

/** Every benchmark of a suite, for one store. */
function recordsOf(
  { benchmarks, loads = [] }: Suite,
  store: string,
  sampling: Selection["sampling"],
): BenchmarkRecord[] {
  return [
    ...benchmarks.map((spec) => benchmarkRecord(store, sampling ? { ...spec, sampling } : spec)),
    // Samples of a load are its windows, all alike.
    ...loads.map((spec) => loadBenchmarkRecord(store, spec)),
  ];
}

/**
 * The same benchmarks over a store that does nothing, each once: they tell what of a measurement
 * is the harness.
 *
 * @param store The calibrating store.
 */
export function calibrationOf(
  benchmarks: readonly BenchmarkRecord[],
  store: string,
): BenchmarkRecord[] {
  const byName = new Map(benchmarks.map((benchmark) => [benchmark.name, benchmark]));
  return [...byName.values()].map(({ variant: _, findRate: _f, ...benchmark }) => ({
    ...benchmark,
    id: `${store}/${benchmark.name}`,
    store,
    runs: 1,
  }));
}
