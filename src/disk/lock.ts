/** One process at a time. */

/** How long to sleep before the next attempt, ms. */
const PAUSE_MS = 10;

/**
 * Locks an open file for this process alone. Closing the file gives it free; so does the end of the
 * process, however it comes.
 *
 * @param patienceMs How long to wait for another process. @default 0
 * @returns Whether it is locked; not, where another process has it for longer.
 * @throws As Deno does, where files cannot be locked there.
 */
export function lockFile(file: Deno.FsFile, patienceMs = 0): boolean {
  for (let waited = 0; !file.tryLockSync(true); waited += PAUSE_MS) {
    if (waited >= patienceMs) return false;
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
