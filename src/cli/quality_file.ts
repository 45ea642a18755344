/** The files that keep what simulations and real sessions came to. */
import {
  parseQuality,
  parseSessions,
  type Quality,
  qualityText,
  type SessionRecord,
  type Sessions,
} from "../analysis/mod.ts";
import { fileReason, isNotThere, readRegularText, replaceFile } from "../disk/mod.ts";
import { UsageError } from "./usage_error.ts";

/** Where it is unless another place is named. */
export const SESSIONS_FILE = "reports/quality-real.jsonl";
/** Where what was simulated is. */
export const QUALITY_FILE = "reports/quality.json";
/** The largest that is read; a session has some kilobytes, and all simulations a hundred. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The sessions that a file keeps.
 *
 * @returns None where there is no such file.
 * @throws {UsageError} Where it cannot be read.
 */
export function readSessions(path: string): Sessions | undefined {
  return readKept(path, "sessions", parseSessions, "remove it and measure anew");
}

/**
 * What was simulated, as a file keeps it.
 *
 * @returns None where there is no such file.
 * @throws {UsageError} Where it cannot be read.
 */
export function readQuality(path: string): Quality | undefined {
  return readKept(path, "simulations", parseQuality, "run deno task quality without an argument");
}

function readKept<T>(
  path: string,
  what: string,
  parse: (text: string) => T,
  mend: string,
): T | undefined {
  let text: string;
  try {
    text = readRegularText(path, MOST_BYTES);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw new UsageError(`Cannot read the ${what} ${path}: ${fileReason(error)}`);
  }
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`Cannot read the ${what} ${path}: ${error.message}; ${mend}`);
  }
}

/**
 * Adds a session to those that a file has; it is there whole or as it was. Only one may add at a time.
 *
 * @throws {UsageError} Where the file cannot be read or written.
 */
export function addSession(path: string, session: SessionRecord): void {
  const { sessions = [] } = readSessions(path) ?? {};
  const lines = [...sessions, session].map((each) => `${JSON.stringify(each)}\n`);
  writeKept(path, "sessions", lines.join(""));
}

/**
 * Writes what was simulated; the file is there whole or as it was.
 *
 * @throws {UsageError} Where it cannot be written.
 */
export function writeQuality(path: string, quality: Quality): void {
  writeKept(path, "simulations", qualityText(quality));
}

function writeKept(path: string, what: string, text: string): void {
  try {
    replaceFile(path, text);
  } catch (error) {
    throw new UsageError(`Cannot write the ${what} ${path}: ${fileReason(error)}`);
  }
}
