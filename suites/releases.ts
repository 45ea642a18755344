/**
 * The ladder of RocksDB's releases: what each does in the same benchmarks, with its own defaults, so
 * that a team that upgrades knows what to expect, and in which release it came.
 */
import { type BenchmarkSpec, defineSuite } from "../src/mod.ts";
import baseline from "./baseline.ts";

/** 500,000 entries of 116 bytes: 58 MB, seven times an old release's block cache. */
const SETTLED_KEYS = 500_000;
const SETTLED_VALUE_BYTES = 100;

const settled = {
  kind: "throughput",
  samples: 10,
  keys: SETTLED_KEYS,
  valueBytes: SETTLED_VALUE_BYTES,
  shape: "settled",
} as const;

const benchmarks: BenchmarkSpec[] = [
  // Fewer samples than the baseline's: what counts here is the runs, of which a ladder has its own number.
  ...baseline.benchmarks.map(({ runs: _, ...benchmark }) => ({
    ...benchmark,
    samples: Math.min(benchmark.samples, 100),
  })),
  // By db_bench's names, which users know.
  {
    name: "fillseq",
    kind: "throughput",
    operation: "put",
    samples: 25,
    elements: 20_000,
    // More than a run puts, so that none is put twice.
    keys: 10_000_000,
    valueBytes: SETTLED_VALUE_BYTES,
  },
  { ...settled, name: "readrandom", operation: "get", order: "random" },
  { ...settled, name: "readseq", operation: "scan", elements: SETTLED_KEYS, samples: 5 },
  { ...settled, name: "seekrandom", operation: "seek", order: "random" },
];

export default defineSuite({
  name: "releases",
  title: "RocksDB, Release by Release",
  summary: "The same benchmarks over RocksDB's releases, each with its own defaults: the storage " +
    "baseline's five, whose data is in memory, and four over files that are settled.",
  stores: ["raw"],
  benchmarks,
  ladder: {
    storeOptions: { defaults: "engine" },
    from: "6.29.5",
    to: "10.10.1",
    // Random reads have filled a block cache of 32 MiB after some tenths of a second. The releases
    // take turns: a hundred batches say all that a run has to say, and more runs say more.
    profiles: {
      smoke: { runs: 1, warmupMs: 2, measureMs: 5, rungs: 2, explains: false },
      quick: { runs: 4, warmupMs: 120, measureMs: 120, rungs: 3, explains: false },
      baseline: { runs: 6, warmupMs: 250, measureMs: 150, rungs: 8, explains: true },
      nightly: { runs: 6, warmupMs: 250, measureMs: 120, rungs: null, explains: true },
    },
  },
  nextSteps: [
    "Measure with the options and the data of the deployment: defaults are what nobody runs for long.",
    "Measure several clients at once, and databases larger than memory.",
    "Build a release with the compiler of its neighbour where a step falls on a change of compilers.",
  ],
});
