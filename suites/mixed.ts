/**
 * Reads and writes at a time: the mixes that storage layers live with, over files that are settled, by
 * one client and by two.
 */
import { defineSuite, type LoadBenchmarkSource } from "../src/mod.ts";

const MIXES = { "70-30": { get: 0.7, update: 0.3 }, "90-10": { get: 0.9, update: 0.1 } } as const;

const loads: LoadBenchmarkSource[] = Object.entries(MIXES).flatMap(([name, mix]) =>
  (["uniform", "zipfian"] as const).flatMap((keyDistribution) =>
    [1, 2].map((clients) => ({
      name: `mixed/${name}/${keyDistribution}/${clients}`,
      shape: "settled" as const,
      load: { keys: "100k", valueSize: "1KiB", mix, keyDistribution, clients },
    }))
  )
);

export default defineSuite({
  name: "mixed",
  title: "Mixed Reads and Writes",
  summary:
    "Reads with three tenths and with a tenth of updates, to keys that are all as likely and " +
    "to zipfian ones, by one client and by two on one database.",
  stores: ["raw"],
  loads,
  nextSteps: [
    "Measure with the keys of the deployment: `--keys 1M` is larger than an engine's usual cache.",
    "Measure at a rate and not as fast as possible: the suite `rate` shows the response times that a " +
    "closed loop hides.",
  ],
});
