/** The directory of a history, and what tells it from any other one. */
import {
  fileReason,
  isNotThere,
  makeFolder,
  readRegularText,
  replaceFile,
  temporaryOf,
} from "../disk/mod.ts";
import { HistoryError } from "./error.ts";
import { LOCK_FILE, withLock } from "./lock.ts";

/** The file that makes a directory a history. */
const MARKER = "history.json";
/** The largest one that is read. */
const MOST_MARKER_BYTES = 64 * 1024;
const SCHEMA = "tidemark.history";
const VERSION = 1;

/**
 * Makes sure that a directory is a history.
 *
 * @returns What tells it from every other one.
 * @param create Whether one that is not there, or is empty, becomes a history.
 * @throws {HistoryError} Where it is none, is of a newer version, or cannot be made.
 */
export function claimHistory(directory: string, create: boolean, patienceMs: number): string {
  const id = requireMark(directory);
  if (id !== null) return id;
  if (!create) {
    throw new HistoryError(
      `Cannot read the history ${directory}: there is none; name its directory, or begin one ` +
        "with history add",
    );
  }
  try {
    makeFolder(directory);
    // Another process may be about to make the same directory a history.
    const other = [...Deno.readDirSync(directory)]
      .find(({ name }) => ![LOCK_FILE, MARKER, temporaryOf(MARKER)].includes(name));
    // It may have done so, and have begun to write, since the mark was looked for.
    if (other !== undefined && requireMark(directory) === null) {
      throw new HistoryError(
        `Cannot begin a history in ${directory}: it is not empty, and has no ${MARKER}; name a ` +
          "new or an empty directory",
      );
    }
    return withLock(directory, patienceMs, () => {
      const known = requireMark(directory);
      if (known !== null) return known;
      const mark = { schema: SCHEMA, version: VERSION, id: crypto.randomUUID() };
      replaceFile(`${directory}/${MARKER}`, JSON.stringify(mark) + "\n", { alone: true });
      return mark.id;
    });
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    throw new HistoryError(`Cannot begin a history in ${directory}: ${fileReason(error)}`, {
      cause: error,
    });
  }
}

/** The id of a history of a version that is known here; `null` where there is none. */
function requireMark(directory: string): string | null {
  const path = `${directory}/${MARKER}`;
  let mark: { schema?: unknown; version?: unknown; id?: unknown } | null;
  try {
    mark = JSON.parse(readRegularText(path, MOST_MARKER_BYTES));
  } catch (error) {
    if (isNotThere(error)) return null;
    const reason = error instanceof SyntaxError ? "it is not JSON" : fileReason(error);
    throw new HistoryError(`Cannot read the history's ${path}: ${reason}`, { cause: error });
  }
  if (mark?.schema !== SCHEMA || typeof mark.version !== "number") {
    throw new HistoryError(
      `Cannot read the history's ${path}: it is of something else; name a history's directory`,
    );
  }
  if (mark.version > VERSION) {
    throw new HistoryError(
      `Cannot read the history ${directory}: its version is ${mark.version}, and this Tidemark ` +
        `knows versions up to ${VERSION}; use a newer Tidemark`,
    );
  }
  return typeof mark.id === "string" ? mark.id : "";
}
