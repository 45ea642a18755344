/** Results for the tests of this folder and of the reports: made up, but of the right shape and size. */
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import {
  type BenchmarkRecord,
  type FigureRecord,
  type Result,
  type RunRecord,
  SCHEMA_VERSION,
  type StoreRecord,
  type SuiteRecord,
} from "../../result/schema.ts";
import { Random } from "../../stats/mod.ts";
import type { OperationMix } from "../../workload/mod.ts";

/** What a made-up benchmark costs in a store, ns for one operation. */
export interface Cost {
  ns: number;
  /** Spread between runs, as a fraction. @default 0.02 */
  between?: number;
  /** Spread between the samples of a run, as a fraction. @default 0.03 */
  within?: number;
}

/** A store to make up: what it is, and what each of its benchmarks costs. */
export interface SampleStore {
  description: StoreRecord;
  costs: Record<string, Cost>;
  facts?: RunRecord["facts"];
}

/** What there is to change about a made-up result. */
export interface SampleOptions {
  stores: SampleStore[];
  runs: number;
  seed?: number;
  suite?: Partial<SuiteRecord>;
  /** Operations timed one by one in each run of a latency benchmark. @default 20000 */
  observations?: number;
}

type Shape = Pick<BenchmarkRecord, "name" | "kind" | "elements" | "samples"> & {
  operation: BenchmarkRecord["workload"]["operation"];
};

/** The benchmarks of the reference report. */
const SHAPES: Shape[] = [
  {
    name: "write_throughput/10000",
    kind: "throughput",
    elements: 10_000,
    samples: 10,
    operation: "put",
  },
  {
    name: "read_throughput/10000",
    kind: "throughput",
    elements: 10_000,
    samples: 10,
    operation: "get",
  },
  {
    name: "scan_throughput/1000",
    kind: "throughput",
    elements: 1_000,
    samples: 10,
    operation: "scan",
  },
  {
    name: "write_latency/single_write",
    kind: "latency",
    elements: 1,
    samples: 200,
    operation: "put",
  },
  {
    name: "read_latency/single_read",
    kind: "latency",
    elements: 1,
    samples: 200,
    operation: "get",
  },
];

/** Costs near those of the reference report's FlareDB. */
export const RAW_COSTS: Record<string, Cost> = {
  "write_throughput/10000": { ns: 4540 },
  "read_throughput/10000": { ns: 1264 },
  "scan_throughput/1000": { ns: 292 },
  "write_latency/single_write": { ns: 4295 },
  "read_latency/single_read": { ns: 1050 },
};

/** What a store that does nothing costs. */
const FLOOR_COSTS: Record<string, Cost> = Object.fromEntries(
  SHAPES.map(({ name }) => [name, { ns: name.startsWith("scan") ? 6 : 11 }]),
);

/** A description with everything in it. */
export function describe(store: string, changes: Partial<StoreRecord> = {}): StoreRecord {
  return {
    store,
    engine: "RocksDB",
    version: "7.8.3",
    library: "librocksdb.so.7.8 by FFI",
    api: "sync",
    durability: "buffered",
    network: false,
    options: { compression: "snappy", writeBufferBytes: 67_108_864 },
    ...changes,
  };
}

/** A store whose benchmarks cost a multiple of raw's. */
export function sampleStore(
  store: string,
  factor: number,
  changes: Partial<StoreRecord> = {},
  without: string[] = [],
): SampleStore {
  const costs = Object.entries(RAW_COSTS).filter(([name]) => !without.includes(name))
    .map(([name, { ns }]) => [name, { ns: ns * factor }] as const);
  return {
    description: describe(store, changes),
    costs: Object.fromEntries(costs),
    facts: {
      liveFileBytes: 0,
      memtableBytes: 11_534_336,
      level0Files: 0,
      estimatedKeys: 10_000,
    },
  };
}

const FIGURES: FigureRecord[] = [
  {
    id: "etcd-write",
    system: "etcd",
    version: "3.2.0",
    metric: "write",
    ops_per_sec: 44_341,
    latency_ms_avg: 22,
    clients: 1000,
    value_bytes: 256,
    key_bytes: 8,
    networked: true,
    hardware: "3 x 8 vCPU, 16 GB, 50 GB SSD (GCE)",
    source: "etcd-io/website op-guide/performance.md",
  },
  {
    id: "etcd-read",
    system: "etcd",
    version: "3.2.0",
    metric: "read",
    consistency: "serializable",
    ops_per_sec: 185_758,
    latency_ms_avg: 2.2,
    clients: 1000,
    value_bytes: 256,
    networked: true,
    hardware: "3 x 8 vCPU, 16 GB, 50 GB SSD (GCE)",
    source: "etcd-io/website op-guide/performance.md",
  },
  {
    id: "tikv-read",
    system: "TiKV",
    metric: "read",
    ops_per_sec: 400_000,
    latency_us_range: [5, 10],
    approximate: true,
    source: "reference report, 'published', no source given there",
  },
];

const SUITE: SuiteRecord = {
  name: "storage_baseline",
  title: "Storage layer performance baseline",
  summary: "Writes, reads and scans of the storage layer, without network or replication.",
  targets: [
    { benchmark: "write_throughput/10000", metric: "throughput", bound: "atLeast", value: 10_000 },
    { benchmark: "read_throughput/10000", metric: "throughput", bound: "atLeast", value: 50_000 },
    { benchmark: "write_latency/single_write", metric: "p99", bound: "atMost", value: 5e6 },
    { benchmark: "read_latency/single_read", metric: "p99", bound: "atMost", value: 5e6 },
  ],
  claims: [{
    name: "Bet 1",
    hypothesis: "The storage layer can match TiKV and etcd.",
    evidence: [
      { benchmark: "write_throughput/10000", metric: "throughput", figures: ["etcd-write"] },
      {
        benchmark: "read_throughput/10000",
        metric: "throughput",
        figures: ["etcd-read", "tikv-read"],
      },
      { benchmark: "read_latency/single_read", metric: "mean", figures: ["tikv-read"] },
    ],
    limits: ["The storage layer alone does not show what Raft and gRPC cost."],
  }],
  figures: FIGURES,
  nextSteps: ["Measure mixed workloads.", "Measure data sets larger than memory."],
};

/** The store that does nothing in loops of one form. */
function calibration(api: StoreRecord["api"]): SampleStore {
  return {
    description: describe(api === "sync" ? "null" : "null-async", {
      engine: "none",
      version: "-",
      library: "none",
      api,
      durability: "none",
      options: {},
    }),
    costs: Object.fromEntries(
      Object.entries(FLOOR_COSTS).map(([name, { ns }]) =>
        [name, { ns: api === "sync" ? ns : ns * 10 }] as const
      ),
    ),
  };
}

/** Makes a whole, complete result up. */
export function sampleResult(options: SampleOptions): Result {
  const { stores, runs, seed = 1, observations = 20_000 } = options;
  const random = new Random(seed);
  const forms = new Set(stores.map(({ description }) => description.api));
  const all = [...stores, ...[...forms].map(calibration)];
  const benchmarks: BenchmarkRecord[] = [];
  const records: RunRecord[] = [];
  for (const store of all) {
    for (const shape of SHAPES) {
      const cost = store.costs[shape.name];
      if (cost === undefined) continue;
      const benchmark = benchmarkRecord(store.description.store, shape);
      benchmarks.push(benchmark);
      for (let run = 0; run < runs; run++) {
        records.push(runRecord(store, benchmark, cost, run, records.length, observations, random));
      }
    }
  }
  return {
    schema: "tidemark.result",
    version: SCHEMA_VERSION,
    id: "2025-12-10T140300Z-storage_baseline",
    startedAt: "2025-12-10T14:03:00.000Z",
    endedAt: "2025-12-10T14:06:12.000Z",
    complete: true,
    tool: { version: "0.1.0", commit: "0123456789abcdef" },
    command: ["tidemark", "bench", "storage_baseline", "--profile", "baseline"],
    seed,
    profile: { name: "baseline", runs, warmupMs: 500, measureMs: 1500 },
    suite: { ...SUITE, ...options.suite },
    environment: {
      os: "linux",
      kernel: "6.1.0",
      arch: "x86_64",
      cpu: {
        model: "Example CPU 3.0 GHz",
        logical: 8,
        governor: "performance",
        turbo: false,
        virtual: false,
      },
      memoryBytes: 34_359_738_368,
      data: {
        filesystem: "ext4",
        mountOptions: "rw,relatime",
        device: "nvme0n1",
        rotational: false,
        scheduler: "none",
        freeBytes: 107_374_182_400,
      },
      transparentHugePages: "madvise",
      swapBytes: 0,
      runtime: { deno: "2.9.6", v8: "14.0", typescript: "5.9" },
      host: "node-a",
    },
    benchmarks,
    runs: records,
    warnings: [],
  };
}

function benchmarkRecord(store: string, shape: Shape): BenchmarkRecord {
  const { name, kind, elements, samples, operation } = shape;
  return {
    id: `${store}/${name}`,
    store,
    name,
    kind,
    sampling: "flat",
    samples,
    elements,
    workload: {
      operation,
      keys: 10_000,
      keyBytes: 16,
      valueBytes: 1024,
      order: "sequential",
      clients: 1,
    },
  };
}

function runRecord(
  store: SampleStore,
  benchmark: BenchmarkRecord,
  { ns, between = 0.02, within = 0.03 }: Cost,
  run: number,
  position: number,
  observations: number,
  random: Random,
): RunRecord {
  const runNs = ns * Math.exp(between * random.normal());
  const iterations = benchmark.kind === "latency" ? 100 : 1;
  let atNs = 0;
  const samples = Array.from({ length: benchmark.samples }, () => {
    const time = runNs * benchmark.elements * iterations * Math.exp(within * random.normal());
    const sample = { iterations, ns: time, atNs };
    atNs += time;
    return sample;
  });
  return {
    benchmark: benchmark.id,
    run,
    position,
    state: "ended",
    startedAt: "2025-12-10T14:03:01.000Z",
    endedAt: "2025-12-10T14:03:05.000Z",
    store: store.description,
    clock: { costNs: 31, stepNs: 27 },
    warmup: { iterations: 10, ns: 5e8 },
    samples,
    latency: benchmark.kind === "latency"
      ? { unit: "ns", count: observations, histogram: histogram(runNs, observations, random) }
      : null,
    pressure: { load1: 0.4, steal: 0, busyOthers: 0.01 },
    facts: store.facts ?? {},
    properties: {},
    peakRssBytes: 104_857_600,
  };
}

/** Latencies with a tail: lognormal, about 2.5 times the median at p99. */
export function histogram(ns: number, observations: number, random: Random): string {
  const recorded = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 1e10,
    numberOfSignificantValueDigits: 3,
  });
  for (let i = 0; i < observations; i++) {
    recorded.recordValue(Math.max(1, Math.round(ns * 0.9 * Math.exp(0.4 * random.normal()))));
  }
  return encodeIntoCompressedBase64(recorded);
}

/** Three stores, three runs each: what the default profile gives. */
export function threeStores(runs = 3): Result {
  return sampleResult({
    runs,
    stores: [
      sampleStore("raw", 1),
      sampleStore("kvstore", 2.2, { library: "tidemark kvstore over librocksdb.so.7.8" }, [
        "scan_throughput/1000",
      ]),
      sampleStore("level", 5, { library: "npm:rocksdb 5.2.1", api: "async", version: "6.17.3" }),
    ],
  });
}

/**
 * One run of two stores, with everything that can be wrong in a result that is still worth reading:
 * targets missed and open, a run interrupted, one failed, a benchmark never started, no calibration,
 * too few operations for the tail, and a machine of which little is known.
 */
export function troubledResult(): Result {
  const result = sampleResult({
    runs: 1,
    seed: 7,
    observations: 1500,
    stores: [
      sampleStore("raw", 1),
      sampleStore("kvstore", 2.2, { durability: "synced" }, ["scan_throughput/1000"]),
    ],
    suite: {
      targets: [
        { benchmark: "write_throughput/10000", metric: "throughput", bound: "atLeast", value: 2e5 },
        {
          benchmark: "read_throughput/10000",
          metric: "throughput",
          bound: "atLeast",
          value: 790_000,
          stores: ["raw"],
        },
        { benchmark: "scan_throughput/1000", metric: "throughput", bound: "atLeast", value: 1e6 },
        { benchmark: "write_latency/single_write", metric: "p999", bound: "atMost", value: 5e6 },
        { benchmark: "read_latency/single_read", metric: "p99", bound: "atMost", value: 1000 },
      ],
    },
  });
  const state: Record<string, Partial<RunRecord> | null> = {
    "kvstore/write_throughput/10000": { state: "interrupted", endedAt: null },
    "kvstore/read_throughput/10000": {
      state: "failed",
      error: "Cannot open the store: the directory is in use",
      samples: [],
    },
    "kvstore/read_latency/single_read": null,
  };
  result.benchmarks = result.benchmarks.filter(({ store }) => store !== "null");
  result.runs = result.runs.flatMap((run) => {
    if (run.benchmark.startsWith("null/")) return [];
    const changes = Object.hasOwn(state, run.benchmark) ? state[run.benchmark] : {};
    const liveFileBytes = run.benchmark.startsWith("raw/read") ? 10_485_760 : 0;
    return changes === null ? [] : [{
      ...run,
      pressure: { load1: 3.1, steal: 0.04, busyOthers: 0.2 },
      facts: { ...run.facts, liveFileBytes },
      ...changes,
    }];
  });
  return {
    ...result,
    complete: false,
    endedAt: null,
    warnings: ["The clock was set back while run 0 of raw/read_latency/single_read was measured."],
    environment: {
      ...result.environment,
      memoryBytes: null,
      cpu: { model: null, logical: 2, governor: null, turbo: null, virtual: true },
    },
  };
}

/** Three whole runs of two stores with the targets of {@linkcode troubledResult}: met, missed, open. */
export function judgedResult(): Result {
  const { targets } = troubledResult().suite;
  return sampleResult({
    runs: 3,
    seed: 7,
    stores: [
      sampleStore("raw", 1),
      sampleStore("kvstore", 2.2, { durability: "synced" }, ["scan_throughput/1000"]),
    ],
    suite: { targets },
  });
}

/** The result with its first benchmark made a load of that mix, with two clients. */
export function withLoad(result: Result, mix: OperationMix): Result {
  const [first, ...others] = result.benchmarks;
  const group = {
    clients: 2,
    keyDistribution: { kind: "uniform" },
    scanLength: { kind: "fixed", size: 10 },
    batchKeys: 4,
    pace: { loop: "closed" },
    counted: true,
    mix,
  } as const;
  const load: BenchmarkRecord["workload"]["load"] = {
    keys: 1000,
    filled: true,
    keyForm: "numbered",
    valueSize: { kind: "fixed", size: 100 },
    compressibility: 0.5,
    groups: [group],
  };
  const workload = { ...first!.workload, operation: null, order: null, load };
  return { ...result, benchmarks: [{ ...first!, kind: "load", workload }, ...others] };
}
