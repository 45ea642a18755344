/** What the data directory lies on. */
import { COMFORTABLE_FREE_BYTES, LEAST_FREE_BYTES } from "../../remark/mod.ts";
import { type Examine, type ExaminedMachine, mebibytes, unknown } from "./machine.ts";

const IN_MEMORY: ReadonlySet<string> = new Set(["tmpfs", "ramfs"]);
const NETWORK = /^(nfs|cifs|smb|9p|virtiofs|ceph|gluster|lustre|afs)/;

/** Whether the file system is simply a local disk's. */
export const filesystem: Examine = (machine) => {
  const { filesystem } = machine.environment.data;
  const examined = { id: "filesystem", topic: "data" } as const;
  if (filesystem === null) {
    return unknown(
      machine,
      { ...examined, why: "Without it, nobody can say what a synced write was written to." },
      "The data directory's file system",
      "df -T on the data directory",
    );
  }
  const why = harmOf(filesystem);
  if (why === undefined) return null;
  return {
    ...examined,
    severity: "warn",
    about: [],
    condition: "the file system is in memory, layered, behind another process or behind a network",
    numbers: {},
    text: `The data directory is on ${filesystem}.`,
    why,
    mend: filesystem === "overlay"
      ? "Put the data directory on a volume of the container's host."
      : "Put the data directory on a local disk.",
  };
};

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
function hasDisk({ environment: { data: { filesystem } } }: ExaminedMachine): boolean {
  return filesystem === null || harmOf(filesystem) === undefined;
}

/** Whether the disk spins. */
export const disk: Examine = (machine) => {
  const { data: { rotational, disks }, cpu } = machine.environment;
  if (!hasDisk(machine) || rotational === false) return null;
  const examined = {
    id: "disk",
    topic: "data",
    why: "A disk that spins answers in milliseconds, and the way its head has to go decides.",
  } as const;
  if (rotational === null) {
    return unknown(
      machine,
      examined,
      "Whether the data directory's disk spins",
      "lsblk -o NAME,ROTA",
    );
  }
  // Virtual disks are marked as spinning unless their host says otherwise.
  return {
    ...examined,
    severity: cpu.virtual ? "info" : "warn",
    about: disks ?? [],
    condition: "the disk is marked as spinning",
    numbers: {},
    text: cpu.virtual
      ? "The data directory's virtual disk is marked as spinning, which may not be so."
      : "The data directory is on a disk that spins.",
    mend: "Put the data directory on a solid-state disk.",
  };
};

/** Whether the kernel sorts the requests of a disk that does not spin. */
export const scheduler: Examine = (machine) => {
  const { scheduler, rotational, disks } = machine.environment.data;
  if (!hasDisk(machine) || rotational === true) return null;
  const examined = {
    id: "scheduler",
    topic: "data",
    why: "A scheduler sorts requests, which a solid-state disk does not need; it costs time " +
      "and changes which request waits.",
  } as const;
  if (scheduler === null) {
    return unknown(machine, examined, "The disk's I/O scheduler", "lsblk -o NAME,SCHED");
  }
  if (scheduler === "none") return null;
  const files = (disks ?? ["DISK"]).map((disk) => `/sys/block/${disk}/queue/scheduler`);
  return {
    ...examined,
    severity: "info",
    about: disks ?? [],
    condition: "a solid-state disk has an I/O scheduler",
    numbers: {},
    text: `The solid-state disk's I/O scheduler is ${scheduler}.`,
    mend: `echo none | sudo tee ${files.join(" ")}`,
  };
};

/** Whether there is room for the databases. */
export const freeSpace: Examine = (machine) => {
  const { freeBytes } = machine.environment.data;
  const examined = {
    id: "free-space",
    topic: "data",
    why: "A full disk ends a run, and one that is nearly full slows down.",
  } as const;
  if (freeBytes === null) {
    return unknown(machine, examined, "The data directory's free space", "df -h");
  }
  if (freeBytes >= COMFORTABLE_FREE_BYTES) return null;
  return {
    ...examined,
    severity: freeBytes < LEAST_FREE_BYTES ? "warn" : "info",
    about: [],
    condition: `less than ${mebibytes(COMFORTABLE_FREE_BYTES)} are free`,
    numbers: { bytes: freeBytes },
    text: `Only ${mebibytes(freeBytes)} are free for the data directory.`,
    mend: `Free some space: ${COMFORTABLE_FREE_BYTES / 2 ** 30} GiB are comfortable.`,
  };
};
