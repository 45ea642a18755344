/** What engine and machine are at in this moment. */
import { isKernelPath, readKernelFile, TICKS_PER_SECOND } from "../../native/mod.ts";
import type { Store } from "../../store/mod.ts";
import type { Activity } from "./causes.ts";

/** RocksDB's properties that are above 0 while it is at something. */
const PROPERTIES = {
  stall: ["rocksdb.is-write-stopped", "rocksdb.actual-delayed-write-rate"],
  flush: ["rocksdb.num-running-flushes"],
  compaction: ["rocksdb.num-running-compactions"],
} as const satisfies Partial<Record<Activity, readonly string[]>>;

/** Falls where another memtable takes the place of the one that is written to. */
const ACTIVE_ENTRIES = "rocksdb.num-entries-active-mem-table";

/**
 * Of the time since the last look, the share that the hypervisor has to have taken to be what went on: a
 * look's 20 ms have two of the ticks that it is counted in, and a machine that stood still has not been
 * robbed because a tick of that was.
 */
const STOLEN_SHARE = 1 / 4;

/** Looks at what goes on. */
export class Activities {
  readonly #store: Store;
  #steal: number | undefined;
  #stealAt = performance.now();
  /** Entries of the memtable that is written to. */
  #entries: number | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#steal = readSteal();
  }

  /** What goes on, or did since the last look; what is not told is absent. */
  look(): Partial<Record<Activity, boolean>> {
    const states: Partial<Record<Activity, boolean>> = {};
    for (const [activity, names] of Object.entries(PROPERTIES)) {
      const values = names.flatMap((name) => this.#store.property(name) ?? []);
      if (values.length > 0) {
        states[activity as Activity] = values.some((value) => Number(value) > 0);
      }
    }
    const entries = Number(this.#store.property(ACTIVE_ENTRIES) ?? NaN);
    if (!Number.isNaN(entries)) {
      states.memtable = this.#entries !== undefined && entries < this.#entries;
      this.#entries = entries;
    }
    const steal = readSteal();
    const now = performance.now();
    if (steal !== undefined && this.#steal !== undefined) {
      const seconds = (steal - this.#steal) / TICKS_PER_SECOND;
      states.steal = seconds > 0 && seconds * 1000 >= STOLEN_SHARE * (now - this.#stealAt);
    }
    this.#steal = steal;
    this.#stealAt = now;
    return states;
  }
}

/** What the hypervisor has taken of all processors since the machine's start, in the kernel's ticks. */
function readSteal(): number | undefined {
  const text = isKernelPath("/proc") ? readKernelFile("/proc/stat") : null;
  const steal = Number(/^cpu +(?:\d+ ){7}(\d+)/.exec(text ?? "")?.[1]);
  return Number.isNaN(steal) ? undefined : steal;
}
