/**
 * A night's journal: what was to be done, and how far it came. It lies beside what was measured, and
 * is what the next night knows of one that was broken off.
 */
import * as v from "valibot";
import { FIRST_ISSUE } from "../result/mod.ts";
import {
  fileReason,
  isNotThere,
  openLocked,
  readRegularText,
  replaceFile,
  writeWhole,
} from "../disk/mod.ts";
import { NightError } from "./error.ts";

/** The record's file in a night's folder. */
const NIGHT_FILE = "night.json";
/** The folder of the nights. */
const NIGHTS = "nights";
/** The folder of what was measured, in a night's folder. */
const BENCH = "bench";
/** The largest record that is read; a stage has some hundred bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

/** How it went with a stage. */
const StageRow = v.looseObject({
  name: v.string(),
  /** `partly`: something failed, and there is output; `skipped`: a stage that it needs failed. */
  state: v.picklist(["done", "partly", "failed", "skipped"]),
  /** What it did, or why it did not, in one line. */
  message: v.string(),
  seconds: v.number(),
});
/** How it went with a stage. */
export type StageRow = v.InferOutput<typeof StageRow>;

/** A night's record. */
export const NightFile = v.looseObject({
  schema: v.literal("tidemark.nightly"),
  version: v.literal(1),
  /** When it began and the suite; the name of its folder. */
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)),
  /** The night that its results are kept as, `YYYY-MM-DD`. */
  night: v.string(),
  startedAt: v.string(),
  endedAt: v.nullable(v.string()),
  suite: v.string(),
  profile: v.string(),
  /** Whether it was measured on the machines of the cluster. */
  nodes: v.boolean(),
  /** What this machine is called in the history. */
  host: v.string(),
  /**
   * Whether all that was measured is in the history. A night of which it is not, as after a kill, is
   * taken up by the next one.
   */
  settled: v.boolean(),
  stages: v.array(StageRow),
});
/** A night's record. */
export type NightFile = v.InferOutput<typeof NightFile>;

/** A night with its place. */
export interface Night {
  file: NightFile;
  /** Its folder. */
  directory: string;
  /** The folder of what was measured; with nodes, each has a folder in it. */
  bench: string;
}

/** The place of a night. */
function nightAt(out: string, file: NightFile): Night {
  const directory = `${out}/${NIGHTS}/${file.id}`;
  return { file, directory, bench: `${directory}/${BENCH}` };
}

/**
 * Makes a night's folder.
 *
 * @throws {NightError} Where it cannot be made.
 */
export function makeNight(out: string, file: NightFile): Night {
  const night = nightAt(out, file);
  try {
    Deno.mkdirSync(`${out}/${NIGHTS}`, { recursive: true });
    Deno.mkdirSync(night.directory);
    saveNight(night);
  } catch (error) {
    throw new NightError(`Cannot begin a night in ${out}: ${fileReason(error)}`);
  }
  return night;
}

/**
 * Writes a night's record: who reads sees the old one or the new one.
 *
 * @throws As Deno does, where it cannot be written.
 */
export function saveNight({ file, directory }: Night): void {
  // No other night is under way, as the lock sees to.
  replaceFile(`${directory}/${NIGHT_FILE}`, JSON.stringify(file, null, 2) + "\n", { alone: true });
}

/** Keeps in mind that all that a night has measured is in the history. */
export function settle(night: Night): void {
  night.file.settled = true;
  saveNight(night);
}

/**
 * All nights of a folder, oldest first. What has no record was never begun, or is not ours.
 *
 * @throws {NightError} Where the folder cannot be read.
 */
export function nightsIn(out: string): Night[] {
  let names: string[];
  try {
    names = [...Deno.readDirSync(`${out}/${NIGHTS}`)].map(({ name }) => name).sort();
  } catch (error) {
    if (isNotThere(error)) return [];
    throw new NightError(`Cannot read ${out}/${NIGHTS}: ${fileReason(error)}`);
  }
  return names.flatMap((name) => {
    const parsed = v.safeParse(
      NightFile,
      readJson(`${out}/${NIGHTS}/${name}/${NIGHT_FILE}`),
      FIRST_ISSUE,
    );
    return parsed.success && parsed.output.id === name ? [nightAt(out, parsed.output)] : [];
  });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readRegularText(path, MOST_BYTES));
  } catch {
    return undefined;
  }
}

/** The file that is locked while a night is under way. */
const LOCK_FILE = "nightly.lock";

/**
 * Makes sure that no other night is under way in a folder. The lock goes with the process, however it
 * ends.
 *
 * @returns What gives it free.
 * @throws {NightError} Where one is, or the folder cannot be made or written.
 */
export function lockNights(out: string, startedAt: string): Disposable {
  const path = `${out}/${LOCK_FILE}`;
  let file: Deno.FsFile | null;
  try {
    Deno.mkdirSync(out, { recursive: true });
    file = openLocked(path, { read: true, write: true, create: true });
  } catch (error) {
    throw new NightError(`Cannot begin a night in ${out}: ${fileReason(error)}`);
  }
  if (file === null) {
    throw new NightError(
      `Cannot begin a night in ${out}: another one is under way${since(path)}; wait until it has ` +
        "ended",
    );
  }
  file.truncateSync();
  writeWhole(file, new TextEncoder().encode(`${startedAt}\n`));
  return file;
}

/** When the night began that holds the lock, where it has come to say so. */
function since(path: string): string {
  try {
    const startedAt = readRegularText(path, MOST_BYTES).trim();
    return startedAt && ` since ${startedAt}`;
  } catch {
    // It is held all the same.
    return "";
  }
}
