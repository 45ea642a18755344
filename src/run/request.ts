/** What is asked of a bench. */
import type {
  ControlRecord,
  InterleavedRecord,
  MemoryRecord,
  ProfileRecord,
  VariantRecord,
} from "../result/mod.ts";
import type { StoreSettings } from "../store/mod.ts";
import type { Suite, Variant } from "../suite/mod.ts";
import type { Role } from "./places.ts";
import type { PluginPlace, Plugins } from "./plugins.ts";
import type { Look } from "./until_sure.ts";

/** What to bench. */
export interface BenchRequest {
  suite: Suite;
  profile: ProfileRecord;
  /**
   * Whether every benchmark has as many runs as the profile says, whatever its suite asks for.
   * @default those that the suite asks more for have more
   */
  sameRuns?: boolean | undefined;
  /** Stores, in the report's order; each can be opened here. */
  stores: readonly string[];
  /** The files of those that are plug-ins. @default none */
  plugins?: Plugins | undefined;
  /**
   * Options with which each store is measured, one after the other in every round, instead of once as
   * `storeOptions` say. @default none
   */
  variants?: readonly Variant[] | undefined;
  /**
   * The variants that take turns, by name: those of a list play together, several live processes at
   * once. One in several lists has a run with each. @default none does
   */
  together?: readonly (readonly string[])[] | undefined;
  /** A pinned reference that is measured in duet with each store, beside everything else. */
  control?: Control | undefined;
  /** Text that a benchmark's id must contain. */
  filter?: string | undefined;
  /** Sampling of all benchmarks, where not the suite's own. */
  sampling?: "flat" | "linear" | undefined;
  storeOptions: StoreSettings;
  /** How the memory is bounded that runs have. @default it is not */
  memory?: MemoryRecord | undefined;
  /** How long a run may go without progress, ms; `Infinity` for ever. @default from its plan */
  runLimitMs?: number | undefined;
  /** Determines the order of the runs, the values and, later, the resamples. */
  seed: number;
  /** A second variant, whose runs are mixed with those of the first; none of a plain bench. */
  other?: OtherSide | undefined;
  /** The bench's directory: absent or empty. */
  directory: string;
  /** Where databases are made: absent or empty. @default `data` in the bench's directory */
  dataDirectory?: string | undefined;
  /**
   * Where what loads begin with is kept for other benches, which begin with the same: there, and on the
   * file system of the databases. @default for this bench alone
   */
  treesDirectory?: string | undefined;
  /**
   * By what the instructions of its benchmarks are counted beforehand: valgrind's name and version.
   * @default they are not
   */
  counting?: string | undefined;
  /** Whether it goes on after its planned runs. @default it does not */
  untilSure?: { atMostMs: number; look: Look } | undefined;
  /** The command line, to be recorded. */
  command: readonly string[];
  /** What was noticed before, to be recorded. */
  warnings: readonly string[];
  /** Tidemark's version. */
  version: string;
}

/** The second variant of an interleaved bench: what is another in it than in the first. */
export interface OtherSide {
  /** Which side it is: the candidate of a base, or the base, which is the old one. @default candidate */
  role?: Role | undefined;
  stores?: readonly string[] | undefined;
  storeOptions?: StoreSettings | undefined;
  /** The files of those of its stores that are plug-ins. @default the first's */
  plugins?: Plugins | undefined;
  /** Its engine's library, where it is another. */
  library?: string | undefined;
  /** The same in words, to be recorded; empty where nothing differs. */
  differs: InterleavedRecord["differs"];
}

/** A pinned reference. */
export interface Control {
  /** The one store that all are held against. @default each against itself */
  store?: string | undefined;
  /** What is another in it than in the bench's stores. */
  options: VariantRecord;
  /** The same in words, to be recorded. */
  differs: ControlRecord["differs"];
}

/** What to go on with. */
export interface ResumeRequest {
  /** The bench's directory. */
  directory: string;
  /** Where databases are made, if it was named in the first place. */
  dataDirectory?: string | undefined;
  /** The file of the library that one side has to itself, if it has: no directory says what to load. */
  library?: string | undefined;
  /** The files of its plug-ins, if it has any: known by their digests. @default none */
  plugins?: readonly PluginPlace[] | undefined;
  /** Looks whether it is sure; needed where the bench goes on until then. */
  look?: Look | undefined;
  /** How long a run may go without progress, ms; `Infinity` for ever. @default from its plan */
  runLimitMs?: number | undefined;
  /** The command line, to be recorded. */
  command: readonly string[];
  /** Tidemark's version. */
  version: string;
}
