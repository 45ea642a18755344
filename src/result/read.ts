import * as v from "valibot";
import { copyOf } from "./copies.ts";
import { fileReason, readRegularText } from "../disk/mod.ts";
import { ResultError } from "./error.ts";
import { FIRST_ISSUE, issueText } from "./issue.ts";
import { Result, SCHEMA_VERSION } from "./schema.ts";
import { upgrade } from "./upgrade.ts";

const Head = v.looseObject({
  schema: v.literal("tidemark.result"),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** The largest result that is read; those of a night have some megabytes. */
const MOST_RESULT_BYTES = 256 * 1024 * 1024;

/**
 * Reads a result. Older versions are upgraded; fields that this version does not know are kept.
 *
 * @throws {ResultError} Where the file cannot be read, is no regular file, is not JSON, is no result, or
 * is of a newer version.
 */
export function readResult(path: string): Result {
  let text: string;
  try {
    text = readRegularText(path, MOST_RESULT_BYTES);
  } catch (error) {
    throw new ResultError(`Cannot read the result ${path}: ${fileReason(error)}`, {
      path,
      cause: error,
    });
  }
  return parseResult(text, path);
}

/**
 * Reads a result out of a text.
 *
 * @param path What the text is called in an error.
 * @throws {ResultError} Where the text is not JSON, is no result, or is of a newer version.
 */
export function parseResult(text: string, path: string): Result {
  const fail = (reason: string, cause?: unknown) =>
    new ResultError(`Cannot read the result ${path}: ${reason}`, { path, cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw fail("it is not JSON; name a result.json, or make it again from its journal", error);
  }
  const head = v.safeParse(Head, json, FIRST_ISSUE);
  if (!head.success) {
    throw fail("it is not a Tidemark result; name a result.json, or import it first");
  }
  const version = head.output.version;
  if (version > SCHEMA_VERSION) {
    throw fail(
      `its version is ${version}, and this Tidemark knows versions up to ${SCHEMA_VERSION}; ` +
        `use a newer Tidemark`,
    );
  }
  const upgraded = upgrade(head.output);
  const parsed = v.safeParse(Result, upgraded, FIRST_ISSUE);
  if (!parsed.success) {
    throw fail(`${issueText(parsed.issues)}; make it again from its journal`);
  }
  // The file's own object, not valibot's copy, keeps every field and its order.
  const result = upgraded as Result;
  const copy = copyOf(result);
  if (copy !== undefined) throw fail(copy);
  return result;
}
