/** What a bench leaves in its directory: the journal, and the result that is made of it. */
import { JOURNAL_FILE, RESULT_FILE } from "../disk/mod.ts";
import { resultFromJournal } from "./from_journal.ts";
import { readJournal } from "./journal.ts";
import type { Result } from "./schema.ts";
import { writeResult } from "./write.ts";

/**
 * What a bench has measured so far, by the journal in its directory; nothing is written.
 *
 * @throws {ResultError} Where the journal cannot be read, or holds no plan.
 */
export function benchResult(directory: string): Result {
  return resultFromJournal(readJournal(`${directory}/${JOURNAL_FILE}`));
}

/**
 * Makes the result of the journal in a bench's directory and puts it beside the journal, in the
 * place of one that was made before.
 *
 * @throws {ResultError} As {@linkcode benchResult}, or where the result cannot be written.
 */
export function saveBenchResult(directory: string): Result {
  const result = benchResult(directory);
  writeResult(`${directory}/${RESULT_FILE}`, result, { replace: true });
  return result;
}

/** Whether a bench has nothing left to do: every planned run ended, and so did the bench. */
export function isFinished({ complete, endedAt }: Pick<Result, "complete" | "endedAt">): boolean {
  return complete && endedAt !== null;
}
