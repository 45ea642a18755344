/** What the runs of a result say of their stores. */
import type { StoreRecord } from "../result/mod.ts";
import type { MeasuredBenchmark } from "./benchmark.ts";
import type { StoreAnalysis } from "./model.ts";

/**
 * The stores that do nothing, by a call, a promise, or the client of a store of servers: their runs are
 * calibration.
 */
export const CALIBRATION_STORES: readonly string[] = [
  "null",
  "null-async",
  "null-etcd",
  "null-tikv",
];

/** The stores of some benchmarks, in their order, with what was not the same in all their runs. */
export function describeStores(benchmarks: readonly MeasuredBenchmark[]): StoreAnalysis[] {
  const names = [...new Set(benchmarks.map(({ record }) => record.store))];
  return names.map((store) => {
    const own = benchmarks.filter(({ record }) => record.store === store);
    const byBenchmark = own.map(({ runs }) =>
      runs.map((run) => run.store).filter((description) => description !== null)
    );
    return {
      store,
      description: byBenchmark.flat()[0] ?? null,
      differences: differingFields(byBenchmark),
      benchmarks: own.map(({ record }) => record.id),
    };
  });
}

const FIELDS = ["engine", "version", "library", "api", "durability", "network"] as const;

/** How a store is reached, which is another way where a benchmark keeps operations in flight. */
const BY_BENCHMARK: ReadonlySet<string> = new Set(["library", "api"]);

/** Fields and options that have more than one value among a store's runs, of each benchmark a list. */
function differingFields(byBenchmark: readonly StoreRecord[][]): string[] {
  const descriptions = byBenchmark.flat();
  const varies = (
    read: (description: StoreRecord) => unknown,
    among: readonly StoreRecord[] = descriptions,
  ) => new Set(among.map((description) => JSON.stringify(read(description)))).size > 1;
  const options = new Set(descriptions.flatMap(({ options }) => Object.keys(options)));
  return [
    ...FIELDS.filter((field) =>
      (BY_BENCHMARK.has(field) ? byBenchmark : [descriptions])
        .some((among) => varies((description) => description[field], among))
    ),
    ...(varies(({ release }) => release?.sha256) ? ["release"] : []),
    ...[...options].toSorted().filter((option) =>
      varies(({ options }) => ownOption(options, option))
    )
      .map((option) => `option ${option}`),
  ];
}

/** An option that a store has itself: a file may name one `constructor`, which every object has. */
export function ownOption<T>(options: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(options, name) ? options[name] : undefined;
}
