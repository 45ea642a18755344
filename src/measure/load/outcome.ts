/** What a run of a load came to, as plain data. Times are ns. */
import type { EngineEvent, readFacts } from "../../store/mod.ts";
import type { LoadOperationName, SlowCause } from "../../workload/mod.ts";
import type { EncodedLatency } from "../latency.ts";
import type { Activity } from "./causes.ts";
import type { CauseBlock } from "./cause_blocks.ts";
import type { PageCacheOutcome } from "./cached_files.ts";
import type { EngineCounts } from "./engine_counts.ts";
import type { EngineEvents } from "./engine_events.ts";
import type { HiccupsOutcome } from "./hiccups.ts";
import type { Spread } from "./histogram.ts";

/** The times of a window's operations. */
export interface Tail {
  p50: number;
  p99: number;
  p999: number;
  max: number;
}

/** A stretch of the measured time. */
export interface LoadWindow {
  /** When it began, after the first one did. */
  atNs: number;
  ns: number;
  /** Operations of the measured clients that ended in it. */
  operations: number;
  /** `null` where none ended. */
  service: Tail | null;
  /** With a schedule only. */
  response?: Tail | null;
  /** The response had the clients never been late; with a schedule only. */
  unhindered?: Tail | null;
  /** Operations that began late since the client's one before was not over; with a schedule only. */
  queued?: number;
  /** Bytes of keys and values that were put in it. */
  bytesPut: number;
  /** Resident memory of the process at its end, bytes. */
  rssBytes: number;
  /** What the engine said of itself at its end. */
  facts: ReturnType<typeof readFacts>["facts"];
  /** What was written and read since the measuring began. */
  counts: EngineCounts;
  /** What the engine told since then; absent where it tells no events. */
  events?: EngineEvents;
  /** Response times with a schedule, else service times, in few numbers; `null` where there are none. */
  spread: Spread | null;
  /** The slowest of the slow operations that were noted in it, the slowest first. */
  slow: SlowWindow;
  /** For what share of it each activity went on; what is not known is absent. */
  on: Partial<Record<Activity, number>>;
  /** The longest of what had ended in the background since the window before; absent where nothing tells. */
  background?: {
    kind: Exclude<EngineEvent["kind"], "lost">;
    /** When it began, after the measuring did; what was before that is left out. */
    atNs: number;
    ns: number;
    /** That it wrote; 0 where that is not known. */
    bytes: number;
    levels?: CompactionLevels;
  }[];
}

/** The first level that a compaction took files of, and the one that it wrote to. */
export type CompactionLevels = NonNullable<EngineEvent["levels"]>;

/** Compactions of the same levels. */
export interface CompactionSum {
  levels: CompactionLevels;
  count: number;
  /** That they wrote, and what they took together. */
  bytes: number;
  ns: number;
  /** Slow operations that are put down to a compaction and overlapped one of these, each the largest. */
  operations: number;
}

/** Slow operations of a window; they may have begun before it. */
export type SlowWindow = Pick<SlowOutcome["slowest"][number], "atNs" | "ns" | "cause">[];

/**
 * How a run came to hold what its load begins with. `own`: it loaded that itself, as the only run. Of
 * several runs, `checkpoint`: one load was kept, and all begin with it; `noCheckpoint` and `inMemory`:
 * each loaded it again, since the store keeps no checkpoints, or since the shape has what is newest in
 * memory, which none keeps.
 */
export type LoadBegins = "own" | "checkpoint" | "noCheckpoint" | "inMemory";

/** What a client did. */
export interface ClientShare {
  /** Place of its group in the load. */
  group: number;
  /** Whether it is what is measured. */
  counted: boolean;
  operations: number;
  /** Whether machine code of ours ran its loop; absent where JavaScript did. */
  native?: boolean;
}

/**
 * Why operations were slow: of the measured clients, those that took longer than the p99.9 of the
 * window before (in the first window, of the warm-up), their client's own lateness with it.
 */
export interface SlowOutcome {
  /** How many there were. */
  operations: number;
  /**
   * How many of them each cause has, for what share of the time it went on anyway, and during how many
   * of these a thread that only sleeps was held up as well; absent where there was none.
   */
  causes: { cause: SlowCause; operations: number; share: number | null; held?: number }[];
  /** What that thread saw. */
  hiccups?: HiccupsOutcome;
  /** Compactions by their levels; absent where nothing tells of them. */
  compactions?: CompactionSum[];
  /** The slowest of them, the slowest first. */
  slowest: {
    /** When it began, after the measuring did. */
    atNs: number;
    ns: number;
    operation: LoadOperationName;
    /** The client's place among all. */
    client: number;
    cause: SlowCause;
  }[];
  /** The measured time in equal parts, in order: what went on where operations were slow, and where not. */
  blocks?: CauseBlock[];
}

/** Everything of the measured time but its windows and service times. */
export interface LoadOutcome {
  /** How long it was. */
  ns: number;
  /** Mean service time; `null` where no operation ended. */
  meanNs: number | null;
  /** Of a store that does nothing, by JavaScript's loop where machine code's was measured. */
  javascriptNs?: number;
  clients: ClientShare[];
  /** Service times by operation, of those that there were. */
  operations: (EncodedLatency & { operation: LoadOperationName })[];
  /** From the intended begin; with a schedule only, as what follows. */
  response?: EncodedLatency;
  /** How long clients took to begin when they could have. */
  lateness?: EncodedLatency;
  /** The response had the clients never been late. */
  unhindered?: EncodedLatency;
  /** Operations that began late since the client's one before was not over. */
  queued?: number;
  /** Operations that were to begin and did not before the end. */
  unstarted?: number;
  /** Reads that found nothing where they rightly may. */
  missed: number;
  /** Compare-and-swaps that another client's change refused; absent where there are none at all. */
  conflicts?: number;
  /** Bytes of keys and values that all clients put. */
  bytesPut: number;
  /** Bytes of values that were read. */
  bytesRead: number;
  keysRead: number;
  slow: SlowOutcome;
  /** What process and engine wrote and read meanwhile. */
  counts: EngineCounts;
  /** What the engine told that it did meanwhile; absent where it tells no events. */
  events?: EngineEvents;
  /** How multi-gets were done: by a call of the engine's own, or by gets one after the other. */
  multiGet?: "call" | "gets";
  /** What of its files was in the page cache; absent where it has none, or the kernel does not tell. */
  pageCache?: PageCacheOutcome;
  /** How the store came to hold it; absent where the load begins with an empty store. */
  begins?: LoadBegins;
  /** Whether each client was an operation in flight, all of one thread; absent of threads. */
  inFlight?: boolean;
  /** False where the engine was still at work when the clients began, though it was to be at rest. */
  atRest: boolean;
}
