/** The file that keeps what real sessions came to. */
import { parseSessions, type Sessions } from "../analysis/mod.ts";
import { fileReason, isNotThere, readRegularText, replaceFile } from "../disk/mod.ts";
import { UsageError } from "./usage_error.ts";

/** Where it is unless another place is named. */
export const SESSIONS_FILE = "reports/quality-real.json";
/** The largest that is read; a session has some kilobytes. */
const MOST_SESSIONS_BYTES = 64 * 1024 * 1024;

/**
 * The sessions that a file keeps.
 *
 * @returns None where there is no such file.
 * @throws {UsageError} Where it cannot be read.
 */
export function readSessions(path: string): Sessions | undefined {
  let text: string;
  try {
    text = readRegularText(path, MOST_SESSIONS_BYTES);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw new UsageError(`Cannot read the sessions ${path}: ${fileReason(error)}`);
  }
  try {
    return parseSessions(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `Cannot read the sessions ${path}: ${error.message}; remove it and measure anew`,
    );
  }
}

/**
 * Writes the sessions; the file is there whole or as it was.
 *
 * @throws {UsageError} Where it cannot be written.
 */
export function writeSessions(path: string, sessions: Sessions): void {
  try {
    replaceFile(path, JSON.stringify(sessions, null, 1) + "\n");
  } catch (error) {
    throw new UsageError(`Cannot write the sessions ${path}: ${fileReason(error)}`);
  }
}
