/**
 * Groups of processes whose memory the kernel bounds, with the pages of the files that they use: memory
 * cgroups of version 1 or 2, whichever this machine has and lets us make.
 */
import { cString, isKernelPath, listKernelFolder, readKernelFile } from "./kernel_files.ts";
import { openLibc } from "./libc.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  write: { parameters: ["i32", "buffer", "u64"], result: "i64" },
  close: { parameters: ["i32"], result: "i32" },
  mkdir: { parameters: ["buffer", "u32"], result: "i32" },
  rmdir: { parameters: ["buffer"], result: "i32" },
} as const;
const WRITE_ONLY = 1;

/** Where groups may be made. */
export interface GroupParent {
  version: 1 | 2;
  folder: string;
}

/** The files of a version's group: its bound, and that of memory with swap. */
const FILES = {
  1: { bound: "memory.limit_in_bytes", swap: "memory.memsw.limit_in_bytes" },
  2: { bound: "memory.max", swap: "memory.swap.max" },
} as const;

/**
 * Where memory groups may be made, the most wanted first: in the group that this process is in, then at
 * the root of the hierarchy.
 *
 * @param groups The text of `/proc/self/cgroup`.
 * @param mounts The text of `/proc/self/mountinfo`.
 */
export function groupParents(groups: string, mounts: string): GroupParent[] {
  const parents: GroupParent[] = [];
  for (const line of mounts.split("\n")) {
    const [own = "", filesystem = ""] = line.split(" - ");
    const [, , , root = "/", point = ""] = own.split(" ");
    const [type, , options = ""] = filesystem.split(" ");
    const version = type === "cgroup2" ? 2 : 1;
    const controls = type === "cgroup2" ||
      type === "cgroup" && options.split(",").includes("memory");
    if (!controls) continue;
    const path = groups.split("\n").map((group) => /^\d+:([^:]*):(.*)$/.exec(group)).find((match) =>
      match !== null && (version === 2 ? match[1] === "" : match[1]!.split(",").includes("memory"))
    )?.[2];
    // What is mounted may be a group below the root, as in a container.
    const below = path === undefined
      ? undefined
      : root !== "/" && path.startsWith(root)
      ? path.slice(root.length)
      : path;
    if (below !== undefined && below !== "/" && below !== "") {
      parents.push({ version, folder: point + below });
    }
    parents.push({ version, folder: point });
  }
  return parents;
}

/** A group of processes with bounded memory. */
export interface MemoryGroup {
  version: 1 | 2;
  /** Its folder, which a process joins by {@linkcode joinMemoryGroup}. */
  folder: string;
  /** Removes it; no process is in it any more. */
  remove(): void;
}

/** What the names of our groups begin with; the number of the process that made one follows. */
const PREFIX = "tidemark-";

/**
 * Makes a group whose processes get so much memory together, without swap where that can be said.
 *
 * @returns Why there can be none, in words, where there is none.
 */
export function makeMemoryGroup(bytes: number): MemoryGroup | string {
  if (!isKernelPath("/proc")) return "only Linux has memory cgroups";
  const parents = groupParents(
    readKernelFile("/proc/self/cgroup") ?? "",
    readKernelFile("/proc/self/mountinfo") ?? "",
  );
  if (parents.length === 0) return "no memory cgroup is mounted";
  for (const { version, folder: parent } of parents) {
    removeLeft(parent);
    // Of version 2 a parent has to hand its control down; one that does so already refuses nothing.
    if (version === 2) write(`${parent}/cgroup.subtree_control`, "+memory");
    const folder = `${parent}/${PREFIX}${Deno.pid}-${counter++}`;
    if (libc().mkdir(cString(folder), 0o755) !== 0) continue;
    const { bound, swap } = FILES[version];
    if (write(`${folder}/${bound}`, String(bytes))) {
      write(`${folder}/${swap}`, version === 2 ? "0" : String(bytes));
      const remove = () => void libc().rmdir(cString(folder));
      return { version, folder, remove };
    }
    libc().rmdir(cString(folder));
  }
  return "this user may make none; run as root, or in a group that is handed to it " +
    "(systemd-run --user --scope -p Delegate=yes)";
}

/** Brings this process into a group, with those that it starts. @returns Whether it is in it. */
export function joinMemoryGroup(folder: string): boolean {
  return write(`${folder}/cgroup.procs`, String(Deno.pid));
}

/** Groups of one process have different names. */
let counter = 0;

/** Removes the groups of processes that were killed. */
function removeLeft(parent: string): void {
  for (const name of listKernelFolder(parent) ?? []) {
    const [, pid] = /^tidemark-(\d+)-\d+$/.exec(name) ?? [];
    if (pid === undefined || readKernelFile(`/proc/${pid}/stat`) !== null) continue;
    libc().rmdir(cString(`${parent}/${name}`));
  }
}

function write(path: string, text: string): boolean {
  const file = libc().open(cString(path), WRITE_ONLY);
  if (file < 0) return false;
  const bytes = new TextEncoder().encode(text);
  const written = Number(libc().write(file, bytes, BigInt(bytes.length)));
  libc().close(file);
  return written === bytes.length;
}

let library: Deno.DynamicLibrary<typeof SYMBOLS> | undefined;

function libc(): Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] {
  return (library ??= openLibc(SYMBOLS)).symbols;
}
