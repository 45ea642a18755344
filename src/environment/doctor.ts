import type { EnvironmentRecord, PressureRecord } from "./record.ts";

/** Something about the machine that a measurement suffers from, or that could not be found out. */
export interface Finding {
  /** What was examined, e.g. `governor`; the same in every version. */
  id: string;
  /**
   * `warn`: figures move by more than a few per cent, or do not mean what they seem to, and it can be
   * mended. `info`: to be known when figures are compared, or could not be found out.
   */
  severity: "warn" | "info";
  /** What is so, in a sentence. */
  what: string;
  /** Why it matters to a measurement, in a sentence. */
  why: string;
  /** How to mend it: a command, or a sentence. */
  mend: string;
}

const GIB = 2 ** 30;

/** Room for 400,000 values of 1 KiB, and for a compaction's second copy of them. */
const MIN_FREE_BYTES = 1 * GIB;
/** Below this a file system spends time on looking for space, and an SSD on making some. */
const LOW_FREE_BYTES = 5 * GIB;
/** A processor taken away for 1 % of the time makes every p99 a measurement of the neighbours. */
const MAX_STEAL = 0.01;
/** The share above which a report also warns of the harness's own cost. */
const MAX_BUSY_OTHERS = 0.05;
/** With half of the processors in use, the engine's background threads begin to wait for one. */
const MAX_LOAD_PER_PROCESSOR = 0.5;

const IN_MEMORY: ReadonlySet<string> = new Set(["tmpfs", "ramfs"]);
const NETWORK = /^(nfs|cifs|smb|9p|virtiofs|ceph|gluster|lustre|afs)/;
/** Sources of time that are read without a system call. */
const FAST_CLOCKS: ReadonlySet<string> = new Set(["tsc", "arch_sys_counter"]);
const FAST_VIRTUAL_CLOCKS: ReadonlySet<string> = new Set([
  "kvm-clock",
  "hyperv_clocksource_tsc_page",
]);

/**
 * Says what makes a machine unfit to measure on, and how to mend it: the worst first, otherwise in a
 * fixed order. What could not be found out is said as such, and is never taken for fine.
 *
 * @param environment What the machine is.
 * @param pressure What else it does, where that was measured.
 */
export function examine(environment: EnvironmentRecord, pressure?: PressureRecord): Finding[] {
  const findings = [
    examinePermissions(environment),
    examineGovernor(environment),
    examineTurbo(environment),
    examineProcessors(environment),
    examineVirtual(environment),
    examineClocksource(environment),
    examineBattery(environment),
    examineSwap(environment),
    examineHugePages(environment),
    examineFilesystem(environment),
    examineDisk(environment),
    examineScheduler(environment),
    examineFreeSpace(environment),
    ...(pressure === undefined ? [] : [
      examineSteal(environment, pressure),
      examineBusyOthers(environment, pressure),
      examineLoad(environment, pressure),
    ]),
  ].filter((finding) => finding !== undefined);
  return [
    ...findings.filter((finding) => finding.severity === "warn"),
    ...findings.filter((finding) => finding.severity === "info"),
  ];
}

/** A finding on something that could not be found out, and how to find it out on Linux. */
function unknown(os: string, id: string, what: string, why: string, mend: string): Finding {
  return {
    id,
    severity: "info",
    what: `${what} could not be found out.`,
    why,
    mend: os === "linux" ? mend : "Measure on Linux, where it can be found out.",
  };
}

/** Whether the kernel could be asked at all: three files that every Linux has. */
function examinePermissions(
  { os, swapBytes, data: { filesystem }, clocksource }: EnvironmentRecord,
): Finding | undefined {
  const asked = [swapBytes, filesystem, clocksource ?? null];
  if (os !== "linux" || asked.some((answer) => answer !== null)) return undefined;
  return {
    id: "permissions",
    severity: "warn",
    what: "Neither /proc nor /sys could be read.",
    why: "Nobody can say then what machine was measured, nor what else it did.",
    mend: "Run Deno with --allow-ffi, through which they are read, as deno task doctor does.",
  };
}

function examineGovernor({ os, cpu }: EnvironmentRecord): Finding | undefined {
  const why = "A processor that is clocked by demand measures its clock's climb, not the store.";
  if (cpu.governor === "performance") return undefined;
  if (cpu.governor === null) {
    return unknown(
      os,
      "governor",
      "The processor's frequency governor",
      why,
      cpu.virtual
        ? "The machine under this virtual one decides it; ask who runs it."
        : "cat /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor",
    );
  }
  return {
    id: "governor",
    severity: "warn",
    what: `The processor's frequency governor is ${cpu.governor}.`,
    why,
    mend: "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor",
  };
}

function examineTurbo({ os, cpu }: EnvironmentRecord): Finding | undefined {
  const why = "A turbo clock depends on heat and on what the other cores do, so runs drift apart.";
  if (cpu.turbo === false) return undefined;
  if (cpu.turbo === null) {
    return unknown(
      os,
      "turbo",
      "Whether the processor's turbo is on",
      why,
      cpu.virtual
        ? "The machine under this virtual one decides it; ask who runs it."
        : "Look for turbo or boost in the firmware's settings.",
    );
  }
  return {
    id: "turbo",
    severity: "warn",
    what: "The processor's turbo is on.",
    why,
    mend: "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo (Intel), or " +
      "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost",
  };
}

function examineProcessors({ cpu }: EnvironmentRecord): Finding | undefined {
  const usable = Math.min(cpu.logical, cpu.usable ?? cpu.logical);
  if (usable >= 2) return undefined;
  return {
    id: "processors",
    severity: "warn",
    what: `Only ${usable} of ${cpu.logical} logical processors can be used.`,
    why: "Flushes and compactions take the processor from the thread that is measured.",
    mend: "Give the machine, the container or the process (taskset) at least two processors.",
  };
}

function examineVirtual({ os, cpu }: EnvironmentRecord): Finding | undefined {
  const why = "Other machines on the same host come and go, and change what is measured here.";
  if (cpu.virtual === false) return undefined;
  if (cpu.virtual === null) {
    return unknown(os, "virtual", "Whether this is a virtual machine", why, "systemd-detect-virt");
  }
  return {
    id: "virtual",
    severity: "info",
    what: "This is a virtual machine.",
    why,
    mend: "Compare only with results from the same machine, and look at each run's steal.",
  };
}

function examineClocksource({ os, clocksource }: EnvironmentRecord): Finding | undefined {
  const why =
    "Every operation of a latency benchmark reads the clock twice, and a clock that needs " +
    "a system call costs about as much as a read from the store.";
  if (clocksource === null || clocksource === undefined) {
    return unknown(
      os,
      "clocksource",
      "The kernel's source of time",
      why,
      "Look at the clock's cost, which every result records.",
    );
  }
  if (FAST_CLOCKS.has(clocksource)) return undefined;
  return {
    id: "clocksource",
    severity: FAST_VIRTUAL_CLOCKS.has(clocksource) ? "info" : "warn",
    what: `The kernel's source of time is ${clocksource}.`,
    why,
    mend: "echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource",
  };
}

function examineBattery({ os, onBattery }: EnvironmentRecord): Finding | undefined {
  const why = "On a battery the firmware holds the processor and the disk back.";
  if (onBattery === false) return undefined;
  if (onBattery === null || onBattery === undefined) {
    return unknown(
      os,
      "battery",
      "Whether the machine runs on a battery",
      why,
      "Look at its plug.",
    );
  }
  return {
    id: "battery",
    severity: "warn",
    what: "The machine runs on its battery.",
    why,
    mend: "Plug it in.",
  };
}

function examineSwap({ os, swapUsedBytes, swapBytes }: EnvironmentRecord): Finding | undefined {
  const why = "A page that has to come back from swap takes as long as thousands of operations.";
  if (swapUsedBytes === 0 || swapBytes === 0) return undefined;
  if (swapUsedBytes === null || swapUsedBytes === undefined) {
    return unknown(os, "swap", "Whether swap is in use", why, "cat /proc/swaps");
  }
  return {
    id: "swap",
    severity: "warn",
    what: `${mebibytes(swapUsedBytes)} of swap are in use.`,
    why,
    mend: "sudo swapoff -a (needs as much free memory)",
  };
}

function examineHugePages({ os, transparentHugePages }: EnvironmentRecord): Finding | undefined {
  const why = "The kernel puts pages together in the background and while memory is asked for, " +
    "which shows in the tail of latencies.";
  if (transparentHugePages === null) {
    return unknown(
      os,
      "huge-pages",
      "The setting of transparent huge pages",
      why,
      "cat /sys/kernel/mm/transparent_hugepage/enabled",
    );
  }
  if (transparentHugePages !== "always") return undefined;
  return {
    id: "huge-pages",
    severity: "warn",
    what: "Transparent huge pages are on for every process.",
    why,
    mend: "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled",
  };
}

function examineFilesystem({ os, data: { filesystem } }: EnvironmentRecord): Finding | undefined {
  const mend = "Put the data directory on a local disk.";
  if (filesystem === null) {
    return unknown(
      os,
      "filesystem",
      "The data directory's file system",
      "Without it, nobody can say what a synced write was written to.",
      "df -T on the data directory",
    );
  }
  const why = harmOf(filesystem);
  if (why === undefined) return undefined;
  return {
    id: "filesystem",
    severity: "warn",
    what: `The data directory is on ${filesystem}.`,
    why,
    mend: filesystem === "overlay"
      ? "Put the data directory on a volume of the container's host."
      : mend,
  };
}

/** What a file system that is not simply a local disk's does to a measurement. */
function harmOf(filesystem: string): string | undefined {
  if (IN_MEMORY.has(filesystem)) {
    return "Nothing reaches a disk there, so writes and syncs cost less than they will anywhere else.";
  }
  if (filesystem === "overlay") {
    return "A layered file system copies files when they are first changed, and adds to each opening.";
  }
  if (filesystem.startsWith("fuse")) {
    return "Every call goes through another process, which is measured too.";
  }
  if (NETWORK.test(filesystem)) {
    return "A server is measured too, and syncs mean what it makes of them.";
  }
  return undefined;
}

/** Whether the data directory is on something that can have a disk of its own. */
function hasDisk({ data: { filesystem } }: EnvironmentRecord): boolean {
  return filesystem === null || harmOf(filesystem) === undefined;
}

function examineDisk(environment: EnvironmentRecord): Finding | undefined {
  const { os, data: { rotational }, cpu } = environment;
  const why = "A disk that spins answers in milliseconds, and the way its head has to go decides.";
  if (!hasDisk(environment) || rotational === false) return undefined;
  if (rotational === null) {
    return unknown(
      os,
      "disk",
      "Whether the data directory's disk spins",
      why,
      "lsblk -o NAME,ROTA",
    );
  }
  // Virtual disks are marked as spinning unless their host says otherwise.
  return {
    id: "disk",
    severity: cpu.virtual ? "info" : "warn",
    what: cpu.virtual
      ? "The data directory's virtual disk is marked as spinning, which may not be so."
      : "The data directory is on a disk that spins.",
    why,
    mend: "Put the data directory on a solid-state disk.",
  };
}

function examineScheduler(environment: EnvironmentRecord): Finding | undefined {
  const { os, data: { scheduler, rotational, disks } } = environment;
  const why = "A scheduler sorts requests, which a solid-state disk does not need; it costs time " +
    "and changes which request waits.";
  if (!hasDisk(environment) || rotational === true) return undefined;
  if (scheduler === null) {
    return unknown(os, "scheduler", "The disk's I/O scheduler", why, "lsblk -o NAME,SCHED");
  }
  if (scheduler === "none") return undefined;
  const files = (disks ?? ["DISK"]).map((disk) => `/sys/block/${disk}/queue/scheduler`);
  return {
    id: "scheduler",
    severity: "info",
    what: `The solid-state disk's I/O scheduler is ${scheduler}.`,
    why,
    mend: `echo none | sudo tee ${files.join(" ")}`,
  };
}

function examineFreeSpace({ os, data: { freeBytes } }: EnvironmentRecord): Finding | undefined {
  const why = "A full disk ends a run, and one that is nearly full slows down.";
  if (freeBytes === null) {
    return unknown(os, "free-space", "The data directory's free space", why, "df -h");
  }
  if (freeBytes >= LOW_FREE_BYTES) return undefined;
  return {
    id: "free-space",
    severity: freeBytes < MIN_FREE_BYTES ? "warn" : "info",
    what: `Only ${mebibytes(freeBytes)} are free for the data directory.`,
    why,
    mend: `Free some space: ${LOW_FREE_BYTES / GIB} GiB are comfortable.`,
  };
}

function examineSteal({ os }: EnvironmentRecord, { steal }: PressureRecord): Finding | undefined {
  const why = "While the host runs other machines, this one stands still, and its clock does not.";
  if (steal === null) {
    return unknown(
      os,
      "steal",
      "How much time the host gave to others",
      why,
      "vmstat 1 (column st)",
    );
  }
  if (steal <= MAX_STEAL) return undefined;
  return {
    id: "steal",
    severity: "warn",
    what: `The host gave ${percent(steal)} of the processors' time to other machines.`,
    why,
    mend: "Measure at a quieter time, or on a machine with processors of its own.",
  };
}

function examineBusyOthers(
  { os }: EnvironmentRecord,
  { busyOthers }: PressureRecord,
): Finding | undefined {
  const why = "Other processes take processor time, caches and disk from what is measured.";
  const mend = "top shows them; stop them, or measure at a quieter time.";
  if (busyOthers === null) {
    return unknown(os, "other-processes", "How much time other processes used", why, mend);
  }
  if (busyOthers <= MAX_BUSY_OTHERS) return undefined;
  return {
    id: "other-processes",
    severity: "warn",
    what: `Other processes used ${percent(busyOthers)} of the processors' time.`,
    why,
    mend,
  };
}

function examineLoad(
  { os, cpu: { logical } }: EnvironmentRecord,
  { load1, busyOthers }: PressureRecord,
): Finding | undefined {
  const why = "Processes that wait for a processor or a disk take turns with what is measured.";
  if (load1 === null) return unknown(os, "load", "The load average", why, "uptime");
  if (load1 <= MAX_LOAD_PER_PROCESSOR * logical) return undefined;
  // The load average remembers a minute, earlier runs of ours among it; what was used during the
  // measurement itself is the better witness.
  if (busyOthers !== null && busyOthers <= MAX_BUSY_OTHERS) return undefined;
  return {
    id: "load",
    severity: "warn",
    what: `The load average is ${load1.toFixed(2)} on ${logical} logical processors.`,
    why,
    mend: "Wait until it has fallen; top shows what causes it.",
  };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
