/** Where a ladder's second measuring lies, of its steps with the older releases' options. */
import { dirname } from "node:path";
import { isFile, isFolder, JOURNAL_FILE } from "../disk/mod.ts";
import type { Result } from "../result/mod.ts";
import { readAny } from "./read_any.ts";

/** Its folder in the ladder's own. */
const FOLDER = "options";

/** The directory of a ladder's second measuring. @param directory The ladder's. */
export function againIn(directory: string): string {
  return `${directory}/${FOLDER}`;
}

/**
 * The second measuring that belongs to a ladder's result, if there is one.
 *
 * @param path The result's file, or its bench's directory.
 * @throws {ResultError} Where it is there and cannot be read.
 */
export function readAgain(path: string): Result | undefined {
  const directory = againIn(isFolder(path) ? path : dirname(path));
  return isFile(`${directory}/${JOURNAL_FILE}`) ? readAny(directory) : undefined;
}
