/**
 * What etcd's interface has beyond puts and gets: transactions, old revisions, watches, leases and
 * compaction, over the KvStore, and over etcd itself where that is asked for.
 */
import { defineSuite, type LoadBenchmarkSource, type LoadSource } from "../src/mod.ts";

const keys = { keys: "100k", valueSize: 100, keyDistribution: "zipfian" } as const;

/** A compaction each second, beside what is measured. */
const compacting = [{ mix: { compactHistory: 1 }, rate: 1, arrivals: "constant" }] as const;

const LOADS: Readonly<Record<string, LoadSource>> = {
  "compare-and-swap/1": { ...keys, mix: { compareAndSwap: 1 } },
  "compare-and-swap/8": { ...keys, mix: { compareAndSwap: 1 }, clients: 8 },
  "old-revisions/8": { ...keys, mix: { readOld: 0.9, update: 0.1 }, clients: 8 },
  "watch/1": { ...keys, mix: { watch: 1 } },
  "watch/10": { ...keys, mix: { watch: 1 }, watchers: 10 },
  "watch/100": { ...keys, mix: { watch: 1 }, watchers: 100 },
  "leases/64": { ...keys, mix: { expireLease: 1 }, clients: 64 },
  "updates/8": { ...keys, mix: { get: 0.5, update: 0.5 }, clients: 8 },
  "updates-compacting/8": {
    ...keys,
    mix: { get: 0.5, update: 0.5 },
    clients: 8,
    beside: compacting,
  },
  compaction: {
    ...keys,
    mix: { compactHistory: 1 },
    beside: [{ mix: { update: 1 }, clients: 8, keyDistribution: "zipfian" }],
  },
};

/** Those whose operations are few: a lease lives for two seconds, and a compaction looks at every key. */
const SECONDS: Readonly<Record<string, number>> = {
  "leases/64": 5,
  "updates-compacting/8": 5,
  compaction: 5,
};

const loads: LoadBenchmarkSource[] = Object.entries(LOADS).map(([name, load]) => {
  const seconds = SECONDS[name];
  return { name, shape: "settled", load, ...(seconds !== undefined && { seconds }) };
});

export default defineSuite({
  name: "etcd-api",
  title: "etcd's Requests",
  summary:
    "What etcd's interface has beyond puts and gets, by clients in flight: compare-and-swap " +
    "transactions, reads of old revisions, the delay from a put to its watchers, from a lease's end " +
    "to its key's, and compaction of revisions beside a load.",
  stores: ["kvstore"],
  loads,
  nextSteps: [
    "Measure etcd itself on the same machine: `deno task bench etcd-api --store kvstore,etcd`.",
    "Measure with `--set wal=synced`, as etcd syncs every write: its transactions share the syncs.",
  ],
});
