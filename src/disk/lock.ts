/** One process at a time. */

/** How long to sleep before the next attempt, ms. */
const PAUSE_MS = 10;
/**
 * How long a lock may outlast the file that had it, ms: a process that is being started holds all
 * files of its parent until it has become another program.
 */
const STARTING_MS = 200;

/**
 * Locks an open file for this process alone. Closing the file gives it free; so does the end of the
 * process, however it comes.
 *
 * @param patienceMs How long to wait for another process; a fifth of a second at least, since it may be one
 * that is only just being started. @default 0
 * @returns Whether it is locked; not, where another process has it for longer.
 * @throws As Deno does, where files cannot be locked there.
 */
export function lockFile(file: Deno.FsFile, patienceMs = 0): boolean {
  const mostMs = Math.max(patienceMs, STARTING_MS);
  for (let waited = 0; !file.tryLockSync(true); waited += PAUSE_MS) {
    if (waited >= mostMs) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  return true;
}

/**
 * Opens a file and locks it, as {@linkcode lockFile}.
 *
 * @returns The file, or `null` where another process has it.
 * @throws As Deno does, where it cannot be opened.
 */
export function openLocked(
  path: string,
  options: Deno.OpenOptions,
  patienceMs = 0,
): Deno.FsFile | null {
  const file = Deno.openSync(path, options);
  try {
    if (lockFile(file, patienceMs)) return file;
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return null;
}
