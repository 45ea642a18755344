/**
 * The libraries that were obtained: one folder a release and kind of machine, with the library and a
 * record of where it came from. The library is held against its digest whenever it is used, by a
 * process that reads it or by the file's own stamp, where another one has read it before.
 */
import {
  fileReason,
  FileRefusal,
  isNotThere,
  readRegularFile,
  readRegularText,
} from "../disk/mod.ts";
import { EngineError } from "./error.ts";
import { type LibraryContent, libraryContent } from "./known.ts";
import { isFor, type readLibraryFile } from "./library_file.ts";
import { type Machine, MACHINE_NAMES } from "./machine.ts";
import { compareReleases, isFileRelease, isReleaseName, parseRelease } from "./release.ts";
import { pinFor } from "./table.ts";

/** The environment variable that names the folder. */
export const CACHE_VARIABLE = "TIDEMARK_CACHE";

/** The environment variables that tell where the folder is. */
export const CACHE_VARIABLES: readonly string[] = [CACHE_VARIABLE, "XDG_CACHE_HOME", "HOME"];

/** The most that a library may have, bytes; the largest are 18 MB. */
export const MOST_LIBRARY_BYTES = 128 * 1024 * 1024;
/** The most that a record may have, bytes. */
const MOST_RECORD_BYTES = 64 * 1024;
/** A release's record, beside its library. */
const RECORD_FILE = "engine.json";

/** What was written down when a library was obtained. */
export interface EngineRecord {
  release: string;
  /** The library's file, beside the record. */
  entry: string;
  /** Of the library. */
  sha256: string;
  /** Where it came from, in words that name no path, e.g. `local Maven repository`. */
  source: string;
  /** What the archive was held against; `null` where it was given as a file. */
  checked: "sha256" | "sha1" | null;
  /** The compressions that it was built with; `null` where its file does not tell. */
  compressions: string[] | null;
}

/** A library that was obtained, and is what it should be. */
export interface EngineLibrary {
  /** The release's name, e.g. `10.4.2`. */
  release: string;
  /** The engine as people call it; `null` of a file, which has to be loaded to tell. */
  engine: string | null;
  /** The engine's version; `null` of a file. */
  version: string | null;
  /** The library's file. */
  path: string;
  /** The file's own name. */
  file: string;
  sha256: string;
  /** Whether the digest is one of the table's. */
  pinned: boolean;
  /** The compiler that the file names, e.g. `GCC 7.3.1`. */
  compiler: string | null;
  /** The compressions that it was built with; `null` where the file does not tell. */
  compressions: string[] | null;
  /** Where it came from, in words. */
  source: string;
}

/**
 * The folder of the libraries, which need not be there: `TIDEMARK_CACHE`, else in the user's own
 * folder for such things.
 *
 * @param get Reads an environment variable.
 * @throws {EngineError} Where the user has none.
 */
export function cacheFolder(
  get: (name: string) => string | undefined = (name) => Deno.env.get(name),
): string {
  const named = get(CACHE_VARIABLE);
  if (named) return named;
  const caches = get("XDG_CACHE_HOME");
  if (caches?.startsWith("/")) return `${caches}/tidemark`;
  const home = get("HOME");
  if (home) return `${home}/${Deno.build.os === "darwin" ? "Library/Caches" : ".cache"}/tidemark`;
  throw new EngineError(
    `Cannot tell where to keep engine releases: the user has no home; set ${CACHE_VARIABLE} to a ` +
      "folder",
    "usage",
  );
}

/** The folder of a release for a kind of machine. */
export function releaseFolder(cache: string, release: string, machine: Machine): string {
  return `${cache}/engines/${release}/${machine}`;
}

/** Whether a library was obtained; it is not yet held against its digest. */
export function isCached(release: string, machine: Machine, cache = cacheFolder()): boolean {
  const folder = releaseFolder(cache, release, machine);
  try {
    const { entry } = readRecord(folder, release)!;
    return Deno.statSync(`${folder}/${entry}`).isFile;
  } catch {
    return false;
  }
}

/**
 * A library that was obtained. All of its bytes have been read, and are held against its digest.
 *
 * @returns `undefined` where it was not obtained.
 * @throws {EngineError} Where it cannot be read, is damaged, or is for another kind of machine.
 */
export function cachedLibrary(
  release: string,
  machine: Machine,
  cache = cacheFolder(),
): EngineLibrary | undefined {
  // Before it becomes a part of a path.
  const named = isFileRelease(release) ? undefined : parseRelease(release);
  const folder = releaseFolder(cache, release, machine);
  const record = readRecord(folder, release);
  if (record === undefined) return undefined;
  const path = `${folder}/${record.entry}`;
  const content = readLibrary(path);
  if (content === undefined) return undefined;
  const pin = named && pinFor(release, machine)?.library;
  const { sha256 } = content;
  if (sha256 !== (pin?.sha256 ?? record.sha256)) {
    throw new EngineError(
      `Cannot use ${path}: its SHA-256 is ${sha256.slice(0, 16)}…, not ${
        (pin?.sha256 ?? record.sha256).slice(0, 16)
      }…, so it is not loaded; ${
        named
          ? `deno task engine get ${release} gets it anew`
          : `deno task engine remove ${release} removes it`
      }`,
      "content",
    );
  }
  const file = content.file ?? undefined;
  if (file === undefined || !isFor(machine, file)) {
    throw new EngineError(`Cannot use ${path}: ${notFor(machine, file)}`, "content");
  }
  return {
    release,
    engine: named?.engine ?? null,
    version: named?.version ?? null,
    path,
    file: record.entry,
    sha256,
    pinned: pin !== undefined,
    compiler: file.compiler,
    compressions: record.compressions,
    source: record.source,
  };
}

/** Why a file is no library for a kind of machine, as the end of a sentence. */
export function notFor(machine: Machine, file: ReturnType<typeof readLibraryFile>): string {
  return file === undefined
    ? "it is no shared library for a 64-bit processor; check the file"
    : `it is a library for ${file.system} on ${file.arch}, and this is for ${machine}`;
}

/** What the library's bytes tell; `undefined` where it is not there. @throws {EngineError} */
function readLibrary(path: string): LibraryContent | undefined {
  try {
    return libraryContent(path, () => readRegularFile(path, MOST_LIBRARY_BYTES).bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    if (isNotThere(error)) return undefined;
    const reason = error instanceof FileRefusal ? error.message : fileReason(error);
    throw new EngineError(`Cannot read ${path}: ${reason}`, "content", { cause: error });
  }
}

/** What was written down; `undefined` where nothing was, or nothing that can be read. */
function readRecord(folder: string, release: string): EngineRecord | undefined {
  let record: Partial<EngineRecord> | null;
  try {
    record = JSON.parse(readRegularText(`${folder}/${RECORD_FILE}`, MOST_RECORD_BYTES));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
  const { entry, sha256, source, checked = null, compressions = null } = record ?? {};
  // The name is a file's beside the record, and leads nowhere else.
  const whole = typeof entry === "string" && /^[\w][\w.+-]{0,254}$/.test(entry) &&
    typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) && typeof source === "string" &&
    record?.release === release &&
    (compressions === null || isTexts(compressions));
  return whole ? { release, entry, sha256, source, checked, compressions } : undefined;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

/** A record as its file has it. */
export function recordText(record: EngineRecord): string {
  return JSON.stringify(record, null, 1) + "\n";
}

/** Where a release's record is. */
export function recordFile(folder: string): string {
  return `${folder}/${RECORD_FILE}`;
}

/** What was obtained, in order: each release with the kinds of machine that it was obtained for. */
export function cachedReleases(cache = cacheFolder()): { release: string; machines: Machine[] }[] {
  return namesIn(`${cache}/engines`)
    // Whatever else lies there is nobody's release.
    .filter((name) => isReleaseName(name) || isFileRelease(name))
    .map((release) => ({
      release,
      machines: MACHINE_NAMES.filter((machine) => isCached(release, machine, cache)),
    }))
    .filter(({ machines }) => machines.length > 0)
    .sort((a, b) => compareReleases(a.release, b.release));
}

/**
 * Removes what was obtained of a release.
 *
 * @returns Whether there was anything.
 * @throws {EngineError} Where it cannot be removed.
 */
export function removeRelease(release: string, cache = cacheFolder()): boolean {
  if (!isFileRelease(release)) parseRelease(release);
  const folder = `${cache}/engines/${release}`;
  try {
    Deno.removeSync(folder, { recursive: true });
    return true;
  } catch (error) {
    if (isNotThere(error)) return false;
    throw new EngineError(`Cannot remove ${folder}: ${fileReason(error)}`, "usage", {
      cause: error,
    });
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch (error) {
    if (isNotThere(error)) return [];
    throw new EngineError(`Cannot read ${folder}: ${fileReason(error)}`, "usage", {
      cause: error,
    });
  }
}
