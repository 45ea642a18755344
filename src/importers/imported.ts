/** What every importer makes of one process's output, before it is put together as a result. */
import type {
  LatencyRecord,
  SampleRecord,
  StatedRecord,
  StoreRecord,
  WorkloadRecord,
} from "../result/mod.ts";

/** The output of one process, read. */
export interface Imported {
  /** The tool that measured. */
  tool: string;
  toolVersion: string | null;
  /** Names of the files that were read. */
  files: string[];
  /** When the measuring began, where the output has it. */
  startedAt: Date | null;
  endedAt: Date | null;
  /** When the files were last changed. */
  modified: Date | null;
  environment: KnownEnvironment;
  benchmarks: ImportedBenchmark[];
  /**
   * What was measured, where the output says it: a commit, an environment. Outputs that differ in it
   * are of different things, and are no runs of one.
   */
  subject?: Record<string, string>;
  /** What the output lacks and what was left out, in whole sentences. */
  warnings: string[];
}

/** What a tool says of the machine. */
interface KnownEnvironment {
  os?: string;
  arch?: string;
  cpuModel?: string;
  logicalCpus?: number;
}

/** What a tool says of the store, but for the name that it has in the result. */
export type KnownStore = Pick<
  StoreRecord,
  "engine" | "version" | "library" | "api" | "durability" | "network" | "options"
>;

/** One benchmark of one process: one run. */
export interface ImportedBenchmark {
  /** The tool's own name of it. */
  name: string;
  kind: "throughput" | "latency";
  sampling: "flat" | "linear";
  /** Operations in one iteration. */
  elements: number;
  /** What the sample is of the times that the tool took, where it is not their mean. */
  estimator?: "median";
  /**
   * Under which conditions it was measured, as the output says before it: those that differ in it are
   * no runs of one.
   */
  config?: readonly (readonly [key: string, value: string])[];
  /** What is known of the workload. */
  workload: Partial<WorkloadRecord>;
  samples: SampleRecord[];
  latency?: LatencyRecord;
  stated?: StatedRecord;
  /**
   * The latencies that `stated` sums up, as far as the tool's buckets tell them: it stands in the place
   * of `stated` where several runs have it, since percentiles do not merge, and buckets do.
   */
  buckets?: LatencyRecord;
  /** What is known of the store; its name comes from the caller. */
  store?: KnownStore;
  /** Other figures that the tool printed. */
  properties?: Record<string, string | number>;
}
