/** One writer at a time: processes that write a history wait for one another. */
import { fileReason, openLocked } from "../disk/mod.ts";
import { HistoryError } from "./error.ts";

/** The file that is locked; nothing is in it. The lock goes with the process, however it ends. */
export const LOCK_FILE = "lock";

/** Another process holds the lock, and did not give it free in time. */
export class LockedError extends HistoryError {}

/**
 * Does something while no other process writes the history.
 *
 * @param patienceMs How long to wait for another process.
 * @throws {LockedError} Where the other process takes longer.
 * @throws {HistoryError} Where the lock's file cannot be opened.
 */
export function withLock<T>(directory: string, patienceMs: number, action: () => T): T {
  const path = `${directory}/${LOCK_FILE}`;
  let file: Deno.FsFile | null;
  try {
    file = openLocked(path, { write: true, create: true }, patienceMs);
  } catch (error) {
    throw new HistoryError(`Cannot write the history ${directory}: ${fileReason(error)}`, {
      cause: error,
    });
  }
  if (file === null) {
    throw new LockedError(
      `Cannot write the history ${directory}: another process has been writing it for ` +
        `${patienceMs / 1000} s; wait until it has ended, then try again`,
    );
  }
  // Closing the file gives the lock free.
  using _ = file;
  return action();
}
