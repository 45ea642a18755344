import * as v from "valibot";
import { fileReason, replaceFile, writeNew } from "../disk/mod.ts";
import { ResultError } from "./error.ts";
import { FIRST_ISSUE, issueText } from "./issue.ts";
import { Result } from "./schema.ts";

/** How {@linkcode writeResult} writes. */
interface WriteOptions {
  /**
   * Whether a file that is there already may be replaced.
   *
   * @default false
   */
  replace?: boolean;
}

/**
 * Writes a result as JSON. The file is there whole or not at all, and on the device.
 *
 * @throws {TypeError} Where the result could not be read back, such as a figure that is not finite.
 * @throws {ResultError} Where the file exists already and `replace` is not set, or cannot be written.
 */
export function writeResult(path: string, result: Result, options: WriteOptions = {}): void {
  const parsed = v.safeParse(Result, result, FIRST_ISSUE);
  if (!parsed.success) {
    throw new TypeError(`Cannot write the result ${path}: ${issueText(parsed.issues)}`);
  }
  const text = JSON.stringify(result, null, 1) + "\n";
  try {
    if (options.replace) replaceFile(path, text);
    else writeNew(path, text);
  } catch (error) {
    const reason = error instanceof Deno.errors.AlreadyExists
      ? "the file exists already; choose another name, or remove it"
      : fileReason(error);
    throw new ResultError(`Cannot write the result ${path}: ${reason}`, { path, cause: error });
  }
}
