/** A small journal for tests: two benchmarks, a run of each, and the parts of everything. */
import type { JournalRecord, PlanLine, SessionLine } from "../journal.ts";
import type { EnvironmentRecord } from "../schema.ts";

const environment: EnvironmentRecord = {
  os: "linux",
  kernel: "6.1.0-18-amd64",
  arch: "x86_64",
  cpu: { model: "Example 3000", logical: 8, governor: "performance", turbo: false, virtual: false },
  memoryBytes: 16_000_000_000,
  data: {
    filesystem: "ext4",
    mountOptions: "rw,relatime",
    device: "nvme0n1p2",
    rotational: false,
    scheduler: "none",
    freeBytes: 100_000_000_000,
  },
  transparentHugePages: "madvise",
  swapBytes: 0,
  runtime: { deno: "2.9.6", v8: "14.0.0", typescript: "5.9.0" },
  host: "bench-1",
};

/** The plan of the journal. */
export const samplePlan: PlanLine = {
  kind: "plan",
  schema: "tidemark.journal",
  version: 1,
  id: "2026-01-02T03-04-05Z-example",
  startedAt: "2026-01-02T03:04:05.000Z",
  tool: { version: "0.1.0", commit: "0123456789abcdef0123456789abcdef01234567" },
  command: ["bench", "example", "--profile", "smoke"],
  seed: 42,
  profile: { name: "smoke", runs: 1, warmupMs: 10, measureMs: 50 },
  untilSure: { atMostMs: 60_000 },
  suite: {
    name: "example",
    title: "Example",
    summary: "A suite that only tests know.",
    targets: [{ benchmark: "put/100", metric: "throughput", bound: "atLeast", value: 10_000 }],
    claims: [],
    figures: [],
    nextSteps: ["Measure something."],
  },
  environment,
  benchmarks: [
    {
      id: "raw/put/100",
      store: "raw",
      name: "put/100",
      kind: "throughput",
      sampling: "flat",
      samples: 2,
      elements: 100,
      workload: {
        operation: "put",
        keys: 100,
        keyBytes: 16,
        valueBytes: 1024,
        order: "sequential",
        clients: 1,
      },
    },
    {
      id: "raw/get",
      store: "raw",
      name: "get",
      kind: "latency",
      sampling: "flat",
      samples: 1,
      elements: 1,
      workload: {
        operation: "get",
        keys: 100,
        keyBytes: 16,
        valueBytes: 1024,
        order: "sequential",
        clients: 1,
      },
    },
  ],
  warnings: ["The clock’s step is 1 µs."],
};

/** A whole journal; the second benchmark's only run failed. */
export const sampleRecords: JournalRecord[] = [
  samplePlan,
  {
    kind: "run-started",
    benchmark: "raw/put/100",
    run: 0,
    position: 0,
    startedAt: "2026-01-02T03:04:06.000Z",
  },
  {
    kind: "run-opened",
    store: {
      store: "raw",
      engine: "RocksDB",
      version: "7.8.3",
      library: "librocksdb.so.7.8 by FFI",
      api: "sync",
      durability: "buffered",
      network: false,
      options: { compression: "snappy", blockCacheBytes: 8_388_608, statistics: false },
    },
    clock: { costNs: 25.5, stepNs: 1 },
  },
  { kind: "sample", iterations: 10, ns: 4_295_200, atNs: 0 },
  { kind: "sample", iterations: 10, ns: 4_300_100, atNs: 4_296_000 },
  { kind: "latency", unit: "ns", count: 1, histogram: "HISTFAAAabc" },
  { kind: "latency", unit: "ns", count: 2, histogram: "HISTFAAAabd" },
  {
    kind: "run-ended",
    state: "ended",
    endedAt: "2026-01-02T03:04:07.000Z",
    warmup: { iterations: 3, ns: 10_000_000 },
    pressure: { load1: 0.5, steal: 0, busyOthers: 0.01 },
    facts: { estimatedKeys: 100 },
    properties: {},
    peakRssBytes: 90_000_000,
  },
  {
    kind: "run-started",
    benchmark: "raw/get",
    run: 0,
    position: 1,
    startedAt: "2026-01-02T03:04:07.500Z",
  },
  {
    kind: "run-ended",
    state: "failed",
    endedAt: "2026-01-02T03:04:08.000Z",
    error: "Cannot open the store: no such library",
    pressure: null,
    facts: {},
    properties: {},
    peakRssBytes: null,
  },
  { kind: "look", at: "2026-01-02T03:04:08.250Z", open: [], more: [], ended: "sure" },
  { kind: "finished", endedAt: "2026-01-02T03:04:08.500Z" },
];

/** A resume of that journal, on the machine it began on. */
export const sampleSession: SessionLine = {
  kind: "session",
  startedAt: "2026-01-02T04:00:00.000Z",
  tool: samplePlan.tool,
  command: ["bench", "--resume"],
  environment,
};
