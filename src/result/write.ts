import * as v from "valibot";
import { fileReason, ResultError } from "./error.ts";
import { issueText } from "./issue.ts";
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
 * Writes a result as JSON. The file is there whole or not at all: the text goes to a temporary file
 * in the same folder, to the device, and then to its name.
 *
 * Two processes that write the same name in the same instant are not kept apart; results have names
 * of their own, so none do.
 *
 * @throws {TypeError} Where the result could not be read back, such as a figure that is not finite.
 * @throws {ResultError} Where the file exists already and `replace` is not set, or cannot be written.
 */
export function writeResult(path: string, result: Result, options: WriteOptions = {}): void {
  const parsed = v.safeParse(Result, result);
  if (!parsed.success) {
    throw new TypeError(`Cannot write the result ${path}: ${issueText(parsed.issues)}`);
  }
  if (!options.replace && exists(path)) {
    throw new ResultError(
      `Cannot write the result ${path}: the file exists already; choose another name, or remove it`,
      { path },
    );
  }
  const temporary = `${path}.${Deno.pid}.tmp`;
  try {
    writeSynced(temporary, JSON.stringify(result, null, 1) + "\n");
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw new ResultError(`Cannot write the result ${path}: ${fileReason(error)}`, {
      path,
      cause: error,
    });
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new ResultError(`Cannot write the result ${path}: ${fileReason(error)}`, {
      path,
      cause: error,
    });
  }
}

function writeSynced(path: string, text: string): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const bytes = new TextEncoder().encode(text);
  let written = 0;
  while (written < bytes.length) written += file.writeSync(bytes.subarray(written));
  file.syncSync();
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // What went wrong before is what has to be said.
  }
}
