import { statfsSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { readRegularText } from "../disk/mod.ts";
import { isKernelPath, listKernelFolder, readKernelFile } from "../native/mod.ts";
import type { RuntimeRecord } from "../result/mod.ts";

/** Where files are read from; tests give another machine's. */
export interface FileSource {
  /** The text of a file, or `null` where it cannot be read. */
  read(path: string): string | null;
  /** The names in a folder, sorted, or `null` where it cannot be read. */
  list(path: string): string[] | null;
}

/** What is asked of the system without reading a file. */
export interface SystemSource {
  os: string;
  arch: string;
  /** Version of the kernel, or `unknown`. */
  kernel(): string;
  /** The machine's name, or `unknown`. */
  hostname(): string;
  /** Logical processors that this process may use. */
  parallelism(): number;
  /** Model of the processor, or `null`. */
  cpuModel(): string | null;
  /** Memory in bytes, or `null`. */
  memoryBytes(): number | null;
  /** Bytes on a folder's file system that an ordinary user may still take, or `null`. */
  freeBytes(path: string): number | null;
  /** The real path of a folder; of what exists of it, where it is still to be made. */
  realPath(path: string): string;
  runtime: RuntimeRecord;
}

/** The largest file that is read; git's list of references is the longest. */
const MOST_FILE_BYTES = 64 * 1024 * 1024;

/**
 * The files of this machine. Deno shuts `/proc` and `/sys` to a program that was not given every
 * permission (`--allow-all`), whatever it may read otherwise; nothing can be read of them then.
 */
export const localFiles: FileSource = {
  read: (path) =>
    attempt(() =>
      isKernelPath(path) ? readKernelFile(path) : readRegularText(path, MOST_FILE_BYTES)
    ),
  list: (path) =>
    attempt(() =>
      isKernelPath(path)
        ? listKernelFolder(path)
        : [...Deno.readDirSync(path)].map((entry) => entry.name).sort()
    ),
};

/** This machine. */
export const localSystem: SystemSource = {
  os: Deno.build.os,
  arch: Deno.build.arch,
  kernel: () => attempt(() => Deno.osRelease()) ?? "unknown",
  hostname: () => attempt(() => Deno.hostname()) ?? "unknown",
  parallelism: () => navigator.hardwareConcurrency,
  cpuModel: () => attempt(() => cpus()[0]?.model || null),
  memoryBytes: () => attempt(() => Deno.systemMemoryInfo().total),
  freeBytes: (path) =>
    attempt(() => {
      const { bavail, bsize } = statfsSync(path);
      return bavail * bsize;
    }),
  realPath: nearestRealPath,
  runtime: { deno: Deno.version.deno, v8: Deno.version.v8, typescript: Deno.version.typescript },
};

function nearestRealPath(path: string): string {
  for (let folder = path;; folder = dirname(folder)) {
    const real = attempt(() => Deno.realPathSync(folder));
    if (real !== null) return real;
    if (folder === dirname(folder)) return folder;
  }
}

/** What cannot be found out is `null`: a missing file is no reason not to measure. */
function attempt<T>(find: () => T): T | null {
  try {
    return find();
  } catch {
    return null;
  }
}
