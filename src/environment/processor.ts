import type { CpuRecord } from "../result/mod.ts";
import type { FileSource, SystemSource } from "./source.ts";

const CPUS = "/sys/devices/system/cpu";

/** Finds out what processor this is, from `/proc/cpuinfo` and the kernel's frequency settings. */
export function readProcessor(files: FileSource, system: SystemSource): CpuRecord {
  const cpuinfo = files.read("/proc/cpuinfo");
  const processors = cpuinfo?.match(/^processor\s*:/gm)?.length ?? 0;
  const usable = system.parallelism();
  return {
    model: model(cpuinfo, files) ?? system.cpuModel(),
    logical: processors || usable,
    usable,
    governor: governor(files),
    turbo: turbo(files),
    virtual: virtual(cpuinfo, files),
  };
}

function model(cpuinfo: string | null, files: FileSource): string | null {
  const name = cpuinfo?.match(/^model name\s*:\s*(.+)$/m)?.[1];
  // ARM's cpuinfo names no model; its device tree names the board.
  return name?.trim() ?? files.read("/proc/device-tree/model")?.replace(/\0.*$/, "") ?? null;
}

function governor(files: FileSource): string | null {
  const governors = new Set<string>();
  for (const cpu of files.list(CPUS) ?? []) {
    if (!/^cpu\d+$/.test(cpu)) continue;
    const governor = files.read(`${CPUS}/${cpu}/cpufreq/scaling_governor`)?.trim();
    if (governor) governors.add(governor);
  }
  return governors.size === 0 ? null : [...governors].sort().join("/");
}

function turbo(files: FileSource): boolean | null {
  const noTurbo = files.read(`${CPUS}/intel_pstate/no_turbo`)?.trim();
  if (noTurbo) return noTurbo === "0";
  const boost = files.read(`${CPUS}/cpufreq/boost`)?.trim();
  return boost ? boost === "1" : null;
}

function virtual(cpuinfo: string | null, files: FileSource): boolean | null {
  if (files.read("/sys/hypervisor/type")) return true;
  // Only x86 has a flag for it; a list of flags without it means the bare machine.
  const flags = cpuinfo?.match(/^flags\s*:\s*(.+)$/m)?.[1];
  return flags === undefined ? null : flags.split(/\s+/).includes("hypervisor");
}
