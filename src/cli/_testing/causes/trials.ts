/** A load for each cause of slow operations, and what is done to it so that it has that cause. */
import type { RunSpec } from "../../../run/spec.ts";
import type { SlowCause } from "../../../result/mod.ts";
import { joinWords } from "../../../format/mod.ts";
import type { ClientGroup, LoadSpec, OperationMix, Pace } from "../../../workload/mod.ts";
import {
  can,
  canFreeze,
  type Disturbance,
  freezing,
  spinning,
  stopping,
  syncing,
} from "./disturb.ts";

/** The process that is disturbed. */
export interface Disturbed {
  process: Deno.ChildProcess;
  /** A folder on the file system of its database. */
  folder: string;
}

/** A cause that is injected. */
export interface Trial {
  name: string;
  /** What is done, as a clause. */
  injected: string;
  /** Any of these is what the table is to name. */
  causes: readonly SlowCause[];
  /** Why it is none for real, where it is none. */
  standIn?: string;
  options: RunSpec["options"];
  load: LoadSpec;
  v8Flags?: string;
  /** Whether what the kernel tells of its processors' time is a file of the trial's own. */
  ownStat?: boolean;
  /** Whether others are to have its processor as well: it is not put before them then. */
  sharesProcessor?: boolean;
  /** Why it cannot be injected here. */
  missing?(): Promise<string | undefined>;
  /** Begins what disturbs it from outside, if anything does. */
  disturb?(disturbed: Disturbed): Promise<Disturbance> | Disturbance;
}

const CLOSED: Pace = { loop: "closed" };
const paced = (rate: number): Pace => ({ loop: "open", arrivals: "constant", rate });

function group(mix: OperationMix, pace: Pace, change: Partial<ClientGroup> = {}): ClientGroup {
  return {
    clients: 1,
    mix,
    keyDistribution: { kind: "uniform" },
    scanLength: { kind: "fixed", size: 20 },
    batchKeys: 4,
    pace,
    counted: true,
    ...change,
  };
}

function load(groups: ClientGroup[], change: Partial<LoadSpec> = {}): LoadSpec {
  return {
    keys: 20_000,
    filled: true,
    keyForm: "numbered",
    valueSize: { kind: "fixed", size: 1024 },
    compressibility: 0.5,
    groups,
    ...change,
  };
}

/** Nothing is flushed or compacted in a trial of these. */
const AT_REST = { wal: "buffered", writeBufferBytes: 64 * 1024 * 1024 } as const;

/** The file of a trial that has one of its own for what the kernel tells of its processors' time. */
export const statFile = (folder: string) => `${folder}/stat`;

/** What the kernel would tell had it been robbed of so many ticks of a hundredth second. */
export const statText = (ticks: number) => `cpu  0 0 0 0 0 0 0 ${Math.round(ticks)} 0 0\n`;

/** One for each cause that the table of slow operations has. */
export const TRIALS: readonly Trial[] = [
  {
    name: "generator",
    injected:
      "the client's thread alone is frozen for 10 ms, 20 times a second, between operations",
    causes: ["generator"],
    options: AT_REST,
    load: load([group({ get: 1 }, paced(2000))]),
    async missing() {
      return await canFreeze() ? undefined : "no freezer of cgroup v1 that may be written to";
    },
    disturb: ({ process }) => freezing(process.pid, 10, 40),
  },
  {
    name: "run queue",
    injected: "4 programs spin on the client's processor",
    causes: ["runQueue"],
    options: AT_REST,
    load: load([group({ scan: 1 }, CLOSED)]),
    sharesProcessor: true,
    disturb: ({ process }) => spinning(process.pid, 4),
  },
  {
    name: "stall",
    injected: "the engine delays writes from 4 files of level 0 on, to 0.5 MB/s, of 2 MB/s",
    causes: ["stall"],
    options: {
      wal: "buffered",
      writeBufferBytes: 1024 * 1024,
      engineOptions: "level0_file_num_compaction_trigger=4;level0_slowdown_writes_trigger=4;" +
        "level0_stop_writes_trigger=8;delayed_write_rate=500000",
    },
    load: load([group({ update: 1 }, paced(2000))]),
  },
  {
    name: "fsync",
    injected: "each write is synced, and another program syncs 16 MiB again and again beside",
    causes: ["fsync"],
    options: { wal: "synced", writeBufferBytes: 64 * 1024 * 1024 },
    load: load([group({ update: 1 }, CLOSED)]),
    disturb: ({ folder }) => syncing(folder, 300, 700),
  },
  {
    name: "memtable or flush",
    injected: "memtables of 16 MiB that each begin with a filter of 4 MiB, filled in half a second",
    causes: ["memtable", "flush"],
    options: {
      wal: "off",
      compression: "none",
      writeBufferBytes: 16 * 1024 * 1024,
      engineOptions: "memtable_prefix_bloom_size_ratio=0.25;memtable_whole_key_filtering=true;" +
        "level0_file_num_compaction_trigger=1000;level0_slowdown_writes_trigger=1000;" +
        "level0_stop_writes_trigger=1000;max_write_buffer_number=8",
    },
    load: load([group({ update: 1 }, paced(500))], {
      keys: 500,
      valueSize: { kind: "fixed", size: 64 * 1024 },
    }),
  },
  {
    name: "compaction",
    injected:
      "values of 4 KiB are written beside, files merged from 2 on by one thread, past the page cache",
    causes: ["compaction"],
    options: {
      wal: "off",
      directIo: true,
      compression: "none",
      blockCacheBytes: 1024 * 1024,
      writeBufferBytes: 12 * 1024 * 1024,
      engineOptions: "level0_file_num_compaction_trigger=2;max_background_compactions=1",
    },
    load: load([
      group({ get: 1 }, paced(1000)),
      group({ update: 1 }, paced(3000), { counted: false }),
    ], { valueSize: { kind: "fixed", size: 4096 } }),
  },
  {
    name: "collection",
    injected:
      "scans make cursors, V8 has 1 MiB for what is young, and collects all of its heap each time",
    causes: ["collection"],
    options: AT_REST,
    load: load([group({ scan: 1 }, paced(4000))]),
    v8Flags: "--min-semi-space-size=1,--max-semi-space-size=1,--gc-global",
  },
  {
    name: "hiccup",
    injected: "all of the process is stopped for 20 ms, 5 times a second, also what only sleeps",
    causes: ["hiccup"],
    options: AT_REST,
    load: load([group({ get: 1 }, paced(2000))]),
    disturb: ({ process }) => stopping(process, 20, 180),
  },
  {
    name: "steal",
    injected:
      "the process is stopped for 20 ms, 5 times a second, while its kernel's count of stolen time grows",
    causes: ["steal"],
    standIn:
      "the stops are real and the count is the trial's own: no guest has a hypervisor to command",
    options: AT_REST,
    load: load([group({ get: 1 }, paced(2000))]),
    ownStat: true,
    async missing() {
      return await can("unshare -m true")
        ? undefined
        : "no mount namespace of its own without root";
    },
    disturb({ process, folder }) {
      let ticks = 0;
      return stopping(process, 20, 180, (ms) => {
        ticks += ms / 10;
        Deno.writeTextFileSync(statFile(folder), statText(ticks));
      });
    },
  },
  {
    name: "unknown",
    injected: "the client's thread alone is frozen for 10 ms, 20 times a second, in long scans",
    causes: ["unknown"],
    options: AT_REST,
    load: load([group({ scan: 1 }, CLOSED, { scanLength: { kind: "fixed", size: 5000 } })]),
    async missing() {
      return await canFreeze() ? undefined : "no freezer of cgroup v1 that may be written to";
    },
    disturb: ({ process }) => freezing(process.pid, 10, 40),
  },
];

/**
 * How trials are scheduled, in a sentence: what they find is to be read by it.
 *
 * @param trials Those that are run.
 * @param first Whether they can be put before all others here.
 */
export function priorityInWords(trials: readonly Trial[], first: boolean): string {
  if (!first) {
    return "Trials run at ordinary priority, since none at real time can be had here (chrt --rr): " +
      "what else runs here can slow them, and be found in the injected cause's place";
  }
  const names = trials.filter(({ sharesProcessor }) => sharesProcessor).map(({ name }) => name);
  if (names.length === trials.length) {
    return "Trials run at ordinary priority, since they are to share their processor";
  }
  return "Trials run at real-time priority (chrt --rr), before all else here that has none" +
    (names.length === 0 ? "" : `, but for ${joinWords(names)}, to share the processor`);
}
