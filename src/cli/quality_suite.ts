/** The suite of the real sessions: the baseline's benchmarks over little data, so that a run is short. */
import { type BenchmarkSpec, defineSuite } from "../suite/mod.ts";

const size = { keys: 1000, valueBytes: 1024 } as const;
const throughput = { kind: "throughput", samples: 20, ...size } as const;
const latency = { kind: "latency", samples: 100, ...size } as const;

const benchmarks: BenchmarkSpec[] = [
  { name: "write_throughput/1000", operation: "put", elements: 1000, ...throughput },
  { name: "read_throughput/1000", operation: "get", elements: 1000, ...throughput },
  { name: "scan_throughput/1000", operation: "scan", elements: 1000, ...throughput },
  { name: "write_latency/single_write", operation: "put", ...latency },
  { name: "read_latency/single_read", operation: "get", ...latency },
];

const parts = {
  title: "Sessions that test the gate",
  stores: ["raw", "level"],
};

/** Five benchmarks, for identical code against itself. */
export const NOISE_SUITE = defineSuite({
  ...parts,
  name: "quality_noise",
  summary: "Identical code against itself.",
  benchmarks,
});

/** Three of them, for a slow-down. */
export const SLOW_DOWN_SUITE = defineSuite({
  ...parts,
  name: "quality_slow_down",
  summary: "A store against the same one slowed down on purpose.",
  benchmarks: benchmarks.filter(({ name }) =>
    ["write_throughput/1000", "read_throughput/1000", "scan_throughput/1000"].includes(name)
  ),
});
