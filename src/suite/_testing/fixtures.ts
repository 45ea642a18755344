/** A suite for tests: a throughput, a latency, a scan, a target and a claim. */
import type { Suite } from "../suite.ts";

const size = { samples: 10, keys: 100, valueBytes: 16 } as const;

/** The suite. */
export const exampleSuite: Suite = {
  name: "example",
  title: "Example",
  summary: "A suite that only tests know.",
  stores: ["raw", "level"],
  benchmarks: [
    { name: "write/100", kind: "throughput", operation: "put", elements: 100, ...size },
    { name: "read/one", kind: "latency", operation: "get", ...size },
    { name: "scan/10", kind: "throughput", operation: "scan", elements: 10, ...size },
  ],
  targets: [{ benchmark: "write/100", metric: "throughput", bound: "atLeast", value: 10_000 }],
  claims: [{
    name: "Bet 0",
    hypothesis: "Tests find faults.",
    evidence: [{ benchmark: "read/one", metric: "p99", figures: ["peer-read"] }],
    limits: [],
  }],
  figures: [{
    system: "peer",
    metric: "read",
    ops_per_sec: 1000,
    source: "https://example.org/",
    id: "peer-read",
  }],
  nextSteps: ["Measure something."],
};
