/**
 * What a resume needs and a result must not name, since it may be published: a file each in the
 * bench's directory, as long as the bench is not complete. A directory may come from elsewhere, so that
 * nothing in it says what is loaded: of a library the digest is noted, which the file has to have that
 * is named again; and a data directory counts only where it bears the bench's own mark.
 */
import { createHash } from "node:crypto";
import { fileReason, readRegularFile, readRegularText, replaceFile } from "../disk/mod.ts";
import { RunError } from "./error.ts";

/** Where the databases are: a path. */
const DATA = "data-directory.txt";
/** The candidate's library: its SHA-256 in hexadecimal. */
const LIBRARY = "candidate-library.sha256";

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
 * Notes which library the candidate is measured with.
 *
 * @throws {RunError} Where it cannot be read, or the note cannot be written.
 */
export function noteLibrary(directory: string, library: string): void {
  write(`${directory}/${LIBRARY}`, () => digestOf(library));
}

/** Whether the candidate is measured with a library of its own. */
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
    `Cannot go on with ${library}: it is not the library that the candidate began with; name that ` +
      "one, or measure anew",
    "usage",
  );
}

/** Removes all notes. */
export function forgetNotes(directory: string): void {
  for (const name of [DATA, LIBRARY]) {
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
