/**
 * The result: everything one `bench` produced. The journal's lines and the result's parts are the
 * same records, so a result can be made from a journal at any time.
 *
 * Objects are loose: a field that this version does not know is kept when a result is read and
 * written again. Times are ISO 8601 in UTC; durations carry their unit in their name.
 */
import * as v from "valibot";
import {
  KEY_ORDER_NAMES,
  LOAD_OPERATION_NAMES,
  OPERATION_NAMES,
  OPERATIONS,
  SHAPE_NAMES,
  SLOW_CAUSES,
} from "../workload/mod.ts";
export { SLOW_CAUSES, type SlowCause } from "../workload/mod.ts";

/** The version of the schema that is written here. Older ones stay readable. */
export const SCHEMA_VERSION = 2;

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** The most runs of a benchmark that one bench can do. */
const MOST_RUNS = 100_000;
const Runs = v.pipe(Count, v.maxValue(MOST_RUNS, "give as many runs as one bench can do"));
const Positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const Finite = v.pipe(v.number(), v.finite());
const NotNegative = v.pipe(v.number(), v.finite(), v.minValue(0));
const Text = v.string();
/** The largest number of nanoseconds that a clock of 64 bits gives. */
const MOST_NS = 2 ** 63;
/** A time that a clock can have measured, ns; of a mean over many, also far less than one. */
const Duration = v.pipe(
  v.number(),
  v.minValue(1e-6, "give a time that a clock can measure, ns"),
  v.maxValue(MOST_NS, "give a time that a clock can measure, ns"),
);
const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;
/** A moment, ISO 8601 in UTC. */
const Moment = v.pipe(
  v.string(),
  v.check(
    (text) => ISO_8601.test(text) && !Number.isNaN(Date.parse(text)),
    "give a time in UTC such as 2026-01-02T03:04:05.000Z",
  ),
);
const Scalar = v.union([v.string(), v.number(), v.boolean()]);

/** Which built library of an engine it was. */
export const ReleaseRecord = v.looseObject({
  /** As it was asked for, e.g. `10.4.2`; `system` of one that was installed. */
  name: Text,
  /** Of the library's file. */
  sha256: Text,
  /** Whether the digest is one that Tidemark knew beforehand. */
  pinned: v.boolean(),
  /** Where the library came from, in words. */
  source: Text,
  /** The compiler that made it, e.g. `GCC 7.3.1`; `null` where it does not say. */
  compiler: v.nullable(Text),
  /** The compressions that it was built with; `null` where it does not say. */
  compressions: v.nullable(v.array(Text)),
});
export type ReleaseRecord = v.InferOutput<typeof ReleaseRecord>;

/** What a store said of itself in a run. `null`: not known, as of an imported result. */
export const StoreRecord = v.looseObject({
  store: Text,
  engine: Text,
  version: Text,
  library: Text,
  api: v.picklist(["sync", "async"]),
  durability: v.nullable(v.picklist(["synced", "buffered", "off", "none"])),
  /** What has been done with a write that is acknowledged, in the engine's own words. */
  acknowledgement: v.optional(Text),
  network: v.boolean(),
  options: v.record(Text, Scalar),
  /** Options that were asked for otherwise than they were in effect, as they were asked for. */
  asked: v.optional(v.record(Text, Scalar)),
  /** Absent where no library was recorded, as in older results. */
  release: v.optional(ReleaseRecord),
});
export type StoreRecord = v.InferOutput<typeof StoreRecord>;

/** A share of a whole, 0 to 1. */
const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** A whole number that is drawn anew each time: bytes, or entries. */
export const SizeRecord = v.variant("kind", [
  v.looseObject({ kind: v.literal("fixed"), size: Count }),
  v.looseObject({ kind: v.literal("uniform"), least: Count, most: Count }),
  v.looseObject({
    kind: v.literal("pareto"),
    shape: Finite,
    scale: Positive,
    least: Count,
    most: Count,
  }),
]);
export type SizeRecord = v.InferOutput<typeof SizeRecord>;

/** Which key an operation takes. */
export const KeyDistributionRecord = v.variant("kind", [
  v.looseObject({ kind: v.literal("sequential") }),
  v.looseObject({ kind: v.literal("uniform") }),
  v.looseObject({ kind: v.literal("zipfian"), theta: Positive }),
  v.looseObject({ kind: v.literal("scrambledZipfian") }),
  v.looseObject({ kind: v.literal("latest"), theta: Positive }),
  v.looseObject({ kind: v.literal("hotspot"), keyShare: Share, operationShare: Share }),
  v.looseObject({
    kind: v.literal("mixgraph"),
    ranges: Count,
    rangeHotness: v.tuple([Finite, Finite, Finite, Finite]),
    keyHotness: v.tuple([Finite, Finite]),
  }),
]);
export type KeyDistributionRecord = v.InferOutput<typeof KeyDistributionRecord>;

/** When clients begin their operations: when the last one ended, or when a schedule says so. */
export const PaceRecord = v.variant("loop", [
  v.looseObject({ loop: v.literal("closed") }),
  v.looseObject({
    loop: v.literal("open"),
    arrivals: v.picklist(["constant", "poisson"]),
    /** Operations a second of all clients of the group. */
    rate: Positive,
  }),
]);
export type PaceRecord = v.InferOutput<typeof PaceRecord>;

/** Clients that all do the same. */
export const ClientGroupRecord = v.looseObject({
  clients: v.pipe(
    Count,
    v.minValue(1),
    v.maxValue(4096, "give as many clients as one process has"),
  ),
  /** Shares of the operations. */
  mix: v.record(v.picklist(LOAD_OPERATION_NAMES), v.optional(Share)),
  keyDistribution: KeyDistributionRecord,
  scanLength: SizeRecord,
  batchKeys: Count,
  /** Watchers of each client's key. */
  watchers: v.optional(Count),
  /** How long leases are granted for, s. */
  leaseSeconds: v.optional(Count),
  pace: PaceRecord,
  /** Whether it is what is measured; others only load the store beside. */
  counted: v.boolean(),
});
export type ClientGroupRecord = v.InferOutput<typeof ClientGroupRecord>;

/** A load: who does what to which keys, and when. */
export const LoadSpecRecord = v.looseObject({
  keys: Count,
  /** Whether they are loaded before anything is measured. */
  filled: v.boolean(),
  keyForm: v.picklist(["numbered", "hashed", "binary"]),
  valueSize: SizeRecord,
  /** To what share of its length a value compresses. */
  compressibility: Share,
  groups: v.pipe(v.array(ClientGroupRecord), v.minLength(1)),
});
export type LoadSpecRecord = v.InferOutput<typeof LoadSpecRecord>;

/** What the operations of a benchmark do. `null`: not known, as of an imported result. */
export const WorkloadRecord = v.looseObject({
  operation: v.nullable(v.picklist(OPERATION_NAMES)),
  /** Keys in the database, or in one round of writing where it is not filled before. */
  keys: v.nullable(Count),
  keyBytes: v.nullable(Count),
  valueBytes: v.nullable(Count),
  order: v.nullable(v.picklist(KEY_ORDER_NAMES)),
  /** The shape of the tree before measuring; absent where it is as filling leaves it. */
  shape: v.optional(v.picklist(SHAPE_NAMES)),
  clients: v.nullable(Count),
  /** The load that it is; absent of one operation after the other. */
  load: v.optional(LoadSpecRecord),
});
export type WorkloadRecord = v.InferOutput<typeof WorkloadRecord>;

/** One benchmark of the plan. */
export const BenchmarkRecord = v.looseObject({
  /** `store/name`, e.g. `raw/write_throughput/10000`. */
  id: Text,
  /** A kind of store; of one that is measured with several options, also what is another in this one. */
  store: Text,
  /** The options in which the store is another than the bench's say: `{ release: "7.10.2" }`. */
  variant: v.optional(v.record(Text, v.union([Text, v.number(), v.boolean()]))),
  /** The benchmark's name in its suite, e.g. `write_throughput/10000`. */
  name: Text,
  /** `load`: clients of their own, by windows of time; its samples are the windows. */
  kind: v.picklist(["throughput", "latency", "load"]),
  sampling: v.picklist(["flat", "linear"]),
  /** Samples a run is to take. */
  samples: Count,
  /** Runs, where they are not the profile's: its suite asks for more, and calibration runs once. */
  runs: v.optional(Runs),
  /** How many of these runs were not in the plan, and were added until it was sure. */
  added: v.optional(Runs),
  /**
   * Its part in the duet with a control, of which only the ratio counts; absent of a benchmark that is
   * measured for its own figures.
   */
  part: v.optional(v.picklist(["tonight", "control"])),
  /** Time that a run measures, ms, where it is not the profile's. */
  measureMs: v.optional(Positive),
  /** That the highest rate is searched that the load is kept at. */
  findRate: v.optional(v.looseObject({
    /** Bound of the response's p99, ns; `null` where there is none. */
    mostP99: v.nullable(Positive),
  })),
  /** What a run's one sample is of the times that a tool took; where it does not say so, their mean. */
  estimator: v.optional(v.literal("median")),
  /** Operations in one iteration: 10,000 for `write_throughput/10000`, 1 for a latency. */
  elements: Count,
  workload: WorkloadRecord,
});
export type BenchmarkRecord = v.InferOutput<typeof BenchmarkRecord>;

/**
 * The metrics that targets, claims and findings can name. Rates are per second, times are ns. Of loads
 * p50 to p999 are service times, and those of response are counted from the intended begin.
 */
export const MetricName = v.picklist([
  "throughput",
  "mean",
  "p50",
  "p90",
  "p99",
  "p999",
  "responseP50",
  "responseP90",
  "responseP99",
  "responseP999",
]);
export type MetricName = v.InferOutput<typeof MetricName>;

/** A bound on a metric; it holds for every store of the suite unless it names some. */
export const TargetRecord = v.looseObject({
  benchmark: Text,
  metric: MetricName,
  /** `atLeast` for rates, `atMost` for times. */
  bound: v.picklist(["atLeast", "atMost"]),
  /** Operations a second, or nanoseconds. */
  value: Positive,
  stores: v.optional(v.array(Text)),
});
export type TargetRecord = v.InferOutput<typeof TargetRecord>;

/** A published figure of another system, with where it comes from. */
export const FigureRecord = v.looseObject({
  system: Text,
  /** What was done, as users call it. */
  metric: v.picklist(OPERATION_NAMES.map((name) => OPERATIONS[name].word)),
  ops_per_sec: Positive,
  source: Text,
  /** Short name that claims refer to. */
  id: v.optional(Text),
  version: v.optional(Text),
  latency_ms_avg: v.optional(Positive),
  latency_us_avg: v.optional(Positive),
  latency_us_range: v.optional(v.tuple([Positive, Positive])),
  clients: v.optional(Count),
  value_bytes: v.optional(Count),
  key_bytes: v.optional(Count),
  networked: v.optional(v.boolean()),
  hardware: v.optional(Text),
  durability: v.optional(Text),
  approximate: v.optional(v.boolean()),
});
export type FigureRecord = v.InferOutput<typeof FigureRecord>;

/** One piece of a claim's evidence: a measured metric held against published figures. */
export const EvidenceRecord = v.looseObject({
  benchmark: Text,
  metric: MetricName,
  /** Ids of the figures that are to be matched or exceeded. */
  figures: v.array(Text),
  stores: v.optional(v.array(Text)),
});
export type EvidenceRecord = v.InferOutput<typeof EvidenceRecord>;

/** A hypothesis over several metrics. */
export const ClaimRecord = v.looseObject({
  name: Text,
  hypothesis: Text,
  evidence: v.array(EvidenceRecord),
  /** What the evidence cannot show, in whole sentences. */
  limits: v.array(Text),
});
export type ClaimRecord = v.InferOutput<typeof ClaimRecord>;

/** What the suite says, as data, so that a result can be judged and rendered without the suite. */
export const SuiteRecord = v.looseObject({
  name: Text,
  title: Text,
  /** One or two sentences on what the suite is for. */
  summary: Text,
  targets: v.array(TargetRecord),
  claims: v.array(ClaimRecord),
  figures: v.array(FigureRecord),
  /** What to do after this report, in whole sentences. */
  nextSteps: v.array(Text),
  /** Whether it is measured over releases of an engine, of which each is judged against others. */
  ladder: v.optional(v.boolean()),
});
export type SuiteRecord = v.InferOutput<typeof SuiteRecord>;

/** How much is measured. */
export const ProfileRecord = v.looseObject({
  name: Text,
  /** Runs of each benchmark. */
  runs: Runs,
  warmupMs: Finite,
  measureMs: Finite,
});
export type ProfileRecord = v.InferOutput<typeof ProfileRecord>;

/** The processor. */
export const CpuRecord = v.looseObject({
  model: v.nullable(Text),
  /** Logical processors of the machine. */
  logical: v.nullable(Count),
  /** Logical processors that the process may use, where affinity or a control group limits it. */
  usable: v.optional(v.nullable(Count)),
  /** Frequency governor; several, where the processors differ, joined by `/`. */
  governor: v.nullable(Text),
  /** Whether the processor may clock above its nominal frequency. */
  turbo: v.nullable(v.boolean()),
  /** Whether this is a virtual machine. */
  virtual: v.nullable(v.boolean()),
});
export type CpuRecord = v.InferOutput<typeof CpuRecord>;

/** What the data directory lies on. */
export const DataRecord = v.looseObject({
  filesystem: v.nullable(Text),
  mountOptions: v.nullable(Text),
  /** The block device that is mounted, e.g. `nvme0n1p2` or `dm-0`. */
  device: v.nullable(Text),
  /** The disks under the device. */
  disks: v.optional(v.nullable(v.array(Text))),
  /** Whether a disk under it spins. */
  rotational: v.nullable(v.boolean()),
  /** The disks' I/O scheduler; several, where they differ, joined by `/`. */
  scheduler: v.nullable(Text),
  /** Free for an ordinary user. */
  freeBytes: v.nullable(Count),
});
export type DataRecord = v.InferOutput<typeof DataRecord>;

/** The versions that run Tidemark. */
export const RuntimeRecord = v.looseObject({ deno: Text, v8: Text, typescript: Text });
export type RuntimeRecord = v.InferOutput<typeof RuntimeRecord>;

/** What machine it was. `null`: could not be found out. */
export const EnvironmentRecord = v.looseObject({
  /** Operating system, as `Deno.build.os` names it. */
  os: v.nullable(Text),
  /** Version of the kernel. */
  kernel: v.nullable(Text),
  /** Instruction set, as `Deno.build.arch` names it. */
  arch: v.nullable(Text),
  cpu: CpuRecord,
  /** Memory of the machine. */
  memoryBytes: v.nullable(Count),
  data: DataRecord,
  /** `always`, `madvise` or `never`. */
  transparentHugePages: v.nullable(Text),
  /** Swap that is set up. */
  swapBytes: v.nullable(Count),
  /** Swap that is in use. */
  swapUsedBytes: v.optional(v.nullable(Count)),
  /** The kernel's source of time, e.g. `tsc`. */
  clocksource: v.optional(v.nullable(Text)),
  /** Whether the machine runs on a battery. */
  onBattery: v.optional(v.nullable(v.boolean())),
  /** What Tidemark measured with; `null` where another tool measured. */
  runtime: v.nullable(RuntimeRecord),
  /** The machine's name. */
  host: v.nullable(Text),
});
export type EnvironmentRecord = v.InferOutput<typeof EnvironmentRecord>;

/** What else the machine did during a run. Shares are of all processors' time, 0 to 1. */
export const PressureRecord = v.looseObject({
  /** The load average over the minute before the run. */
  load1: v.nullable(Finite),
  /** Time that the hypervisor gave to others. */
  steal: v.nullable(Finite),
  /** Time that processes other than the measured one used. */
  busyOthers: v.nullable(Finite),
});
export type PressureRecord = v.InferOutput<typeof PressureRecord>;

/** One timed batch of operations, in the run's time order. */
export const SampleRecord = v.looseObject({
  /** Iterations of the batch. */
  iterations: v.pipe(
    v.number(),
    v.minValue(1e-9, "give a count that a machine can reach"),
    v.maxValue(2 ** 63, "give a count that a machine can reach"),
  ),
  /** Wall time of the batch, ns. */
  ns: Duration,
  /** When the batch began, ns after the run's first sample; `null` where it was not recorded. */
  atNs: v.nullable(
    v.pipe(NotNegative, v.maxValue(MOST_NS, "give a time that a clock can measure")),
  ),
  /**
   * Of a duet, the place among the turns of all sides: turns 2k and 2k + 1 are the pair k, one of
   * each side; of n that play, turns nk to nk + n − 1 are the round k.
   */
  turn: v.optional(Count),
  /** How long the engine's background work was waited for before the turn was given back, ns. */
  awaitedNs: v.optional(NotNegative),
  /** False where it went on all the same. */
  quiet: v.optional(v.boolean()),
  /** Processor time that the measuring thread took for the batch, ns. */
  cpuNs: v.optional(NotNegative),
  /** Its instructions outside the kernel. */
  instructions: v.optional(NotNegative),
  /** Its misses of the last cache, likewise. */
  cacheMisses: v.optional(NotNegative),
});
export type SampleRecord = v.InferOutput<typeof SampleRecord>;

/** Latencies of single operations. */
export const LatencyRecord = v.looseObject({
  unit: v.literal("ns"),
  count: Count,
  /** HDR histogram in its compressed text form (`HISTFAAA…`). */
  histogram: Text,
  /**
   * That its latencies were spread over another tool's buckets, which are wider than these: two runs
   * may then have the same.
   */
  coarse: v.optional(v.boolean()),
});
export type LatencyRecord = v.InferOutput<typeof LatencyRecord>;

/**
 * Figures that another tool printed of a run in place of what they were made of: they have no
 * interval, and those of several runs cannot be merged. Times are ns.
 */
export const StatedRecord = v.looseObject({
  /** Operations that the figures are of. */
  count: v.optional(Count),
  mean: v.optional(NotNegative),
  min: v.optional(NotNegative),
  p50: v.optional(NotNegative),
  p75: v.optional(NotNegative),
  p90: v.optional(NotNegative),
  p95: v.optional(NotNegative),
  p99: v.optional(NotNegative),
  p999: v.optional(NotNegative),
  p9999: v.optional(NotNegative),
  max: v.optional(NotNegative),
});
export type StatedRecord = v.InferOutput<typeof StatedRecord>;

/**
 * What an engine said of itself after a run's last sample, by meaning and not by the engine's own
 * names. What an engine has not, or does not tell, is absent; it is not 0.
 */
export const FactsRecord = v.looseObject({
  /** Keys that the engine believes it holds. */
  estimatedKeys: v.optional(Count),
  /** Bytes of all memtables: what is in memory alone. */
  memtableBytes: v.optional(Count),
  /** Memtables that are full and not flushed yet. */
  immutableMemtables: v.optional(Count),
  /** Bytes of the sorted files that hold the newest state: 0 where all of it is in memtables. */
  liveFileBytes: v.optional(Count),
  /** Files that were flushed and not merged yet. */
  level0Files: v.optional(Count),
  /** Files of the first merged level. */
  level1Files: v.optional(Count),
  /** Flushes under way. */
  runningFlushes: v.optional(Count),
  /** Compactions under way. */
  runningCompactions: v.optional(Count),
  /** Bytes that compaction has still to rewrite until the tree is at rest. */
  pendingCompactionBytes: v.optional(Count),
  /** Bytes of blocks that the engine's own cache holds. */
  blockCacheBytes: v.optional(Count),
  /** 1 where the engine takes no writes until it has caught up, else 0. */
  writesStopped: v.optional(Count),
  /** Flushes and compactions that failed. A run that has some has failed itself. */
  backgroundErrors: v.optional(Count),
});
export type FactsRecord = v.InferOutput<typeof FactsRecord>;

/** A fact by its name. */
export type FactName = keyof typeof FactsRecord.entries;

/** The times of a window's operations, ns. */
export const TailRecord = v.looseObject({
  p50: NotNegative,
  p99: NotNegative,
  p999: NotNegative,
  max: NotNegative,
});
export type TailRecord = v.InferOutput<typeof TailRecord>;

/**
 * What a process and its engine wrote and read in a stretch of time, bytes. What is not told, as of an
 * engine that keeps no statistics, is absent.
 */
export const EngineCountsRecord = v.looseObject({
  /** What the process gave to the system to write: log, flushes and compactions. */
  processWritten: v.optional(Finite),
  /** What it asked for, from the page cache or the device. */
  processRead: v.optional(Finite),
  /** What went to the block layer on its behalf. */
  deviceWritten: v.optional(Finite),
  /** What came from the block layer. */
  deviceRead: v.optional(Finite),
  walBytes: v.optional(Finite),
  flushedBytes: v.optional(Finite),
  compactedBytes: v.optional(Finite),
  compactionReadBytes: v.optional(Finite),
  blockCacheHits: v.optional(Finite),
  blockCacheMisses: v.optional(Finite),
  /** Time that writes were held up for, µs. */
  stallMicros: v.optional(Finite),
  /** Transactions of a store that writes those that wait at a time together. */
  transactions: v.optional(Finite),
  /** Its writes. */
  groupWrites: v.optional(Finite),
});
export type EngineCountsRecord = v.InferOutput<typeof EngineCountsRecord>;

/** What an engine did of one kind beside the operations. */
const EventTotalRecord = v.looseObject({
  count: Count,
  /** What they took together; of several at once all. */
  ns: NotNegative,
  /** That they wrote, as far as it is known. */
  bytes: NotNegative,
});

/** What an engine told that it did beside the operations. Kinds that were not told are absent. */
export const EngineEventsRecord = v.looseObject({
  flush: v.optional(EventTotalRecord),
  compaction: v.optional(EventTotalRecord),
  stall: v.optional(EventTotalRecord),
  sync: v.optional(EventTotalRecord),
  /** Events that the engine did not keep until they were asked for. */
  lost: v.optional(NotNegative),
});

/** What an engine does beside the operations. */
export const ENGINE_EVENT_NAMES = [
  "flush",
  "compaction",
  "stall",
  "sync",
] as const satisfies readonly (
  keyof typeof EngineEventsRecord.entries
)[];
/** What an engine does beside the operations, by its name. */
export type EngineEventName = (typeof ENGINE_EVENT_NAMES)[number];

const CauseName = v.picklist(SLOW_CAUSES);

/** The first level that a compaction took files of, and the one that it wrote to. */
const LevelsRecord = v.looseObject({ from: Count, to: Count });

/** Something that an engine did beside the operations, as it told. */
const BackgroundRecord = v.looseObject({
  kind: v.picklist(ENGINE_EVENT_NAMES),
  /** When it began, ns after the measuring did; what was before that is left out. */
  atNs: NotNegative,
  ns: NotNegative,
  /** That it wrote; 0 where that is not known. */
  bytes: NotNegative,
  /** Of a compaction, the first level that it took files of, and the one that it wrote to. */
  levels: v.optional(LevelsRecord),
});

/** A stretch of a load's time. */
export const WindowRecord = v.looseObject({
  /** When it began, ns after the first one. */
  atNs: NotNegative,
  ns: Duration,
  /** Operations of the measured clients that ended in it. */
  operations: Count,
  /** `null` where none ended. */
  service: v.nullable(TailRecord),
  /** With a schedule only. */
  response: v.optional(v.nullable(TailRecord)),
  /** The response had the clients never been late; with a schedule only. */
  unhindered: v.optional(v.nullable(TailRecord)),
  /** Operations that began late since the client's one before was not over; with a schedule only. */
  queued: v.optional(Count),
  /** Bytes of keys and values that measured clients put in it. */
  bytesPut: NotNegative,
  /** Resident memory of the process at its end. */
  rssBytes: Count,
  /** What the engine said of itself at its end. */
  facts: FactsRecord,
  /** What was written and read since the measuring began. */
  counts: EngineCountsRecord,
  /** What the engine told since the measuring began; absent where it tells no events. */
  events: v.optional(EngineEventsRecord),
  /**
   * Response times with a schedule, else service times: `counts[i]` of 2^((first + i) / 4) ns or more and
   * less than the next. `null` where there are none, and absent of a result from before there were any.
   */
  spread: v.optional(v.nullable(v.looseObject({ first: Count, counts: v.array(Count) }))),
  /** The slowest of the slow operations that were noted in it, the slowest first; likewise. */
  slow: v.optional(v.array(v.looseObject({
    /** When it began, after the measuring did, ns: it may be before the window. */
    atNs: NotNegative,
    ns: Duration,
    cause: CauseName,
  }))),
  /** For what share of it something went on, by the cause's name; what is not known is absent. */
  on: v.optional(v.record(v.string(), NotNegative)),
  /** The longest of what the engine, or its files, told that had ended since the window before. */
  background: v.optional(v.array(BackgroundRecord)),
});
export type WindowRecord = v.InferOutput<typeof WindowRecord>;

/** Operations that ended in a stretch of time, and those of them that were slow. */
const EndedRecord = v.looseObject({ operations: Count, slow: Count });

/** Operations of measured clients that took longer than the p99.9 of the window before. */
const SlowRecord = v.looseObject({
  operations: Count,
  causes: v.array(v.looseObject({
    cause: CauseName,
    operations: Count,
    /** Of the measured time, for what part it went on anyway; `null` where that is not known. */
    share: v.nullable(NotNegative),
    /** Of these, those during which a thread that only sleeps was held up too; absent where there was none. */
    held: v.optional(Count),
  })),
  /** What a thread that only sleeps saw meanwhile; absent where there was none. */
  hiccups: v.optional(v.looseObject({
    /** How often it woke. */
    wakes: Count,
    /** How often it was a millisecond or more late, what that came to, and the longest of it, ns. */
    late: Count,
    lateNs: NotNegative,
    longestNs: NotNegative,
  })),
  /** Compactions by their levels; absent where nothing told of them. */
  compactions: v.optional(v.array(v.looseObject({
    levels: LevelsRecord,
    count: Count,
    /** That they wrote, and the time that they took together. */
    bytes: NotNegative,
    ns: NotNegative,
    /** Slow operations that are put down to a compaction and overlapped one of these, each the largest. */
    operations: Count,
  }))),
  /** The slowest of them, the slowest first. */
  slowest: v.array(v.looseObject({
    /** When it began, after the measuring did, ns. */
    atNs: NotNegative,
    ns: Duration,
    operation: v.picklist(LOAD_OPERATION_NAMES),
    /** The client's place among all. */
    client: Count,
    cause: CauseName,
  })),
  /** The measured time in equal parts, in order; absent where nobody counted by them. */
  blocks: v.optional(v.array(v.looseObject({
    ...EndedRecord.entries,
    /** Of these, while something went on, by the cause's name; what is not known is absent. */
    on: v.record(v.string(), EndedRecord),
  }))),
});

/** How the memory of runs was bounded. */
export const MemoryRecord = v.looseObject({
  /** What a run's process had with the pages of its files, by a memory cgroup, bytes. */
  limitBytes: v.optional(Count),
  /** Whether loads began with none of their files in the page cache. */
  cold: v.optional(v.boolean()),
});
export type MemoryRecord = v.InferOutput<typeof MemoryRecord>;

/** The files of a database at one moment. */
const CachedFilesRecord = v.looseObject({
  /** Bytes of all files of its folder. */
  fileBytes: NotNegative,
  /** Of these, bytes that were in the page cache. */
  cachedBytes: NotNegative,
});

/** How runs of a load come to hold what it begins with, as the measuring has them. */
export const LOAD_BEGINNINGS = ["own", "checkpoint", "noCheckpoint", "inMemory"] as const;
/** One of these. */
export type LoadBeginning = (typeof LOAD_BEGINNINGS)[number];

/** What a load came to beside its windows and service times. */
export const LoadRecord = v.looseObject({
  ns: Duration,
  /** Mean service time; `null` where no operation ended. */
  meanNs: v.nullable(NotNegative),
  /**
   * Of a store that does nothing, whose loop was machine code: the mean of the same operations by
   * JavaScript's loop, measured right after it.
   */
  javascriptNs: v.optional(NotNegative),
  clients: v.array(v.looseObject({
    /** Place of its group in the load. */
    group: Count,
    counted: v.boolean(),
    operations: Count,
    /** Whether its loop was machine code of the harness's own; absent where it was JavaScript. */
    native: v.optional(v.boolean()),
  })),
  /** Service times by operation, of those that there were. */
  operations: v.array(v.looseObject({
    operation: v.picklist(LOAD_OPERATION_NAMES),
    ...LatencyRecord.entries,
  })),
  /** From the intended begin; with a schedule only, as what follows. */
  response: v.optional(LatencyRecord),
  /** How long clients took to begin when they could have. */
  lateness: v.optional(LatencyRecord),
  /** The response had the clients never been late. */
  unhindered: v.optional(LatencyRecord),
  /** Operations that began late since the client's one before was not over. */
  queued: v.optional(Count),
  /** Operations that were to begin and did not before the end. */
  unstarted: v.optional(Count),
  /** Reads that found nothing where they rightly may. */
  missed: Count,
  /** Compare-and-swaps that another client's change refused; absent where there are none at all. */
  conflicts: v.optional(Count),
  /** Bytes of keys and values that all clients put. */
  bytesPut: NotNegative,
  /** Bytes of values that were read. */
  bytesRead: NotNegative,
  keysRead: Count,
  /** Why operations were slow; absent where nobody looked. */
  slow: v.optional(SlowRecord),
  counts: EngineCountsRecord,
  /** What the engine told that it did meanwhile; absent where it tells no events. */
  events: v.optional(EngineEventsRecord),
  /** How multi-gets were done: by a call of the engine's own, or by gets one after the other. */
  multiGet: v.optional(v.picklist(["call", "gets"])),
  /** What of its files was in the page cache; absent where it had none, or the kernel did not tell. */
  pageCache: v.optional(v.looseObject({
    /** How the kernel was asked. */
    call: v.picklist(["cachestat", "mincore"]),
    /** When the measuring began, and at its end. */
    before: CachedFilesRecord,
    after: CachedFilesRecord,
  })),
  /**
   * How the store came to hold it: by a load of this run's `own`, the only one; of several runs by one
   * `checkpoint`, or each by a load of its own, since the store has `noCheckpoint` or the shape has what
   * is newest `inMemory`. Absent where nobody said so, or it begins empty.
   */
  begins: v.optional(v.picklist(LOAD_BEGINNINGS)),
  /** Whether each client was an operation in flight, all of one thread; absent of threads. */
  inFlight: v.optional(v.boolean()),
  /** False where the engine was still at work when the clients began, though it was to be at rest. */
  atRest: v.boolean(),
});
export type LoadRecord = v.InferOutput<typeof LoadRecord>;

/** How often a server did something, and how long it took together, ns. */
const TimesRecord = v.looseObject({ count: Finite, ns: Finite });

/** What a server did itself; what it does not tell is absent. */
export const ServerTimesRecord = v.looseObject({
  /** Requests for keys, from the first byte read to the last one given to be written. */
  handler: v.optional(TimesRecord),
  /** Syncs of its log; several requests may share one. */
  walFsync: v.optional(TimesRecord),
  /** Entries of the log applied. */
  apply: v.optional(TimesRecord),
  /** Ranges read. */
  range: v.optional(TimesRecord),
  /** Commits of what was applied to its files, which no request waits for by itself. */
  backendCommit: v.optional(TimesRecord),
});
export type ServerTimesRecord = v.InferOutput<typeof ServerTimesRecord>;

/** What a server takes time for, by its name. */
export type ServerTimeName = keyof typeof ServerTimesRecord.entries;

/** How often something happened in a server; what it does not tell is absent. */
export const ServerCountsRecord = v.looseObject({
  leaderChanges: v.optional(Finite),
  proposalsFailed: v.optional(Finite),
  slowApplies: v.optional(Finite),
  heartbeatsFailed: v.optional(Finite),
});
export type ServerCountsRecord = v.InferOutput<typeof ServerCountsRecord>;

/** What happens in a server, by its name. */
export type ServerCountName = keyof typeof ServerCountsRecord.entries;

/** A member of a cluster over a stretch of time. */
export const ServerMemberRecord = v.looseObject({
  /** Its place among the endpoints. */
  place: Count,
  /** At the end; `null` where it does not tell. */
  role: v.nullable(v.picklist(["leader", "follower"])),
  /** Whether it is the one that the client speaks to. */
  asked: v.boolean(),
  times: ServerTimesRecord,
  counts: ServerCountsRecord,
});
export type ServerMemberRecord = v.InferOutput<typeof ServerMemberRecord>;

/** Where the time of a run's operations went, from the end of its warm-up to its last operation. */
export const ServersRecord = v.looseObject({
  ns: Duration,
  /** Operations that ended in it; of walks, walks. */
  operations: Count,
  /** Mean time of an operation that was timed alone, as its client has it; of walks, of a walk. */
  meanNs: NotNegative,
  /** Operations in flight. */
  inFlight: Count,
  /** Processor time of the client's process. */
  cpuNs: NotNegative,
  /** Requests, and what they took from being written to being read: all but the client's own part. */
  wire: v.looseObject({ requests: Count, ns: NotNegative }),
  /**
   * What frames took from being written to being read that only go there and back, sent among the
   * requests: all between the two but for what serves requests. `null` where none came back.
   */
  ping: v.nullable(v.looseObject({ count: Count, meanNs: NotNegative })),
  /** The least time in which a connection was opened before: the network's way there and back. */
  connectNs: v.nullable(NotNegative),
  /** The longest time without an answer, and when it began, ns after the window did. */
  gap: v.looseObject({ ns: NotNegative, atNs: NotNegative }),
  /** Attempts of operations beyond their first. */
  retries: Count,
  /** Those that could be asked; none where none tells. */
  members: v.array(ServerMemberRecord),
  /** Why some could not be asked. */
  unread: v.optional(Text),
});
export type ServersRecord = v.InferOutput<typeof ServersRecord>;

/** How a run took turns with the runs that began at the same time. */
export const DuetRecord = v.looseObject({
  /** Whether its process was started before the others'. */
  startedFirst: v.boolean(),
  /** Median time from the end of one side's work to the beginning of the other's, ns. */
  handoverNs: NotNegative,
  /** How long the engine's background work was waited for in all, ns. */
  awaitedNs: NotNegative,
  /** Turns that were given back while it went on. */
  turnsNotQuiet: Count,
  /** How many took turns, where they were more than two. */
  together: v.optional(v.pipe(Count, v.minValue(2))),
});
export type DuetRecord = v.InferOutput<typeof DuetRecord>;

/** One run: a fresh process with a fresh database for one benchmark. */
export const RunRecord = v.looseObject({
  benchmark: Text,
  /** 0, 1, … within the benchmark. */
  run: Count,
  /** Position in the shuffled order. */
  position: Count,
  state: v.picklist(["ended", "interrupted", "failed"]),
  startedAt: Moment,
  endedAt: v.nullable(Moment),
  /** How long it might go without progress; `null`: for ever. Absent where that was not recorded. */
  limitMs: v.optional(v.nullable(NotNegative)),
  /** Why the run failed. */
  error: v.optional(Text),
  store: v.nullable(StoreRecord),
  /** Cost of reading the clock, and its smallest step, ns. */
  clock: v.nullable(v.looseObject({ costNs: Finite, stepNs: Finite })),
  /**
   * What a call into native code takes that does nothing there, ns: into the engine's library, or, of
   * RocksDB's stores, into code of our own with as many arguments as a put. Absent where the store has
   * none, or it was not measured.
   */
  crossingNs: v.optional(NotNegative),
  /**
   * Why something of what the measuring thread did was not counted, as a clause, by its name in the
   * samples; absent where nothing was to be counted.
   */
  uncounted: v.optional(v.record(Text, Text)),
  warmup: v.nullable(v.looseObject({ iterations: Count, ns: Finite })),
  samples: v.array(SampleRecord),
  latency: v.nullable(LatencyRecord),
  /** Of a load, its windows in order. */
  windows: v.optional(v.array(WindowRecord)),
  /** Of a load, what is not in its windows; `latency` has the service times. */
  load: v.optional(LoadRecord),
  /** Of a store that is a server, where the time went. */
  servers: v.optional(ServersRecord),
  /** Latencies as an imported run's tool summed them up, where it gave no histogram. */
  stated: v.optional(StatedRecord),
  pressure: v.nullable(PressureRecord),
  /** What the engine said of itself after the last sample. */
  facts: FactsRecord,
  /**
   * Every option that the engine was opened with, under its own names: of the first run of a store
   * with its own options, where those of several are to be told apart.
   */
  engineOptions: v.optional(v.record(Text, Text)),
  /** What it said besides, under its own names. */
  properties: v.record(Text, Scalar),
  /** Largest resident memory of the run's process. */
  peakRssBytes: v.nullable(Count),
  /** How it took turns; absent of a run that had its time to itself. */
  duet: v.optional(DuetRecord),
  /**
   * Whether another attempt of the same run counts in this one's place, as after a resume. Such an
   * attempt is kept for what it shows, and left out of every figure.
   */
  superseded: v.optional(v.boolean()),
});
export type RunRecord = v.InferOutput<typeof RunRecord>;

/** The program that measured. */
export const ToolRecord = v.looseObject({ version: Text, commit: v.nullable(Text) });
export type ToolRecord = v.InferOutput<typeof ToolRecord>;

/** Where an imported result comes from. What the tool did not write down is `null` or absent. */
export const ImportRecord = v.looseObject({
  /** The form that was read, e.g. `criterion`. */
  format: Text,
  /** The tool that measured. */
  tool: Text,
  toolVersion: v.nullable(Text),
  /** Names of the files or directories, without the way to them. */
  files: v.array(Text),
  /**
   * Where the times come from: what the tool wrote, or when its files were last changed, which is
   * after the measuring.
   */
  times: v.picklist(["output", "files"]),
});
export type ImportRecord = v.InferOutput<typeof ImportRecord>;

/** A resume: who went on, when, and on what machine. */
export const SessionRecord = v.looseObject({
  startedAt: Moment,
  tool: ToolRecord,
  command: v.array(Text),
  environment: EnvironmentRecord,
});
export type SessionRecord = v.InferOutput<typeof SessionRecord>;

/** Which other benches ran on the machine at the same time, as far as that was looked at. */
export const CompanyRecord = v.looseObject({
  /** When each began and ended; `null`: it went on, or was killed. */
  others: v.array(v.looseObject({ startedAt: Moment, endedAt: v.nullable(Moment) })),
  /** Why it is not known; `null` where it was looked at. */
  unchecked: v.nullable(Text),
});
export type CompanyRecord = v.InferOutput<typeof CompanyRecord>;

/**
 * That the result is one of two whose runs were mixed in one session of randomised blocks: run r of
 * a benchmark was measured next to run r of the same benchmark of the other side.
 */
export const InterleavedRecord = v.looseObject({
  /** The same on both sides; part of their ids. */
  session: Text,
  role: v.picklist(["base", "candidate"]),
  /**
   * That run r of both sides was a duet: two live processes that took turns. Absent where they ran one
   * after the other, as in older results.
   */
  duet: v.optional(v.looseObject({
    /** Time that a batch was to take, ms. */
    batchMs: Positive,
  })),
  /** What is another on one side, as it was asked for; empty where nothing is. */
  differs: v.record(Text, Scalar),
  /** Which side that is: the base, where an old one was named; absent: the candidate. */
  differing: v.optional(v.literal("base")),
});
export type InterleavedRecord = v.InferOutput<typeof InterleavedRecord>;

/**
 * That stores of one result took turns, several live processes at once. Runs that played together
 * began at the same time.
 */
export const TurnsRecord = v.looseObject({
  /** Time that a batch was to take, ms. */
  batchMs: Positive,
  /** Runs of each group, and the time in which they warm up, ms. @default the profile's */
  runs: v.optional(Runs),
  warmupMs: v.optional(Finite),
  /** The stores that play together, once in each run; a store in several has a run with each. */
  groups: v.array(v.pipe(v.array(Text), v.minLength(2))),
});
export type TurnsRecord = v.InferOutput<typeof TurnsRecord>;

/**
 * That processes of several stores stayed when they had been measured, each for itself, and then took
 * turns: stores are held against each other by neighbouring batches.
 */
export const RatioTurnsRecord = v.looseObject({
  /** Time that a batch was to take, ms. */
  batchMs: Positive,
  /** Rounds in each run, of a batch of each. */
  rounds: v.pipe(Count, v.minValue(1)),
  /** The benchmarks that play together, by their ids. */
  groups: v.array(v.pipe(v.array(Text), v.minLength(2))),
});
export type RatioTurnsRecord = v.InferOutput<typeof RatioTurnsRecord>;

/** What one process did in the turns that ratios are made of. */
export const RatioSideRecord = v.looseObject({
  /** Id of the benchmark. */
  benchmark: Text,
  /** Iterations of each of its batches, which are those that take as long as the others'. */
  iterations: Positive,
  /** Wall times of its batches, ns, by the rounds. */
  ns: v.array(Duration),
  /** Latencies of single operations, timed between the batches; of latency benchmarks. */
  latency: v.optional(LatencyRecord),
  /** How long the engine's background work was waited for in all, ns. */
  awaitedNs: NotNegative,
  /** Turns that were given back while it went on. */
  turnsNotQuiet: Count,
});
export type RatioSideRecord = v.InferOutput<typeof RatioSideRecord>;

/** One run's turns of several stores. */
export const RatioRecord = v.looseObject({
  /** Number of the run, which is the same of all. */
  run: Count,
  /** A group, by ids; those who played are `sides`. */
  group: v.array(Text),
  startedAt: Moment,
  state: v.picklist(["ended", "failed", "interrupted"]),
  /** Why it failed. */
  error: v.optional(Text),
  /** Median time from the end of one side's work to the beginning of another's, ns. */
  handoverNs: v.optional(NotNegative),
  /** Those who played, in the order in which they were measured before; none where it did not end. */
  sides: v.array(RatioSideRecord),
});
export type RatioRecord = v.InferOutput<typeof RatioRecord>;

/**
 * The pinned reference that was measured in duet with what the result is of, so that what the machine
 * does is told from what the store does.
 */
export const ControlRecord = v.looseObject({
  /** What is another in it than in the bench's stores, as it was asked for: `{ release: "9.10.0" }`. */
  differs: v.record(Text, Scalar),
});
export type ControlRecord = v.InferOutput<typeof ControlRecord>;

/** One look at what was measured so far, to see whether everything that was asked is decided. */
export const LookRecord = v.looseObject({
  at: Moment,
  /** What was not decided and may be by more runs: a benchmark and its metric, or a claim's name. */
  open: v.array(Text),
  /** The benchmarks that are therefore measured more, and how many runs each has then in all. */
  more: v.array(v.looseObject({ benchmark: Text, runs: Runs })),
  /**
   * Why there were no more: everything was decided that more runs can decide, the time was up, or there
   * are as many runs as there may be. Absent where there were more.
   */
  ended: v.optional(v.picklist(["sure", "time", "runs"])),
});
export type LookRecord = v.InferOutput<typeof LookRecord>;

/** That a bench goes on after its planned runs, until everything that was asked is decided. */
export const UntilSureRecord = v.looseObject({
  /** How long it might measure before it began nothing more, ms. */
  atMostMs: Positive,
  /** Its looks, in order; absent of a plan. */
  looks: v.optional(v.array(LookRecord)),
});
export type UntilSureRecord = v.InferOutput<typeof UntilSureRecord>;

/** How instructions were counted: in processes of their own, before everything that is timed. */
export const CountingRecord = v.looseObject({
  /** What counted them, with its version: `valgrind-3.19.0`. */
  tool: Text,
  /** Processes of each benchmark. */
  processes: Runs,
  /** Batches of each process, all alike. */
  batches: Runs,
  /** Operations of a batch, about: as many as whole iterations have. */
  operations: Runs,
});
export type CountingRecord = v.InferOutput<typeof CountingRecord>;

/** What one process counted of a benchmark's instructions. */
export const CountRecord = v.looseObject({
  benchmark: Text,
  /** Which one of the benchmark's processes. */
  run: Count,
  startedAt: Moment,
  /** Why there is no count. */
  error: v.optional(Text),
  /** The measuring thread's instructions outside the kernel in each batch; none where it failed. */
  instructions: v.array(Count),
  /** Operations of each batch. */
  operations: Positive,
});
export type CountRecord = v.InferOutput<typeof CountRecord>;

/** A whole result. Calibration is the runs whose store is `null` or begins with `null-`. */
export const Result = v.looseObject({
  schema: v.literal("tidemark.result"),
  version: v.literal(SCHEMA_VERSION),
  /** Unique and sortable: start time and suite. */
  id: Text,
  startedAt: Moment,
  endedAt: v.nullable(Moment),
  /** Whether every planned run ended. */
  complete: v.boolean(),
  tool: ToolRecord,
  /** Where the result comes from, if not from `bench`; `tool` is then what imported it. */
  imported: v.optional(ImportRecord),
  command: v.array(Text),
  seed: Count,
  profile: ProfileRecord,
  /** The store options that were asked for; each run's store says what was in effect. */
  storeOptions: v.optional(v.record(Text, Scalar)),
  /** How the memory was bounded that its runs had; absent where nothing was asked for. */
  memory: v.optional(MemoryRecord),
  /** Which side of an interleaved bench it is, if it is one. */
  interleaved: v.optional(InterleavedRecord),
  /** Which of its stores took turns; absent where each run had its time to itself. */
  turns: v.optional(TurnsRecord),
  /** The control that it was held against; absent where there was none. */
  control: v.optional(ControlRecord),
  /** Which of its benchmarks take turns when each has been measured; absent where none do. */
  ratioTurns: v.optional(RatioTurnsRecord),
  /** How its instructions were counted; absent where that was not asked for. */
  counting: v.optional(CountingRecord),
  /** What was counted, process by process; absent where nothing was. */
  counts: v.optional(v.array(CountRecord)),
  /** Its looks, where it went on until it was sure; absent of a bench that ends with its plan. */
  untilSure: v.optional(UntilSureRecord),
  suite: SuiteRecord,
  environment: EnvironmentRecord,
  benchmarks: v.pipe(
    v.array(BenchmarkRecord),
    v.check(
      (benchmarks) => new Set(benchmarks.map(({ id }) => id)).size === benchmarks.length,
      "have each benchmark's id once",
    ),
  ),
  runs: v.array(RunRecord),
  /** Those turns, run by run; absent where there were none. */
  ratios: v.optional(v.array(RatioRecord)),
  /** The resumes after the first session, which is the result's own head. */
  sessions: v.optional(v.array(SessionRecord)),
  /** Other benches on the machine meanwhile; absent where there were none, or nobody looked. */
  company: v.optional(CompanyRecord),
  /** What the measuring stages noticed, in whole sentences. */
  warnings: v.array(Text),
});
export type Result = v.InferOutput<typeof Result>;
