/** Reading the results that commands are given. */
import { isFile, isFolder, isNotThere, RESULT_FILE } from "../disk/mod.ts";
import { listWithSuggestion } from "../format/mod.ts";
import {
  benchResult,
  readJournal,
  readResult,
  type Result,
  ResultError,
  resultFromJournal,
} from "../result/mod.ts";
import { baselineFile, baselineNames } from "./baselines.ts";
import { UsageError } from "./usage_error.ts";

/** A result from its file or its journal's, or from a bench's directory, which may hold only a journal. */
export function readAny(path: string): Result {
  if (!isFolder(path)) {
    return path.endsWith(".jsonl") ? resultFromJournal(readJournal(path)) : readResult(path);
  }
  try {
    return readResult(`${path}/${RESULT_FILE}`);
  } catch (error) {
    // A killed bench has not come to write its result: the journal has it all.
    if (error instanceof ResultError && isNotThere(error.cause)) return benchResult(path);
    throw error;
  }
}

/**
 * A result from what {@linkcode readAny} reads, or from a saved baseline's name. What is there as a file
 * or a directory is not taken for a name.
 *
 * @throws {UsageError} Where it is neither.
 * @throws {ResultError} Where it cannot be read.
 */
export function readComparable(nameOrPath: string): Result {
  if (isFile(nameOrPath) || isFolder(nameOrPath)) return readAny(nameOrPath);
  const names = baselineNames();
  if (names.includes(nameOrPath)) return readResult(baselineFile(nameOrPath));
  const mend = names.length === 0
    ? "; save one with bench --save"
    : `: ${listWithSuggestion(nameOrPath, names)}`;
  throw new UsageError(
    `Cannot compare with ${JSON.stringify(nameOrPath)}: it is no file, no directory and no saved ` +
      `baseline${mend}`,
  );
}
