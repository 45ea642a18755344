import { readDataDirectory } from "./data_directory.ts";
import { readProcessor } from "./processor.ts";
import type { EnvironmentRecord } from "../result/mod.ts";
import { type FileSource, localFiles, localSystem, type SystemSource } from "./source.ts";

/**
 * Finds out what machine this is. What cannot be found out is `null`, never an error. Neither
 * secrets nor paths, user names or environment variables are recorded.
 *
 * @param dataDirectory The folder in which databases will be; it need not exist yet.
 * @param files Where files are read from.
 * @param system What else is asked.
 */
export function collectEnvironment(
  dataDirectory: string,
  files: FileSource = localFiles,
  system: SystemSource = localSystem,
): EnvironmentRecord {
  const swaps = swap(files);
  return {
    os: system.os,
    kernel: system.kernel(),
    arch: system.arch,
    cpu: readProcessor(files, system),
    memoryBytes: memory(files) ?? system.memoryBytes(),
    data: readDataDirectory(dataDirectory, files, system),
    transparentHugePages: transparentHugePages(files),
    swapBytes: swaps && swaps.size,
    swapUsedBytes: swaps && swaps.used,
    clocksource: files.read(
      "/sys/devices/system/clocksource/clocksource0/current_clocksource",
    )?.trim() ?? null,
    onBattery: onBattery(files),
    runtime: system.runtime,
    host: system.hostname(),
  };
}

function memory(files: FileSource): number | null {
  const kib = files.read("/proc/meminfo")?.match(/^MemTotal:\s*(\d+) kB$/m)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

function transparentHugePages(files: FileSource): string | null {
  const text = files.read("/sys/kernel/mm/transparent_hugepage/enabled");
  return text?.match(/\[(.+?)\]/)?.[1] ?? null;
}

/** The sums of `/proc/swaps`, whose columns are: file, type, size and used in KiB, priority. */
function swap(files: FileSource): { size: number; used: number } | null {
  const text = files.read("/proc/swaps");
  if (text === null) return null;
  let size = 0;
  let used = 0;
  for (const line of text.trim().split("\n").slice(1)) {
    const columns = line.trim().split(/\s+/);
    size += Number(columns.at(-3)) * 1024;
    used += Number(columns.at(-2)) * 1024;
  }
  return { size, used };
}

const POWER = "/sys/class/power_supply";

function onBattery(files: FileSource): boolean | null {
  const supplies = files.list(POWER);
  if (supplies === null) return null;
  return supplies.some((supply) => {
    const read = (file: string) => files.read(`${POWER}/${supply}/${file}`)?.trim();
    // A mouse has a battery too; its scope is the device, not the system.
    return read("type") === "Battery" && read("scope") !== "Device" &&
      read("status") === "Discharging";
  });
}
