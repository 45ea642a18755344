/** What a run's process is told, and the line by which it closes. Both travel as JSON. */
import type { MeasurePlan, Warmup } from "../measure/mod.ts";
import type { RunRecord } from "../result/mod.ts";
import type { StoreSettings } from "../store/mod.ts";

/** One run, as its process is given it. */
export interface RunSpec {
  /** The store's name. */
  store: string;
  /** Where the database is to be; nothing is there yet. */
  database: string;
  options: StoreSettings;
  /** The engine's library to load, where not the one that is found. */
  library?: string;
  measure: MeasurePlan;
}

/** A process's last line: what is known when the last sample has been taken. */
export interface ClosingLine {
  kind: "closing";
  warmup: Warmup;
  /** What the engine said of itself. */
  facts: RunRecord["facts"];
  properties: RunRecord["properties"];
  /** Largest resident memory of the process, bytes. */
  peakRssBytes: number;
  /** Processor time of the process, s. */
  cpuSeconds: number;
}

/** A process's last line where it failed. */
export interface FailureLine {
  kind: "failure";
  /** One line: what, where. */
  message: string;
}
