/**
 * YCSB's core workloads A to F: its records of ten fields of 100 bytes as one value, its hashed keys,
 * and its distributions, draw for draw.
 */
import { defineSuite, type LoadBenchmarkSource, type LoadSource } from "../src/mod.ts";

const records = { keys: "100k", valueSize: 1000, keyForm: "hashed" } as const;
const zipfian = { ...records, keyDistribution: "scrambledZipfian" } as const;

/** In the order in which YCSB says to run them. */
const WORKLOADS: Readonly<Record<string, LoadSource>> = {
  a: { ...zipfian, mix: { get: 0.5, update: 0.5 } },
  b: { ...zipfian, mix: { get: 0.95, update: 0.05 } },
  c: { ...zipfian, mix: { get: 1 } },
  f: { ...zipfian, mix: { get: 0.5, readModifyWrite: 0.5 } },
  d: { ...records, keyDistribution: "latest", mix: { get: 0.95, insert: 0.05 } },
  e: {
    ...zipfian,
    mix: { scan: 0.95, insert: 0.05 },
    scanLength: { kind: "uniform", least: 1, most: 100 },
  },
};

const loads: LoadBenchmarkSource[] = Object.entries(WORKLOADS).map(([letter, load]) => ({
  name: `ycsb/${letter}`,
  shape: "settled",
  load,
}));

export default defineSuite({
  name: "ycsb",
  title: "YCSB's Core Workloads",
  summary:
    "Update heavy (A), read mostly (B), read only (C), read-modify-write (F), read latest (D) " +
    "and short ranges (E), each over a database of its own. An update puts a whole record, as with " +
    "YCSB's `writeallfields`, and reads nothing before.",
  stores: ["raw"],
  loads,
  nextSteps: [
    "Measure several clients (`--clients 4`), and more records (`--keys 1M`).",
    "Measure at a rate (`--rate 10k`), as YCSB does with a target: its response times count from the " +
    "intended start.",
  ],
});
