/** What engine and machine are at in this moment. */
import { type KernelNumber, openKernelNumber, TICKS_PER_SECOND } from "../../native/mod.ts";
import type { Store } from "../../store/mod.ts";
import type { Activity } from "./causes.ts";

/** RocksDB's properties that are above 0 while it is at something. */
const PROPERTIES = [
  ["stall", ["rocksdb.is-write-stopped", "rocksdb.actual-delayed-write-rate"]],
  ["flush", ["rocksdb.num-running-flushes"]],
  ["compaction", ["rocksdb.num-running-compactions"]],
] as const satisfies readonly (readonly [Activity, readonly string[]])[];

/** Falls where another memtable takes the place of the one that is written to. */
const ACTIVE_ENTRIES = "rocksdb.num-entries-active-mem-table";

/**
 * Of the time since the last look, the share that the hypervisor has to have taken to be what went on: a
 * look's 20 ms have two of the ticks that it is counted in, and a machine that stood still has not been
 * robbed because a tick of that was.
 */
const STOLEN_SHARE = 1 / 4;

/** Words of `/proc/stat` before what the hypervisor has taken of all processors, in the kernel's ticks. */
const STEAL_PLACE = 8;

/** Looks at what goes on. */
export class Activities implements Disposable {
  readonly #store: Store;
  readonly #stolen: KernelNumber | undefined;
  #steal: number | undefined;
  #stealAt = performance.now();
  /** Entries of the memtable that is written to. */
  #entries: number | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#stolen = openKernelNumber("/proc/stat", STEAL_PLACE);
    this.#steal = this.#stolen?.read();
  }

  [Symbol.dispose](): void {
    this.#stolen?.[Symbol.dispose]();
  }

  /** What goes on, or did since the last look; what is not told is absent. */
  look(): Partial<Record<Activity, boolean>> {
    const states: Partial<Record<Activity, boolean>> = {};
    for (const [activity, names] of PROPERTIES) {
      for (const name of names) {
        const value = this.#store.property(name);
        if (value !== undefined) states[activity] = states[activity] === true || Number(value) > 0;
      }
    }
    const entries = Number(this.#store.property(ACTIVE_ENTRIES) ?? NaN);
    if (!Number.isNaN(entries)) {
      states.memtable = this.#entries !== undefined && entries < this.#entries;
      this.#entries = entries;
    }
    const steal = this.#stolen?.read();
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
