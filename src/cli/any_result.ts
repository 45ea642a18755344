/** Results as commands are given them. */
import { readJournal, readResult, type Result, resultFromJournal } from "../result/mod.ts";
import { JOURNAL_FILE, RESULT_FILE } from "../run/mod.ts";

/**
 * A result from its file or its journal's, or from a bench's directory, which may hold only a journal.
 *
 * @throws {ResultError} Where there is none, or it cannot be read.
 */
export function readAnyResult(path: string): Result {
  if (!isDirectory(path)) {
    return path.endsWith(".jsonl") ? resultFromJournal(readJournal(path)) : readResult(path);
  }
  try {
    Deno.statSync(`${path}/${RESULT_FILE}`);
  } catch {
    // A killed bench has not come to write its result: the journal has it all.
    return resultFromJournal(readJournal(`${path}/${JOURNAL_FILE}`));
  }
  return readResult(`${path}/${RESULT_FILE}`);
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
