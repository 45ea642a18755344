/** The suite of the end-to-end tests: the smallest one that has every kind of benchmark. */
import { defineSuite } from "../../../mod.ts";

const size = { keys: 20, valueBytes: 16 } as const;

export default defineSuite({
  name: "tiny",
  title: "Tiny",
  summary: "Measures next to nothing.",
  stores: ["raw", "kvstore", "level"],
  benchmarks: [
    { name: "write/20", kind: "throughput", operation: "put", samples: 8, elements: 20, ...size },
    { name: "read/one", kind: "latency", operation: "get", samples: 10, ...size },
  ],
  targets: [{ benchmark: "write/20", metric: "throughput", bound: "atLeast", value: 1 }],
  claims: [],
  figures: [],
  nextSteps: [],
});
