/** A suite of loads alone, of next to nothing each: in a closed loop, and by a schedule. */
import { defineSuite } from "../../../mod.ts";

const load = {
  keys: "2k",
  valueSize: 100,
  clients: 2,
  mix: { get: 0.9, update: 0.1 },
  keyDistribution: "zipfian",
} as const;

export default defineSuite({
  name: "loads",
  title: "Loads",
  summary: "Loads a store with two clients.",
  stores: ["raw"],
  benchmarks: [],
  loads: [
    { name: "mixed/closed", shape: "settled", load },
    { name: "mixed/open", shape: "settled", load: { ...load, rate: 500 } },
  ],
  targets: [{ benchmark: "mixed/closed", metric: "p50", bound: "atMost", value: "1s" }],
  claims: [],
  figures: [],
  nextSteps: [],
});
