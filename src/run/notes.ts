/**
 * Paths that a resume needs and a result must not name, since it may be published: a file each in
 * the bench's directory, as long as the bench is not complete.
 */
import { fileReason, readRegularText, replaceFile } from "../disk/mod.ts";
import { RunError } from "./error.ts";

/** The files: where the databases are, and the library of the candidate's engine. */
const NOTES = { data: "data-directory.txt", library: "candidate-library.txt" } as const;

/** The largest note that is read: no path is as long. */
const MOST_NOTE_BYTES = 64 * 1024;

/** What can be noted. */
type Note = keyof typeof NOTES;

/**
 * Notes a path, with its links followed.
 *
 * @throws {RunError} Where the note cannot be written.
 */
export function rememberPath(directory: string, note: Note, noted: string): void {
  const path = `${directory}/${NOTES[note]}`;
  try {
    replaceFile(path, Deno.realPathSync(noted) + "\n");
  } catch (error) {
    throw new RunError(`Cannot write ${path}: ${fileReason(error)}`, "usage", { cause: error });
  }
}

/** The path that was noted, if any. */
export function rememberedPath(directory: string, note: Note): string | undefined {
  try {
    return readRegularText(`${directory}/${NOTES[note]}`, MOST_NOTE_BYTES).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Removes all notes. */
export function forgetPaths(directory: string): void {
  for (const name of Object.values(NOTES)) {
    try {
      Deno.removeSync(`${directory}/${name}`);
    } catch {
      // There is none, unless something was noted.
    }
  }
}
