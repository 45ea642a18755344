/** The suites of the real sessions. */
import { type BenchmarkSpec, defineSuite } from "../suite/mod.ts";

const sized = (keys: number) => ({ keys, valueBytes: 1024 });
const throughput = { kind: "throughput", samples: 20 } as const;
const latency = { kind: "latency", samples: 100 } as const;

function throughputs(keys: number): BenchmarkSpec[] {
  const all = { ...throughput, ...sized(keys) };
  return [
    { name: `write_throughput/${keys}`, operation: "put", elements: keys, ...all },
    { name: `read_throughput/${keys}`, operation: "get", elements: keys, ...all },
    { name: "scan_throughput/1000", operation: "scan", elements: 1000, ...all },
  ];
}

/** Three benchmarks of the baseline, for a slow-down. */
export const SLOW_DOWN_SUITE = defineSuite({
  title: "Sessions that test the gate: a slow-down",
  name: "quality_slow_down",
  summary: "A store against the same one slowed down on purpose.",
  stores: ["raw", "kvstore"],
  benchmarks: throughputs(10_000),
});

/** Six over little data, whose comparisons have fifteen rows and more, for identical code against itself. */
export const IDENTICAL_SUITE = defineSuite({
  title: "Sessions that test the gate: identical code",
  name: "quality_identical",
  summary: "Identical code against itself.",
  stores: ["raw"],
  benchmarks: [
    ...throughputs(1000),
    { name: "write_latency/single_write", operation: "put", ...latency, ...sized(1000) },
    { name: "read_latency/single_read", operation: "get", ...latency, ...sized(1000) },
    {
      name: "read_latency/random_read",
      operation: "get",
      order: "random",
      ...latency,
      ...sized(1000),
    },
  ],
});
