/**
 * What an analysis is: plain data that can be written as JSON. Times are nanoseconds for one
 * operation, rates are operations a second, shares and factors are plain fractions (0.05 is 5 %).
 * A value that could not be had is `null`, and a reason stands beside it.
 */
import type { ControlRow } from "./control.ts";
import type { MainCause } from "./main_cause.ts";
import type { Range } from "../format/mod.ts";
import type {
  BenchmarkRecord,
  EngineEventName,
  FigureRecord,
  LoadBeginning,
  MetricName,
  SlowCause,
  StoreRecord,
  TargetRecord,
} from "../result/mod.ts";
import type { Remark } from "../remark/mod.ts";
import type { LoadOperationName, OperationWord } from "../workload/mod.ts";
import type {
  BinnedDistribution,
  Change,
  CriterionEstimates,
  Estimate,
  OddsRatio,
  Slope,
} from "../stats/mod.ts";

/** What a benchmark's operations do. */
export type Operation = BenchmarkRecord["workload"]["operation"];

/**
 * The outcome of a target. `inconclusive`: the interval holds the bound, or there is no interval.
 * A metric that was not measured is never `met` or `missed`, and nor is one of fewer than three runs,
 * which say nothing of the next: it is at most `met in one run` (or in two), and counted apart.
 */
export type Verdict = "met" | "met in one run" | "missed" | "inconclusive";

/** The outcome of a claim, or of one piece of its evidence. */
export type ClaimOutcome = "supported" | "refuted" | "inconclusive";

/** How an analysis is made. */
export interface AnalyseOptions {
  /** Bootstrap resamples for intervals inside one run. @default 10000 */
  resamples?: number;
  /** Confidence of every interval. @default 0.95 */
  confidence?: number;
  /** Whether criterion's estimates are made, of which no metric is made. @default true */
  criterion?: boolean;
}

/** Everything that was made of a result. */
export interface Analysis {
  /** The result's id. */
  result: string;
  /** Confidence of every interval. */
  confidence: number;
  /** Bootstrap resamples that were used. */
  resamples: number;
  /** Where criterion's estimates were not asked for; every benchmark's are `null` then. */
  withoutCriterion?: true;
  /** The measured stores, in the order of the plan. */
  stores: StoreAnalysis[];
  /** The benchmarks of measured stores, in the order of the plan. */
  benchmarks: BenchmarkAnalysis[];
  /** The same loops over the store that does nothing. */
  calibration: BenchmarkAnalysis[];
  /** What the harness itself took of what was measured. */
  harness: HarnessShare[];
  /** Where the time of operations on servers went; absent where none were measured. */
  decompositions?: Decomposition[];
  /** Every target against every store it holds for. */
  targets: TargetVerdict[];
  /** Stores against each other, operation by operation. */
  ratios: StoreRatio[];
  /** Measured stores first, published figures after them. */
  comparison: ComparisonRow[];
  claims: ClaimVerdict[];
  /** What the numbers say. */
  findings: Remark<FindingTopic>[];
  /** What limits the numbers' meaning. */
  caveats: Remark<CaveatTopic>[];
  /** Every metric held against a control; absent where there was none. */
  controls?: ControlRow[];
}

/** A store, as its runs described it. */
export interface StoreAnalysis {
  store: string;
  /** As the first run that recorded one described it; `null` where none did. */
  description: StoreRecord | null;
  /** Names of the fields and options that were not the same in all runs. */
  differences: string[];
  /** Ids of the store's benchmarks. */
  benchmarks: string[];
}

/** Which runs of a benchmark are used, and what became of the others. */
export interface RunUse {
  /** Runs that the profile asked for. */
  planned: number;
  ended: number;
  interrupted: number;
  failed: number;
  /** `ended` where any usable run ended, else `interrupted`, else `none`. */
  use: "ended" | "interrupted" | "none";
  /** Numbers of the runs that the estimates come from. */
  used: number[];
}

/** A run that failed. */
export interface RunFailure {
  run: number;
  error: string;
}

/**
 * Why a quantile of a benchmark that was measured has no value. `not stated`, `not merged`: the tool of
 * an import did not state it, or stated it of each run, and such figures do not merge. `refused`: it
 * would tell of the generator of a load, or of a backlog. `too few operations`: a run has not enough
 * beyond it. `not in all runs`: some run has no latencies, or none that can be read. `below the clock's
 * step`: a run's value is zero. None of them is "not measured".
 */
export type MissingValue = (typeof MISSING_VALUES)[number];

/** As {@linkcode MissingValue}. */
export const MISSING_VALUES = [
  "not stated",
  "not merged",
  "refused",
  "too few operations",
  "not in all runs",
  "below the clock's step",
] as const;

/** One metric of a benchmark; `estimate` or `reason` is `null`, never both. */
export interface MetricEstimate {
  metric: MetricName;
  estimate: Estimate | null;
  /**
   * The value alone, where it was measured or stated without what an interval is made of; `reason`
   * says why. No verdict comes from it.
   */
  point?: number;
  /**
   * The few values that the point is made of, in its unit and in their order: of so few samples, or of
   * samples so far apart, that an interval would say nothing, or of two runs of a load.
   */
  made?: { of: "samples" | "runs"; values: number[] };
  /** Of a quantile that has no value though operations were timed, in two or three words why. */
  missing?: MissingValue;
  /** Why there is no estimate, as a clause without a period. */
  reason: string | null;
  /** What the interval was taken from: `over 3 runs`, `inside one run only`; `null` without one. */
  basis: string | null;
  /**
   * Of a quantile, the value of the operations of all runs together, ns: another number than that of
   * a typical run, larger the more the runs differ, and without an interval. Absent of one run, where
   * it is the estimate's value.
   */
  pooled?: number;
}

/** Outlier counts by criterion's classes. Nothing is dropped because of them. */
export interface OutlierCounts {
  lowSevere: number;
  lowMild: number;
  highMild: number;
  highSevere: number;
  total: number;
  /** Samples that were classified. */
  samples: number;
}

/**
 * The estimates that criterion makes, of one run: its output describes one process, and pooling runs
 * would treat their samples as independent, which they are not. The run is the one whose mean is the
 * (lower) median of the runs' means.
 */
export interface CriterionRun {
  /** Number of the run. */
  run: number;
  /** Runs it was chosen from. */
  of: number;
  /** criterion's headline, the time of one iteration, ns: the slope in linear sampling, else the mean. */
  time: Estimate;
  /** Operations in one iteration; the throughput is these over the time. */
  elements: number;
  outliers: OutlierCounts;
  /** criterion's estimates of the time of one iteration, ns. */
  estimates: Omit<CriterionEstimates, "typical" | "distribution" | "tukey">;
  /** The bootstrap distribution of `time`, ns for one iteration. */
  distribution: BinnedDistribution;
}

/** Spread of the time for one operation, as coefficients of variation. */
export interface Spread {
  /** Between the means of runs; `null` with fewer than two runs. */
  betweenRuns: number | null;
  /** Between the samples of a run: root mean square over the runs; `null` where no run has two. */
  withinRuns: number | null;
}

/** How steady a run was. What is not flagged is `null`. */
export interface RunSteadiness {
  run: number;
  /** `null`: too few samples to say. */
  steady: boolean | null;
  /** Change over the run as a fraction, where there is drift. */
  drift: number | null;
  /** How much slower the run's first part was, as a fraction, where warm-up was left in. */
  warmUp: number | null;
  /** Range of the means of five rounds as a fraction, where it is beyond SNIA's bounds. */
  range: number | null;
}

/** A benchmark with everything that was found out about it. */
export interface BenchmarkAnalysis {
  id: string;
  store: string;
  name: string;
  kind: BenchmarkRecord["kind"];
  operation: Operation;
  /** Operations in one iteration. */
  elements: number;
  runs: RunUse;
  failures: RunFailure[];
  /** Samples of the used runs. */
  samples: number;
  /** Operations that were timed one by one, over the used runs. */
  observations: number;
  /** Throughput: `throughput` and `mean`; latency: `mean`, `p50`, `p90`, `p99`, `p999`. */
  metrics: MetricEstimate[];
  /** `null` where no run has the samples for it. */
  criterion: CriterionRun | null;
  /** Outliers of all used runs, each run by fences of its own. */
  outliers: OutlierCounts;
  spread: Spread;
  /** Each used run, in order. */
  steadiness: RunSteadiness[];
  /** Of a load, what its clients did and what the engine wrote for it. */
  load?: LoadAnalysis;
  /** What else to know about these numbers. */
  remarks: Remark<"measurement">[];
}

/** A value over the runs of a load: their geometric mean, the least and the most. */
export interface Spanned {
  value: number;
  least: number;
  most: number;
}

/** What the clients of a load did, and what the engine wrote for it; over all used runs. */
export interface LoadAnalysis {
  /** How many are measured, and how many load the store beside. */
  clients: { counted: number; beside: number };
  /** Operations a second of the slowest and the fastest measured client of each run, and of all of them. */
  share: Spanned | null;
  /** Of a schedule: the rate that was asked for, operations a second. */
  offered: number | null;
  /** Of a schedule: the share of operations that began late since the one before was not over. */
  queued: Spanned | null;
  /** The share of compare-and-swaps that another client's change refused. */
  conflicts: Spanned | null;
  /** Reads that rightly found nothing, as a share of the keys that were read. */
  missed: number | null;
  /** Bytes that the process gave to the system to write, for each byte that clients put. */
  processAmplification: Spanned | null;
  /** Bytes that went to the block layer, for each byte that clients put. */
  deviceAmplification: Spanned | null;
  /** Bytes that the engine flushed and compacted, for each byte that it flushed. */
  lsmAmplification: Spanned | null;
  /** Bytes that the engine logged, flushed and compacted, for each byte that clients put. */
  userAmplification: Spanned | null;
  /** Bytes that came from the block layer, for each byte that clients read. */
  deviceReads: Spanned | null;
  /** Bytes of live files for each byte of keys and values that were put last; at the end. */
  spaceAmplification: Spanned | null;
  /** Blocks that were in the engine's cache when they were asked for, as a share. */
  hitRatio: Spanned | null;
  /** Time that writes were held up for, as a share of the measured time. */
  stalled: Spanned | null;
  /** Transactions of a write, where those that wait at a time are written together. */
  grouped: Spanned | null;
  /** Whether each client was an operation in flight, all of one thread; absent of threads. */
  inFlight?: boolean;
  /** Of all clients, those whose loop is machine code of the harness's own; absent where none's is. */
  native?: number;
  /** What the engine told that it did beside the operations; absent where it tells no events. */
  events?: {
    kind: EngineEventName;
    /** Of all runs. */
    count: number;
    /** What they took together, as a share of the measured time: above 1 where several went on at once. */
    share: Spanned;
  }[];
  /** Events that the engine did not keep until they were asked for. */
  eventsLost?: number;
  /** How multi-gets were done; absent where there were none. */
  multiGet?: "call" | "gets";
  /** Why the slowest were slow, over the runs together; `null` where nobody looked or none was slow. */
  slow: SlowAnalysis | null;
  /** Service times by operation, over the runs together, ns. */
  operations: { operation: LoadOperationName; count: number; p50: number; p99: number }[];
  /** Of runs that were long enough, what they did to the store. */
  soaks: SoakAnalysis[];
  /** What of the data was in memory. */
  cached: CachedAnalysis;
  /** How the runs came to hold what the load begins with; `null` where nobody said so, or it is empty. */
  begins: LoadBeginning | null;
  /** False where the engine was still at work in some run when its clients began. */
  atRest: boolean;
}

/** Something in a soak's first and last stretch: its mean, and what the last is of the first. */
export interface SoakStretch {
  first: number | null;
  last: number | null;
  /** `null` where it is not known, or is 0. */
  change: Change | null;
}

/** What a long run of a load did to its store. */
export interface SoakAnalysis {
  run: number;
  windows: number;
  /** How long it was, and how long the stretches are that are compared. */
  ns: number;
  stretchNs: number;
  /** Whether times are responses, from the intended begin. */
  scheduled: boolean;
  /** Operations a second. */
  rate: SoakStretch;
  /** The mean of the windows' p99, ns. */
  p99: SoakStretch;
  /** The window with the fewest operations a second. */
  worst: { atNs: number; rate: number };
  /** Windows in which no operation ended. */
  silent: number;
  /** Growth in an hour of resident memory and of live files, bytes; `null` where that cannot be told. */
  rssAnHour: Slope | null;
  filesAnHour: Slope | null;
  /** The same of resident memory beyond the engine's memtables and its cache of blocks. */
  ownAnHour: Slope | null;
  /** The same of the bytes that the process writes for each byte put. */
  amplificationAnHour: Slope | null;
}

/** What of a load's data was in memory, as far as it is known. */
export interface CachedAnalysis {
  /** Keys and values that it begins with, bytes; `null` where they differ in length, or there are none. */
  dataBytes: number | null;
  /** Bytes of its database's files as the measuring began. */
  fileBytes: Spanned | null;
  /** What the engine's own cache of blocks may have, bytes. */
  blockCacheBytes: number | null;
  /** The share of the files that was in the page cache, as the measuring began and at its end. */
  before: Spanned | null;
  after: Spanned | null;
}

/** Of the operations that were slower than the p99.9 of the window before, what overlapped them. */
export interface SlowAnalysis {
  operations: number;
  /** What a thread that only sleeps saw in all runs; `null` where one of them had none. */
  hiccups: {
    /** How often it woke, and how often a millisecond or more late. */
    wakes: number;
    late: number;
    /** Of the measured time, the share for which it was. */
    share: number;
    /** The longest of it, ns. */
    longest: number;
  } | null;
  /** Compactions of all runs by their levels, the first level first; `null` where one run had none told. */
  compactions: {
    levels: { from: number; to: number };
    count: number;
    /** That each wrote, and the time that each took, ns, on the average. */
    bytes: number;
    ns: number;
    /** Slow operations that are put down to a compaction and overlapped one of these. */
    operations: number;
  }[] | null;
  causes: {
    cause: SlowCause;
    /** Slow operations that are put down to it. */
    operations: number;
    /** Of these, those during which the sleeping thread was held up too; `null` where there was none. */
    held: number | null;
    /** Of the slow operations, the share that is put down to it. */
    share: number;
    /** Of the measured time, the share for which it went on anyway; `null` where that is not known. */
    anyway: number | null;
    /**
     * How many times the odds of an operation's being slow are what they are otherwise, while it goes on,
     * by blocks of time; `null` where it was too seldom, always, or nobody counted.
     */
    odds: OddsRatio | null;
  }[];
  /** What explains most of them beyond chance; `null` where nothing does. */
  main: MainCause | null;
}

/**
 * A part of an operation's time on a server. `client`: before it is written and after it is read, in
 * the client and its queues. `network`: the way there and back. `grpc`: what a frame that asks for
 * nothing takes beyond that. `round`: what a request waits for in the server beside the rest, which
 * is Raft's round and the queue before it. `fsync`: a sync of the leader's log. `apply`, `range`: the
 * write and the read themselves. `handler`: all that the server does, where it does not tell more.
 */
export type PartName =
  | "client"
  | "network"
  | "grpc"
  | "round"
  | "fsync"
  | "apply"
  | "range"
  | "handler";

/** A part with its mean, ns for an operation. */
export interface DecompositionPart {
  part: PartName;
  ns: number;
}

/** What lies between servers that were started for their runs, and between them and the client. */
export interface CableAnalysis {
  /** What delays the frames. */
  kind: string;
  /** One way, ms. */
  delayMs: number;
  jitterMs: number;
  /** The share of frames that are lost. */
  loss: number;
}

/** The servers of a benchmark, as its store described them. */
export interface ClusterAnalysis {
  /** How many were named or started; `null` where that is not known. */
  servers: number | null;
  /** Whether the member that leads was spoken to; `null` where that is not known. */
  leads: boolean | null;
  /** Whether reads were of the newest there was. */
  newest: boolean;
  /** `null` where there is none that is emulated. */
  cable: CableAnalysis | null;
}

/** Where the time of an operation on a server went; means over the runs, ns for an operation. */
export interface Decomposition {
  benchmark: string;
  store: string;
  name: string;
  operation: Operation;
  /** Runs that tell. */
  runs: number;
  inFlight: number;
  cluster: ClusterAnalysis;
  /** The least time in which a connection was opened: a way there and back; `null` where none was. */
  wayNs: number | null;
  /** As the client measured it. */
  totalNs: number;
  /** In the order in which they are gone through. */
  parts: DecompositionPart[];
  sumNs: number;
  /** What no part accounts for, as a share of the whole; negative where they are more than it. */
  missing: number;
  /** Whether that is within what is held to. */
  agrees: boolean;
  /** What the servers do not tell: a part by itself, or everything of theirs. */
  untold: ("apply" | "range" | "server")[];
  /** Requests of an operation. */
  requests: number;
  /** Requests of other clients, as a share of this one's; the largest of the runs. */
  others: number;
  /** The longest time without an answer, and when it began after the run's window, ns. */
  gap: { ns: number; atNs: number };
  /** Attempts beyond the first, in all runs. */
  retries: number;
  /** What no operation waits for by itself. */
  beside: {
    /** Processor time of the client's process for an operation. */
    cpuNs: number;
    /** Syncs of the leader's log for an operation: less than one where several share one. */
    syncsEach: number | null;
    /** Mean sync of the followers' logs. */
    followersFsyncNs: number | null;
    /** Mean commit of what was applied to the leader's files. */
    commitNs: number | null;
    /** The share of the time in which it did that. */
    commitShare: number | null;
    leaderChanges: number;
    slowApplies: number;
  };
  /** Why some servers could not be asked. */
  unread?: string;
}

/** A target, judged for one store. */
export interface TargetVerdict {
  target: TargetRecord;
  store: string;
  /** Id of the benchmark, `store/name`. */
  benchmark: string;
  operation: Operation | null;
  /** Whether the benchmark was in the plan: what a filter left out is counted nowhere. */
  planned: boolean;
  /** Runs that the estimate comes from. */
  runs: number;
  verdict: Verdict;
  /** Why it is inconclusive, as a clause without a period; else `null`. */
  reason: string | null;
  estimate: Estimate | null;
  /** The value that has no interval, as in {@linkcode MetricEstimate}. */
  point?: number;
  /** Measured value / bound, with the interval's ends. */
  factor: Range | null;
  /** How many times better than the bound: the factor for `atLeast`, its inverse for `atMost`. */
  margin: Range | null;
}

/** How long an operation takes in one store, as a multiple of another's. */
export interface StoreRatio {
  /** Name of the benchmark in the suite. */
  name: string;
  operation: Operation;
  /** `mean` (of throughput and latency benchmarks alike), or a quantile. */
  metric: MetricName;
  kind: BenchmarkRecord["kind"];
  store: string;
  /** The store it is held against. */
  base: string;
  /** Time in `store` / time in `base`. */
  ratio: Estimate;
  /** The pairs of processes that it comes from; absent where the two were measured apart. */
  pairing?: RatioPairing;
}

/** The pairs of processes that a ratio comes from, whose two sides took turns. */
export interface RatioPairing {
  pairs: number;
  /** Spread between pairs, as a fraction, by the scale of one side's runs. */
  spread: number;
  /** The same were the two sides of a pair not held against each other, of the same turns. */
  unpaired: number;
  /** Of the test that the ratio is 1, alone. */
  p: number;
  /** The same, adjusted for all ratios of the result that have pairs. */
  adjustedP: number;
}

/** What the harness took of a benchmark's time for one operation. */
export interface HarnessShare {
  benchmark: string;
  /** Id of the calibration; `null` where none ran. */
  calibration: string | null;
  /** Whether the calibration's loop was of the same form (synchronous or asynchronous). */
  sameLoop: boolean;
  /** Calibration's time of an operation, ns. */
  floorNs: number | null;
  /** `floorNs` over the benchmark's mean time. */
  share: number | null;
  /**
   * Of a load whose loop is machine code, what JavaScript's takes for an operation of the same
   * calibration, ns, and that over the mean time; absent where that is not known.
   */
  javascriptNs?: number;
  javascriptShare?: number;
  /** Cost of reading the clock once, ns: the median over the runs; latency benchmarks only. */
  clockNs: number | null;
  /** Smallest step of the clock, ns: the median over the runs; latency benchmarks only. */
  clockStepNs: number | null;
  /** `clockNs` over the benchmark's mean time. */
  clockShare: number | null;
  /** What a call into native code takes that does nothing there, ns: the median over the runs. */
  crossingNs: number | null;
  /** `crossingNs` over the benchmark's mean time. */
  crossingShare: number | null;
}

/** A value and its interval, or the runs that stand in its place where they differ too much. */
export type ShownRange = Range & Pick<Estimate, "apart">;

/** One line of a comparison. */
export interface ComparisonRow {
  system: string;
  version: string | null;
  operation: OperationWord;
  /** Rate, with its interval where it was measured here. */
  throughput: ShownRange | null;
  /** Mean latency, ns: a measured one with its interval, a published one with its range if any. */
  latency: ShownRange | null;
  /** p99, ns. */
  p99: ShownRange | null;
  durability: string | null;
  network: boolean | null;
  clients: number | null;
  valueBytes: number | null;
  hardware: string | null;
  /** What else the source says of how it was measured. */
  setup: string | null;
  source: string;
  approximate: boolean;
  measuredHere: boolean;
  littlesLaw: LittlesLaw | null;
}

/** Little's law: in a closed loop, clients / throughput is the mean latency. */
export interface LittlesLaw {
  /** clients / throughput, ns. */
  expectedNs: number;
  /** The mean latency that was stated, ns. */
  statedNs: number;
  /** stated / expected. */
  factor: number;
  /** Whether the two are within {@linkcode MOST_LITTLES_LAW_ERROR} of each other. */
  holds: boolean;
}

/** One measured metric held against one published figure. */
export interface EvidenceVerdict {
  store: string;
  benchmark: string;
  metric: MetricName;
  /** Id of the figure that the claim names; `null` of a row that is held against a measured system. */
  figureId: string | null;
  figure: FigureRecord | null;
  /** The figure's number in the metric's unit; a range where the source gives one. */
  published: Range | null;
  /** The figure's system as it was measured in the same session, where the row is held against that. */
  live: { system: string; version: string; store: string; benchmark: string; value: Range } | null;
  /** Whether the claim goes by it: by no published figure of a system that was measured as well. */
  counts: boolean;
  estimate: Estimate | null;
  /** How many times better than the figure: ≥ 1 is at least as good. */
  margin: Range | null;
  outcome: ClaimOutcome;
  /** Why it is inconclusive, as a clause without a period; else `null`. */
  reason: string | null;
}

/** A claim with its evidence. */
export interface ClaimVerdict {
  name: string;
  hypothesis: string;
  outcome: ClaimOutcome;
  evidence: EvidenceVerdict[];
  /** What the evidence cannot show as the suite has it, in whole sentences. */
  limits: string[];
  /** What it cannot show as follows from the figures. */
  remarks: Remark<"figures">[];
}

/** What a finding tells of. */
export type FindingTopic =
  | "targets"
  | "performance"
  | "stores"
  | "servers"
  | "data"
  | "measurement";

/** What of a result a caveat limits the meaning of its numbers by. */
export type CaveatTopic = "environment" | "workload" | "measurement";
