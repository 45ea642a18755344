import { processorSeconds, TICKS_PER_SECOND } from "../native/mod.ts";
import type { PressureRecord } from "../result/mod.ts";
import { type FileSource, localFiles } from "./source.ts";

/** Processor time since boot, summed over all processors, in ticks. */
interface CpuTimes {
  /** Spent working for processes and interrupts. */
  busy: number;
  /** Given by the hypervisor to others. */
  steal: number;
  /** Everything, idle time included. */
  total: number;
}

/**
 * Tells what else the machine did between {@linkcode PressureMeter.start} and
 * {@linkcode PressureMeter.stop}. Linux counts processor time in steps of 10 ms, so the shares of a
 * run shorter than a second are rough.
 */
export class PressureMeter {
  readonly #files: FileSource;
  #load1: number | null = null;
  #before: CpuTimes | null = null;
  #selfBefore: number | null = null;

  /** @param files Where `/proc` is read from. */
  constructor(files: FileSource = localFiles) {
    this.#files = files;
  }

  /** Begins. Starting again begins anew. */
  start(): void {
    this.#load1 = readLoad1(this.#files);
    this.#before = readCpuTimes(this.#files);
    this.#selfBefore = cpuSeconds("self", this.#files);
  }

  /**
   * Ends, and tells what was. This process's own time counts as measuring, not as others'.
   *
   * @param childSeconds Processor time (user and system) that the run's own process has used; 0
   * where the run was in this process; `null` where it is not known, and `busyOthers` then neither.
   */
  stop(childSeconds: number | null): PressureRecord {
    const before = this.#before;
    const after = readCpuTimes(this.#files);
    const self = cpuSeconds("self", this.#files);
    const total = before && after ? after.total - before.total : 0;
    if (!before || !after || total <= 0) {
      return { load1: this.#load1, steal: null, busyOthers: null };
    }
    // Several processors' counters are not read in the same instant, so a share may come out at
    // minus a tick.
    const share = (ticks: number) => Math.min(1, Math.max(0, ticks / total));
    const known = childSeconds !== null && self !== null && this.#selfBefore !== null;
    const own = known ? (childSeconds + self - this.#selfBefore!) * TICKS_PER_SECOND : 0;
    return {
      load1: this.#load1,
      steal: share(after.steal - before.steal),
      busyOthers: known ? share(after.busy - before.busy - own) : null,
    };
  }
}

/**
 * Processor time (user and system) that a process has used so far, or `null` where it cannot be
 * found out, as when the process has ended.
 *
 * @param pid The process.
 * @param files Where `/proc` is read from.
 */
export function cpuSeconds(pid: number | "self", files: FileSource = localFiles): number | null {
  return processorSeconds(files.read(`/proc/${pid}/stat`));
}

/** The load average of the last minute, or `null`. */
function readLoad1(files: FileSource): number | null {
  const load = parseFloat(files.read("/proc/loadavg") ?? "");
  return Number.isFinite(load) ? load : null;
}

/** The first line of `/proc/stat`, proc_stat(5). Guests' time is within `user` and `nice`. */
function readCpuTimes(files: FileSource): CpuTimes | null {
  const line = files.read("/proc/stat")?.match(/^cpu\s+(.+)$/m)?.[1];
  if (line === undefined) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    line.split(/\s+/).map(Number);
  const busy = user + nice + system + irq + softirq;
  return { busy, steal, total: busy + idle + iowait + steal };
}
