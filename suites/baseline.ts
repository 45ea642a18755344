/**
 * The storage baseline: what a key-value store's layer over RocksDB does in one process, without a
 * network, held against the targets of the teams that build on it; by one client, and then by two that
 * read and write at a time over files.
 */
import {
  type BenchmarkSource,
  defineSuite,
  type LoadBenchmarkSource,
  parseFigures,
} from "../src/mod.ts";
import published from "./published_figures.json" with { type: "json" };

const KEYS = 10_000;
const VALUE_BYTES = "1KiB";

const throughput = {
  kind: "throughput",
  samples: 10,
  keys: KEYS,
  valueBytes: VALUE_BYTES,
} as const;
const latency = { kind: "latency", samples: 1000, keys: KEYS, valueBytes: VALUE_BYTES } as const;

const benchmarks: BenchmarkSource[] = [
  { name: `write_throughput/${KEYS}`, operation: "put", elements: KEYS, ...throughput },
  { name: `read_throughput/${KEYS}`, operation: "get", elements: KEYS, ...throughput },
  { name: "scan_throughput/1000", operation: "scan", elements: 1000, ...throughput },
  // Single operations differ most from process to process, those of writes by what is flushed in one,
  // and only more processes make the intervals of their quantiles narrower.
  { name: "write_latency/single_write", operation: "put", runs: 18, ...latency },
  { name: "read_latency/single_read", operation: "get", runs: 12, ...latency },
];

/** The suite `mixed` has it by the same name: what memtables alone do not show. */
const loads: LoadBenchmarkSource[] = [{
  name: "mixed/90-10/zipfian/2",
  shape: "settled",
  // Operations in flight are another matter than threads: `mixed` and `clients` have them.
  without: ["kvstore", "level"],
  load: {
    keys: "100k",
    valueSize: VALUE_BYTES,
    mix: { get: 0.9, update: 0.1 },
    keyDistribution: "zipfian",
    clients: 2,
  },
}];

export default defineSuite({
  name: "baseline",
  title: "Storage Layer Performance Baseline",
  summary: "Puts, gets and scans against the storage layer itself, with one client in the same " +
    "process: the upper bound of what a server on top of it can reach. Then reads with a tenth of " +
    "updates by two clients, over files that are settled.",
  stores: ["raw", "kvstore", "level"],
  benchmarks,
  loads,
  targets: [
    {
      benchmark: `write_throughput/${KEYS}`,
      metric: "throughput",
      bound: "atLeast",
      value: "10k",
    },
    { benchmark: `read_throughput/${KEYS}`, metric: "throughput", bound: "atLeast", value: "50k" },
    {
      benchmark: "write_latency/single_write",
      metric: "p99",
      bound: "atMost",
      value: "5ms",
    },
    {
      benchmark: "read_latency/single_read",
      metric: "p99",
      bound: "atMost",
      value: "5ms",
    },
  ],
  claims: [
    {
      name: "Bet 1",
      hypothesis: "A storage layer of the Rust-and-RocksDB class matches or exceeds TiKV and etcd.",
      evidence: [
        {
          benchmark: `write_throughput/${KEYS}`,
          metric: "throughput",
          figures: [
            "tikv-write",
            "etcd-write-3.2.0-1000-clients-all-members",
          ],
          stores: ["raw", "kvstore"],
        },
        {
          benchmark: `read_throughput/${KEYS}`,
          metric: "throughput",
          figures: [
            "tikv-read",
            "etcd-read-3.2.0-1000-clients-serializable",
          ],
          stores: ["raw", "kvstore"],
        },
        {
          benchmark: "write_latency/single_write",
          metric: "mean",
          figures: ["etcd-write-3.2.0-1-clients"],
          stores: ["raw", "kvstore"],
        },
        {
          benchmark: "read_latency/single_read",
          metric: "mean",
          figures: ["etcd-read-3.2.0-1-clients-serializable"],
          stores: ["raw", "kvstore"],
        },
      ],
      limits: [
        "The published systems replicate every write over a network and sync it to a device; the " +
        "stores measured here do neither, so this is evidence for the storage layer alone.",
        "The published figures come from other hardware, other value sizes and many clients.",
        "The round figures for TiKV and etcd that were published without a source are shown in the " +
        "comparison, and the claim is not held against them.",
        "The engine under test is RocksDB itself; nothing of Rust, Tokio or Raft was measured.",
      ],
    },
  ],
  figures: parseFigures(published),
  nextSteps: [
    "Measure end to end: client, network, server, consensus and storage together.",
    "Measure other mixes and more clients: the suites `mixed`, `ycsb` and `clients`.",
    "Measure at a rate, where a closed loop hides what waits: `tails`, and `rate --find-rate`.",
    "Measure data sets larger than memory, with compaction under way: `large --keys 100M`.",
    "Measure on the deployment's own hardware, for hours.",
  ],
});
