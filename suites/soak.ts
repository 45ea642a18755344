/** A soak: one load for as long as it is given, to see what hours do to a store. */
import { defineSuite } from "../src/mod.ts";

export default defineSuite({
  name: "soak",
  title: "Soak",
  summary:
    "Reads, updates, new keys and short ranges at a steady rate over a set that grows slowly: " +
    "a minute, unless `--for` gives it more.",
  stores: ["raw"],
  loads: [{
    name: "soak",
    shape: "settled",
    seconds: 60,
    load: {
      keys: "100k",
      valueSize: { kind: "pareto", shape: 0.2615, scale: 25.45, least: 10, most: "1KiB" },
      mix: { get: 0.7, update: 0.2, insert: 0.02, scan: 0.08 },
      keyDistribution: "zipfian",
      scanLength: { kind: "uniform", least: 1, most: 100 },
      clients: 2,
      rate: "10k",
    },
  }],
  nextSteps: [
    "Give it hours (`--for 8h`): the report compares the last hour with the first, and says what grew in an hour.",
  ],
});
