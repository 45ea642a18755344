/**
 * What a thread did, beside the time that went by meanwhile: witnesses to what changed where the clock
 * cannot settle it. All are read at the borders of what they are of, and nothing in between.
 */
import { threadClock } from "./clock.ts";
import { readKernelFile } from "./kernel_files.ts";
import { openLibc } from "./libc.ts";

/** What was counted; what this machine does not count is absent. */
export interface Counts {
  /** Processor time of the thread, ns. */
  cpuNs?: number;
  /** Instructions of the thread outside the kernel. */
  instructions?: number;
  /** Its misses of the last cache, likewise. */
  cacheMisses?: number;
}

/** Counts what the thread does that made it. */
export interface Witness {
  /** Counts from now on. */
  begin(): void;
  /** What was counted since then. */
  end(): Counts;
  /** Why something is not counted, as a clause, by its name. */
  readonly missing: Readonly<Record<string, string>>;
}

/** What the processor counts, by its number among the kernel's generalized hardware events. */
const HARDWARE = { instructions: 1, cacheMisses: 3 } as const;

/**
 * A witness of this thread: its processor time, which everywhere has, and what the processor counts of
 * it where the kernel gives that away.
 *
 * @throws {Error} Where there is no C library.
 */
export function threadWitness(): Witness {
  const cpu = threadClock();
  const counters: [name: keyof typeof HARDWARE, read: () => number][] = [];
  const missing: Record<string, string> = {};
  for (const [name, event] of Object.entries(HARDWARE)) {
    const opened = openCounter(event);
    if (typeof opened === "string") missing[name] = opened;
    else counters.push([name as keyof typeof HARDWARE, opened]);
  }
  const before = new Float64Array(counters.length);
  let began = 0;
  return {
    missing,
    // The clock is the inner one: what reading the counters takes is none of its time.
    begin() {
      counters.forEach(([, read], at) => before[at] = read());
      began = cpu.now();
    },
    end() {
      const counts: Counts = { cpuNs: cpu.now() - began };
      counters.forEach(([name, read], at) => {
        const count = read() - before[at]!;
        // Where others take the counter away in between there is none.
        if (Number.isFinite(count)) counts[name] = count;
      });
      return counts;
    },
  };
}

const SYMBOLS = {
  syscall: { parameters: ["i64", "buffer", "i32", "i32", "i32", "u64"], result: "i64" },
  read: { parameters: ["i32", "buffer", "u64"], result: "i64" },
  __errno_location: { parameters: [], result: "pointer" },
} as const;

/** perf_event_open's number among the kernel's calls. */
const PERF_EVENT_OPEN = { x86_64: 298n, aarch64: 241n } as const;
/** The size of `struct perf_event_attr` in its first version, which every kernel takes. */
const ATTRIBUTE_BYTES = 64;
/** linux/perf_event.h: tell for how long it was counted, too. */
const TIME_ENABLED = 1n;
const TIME_RUNNING = 2n;
/** linux/perf_event.h, bits of the flags: nothing of the kernel's, and of what is below it. */
const EXCLUDE_KERNEL = 1n << 5n;
const EXCLUDE_HYPERVISOR = 1n << 6n;
/** linux/perf_event.h: closed in programs that this one starts. */
const CLOSE_ON_EXEC = 8n;
const EPERM = 1;
const ENOENT = 2;
const EACCES = 13;
const ENODEV = 19;
const ENOSYS = 38;
const EOPNOTSUPP = 95;
/** How much the kernel gives away of its counters; above 2 it keeps them to itself. */
const PARANOID = "/proc/sys/kernel/perf_event_paranoid";

/**
 * Opens a counter of this thread's, until the process ends.
 *
 * @returns What reads it, NaN where it did not count all of the time; or why there is none.
 */
function openCounter(event: number): (() => number) | string {
  const { os, arch } = Deno.build;
  if (os !== "linux") return "it is counted on Linux alone";
  const { symbols } = openLibc(SYMBOLS);
  const attribute = new DataView(new ArrayBuffer(ATTRIBUTE_BYTES));
  // PERF_TYPE_HARDWARE is 0.
  attribute.setUint32(4, ATTRIBUTE_BYTES, true);
  attribute.setBigUint64(8, BigInt(event), true);
  attribute.setBigUint64(32, TIME_ENABLED | TIME_RUNNING, true);
  attribute.setBigUint64(40, EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR, true);
  const bytes = new Uint8Array(attribute.buffer);
  const file = Number(symbols.syscall(PERF_EVENT_OPEN[arch], bytes, 0, -1, -1, CLOSE_ON_EXEC));
  if (file < 0) return whyNone(errorNumber(symbols.__errno_location()));
  const words = new BigUint64Array(3);
  const read = () => {
    if (symbols.read(file, words, 24n) !== 24n) return NaN;
    const [count, enabled, running] = words as unknown as [bigint, bigint, bigint];
    return running === enabled ? Number(count) : NaN;
  };
  return read;
}

function errorNumber(pointer: Deno.PointerValue): number {
  return pointer === null ? 0 : new Deno.UnsafePointerView(pointer).getInt32();
}

/** Why the kernel opens no counter. */
function whyNone(error: number): string {
  if (error === ENOENT || error === EOPNOTSUPP || error === ENODEV) {
    return "this machine shows no counters of its processor, as most virtual ones do";
  }
  if (error === ENOSYS) return "this kernel has no performance events";
  if (error === EPERM || error === EACCES) {
    const paranoid = readKernelFile(PARANOID)?.trim();
    return paranoid === undefined
      ? "the kernel does not allow it"
      : `the kernel does not allow it (kernel.perf_event_paranoid is ${paranoid}, and 2 would do)`;
  }
  return `the kernel opens no counter (error ${error})`;
}
