import type { JournalWriter, PlanLine, Result } from "../result/mod.ts";
import type { DataDirectory } from "./directory.ts";
import type { BenchEvents } from "./events.ts";
import type { LanePlace } from "./places.ts";
import type { Plugins } from "./plugins.ts";
import type { World } from "./world.ts";

/** A plan under way. */
export interface Lane extends LanePlace {
  writer: JournalWriter;
  plan: PlanLine;
  /** The runs that an earlier session measured. */
  before: Result["runs"];
  /** The turns of several stores that it had. */
  ratiosBefore?: Result["ratios"];
  /** The engine's library to load, where not the one that is found. */
  library?: string | undefined;
  /** The files of the stores that are plug-ins. */
  plugins?: Plugins | undefined;
}

/** What measuring has at hand. */
export interface Measuring {
  lanes: readonly Lane[];
  data: DataDirectory;
  events: BenchEvents;
  /** Ends it; what was measured is kept. */
  signal: AbortSignal;
  /** How long a run may go without progress, ms. @default from its plan */
  runLimitMs?: number | undefined;
  world: World;
}
