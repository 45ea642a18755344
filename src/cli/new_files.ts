/** Files and directories that take the place of none. */
import { fileReason, isTaken, makeFolder } from "../disk/mod.ts";
import { LOCAL } from "./places.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Writes a text file.
 *
 * @throws {UsageError} Where it is there already, or cannot be written.
 */
export function writeNewFile(path: string, text: string): void {
  try {
    Deno.writeTextFileSync(path, text, { createNew: true });
  } catch (error) {
    const reason = error instanceof Deno.errors.AlreadyExists
      ? "it is there already; choose another name or remove it"
      : fileReason(error);
    throw new UsageError(`Cannot write ${path}: ${reason}`);
  }
}

/**
 * Makes a directory, or takes an empty one.
 *
 * @throws {UsageError} Where it is no directory or not empty, or cannot be made.
 */
export function newDirectory(path: string): void {
  let there = false;
  try {
    makeFolder(path);
    there = [...Deno.readDirSync(path)].length > 0;
  } catch (error) {
    throw new UsageError(`Cannot write to ${path}: ${fileReason(error)}`);
  }
  if (there) {
    throw new UsageError(`Cannot use ${path}: it is not empty; name an empty or a new directory`);
  }
}

/** A directory of this name that is not there yet: two benches may begin in the same second. */
export function freeDirectory(id: string): string {
  for (let i = 1;; i++) {
    const path = i === 1 ? `${LOCAL}/${id}` : `${LOCAL}/${id}-${i}`;
    if (!isTaken(path)) return path;
  }
}
