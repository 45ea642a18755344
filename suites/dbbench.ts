/**
 * db_bench's benchmarks by its names: keys of 16 bytes, values of 100 that compress to their half. As
 * there, one that reads does so over a database that is full, and fillseq and fillrandom begin with an
 * empty one.
 */
import { type BenchmarkSource, defineSuite, type LoadBenchmarkSource } from "../src/mod.ts";

const KEYS = "100k";
const keys = { keys: KEYS, valueSize: 100, keyForm: "binary" } as const;
const settled = { shape: "settled" } as const;

const benchmarks: BenchmarkSource[] = [
  {
    ...settled,
    name: "readseq",
    kind: "throughput",
    operation: "scan",
    samples: 10,
    elements: KEYS,
    keys: KEYS,
    valueBytes: 100,
  },
];

const loads: LoadBenchmarkSource[] = [
  {
    name: "fillseq",
    // More than a run puts, so that none is put twice.
    load: {
      ...keys,
      keys: "10M",
      filled: false,
      mix: { update: 1 },
      keyDistribution: "sequential",
    },
  },
  { name: "fillrandom", load: { ...keys, filled: false, mix: { update: 1 } } },
  { ...settled, name: "overwrite", load: { ...keys, mix: { update: 1 } } },
  { ...settled, name: "readrandom", load: { ...keys, mix: { get: 1 } } },
  { ...settled, name: "multireadrandom", load: { ...keys, mix: { multiGet: 1 }, batchKeys: 10 } },
  { ...settled, name: "seekrandom", load: { ...keys, mix: { scan: 1 }, scanLength: 1 } },
  {
    ...settled,
    name: "readwhilewriting",
    // One writer beside the readers, who alone are counted.
    load: { ...keys, mix: { get: 1 }, beside: [{ mix: { update: 1 } }] },
  },
  {
    ...settled,
    name: "readrandomwriterandom",
    load: { ...keys, mix: { get: 0.9, update: 0.1 } },
  },
  {
    ...settled,
    name: "mixgraph",
    load: {
      ...keys,
      keyDistribution: "mixgraph",
      mix: { get: 0.83, update: 0.14, scan: 0.03 },
      valueSize: { kind: "pareto", shape: 0.2615, scale: 25.45, least: 10, most: "1KiB" },
      scanLength: { kind: "pareto", shape: 2.517, scale: 14.236, most: 10_000 },
    },
  },
];

export default defineSuite({
  name: "dbbench",
  title: "db_bench's Benchmarks",
  summary:
    "db_bench's benchmarks by its names and in its meaning: fills of an empty database, then " +
    "overwrites and reads of one whose files are settled, one client each unless the name says more.",
  stores: ["raw"],
  benchmarks,
  loads,
  nextSteps: [
    "Hold them beside db_bench's own on the same library: `deno task import` reads its output.",
    "Measure several clients (`--clients 2`) and more keys (`--keys 1M`).",
  ],
});
