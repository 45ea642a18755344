/**
 * What is left when the data outgrows memtables: a million keys, and writes that go on while compaction
 * rewrites what was written before.
 */
import { defineSuite, type LoadBenchmarkSource } from "../src/mod.ts";

const keys = { keys: "1M", valueSize: 100 } as const;
const settled = { shape: "settled" } as const;

const loads: LoadBenchmarkSource[] = [
  { ...settled, name: "large/readrandom", load: { ...keys, mix: { get: 1 } } },
  { ...settled, name: "large/seekrandom", load: { ...keys, mix: { scan: 1 }, scanLength: 10 } },
  // Long enough for several memtables: what compaction costs comes after they are flushed.
  { ...settled, name: "large/overwrite", seconds: 15, load: { ...keys, mix: { update: 1 } } },
  {
    ...settled,
    name: "large/readwhilewriting",
    seconds: 15,
    load: { ...keys, mix: { get: 1 }, beside: [{ mix: { update: 1 } }] },
  },
];

export default defineSuite({
  name: "large",
  title: "A Large Set under Compaction",
  summary: "A million keys, loaded and settled: random reads and short ranges of its files, then " +
    "sustained random overwrites, and reads beside them while compaction is under way.",
  stores: ["raw"],
  loads,
  nextSteps: [
    "Measure sets larger than memory (`--keys 100M`): where the page cache holds all files, no read waits for the device.",
    "Give the overwrites more `seconds` in the suite, until the levels' sizes do not grow any more.",
  ],
});
