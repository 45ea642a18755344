/**
 * What machine it was. `null`: could not be found out. The shape is the result's
 * `EnvironmentRecord`, said again because this folder imports nothing; a test holds the two
 * together. Type aliases, not interfaces: the result's records are open to further fields, which an
 * interface cannot be assigned to.
 */
export type EnvironmentRecord = {
  /** Operating system, as `Deno.build.os` names it. */
  os: string;
  /** Version of the kernel. */
  kernel: string;
  /** Instruction set, as `Deno.build.arch` names it. */
  arch: string;
  cpu: CpuRecord;
  /** Memory of the machine. */
  memoryBytes: number | null;
  data: DataRecord;
  /** `always`, `madvise` or `never`. */
  transparentHugePages: string | null;
  /** Swap that is set up. */
  swapBytes: number | null;
  /** Swap that is in use. */
  swapUsedBytes?: number | null | undefined;
  /** The kernel's source of time, e.g. `tsc`. */
  clocksource?: string | null | undefined;
  /** Whether the machine runs on a battery. */
  onBattery?: boolean | null | undefined;
  runtime: RuntimeRecord;
  /** The machine's name. */
  host: string;
};

/** The processor. */
export type CpuRecord = {
  model: string | null;
  /** Logical processors of the machine. */
  logical: number;
  /** Logical processors that this process may use, where affinity or a control group limits it. */
  usable?: number | null | undefined;
  /** Frequency governor; several, where the processors differ, joined by `/`. */
  governor: string | null;
  /** Whether the processor may clock above its nominal frequency. */
  turbo: boolean | null;
  /** Whether this is a virtual machine. */
  virtual: boolean | null;
};

/** What the data directory lies on. */
export type DataRecord = {
  filesystem: string | null;
  mountOptions: string | null;
  /** The block device that is mounted, e.g. `nvme0n1p2` or `dm-0`. */
  device: string | null;
  /** The disks under the device. */
  disks?: string[] | null | undefined;
  /** Whether a disk under it spins. */
  rotational: boolean | null;
  /** The disks' I/O scheduler; several, where they differ, joined by `/`. */
  scheduler: string | null;
  /** Free for an ordinary user. */
  freeBytes: number | null;
};

/** The versions that run Tidemark. */
export type RuntimeRecord = { deno: string; v8: string; typescript: string };

/** What else the machine did during a run. Shares are of all processors' time, 0 to 1. */
export type PressureRecord = {
  /** The load average over the minute before the run. */
  load1: number | null;
  /** Time that the hypervisor gave to others. */
  steal: number | null;
  /** Time that processes other than the measured one used. */
  busyOthers: number | null;
};
