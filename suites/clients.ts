/** What more clients bring: the same load by one, two, four and eight of them on one database. */
import { defineSuite, type LoadBenchmarkSource, type LoadSource } from "../src/mod.ts";

const keys = { keys: "100k", valueSize: 100, keyDistribution: "zipfian" } as const;

const LOADS: Readonly<Record<string, LoadSource>> = {
  get: { ...keys, mix: { get: 1 } },
  "90-10": { ...keys, mix: { get: 0.9, update: 0.1 } },
  update: { ...keys, mix: { update: 1 } },
};

const loads: LoadBenchmarkSource[] = Object.entries(LOADS).flatMap(([name, load]) =>
  [1, 2, 4, 8].map((clients) => ({
    name: `clients/${name}/${clients}`,
    shape: "settled" as const,
    load: { ...load, clients },
  }))
);

export default defineSuite({
  name: "clients",
  title: "One to Eight Clients",
  summary: "Reads, reads with a tenth of updates, and updates, by one to eight clients of " +
    "one process on one database.",
  stores: ["raw"],
  loads,
  nextSteps: [
    "Measure on a machine with more processors than clients: beyond them, clients wait for one another.",
    "Measure with `--set wal=synced`: clients that wait for the device at a time share its syncs.",
  ],
});
