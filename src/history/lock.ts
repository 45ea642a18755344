/** One writer at a time: processes that write a history wait for one another. */
import { fileReason } from "../result/mod.ts";
import { HistoryError } from "./error.ts";

/** The file that is locked; nothing is in it. The lock goes with the process, however it ends. */
export const LOCK_FILE = "lock";

/** How long to sleep before the next attempt, ms. */
const PAUSE_MS = 10;

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
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { write: true, create: true });
  } catch (error) {
    throw new HistoryError(`Cannot write the history ${directory}: ${fileReason(error)}`, {
      cause: error,
    });
  }
  // Closing the file gives the lock free.
  using held = file;
  for (let waited = 0; !held.tryLockSync(true); waited += PAUSE_MS) {
    if (waited >= patienceMs) {
      throw new LockedError(
        `Cannot write the history ${directory}: another process has been writing it for ` +
          `${patienceMs / 1000} s; wait until it has ended, then try again`,
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  return action();
}
