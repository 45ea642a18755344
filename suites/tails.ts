/** Tails: the slowest operations in a thousand, at a rate that the store keeps easily. */
import { defineSuite, type LoadBenchmarkSource } from "../src/mod.ts";

const keys = { keys: "100k", valueSize: "1KiB", keyDistribution: "zipfian" } as const;
const long = { shape: "settled", seconds: 15 } as const;

const loads: LoadBenchmarkSource[] = [
  { ...long, name: "tails/get", load: { ...keys, mix: { get: 1 }, rate: "10k" } },
  {
    ...long,
    name: "tails/90-10",
    load: { ...keys, mix: { get: 0.9, update: 0.1 }, rate: "10k" },
  },
  { ...long, name: "tails/update", load: { ...keys, mix: { update: 1 }, rate: "10k" } },
];

export default defineSuite({
  name: "tails",
  title: "Tails at a Rate",
  summary: "Reads, reads with a tenth of updates, and updates that arrive by Poisson at 10,000 a " +
    "second, long enough for the slowest in a thousand; a tail that is mostly the generator's own is " +
    "refused.",
  stores: ["raw"],
  loads,
  nextSteps: [
    "Measure on a machine that does nothing else: what a client waits for a processor is not the store's.",
    "Give the loads more `seconds` in the suite: compactions that come once a minute are not in a quarter of one.",
  ],
});
