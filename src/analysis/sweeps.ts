/** Loads that are one and the same but for one number, which they make a sweep of. */
import type { BenchmarkRecord, LoadSpecRecord } from "../result/mod.ts";

/** What is swept over. */
const SWEPT = ["clients", "rate", "keys", "valueBytes", "theta"] as const;

/** A number of a load that may be swept over: `valueBytes` are of every value, rates are a second's. */
export type SweptNumber = (typeof SWEPT)[number];

/** At least three loads of a store, in the order of what differs. */
export interface Sweep {
  of: SweptNumber;
  store: string;
  /** What their names begin with in common. */
  name: string;
  points: { value: number; id: string }[];
}

/** Below this many points there is nothing to see that a table does not show. */
const LEAST_POINTS = 3;

/** The sweeps that the benchmarks of a result hold. */
export function sweepsOf(benchmarks: readonly BenchmarkRecord[]): Sweep[] {
  return SWEPT.flatMap((of) => {
    const points = benchmarks.flatMap((benchmark) => {
      const { id, name, store, workload: { load, shape }, measureMs } = benchmark;
      const value = load && numberOf(load, of);
      if (value === undefined) return [];
      const others = JSON.stringify([store, shape, measureMs, withoutNumber(load!, of)]);
      return [{ id, name, store, value, others }];
    });
    return [...Map.groupBy(points, ({ others }) => others).values()].flatMap((group): Sweep[] => {
      const values = new Set(group.map(({ value }) => value));
      // The same twice is of two suites, or of a name that says no more than another.
      if (values.size < LEAST_POINTS || values.size < group.length) return [];
      return [{
        of,
        store: group[0]!.store,
        name: commonName(group.map(({ name }) => name)),
        points: group.map(({ value, id }) => ({ value, id })).sort((a, b) => a.value - b.value),
      }];
    });
  });
}

/** What is swept over, where the load has it. Of groups of clients it is that of the one measured. */
function numberOf(load: LoadSpecRecord, of: SweptNumber): number | undefined {
  if (of === "keys") return load.keys;
  if (of === "valueBytes") return load.valueSize.kind === "fixed" ? load.valueSize.size : undefined;
  const counted = load.groups.filter(({ counted }) => counted);
  const [group] = counted;
  if (group === undefined || counted.length > 1) return undefined;
  const { clients, pace, keyDistribution } = group;
  if (of === "clients") return clients;
  if (of === "rate") return pace.loop === "open" ? pace.rate : undefined;
  return "theta" in keyDistribution ? Number(keyDistribution.theta) : undefined;
}

/** The load without the number. */
function withoutNumber(load: LoadSpecRecord, of: SweptNumber): unknown {
  if (of === "keys") return { ...load, keys: null };
  if (of === "valueBytes") return { ...load, valueSize: null };
  return {
    ...load,
    groups: load.groups.map((group) => {
      if (!group.counted) return group;
      if (of === "clients") return { ...group, clients: null };
      if (of === "rate") return { ...group, pace: { ...group.pace, rate: null } };
      return { ...group, keyDistribution: { ...group.keyDistribution, theta: null } };
    }),
  };
}

/** The parts that all names begin with; `loads` where there are none. */
function commonName(names: readonly string[]): string {
  const [first, ...others] = names.map((name) => name.split("/"));
  const differ = first!.findIndex((part, i) => others.some((other) => other[i] !== part));
  const parts = differ < 0 ? first! : first!.slice(0, differ);
  return parts.length === 0 ? "loads" : parts.join("/");
}
