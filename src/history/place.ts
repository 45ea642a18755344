/** The directory of a history, and what tells it from any other one. */
import { fileReason } from "../result/mod.ts";
import { HistoryError } from "./error.ts";
import { LOCK_FILE, withLock } from "./lock.ts";
import { syncPath } from "./sync.ts";

/** The file that makes a directory a history. */
const MARKER = "history.json";
const TEMPORARY = `${MARKER}.tmp`;
const MARK = { schema: "tidemark.history", version: 1 };

/**
 * Makes sure that a directory is a history.
 *
 * @param create Whether one that is not there, or is empty, becomes a history.
 * @throws {HistoryError} Where it is none, is of a newer version, or cannot be made.
 */
export function claimHistory(directory: string, create: boolean, patienceMs: number): void {
  if (requireMark(directory)) return;
  if (!create) {
    throw new HistoryError(
      `Cannot read the history ${directory}: there is none; name its directory, or begin one ` +
        "with history add",
    );
  }
  try {
    Deno.mkdirSync(directory, { recursive: true });
    // Another process may be about to make the same directory a history.
    const other = [...Deno.readDirSync(directory)]
      .find(({ name }) => ![LOCK_FILE, MARKER, TEMPORARY].includes(name));
    // It may have done so, and have begun to write, since the mark was looked for.
    if (other !== undefined && !requireMark(directory)) {
      throw new HistoryError(
        `Cannot begin a history in ${directory}: it is not empty, and has no ${MARKER}; name a ` +
          "new or an empty directory",
      );
    }
    withLock(directory, patienceMs, () => {
      if (requireMark(directory)) return;
      Deno.writeTextFileSync(`${directory}/${TEMPORARY}`, JSON.stringify(MARK) + "\n");
      syncPath(`${directory}/${TEMPORARY}`);
      Deno.renameSync(`${directory}/${TEMPORARY}`, `${directory}/${MARKER}`);
      syncPath(directory);
    });
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    throw new HistoryError(`Cannot begin a history in ${directory}: ${fileReason(error)}`, {
      cause: error,
    });
  }
}

/** Whether a directory is a history of a version that is known here. */
function requireMark(directory: string): boolean {
  const path = `${directory}/${MARKER}`;
  let mark: { schema?: unknown; version?: unknown } | null;
  try {
    mark = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    const reason = error instanceof SyntaxError ? "it is not JSON" : fileReason(error);
    throw new HistoryError(`Cannot read the history's ${path}: ${reason}`, { cause: error });
  }
  if (mark?.schema !== MARK.schema || typeof mark.version !== "number") {
    throw new HistoryError(
      `Cannot read the history's ${path}: it is of something else; name a history's directory`,
    );
  }
  if (mark.version > MARK.version) {
    throw new HistoryError(
      `Cannot read the history ${directory}: its version is ${mark.version}, and this Tidemark ` +
        `knows versions up to ${MARK.version}; use a newer Tidemark`,
    );
  }
  return true;
}
