import type { DataRecord } from "../result/mod.ts";
import type { FileSource, SystemSource } from "./source.ts";

/** One line of `/proc/self/mountinfo`. */
interface Mount {
  /** Where it is mounted. */
  point: string;
  filesystem: string;
  options: string;
  /** The device's numbers, e.g. `259:2`. */
  numbers: string;
  /** What is mounted, e.g. `/dev/nvme0n1p2`. */
  source: string;
}

/** Finds out what a directory lies on: its file system, the device, and the disks under it. */
export function readDataDirectory(
  directory: string,
  files: FileSource,
  system: SystemSource,
): DataRecord {
  const path = system.realPath(directory);
  const mount = mountOf(path, files.read("/proc/self/mountinfo") ?? "");
  const device = mount && blockDevice(mount, files);
  const disks = device ? disksUnder(device, files) : [];
  return {
    filesystem: mount?.filesystem ?? null,
    mountOptions: mount?.options ?? null,
    device: device ?? null,
    disks: disks.length === 0 ? null : disks,
    rotational: rotational(disks, files),
    scheduler: scheduler(disks, files),
    freeBytes: system.freeBytes(path),
  };
}

/** The mount that a path lies on: the longest prefix, and of those the last, which hides the others. */
function mountOf(path: string, mountinfo: string): Mount | undefined {
  let found: Mount | undefined;
  for (const line of mountinfo.split("\n")) {
    const mount = parseMount(line);
    if (!mount || !isUnder(path, mount.point)) continue;
    if (!found || mount.point.length >= found.point.length) found = mount;
  }
  return found;
}

/** Format: proc_pid_mountinfo(5). */
function parseMount(line: string): Mount | undefined {
  const [before, after] = line.split(" - ");
  const [, , numbers, , point, options] = before!.split(" ");
  const [filesystem, source, superOptions] = (after ?? "").split(" ");
  if (!numbers || !point || !options || !filesystem || !source) return undefined;
  return {
    point: unescape(point),
    filesystem,
    options: publicOptions(options, superOptions ?? ""),
    numbers,
    source: unescape(source),
  };
}

/** Spaces, tabs, newlines and backslashes stand in mountinfo as octal numbers. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
}

function isUnder(path: string, point: string): boolean {
  return point === "/" || path === point || path.startsWith(point + "/");
}

/**
 * Mount options whose values say something about speed. The value of any other is left out: network
 * file systems have users, addresses and paths in theirs.
 */
const PUBLIC_VALUES = new Set([
  ...["barrier", "commit", "compress", "compress-force", "data", "discard", "errors", "stripe"],
  ...["allocsize", "logbsize", "logbufs", "sunit", "swidth", "mode", "nr_inodes", "size"],
  ...["cache", "nconnect", "proto", "rsize", "vers", "wsize"],
]);

/** The options of the mount and of its file system, each once, in their order. */
function publicOptions(mount: string, superblock: string): string {
  const options = new Set(mount.split(","));
  for (const option of superblock.split(",")) {
    // A file system that may be written to can be mounted read-only; the mount's word counts.
    if (option !== "" && option !== "rw") options.add(option);
  }
  return [...options].map((option) => {
    const [name, value] = option.split("=", 2);
    return value === undefined || PUBLIC_VALUES.has(name!) ? option : `${name}=…`;
  }).join(",");
}

/** The kernel's name of the mounted block device, or `undefined` where there is none. */
function blockDevice(mount: Mount, files: FileSource): string | undefined {
  const uevent = files.read(`/sys/dev/block/${mount.numbers}/uevent`);
  const name = uevent?.match(/^DEVNAME=(.+)$/m)?.[1]?.replaceAll("/", "!");
  if (name) return name;
  // Btrfs and its like have device numbers of their own; what is mounted names the device.
  const mapped = mount.source.match(/^\/dev\/mapper\/(.+)$/)?.[1];
  if (mapped) {
    return files.list("/sys/block")?.find((disk) =>
      files.read(`/sys/block/${disk}/dm/name`)?.trim() === mapped
    );
  }
  const plain = mount.source.match(/^\/dev\/([^/]+)$/)?.[1];
  return plain && wholeDisk(plain, files) ? plain : undefined;
}

/** The disk that a device is, or is a partition of. */
function wholeDisk(device: string, files: FileSource): string | undefined {
  const disks = files.list("/sys/block") ?? [];
  if (disks.includes(device)) return device;
  return disks.find((disk) => files.read(`/sys/block/${disk}/${device}/partition`) !== null);
}

/** The disks at the bottom of a device: under a partition, a logical volume, a RAID, encryption. */
function disksUnder(device: string, files: FileSource): string[] {
  const disk = wholeDisk(device, files);
  if (disk === undefined) return [];
  const slaves = files.list(`/sys/block/${disk}/slaves`) ?? [];
  if (slaves.length === 0) return [disk];
  return [...new Set(slaves.flatMap((slave) => disksUnder(slave, files)))].sort();
}

function rotational(disks: string[], files: FileSource): boolean | null {
  const flags = disks.map((disk) => files.read(`/sys/block/${disk}/queue/rotational`)?.trim());
  if (flags.includes("1")) return true;
  return flags.length > 0 && flags.every((flag) => flag === "0") ? false : null;
}

function scheduler(disks: string[], files: FileSource): string | null {
  const schedulers = new Set<string>();
  for (const disk of disks) {
    const text = files.read(`/sys/block/${disk}/queue/scheduler`)?.trim();
    // The one in brackets is in effect; a disk that has only `none` shows it without.
    if (text) schedulers.add(text.match(/\[(.+?)\]/)?.[1] ?? text);
  }
  return schedulers.size === 0 ? null : [...schedulers].sort().join("/");
}
