/** What a run's process is told, and the lines that are the process's alone. All travel as JSON. */
import type { LoadPlan, MeasurePlan, Turn, Warmup } from "../measure/mod.ts";
import type { RunRecord } from "../result/mod.ts";
import type { KnownLibrary, StoreSettings } from "../store/mod.ts";

/** One run, as its process is given it. */
export interface RunSpec {
  /** The store's name. */
  store: string;
  /** Where the database is to be; nothing is there yet. */
  database: string;
  options: StoreSettings;
  /** The engine's library to load, where not the one that is found. */
  library?: string;
  /** What earlier processes have found out of the engines' libraries. @default nothing */
  known?: readonly KnownLibrary[];
  /** Absent of a load. */
  measure?: MeasurePlan;
  load?: LoadPlan;
  /**
   * Where a checkpoint of what the load begins with is to be kept; nothing is there yet. Nothing is
   * measured then.
   */
  keep?: string;
  /** The group of bounded memory that it joins before anything else, by its folder. */
  memoryGroup?: string;
  /** Whether it says every option that the engine was opened with. */
  tellsOptions?: boolean;
  /** Whether it only looks whether the store can be used at all. */
  looks?: boolean;
  /** Whether it works only when it is told to, since another process takes turns with it. */
  inTurns?: boolean;
  /**
   * The fixed batches whose instructions callgrind counts, under which its process runs then; nothing else
   * is measured.
   *
   * `prefix` is where callgrind writes: a folder that is there, and the beginning of a name.
   */
  counts?: { prefix: string; batches: number; operations: number };
  /** Whether it stays when it has been measured, and then takes turns with others. */
  turnsAfter?: boolean;
}

/** What a process that takes turns says when it waits for the first one. */
export interface ReadyLine {
  kind: "ready";
}

/** What it says after each turn. */
export interface TurnLine extends Turn {
  kind: "turn";
}

/** What a process knows of the libraries that it uses, where that is more than it was told. */
export interface LibrariesLine {
  kind: "libraries";
  known: KnownLibrary[];
}

/** A process says in what it is, and that it gets on there. */
export interface DoingLine {
  kind: "doing";
  /** As the end of a sentence: `open`, `the load of 10000 keys`, `put`. */
  what: string;
}

/**
 * A process's last line: what is known when the last sample has been taken. One that takes turns
 * afterwards goes on then, and says it again at its end.
 */
export interface ClosingLine {
  kind: "closing";
  warmup: Warmup;
  /** What the engine said of itself. */
  facts: RunRecord["facts"];
  properties: RunRecord["properties"];
  /** Largest resident memory of the process, bytes. */
  peakRssBytes: number;
  /** Processor time of the process and of the servers that it started, s. */
  cpuSeconds: number;
}

/** A process's last line where it failed. */
export interface FailureLine {
  kind: "failure";
  /** One line: what, where. */
  message: string;
  /** That the store refuses its options, which are the caller's. */
  refused?: boolean;
  /** That the caller has to mend it. */
  usage?: boolean;
}
