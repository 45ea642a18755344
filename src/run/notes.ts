/**
 * What a resume needs and a result must not name, since it may be published: a file each in the
 * bench's directory, as long as the bench is not complete. A directory may come from elsewhere, so that
 * nothing in it says what is loaded: of a library the digest is noted, which the file has to have that
 * is named again; and a data directory counts only where it bears the bench's own mark.
 */
import { createHash } from "node:crypto";
import { fileReason, readRegularFile, readRegularText, replaceFile } from "../disk/mod.ts";
import { RunError } from "./error.ts";
import type { PluginPlace, Plugins } from "./plugins.ts";

/** Where the databases are: a path. */
const DATA = "data-directory.txt";
/** The library that one side has to itself: its SHA-256 in hexadecimal. */
const LIBRARY = "candidate-library.sha256";

/** The plug-ins: a line each of the SHA-256, the lane and the store's name. */
const PLUGINS = "plugins.sha256";

/** The largest note that is read: no path is as long. */
const MOST_NOTE_BYTES = 64 * 1024;
/** The largest library that is read. */
const MOST_LIBRARY_BYTES = 1024 ** 3;

/**
 * Notes where the databases are, with links followed.
 *
 * @throws {RunError} Where the note cannot be written.
 */
export function noteData(directory: string, data: string): void {
  write(`${directory}/${DATA}`, () => Deno.realPathSync(data));
}

/** Where the databases are by the note, if there is one. */
export function notedData(directory: string): string | undefined {
  return read(`${directory}/${DATA}`);
}

/**
 * Notes which library one side is measured with, and the other is not.
 *
 * @throws {RunError} Where it cannot be read, or the note cannot be written.
 */
export function noteLibrary(directory: string, library: string): void {
  write(`${directory}/${LIBRARY}`, () => digestOf(library));
}

/** Whether one side is measured with a library of its own. */
export function isLibraryNoted(directory: string): boolean {
  return read(`${directory}/${LIBRARY}`) !== undefined;
}

/**
 * Makes sure that a file is the library that was noted.
 *
 * @throws {RunError} Where it is another, or cannot be read.
 */
export function requireNoted(directory: string, library: string): void {
  const noted = read(`${directory}/${LIBRARY}`);
  let found: string;
  try {
    found = digestOf(library);
  } catch (error) {
    throw new RunError(`Cannot read ${library}: ${fileReason(error)}`, "usage", { cause: error });
  }
  if (noted === undefined || noted === found) return;
  throw new RunError(
    `Cannot go on with ${library}: it is not the library that the bench began with; name that ` +
      "one, or measure anew",
    "usage",
  );
}

/**
 * Notes which plug-ins a lane is measured with.
 *
 * @param lanes The files by store, of each lane by its name.
 * @throws {RunError} Where the note cannot be written.
 */
export function notePlugins(directory: string, lanes: Readonly<Record<string, Plugins>>): void {
  const lines = Object.entries(lanes).flatMap(([lane, plugins]) =>
    Object.entries(plugins).map(([store, { sha256 }]) => `${sha256} ${lane} ${store}`)
  );
  if (lines.length > 0) write(`${directory}/${PLUGINS}`, () => lines.join("\n"));
}

/**
 * The plug-ins of a bench that is gone on with, by what was noted, of files that are named again.
 *
 * @param lanes The lanes by name, each with the names of its stores that are plug-ins.
 * @throws {RunError} Where one was not named, is another, or is named in vain.
 */
export function pluginsAgain(
  directory: string,
  lanes: Readonly<Record<string, readonly string[]>>,
  files: readonly PluginPlace[],
): Record<string, Plugins> {
  const noted = (read(`${directory}/${PLUGINS}`) ?? "").split("\n").map((line) => line.split(" "));
  const used = new Set<PluginPlace>();
  const again = Object.fromEntries(
    Object.entries(lanes).map(([lane, stores]) => [
      lane,
      Object.fromEntries(stores.map((store) => {
        const line = noted.find(([, ofLane, name]) => ofLane === lane && name === store);
        const file = files.find(({ sha256 }) => sha256 === line?.[0]);
        if (file === undefined) throw unnamed(directory, store, line?.[0]);
        used.add(file);
        return [store, file];
      })),
    ]),
  );
  const odd = files.find((file) => !used.has(file));
  if (odd === undefined) return again;
  throw new RunError(
    `Cannot go on with ${directory}: ${odd.path} is none of its plug-ins as they were when it ` +
      "began; leave it out, or measure anew",
    "usage",
  );
}

function unnamed(directory: string, store: string, sha256: string | undefined): RunError {
  const [reason, mend] = sha256 === undefined
    ? ["nothing says which file that was", "measure anew"]
    : [
      `its file is not named, or is another by now (SHA-256 ${sha256.slice(0, 12)}…)`,
      "no directory says what is loaded; add --store FILE",
    ];
  return new RunError(
    `Cannot go on with ${directory}: it measures ${store}, and ${reason}; ${mend}`,
    "usage",
  );
}

/** Removes all notes. */
export function forgetNotes(directory: string): void {
  for (const name of [DATA, LIBRARY, PLUGINS]) {
    try {
      Deno.removeSync(`${directory}/${name}`);
    } catch {
      // There is none, unless something was noted.
    }
  }
}

function write(path: string, text: () => string): void {
  try {
    replaceFile(path, `${text()}\n`);
  } catch (error) {
    throw new RunError(`Cannot write ${path}: ${fileReason(error)}`, "usage", { cause: error });
  }
}

function read(path: string): string | undefined {
  try {
    return readRegularText(path, MOST_NOTE_BYTES).trim() || undefined;
  } catch {
    return undefined;
  }
}

function digestOf(path: string): string {
  const { bytes } = readRegularFile(path, MOST_LIBRARY_BYTES);
  return createHash("sha256").update(bytes).digest("hex");
}
