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
    if (error instanceof Deno.errors.AlreadyExists) throw taken(path);
    throw new UsageError(`Cannot write ${path}: ${fileReason(error)}`);
  }
}

/**
 * Refuses a file that is there already. Asked for before the work that makes its text, and nothing is
 * written; who writes asks again.
 *
 * @throws {UsageError} Where it is there.
 */
export function requireNewFile(path: string | undefined): void {
  if (path !== undefined && isTaken(path)) throw taken(path);
}

function taken(path: string): UsageError {
  return new UsageError(
    `Cannot write ${path}: it is there already; choose another name or remove it`,
  );
}

/**
 * Refuses a directory that {@linkcode newDirectory} would refuse for what it is or holds. Asked for before
 * the work whose outcome it is to take, and nothing is made.
 *
 * @param role What it is for, as the message is to say it, e.g. `result directory`.
 * @throws {UsageError} Where it is no directory, not empty, or cannot be read.
 */
export function requireNewDirectory(path: string | undefined, role?: string): void {
  if (path === undefined) return;
  const use = `Cannot use ${path}${role === undefined ? "" : ` as the ${role}`}`;
  let there: boolean;
  try {
    there = !Deno.readDirSync(path)[Symbol.iterator]().next().done;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new UsageError(`${use}: ${fileReason(error)}`);
  }
  if (there) throw new UsageError(`${use}: it is not empty; name an empty or a new directory`);
}

/**
 * Makes a directory, or takes an empty one.
 *
 * @throws {UsageError} Where it is no directory or not empty, or cannot be made.
 */
export function newDirectory(path: string): void {
  requireNewDirectory(path);
  try {
    makeFolder(path);
  } catch (error) {
    throw new UsageError(`Cannot write to ${path}: ${fileReason(error)}`);
  }
}

/** A directory of this name that is not there yet: two benches may begin in the same second. */
export function freeDirectory(id: string): string {
  for (let i = 1;; i++) {
    const path = i === 1 ? `${LOCAL}/${id}` : `${LOCAL}/${id}-${i}`;
    if (!isTaken(path)) return path;
  }
}
