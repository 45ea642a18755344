/**
 * Which other benches ran on this machine at the same time: what two of them measure is each other.
 *
 * Every bench writes a file into one folder of the machine, whoever's it is, and holds it locked: the
 * lock goes with the process, however it ends. At its end it writes when that was, so that one that
 * was there for a while only is known to those that stay. What nobody who is left can want to know is
 * removed.
 */
import * as v from "valibot";
import {
  appendWhole,
  fileReason,
  FileRefusal,
  openLocked,
  readRegularText,
  removeIfThere,
} from "../disk/mod.ts";
import type { CompanyRecord } from "../result/mod.ts";

/**
 * The folder. Not a user's own: two users of a machine are in each other's numbers as well. It is
 * gone with the next start of the machine, as what is in it should be.
 */
const FOLDER = "/tmp/tidemark-benches";
/** Everybody may write, and remove what is their own. */
const EVERYBODYS = 0o1777;
/** How long to wait for the lock of a file that is one's own: others try it for a moment, ms. */
const PATIENCE_MS = 2000;
/** A file has less than a hundred bytes. */
const MOST_BYTES = 4096;
/** More files than these are nobody's benches. */
const MOST_FILES = 1000;

/** What a bench's file says. */
const Mark = v.object({
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  endedAt: v.nullable(v.pipe(v.string(), v.isoTimestamp())),
});
type Mark = v.InferOutput<typeof Mark>;

/** Another bench. */
interface Other extends Mark {
  path: string;
  /** Whether its process lives. */
  lives: boolean;
}

/** A bench's presence on this machine. */
export interface Presence {
  /** Benches that are under way when it comes, by when they began; and why that is not known. */
  readonly before: CompanyRecord;
  /** Goes, and says which benches were there meanwhile. */
  leave(): CompanyRecord;
}

/**
 * Lets a bench be seen by others. Nothing that goes wrong keeps it from measuring: it is said.
 *
 * @param folder Where benches are seen. @default the machine's
 * @param now The time of day.
 */
export function enterMachine(folder = FOLDER, now: () => Date = () => new Date()): Presence {
  const startedAt = now().toISOString();
  let own: { file: Deno.FsFile; path: string } | undefined;
  let unchecked: string | null = null;
  let gone: ReadonlySet<string> = new Set();
  let met: Other[] = [];
  let before: CompanyRecord = { others: [], unchecked };
  try {
    requireFolder(folder);
    const others = othersIn(folder);
    // What had come to its end before is nobody's company.
    gone = new Set(others.filter(({ lives }) => !lives).map(({ path }) => path));
    own = announce(folder, { startedAt, endedAt: null });
    met = others.filter(({ lives }) => lives);
    before = { others: spans(met), unchecked };
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    unchecked = `${folder}: ${fileReason(error)}`;
    before = { others: [], unchecked };
  }
  return {
    before,
    leave() {
      if (own === undefined) return before;
      try {
        const there = othersIn(folder, own.path).filter(({ path }) => !gone.has(path));
        const endedAt = now().toISOString();
        write(own.file, { startedAt, endedAt });
        // Those that stay have still to be told.
        if (!there.some(({ lives }) => lives)) clear(folder, own.path);
        const removed = met.filter(({ path }) => !there.some((other) => other.path === path));
        const others = there.filter((other) => other.endedAt === null || other.endedAt > startedAt);
        return { others: spans([...removed, ...others]), unchecked };
      } catch (error) {
        return { others: before.others, unchecked: `${folder}: ${fileReason(error)}` };
      } finally {
        own.file.close();
        own = undefined;
      }
    },
  };
}

/** Makes the folder; a link or a file in its place is somebody's trick, or mistake. */
function requireFolder(folder: string): void {
  try {
    Deno.mkdirSync(folder);
    // The mask of this process is not everybody's.
    Deno.chmodSync(folder, EVERYBODYS);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  if (!Deno.lstatSync(folder).isDirectory) {
    throw new FileRefusal("special", 0, "it is no folder; remove it");
  }
}

function announce(folder: string, mark: Mark): { file: Deno.FsFile; path: string } {
  const path = `${folder}/${crypto.randomUUID()}.json`;
  const options = { write: true, createNew: true, mode: 0o644 };
  const file = openLocked(path, options, PATIENCE_MS);
  if (file === null) throw new FileRefusal("special", 0, "another process holds this one's file");
  try {
    write(file, mark);
  } catch (error) {
    file.close();
    removeIfThere(path);
    throw error;
  }
  return { file, path };
}

function write(file: Deno.FsFile, mark: Mark): void {
  file.truncateSync(0);
  file.seekSync(0, Deno.SeekMode.Start);
  appendWhole(file, new TextEncoder().encode(JSON.stringify(mark)), 0, { synced: false });
}

/** The benches of a folder, but for one's own; what is none of their files is left alone. */
function othersIn(folder: string, own?: string): Other[] {
  const others: Other[] = [];
  for (const { name, isFile } of [...Deno.readDirSync(folder)].slice(0, MOST_FILES)) {
    const path = `${folder}/${name}`;
    if (!isFile || !name.endsWith(".json") || path === own) continue;
    try {
      const mark = v.parse(Mark, JSON.parse(readRegularText(path, MOST_BYTES)));
      const lock = openLocked(path, { read: true });
      lock?.close();
      others.push({ ...mark, path, lives: lock === null && mark.endedAt === null });
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      // Removed meanwhile, or being written, or not a bench's.
    }
  }
  return others;
}

/** Removes one's own file, and those of benches that have ended or were killed. */
function clear(folder: string, own: string): void {
  const ended = othersIn(folder, own).filter(({ lives }) => !lives);
  for (const path of [own, ...ended.map(({ path }) => path)]) {
    try {
      removeIfThere(path);
    } catch {
      // Another user's, who removes it.
    }
  }
}

function spans(others: readonly Other[]): CompanyRecord["others"] {
  return others.map(({ startedAt, endedAt }) => ({ startedAt, endedAt }))
    .toSorted((a, b) => a.startedAt < b.startedAt ? -1 : 1);
}
