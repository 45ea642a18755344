/** Putting libraries into the cache: whole or not at all, by one process at a time. */
import { fileReason, openLocked, removeIfThere, replaceFile, syncPath } from "../disk/mod.ts";
import {
  CACHE_VARIABLE,
  cachedLibrary,
  type EngineLibrary,
  type EngineRecord,
  notFor,
  recordFile,
  recordText,
  releaseFolder,
} from "./cache.ts";
import { digestOf, requireDigest } from "./digest.ts";
import { EngineError } from "./error.ts";
import { isFor, readLibraryFile } from "./library_file.ts";
import type { Machine } from "./machine.ts";
import { compressionsOf, librarySymbols } from "./symbols.ts";
import type { Pin } from "./table.ts";

/** Where a library goes, and what is known of it. */
export interface Place {
  cache: string;
  machine: Machine;
  /** What it must be, where that is known. */
  pin: Pin | undefined;
  /** What is to be written down beside what the file tells. */
  record: Omit<EngineRecord, "sha256" | "compressions">;
}

/**
 * Keeps a library's file under its own name, with its record.
 *
 * @param part The file, in the release's folder; renamed.
 * @param called Where it is from, as errors call it.
 * @throws {EngineError} Where it is not what it must be, or is for another kind of machine.
 */
export function place(
  part: string,
  called: string,
  { cache, machine, pin, record }: Place,
): EngineLibrary {
  const folder = releaseFolder(cache, record.release, machine);
  const bytes = Deno.readFileSync(part);
  const sha256 = digestOf(bytes);
  if (pin !== undefined) requireDigest(`the library in ${called}`, sha256, pin.sha256);
  const file = readLibraryFile(bytes);
  if (file === undefined || !isFor(machine, file)) {
    throw new EngineError(`Cannot use ${called}: ${notFor(machine, file)}`, "content");
  }
  const symbols = librarySymbols(bytes);
  const compressions = symbols === undefined ? null : compressionsOf(symbols);
  const whole: EngineRecord = { ...record, sha256, compressions };
  syncPath(part);
  // The record first: a library is there once its own name is.
  removeIfThere(`${folder}/${record.entry}`);
  replaceFile(recordFile(folder), recordText(whole), { alone: true });
  Deno.renameSync(part, `${folder}/${record.entry}`);
  syncPath(folder);
  return cachedLibrary(record.release, machine, cache)!;
}

/** How to wait for another process. */
export interface Waiting {
  /** Told once, where another process is in the folder. */
  waiting?(): void;
  signal?: AbortSignal | undefined;
}

/** How often to look whether another process has come to its end, ms. */
const LOOK_MS = 100;

/**
 * Does something in a release's folder, as the only process.
 *
 * @throws {EngineError} Where the folder cannot be made or written to.
 */
export async function inReleaseFolder<T>(
  cache: string,
  release: string,
  machine: Machine,
  waiting: Waiting,
  action: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = releaseFolder(cache, release, machine);
  try {
    Deno.mkdirSync(folder, { recursive: true });
    using _lock = await locked(`${folder}/lock`, waiting);
    return await action(folder);
  } catch (error) {
    if (error instanceof EngineError || error instanceof Deno.errors.NotCapable) throw error;
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new EngineError(
      `Cannot keep an engine release in ${cache}: ${
        fileReason(error)
      }, or name another folder in ` +
        CACHE_VARIABLE,
      "usage",
      { cause: error },
    );
  }
}

/** The lock's file, locked once nobody else has it. */
async function locked(path: string, { waiting, signal }: Waiting): Promise<Deno.FsFile> {
  for (let told = false;; told = true) {
    const file = openLocked(path, { write: true, create: true });
    if (file !== null) return file;
    if (!told) waiting?.();
    if (signal?.aborted) {
      throw new EngineError("Cannot get an engine release: it was interrupted", "source");
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
