/**
 * Which pages of files are not written yet, by Linux's `cachestat` (6.5 and newer): what is said to
 * be synced must have none. What is written past the page cache has none either.
 */
import { addressOf, keepAlive } from "../../store/mod.ts";
import { openLibc } from "../../native/mod.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  syscall: { parameters: ["i64", "i64", "u64", "u64", "u64"], result: "i64" },
} as const;
/** The call's number, on every processor. */
const CACHESTAT = 451n;
const PAGE = 4096;
/** `struct cachestat`: nr_cache, nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted. */
const DIRTY = 1;
const WRITEBACK = 2;

/** Bytes of a file that are dirty or being written; `undefined` where the system does not tell. */
function dirtyOf(path: string): number | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const libc = openLibc(SYMBOLS).symbols;
  const file = libc.open(new TextEncoder().encode(`${path}\0`), 0);
  // It may be gone by now, as an old log is.
  if (file < 0) return 0;
  const range = new BigUint64Array(new ArrayBuffer(16));
  const stat = new BigUint64Array(new ArrayBuffer(40));
  const result = libc.syscall(CACHESTAT, BigInt(file), addressOf(range), addressOf(stat), 0n);
  keepAlive(range, stat);
  libc.close(file);
  return Number(result) === 0 ? Number(stat[DIRTY]! + stat[WRITEBACK]!) * PAGE : undefined;
}

/** Bytes below a folder that are not on the device. */
export function dirtyBytes(folder: string): number {
  let bytes = 0;
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    bytes += isDirectory ? dirtyBytes(path) : dirtyOf(path) ?? 0;
  }
  return bytes;
}

/** Whether this system tells a file that was synced from one that was not, in this folder. */
export function seesDirtyPages(folder: string): boolean {
  const path = `${folder}/control`;
  const bytes = 64 * PAGE;
  using file = Deno.openSync(path, { create: true, write: true, truncate: true });
  file.writeSync(new Uint8Array(bytes).fill(1));
  const before = dirtyOf(path);
  file.syncSync();
  const after = dirtyOf(path);
  Deno.removeSync(path);
  return before !== undefined && before >= bytes / 2 && after === 0;
}
