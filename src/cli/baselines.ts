/** The results that `--save` keeps under a name. */
import { fileReason, isTaken } from "../disk/mod.ts";
import { readResult, type Result, writeResult } from "../result/mod.ts";
import { UsageError } from "./usage_error.ts";

/** Letters of a name at most: a file's has 255 bytes on most file systems, its temporary one more. */
const MOST_NAME = 200;

/** Where they are. */
const BASELINES = "reports/baselines";

/** The file of a baseline. */
export function baselineFile(name: string): string {
  return `${BASELINES}/${name}.json`;
}

/** The names of the baselines that were saved, in order. */
export function baselineNames(): string[] {
  try {
    return [...Deno.readDirSync(BASELINES)].map(({ name }) => name)
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length)).sort();
  } catch {
    // Nothing was saved here yet.
    return [];
  }
}

/** The names of the saved baselines by their results' ids. */
export function baselinesById(): Map<string, string> {
  return new Map(
    baselineNames().flatMap((name): [string, string][] => {
      try {
        return [[readResult(baselineFile(name)).id, name]];
      } catch {
        // One that cannot be read is nobody's; `compare` will tell of it.
        return [];
      }
    }),
  );
}

/**
 * The file of a baseline that is yet to be saved.
 *
 * @throws {UsageError} Where the name can be no file's, or is taken.
 */
export function newBaseline(name: string): string {
  if (name.length > MOST_NAME) {
    throw new UsageError(
      `Cannot save as a name of ${name.length} letters: give one of at most ${MOST_NAME}, since ` +
        "it becomes a file's",
    );
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new UsageError(
      `Cannot save as ${JSON.stringify(name)}: use letters, digits, dots, dashes and ` +
        `underscores, and begin with a letter or digit`,
    );
  }
  const path = baselineFile(name);
  try {
    if (!isTaken(path)) return path;
  } catch (error) {
    throw new UsageError(`Cannot save as ${name}: ${path}: ${fileReason(error)}`);
  }
  throw new UsageError(
    `Cannot save as ${name}: ${path} is there already; choose another name or remove it`,
  );
}

/**
 * Saves a result as a baseline.
 *
 * @param path What {@linkcode newBaseline} gave.
 * @throws {UsageError} Where the folder cannot be made.
 * @throws {ResultError} Where the file cannot be written, or has come to be there meanwhile.
 */
export function saveBaseline(path: string, result: Result): void {
  try {
    Deno.mkdirSync(BASELINES, { recursive: true });
  } catch (error) {
    throw new UsageError(`Cannot make ${BASELINES}: ${fileReason(error)}`);
  }
  writeResult(path, result);
}
