import type { JournalWriter, LookRecord, PlanLine, Result } from "../result/mod.ts";
import type { DataDirectory } from "./directory.ts";
import type { BenchEvents } from "./events.ts";
import type { LanePlace } from "./places.ts";
import type { Look } from "./until_sure.ts";
import type { Plugins } from "./plugins.ts";
import type { Trees } from "./trees.ts";
import type { World } from "./world.ts";

/** A plan under way. */
export interface Lane extends LanePlace {
  writer: JournalWriter;
  plan: PlanLine;
  /** The runs that an earlier session measured. */
  before: Result["runs"];
  /** The turns of several stores that it had. */
  ratiosBefore?: Result["ratios"];
  /** The instructions that it counted. */
  countsBefore?: Result["counts"];
  /** The looks so far, of a bench that goes on until it is sure; they grow as it goes. */
  looks: LookRecord[];
  /** The engine's library to load, where not the one that is found. */
  library?: string | undefined;
  /** The files of the stores that are plug-ins. */
  plugins?: Plugins | undefined;
}

/** What measuring has at hand. */
export interface Measuring {
  lanes: readonly Lane[];
  data: DataDirectory;
  /** The group of bounded memory that runs are in, by its folder. @default none */
  memoryGroup?: string | undefined;
  /** What runs of loads begin with. */
  trees: Trees;
  events: BenchEvents;
  /** Ends it; what was measured is kept. */
  signal: AbortSignal;
  /** How long a run may go without progress, ms. @default from its plan */
  runLimitMs?: number | undefined;
  /** Looks whether it is sure; needed where the plan says that it goes on until then. */
  look?: Look | undefined;
  /** How long earlier sessions have measured, ms, and when this one began. @default not at all, and now */
  spentMs?: number;
  begunAt?: string;
  world: World;
}
