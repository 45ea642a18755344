/** The file that keeps what real sessions came to. */
import { parseSessions, type Sessions } from "../analysis/mod.ts";
import { fileReason } from "../result/mod.ts";
import { UsageError } from "./usage_error.ts";

/** Where it is unless another place is named. */
export const SESSIONS_FILE = "reports/quality-real.json";

/**
 * The sessions that a file keeps.
 *
 * @returns None where there is no such file.
 * @throws {UsageError} Where it cannot be read.
 */
export function readSessions(path: string): Sessions | undefined {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
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
  const temporary = `${path}.${Deno.pid}.tmp`;
  try {
    Deno.writeTextFileSync(temporary, JSON.stringify(sessions, null, 1) + "\n");
    Deno.renameSync(temporary, path);
  } catch (error) {
    throw new UsageError(`Cannot write the sessions ${path}: ${fileReason(error)}`);
  }
}
