/**
 * Whether something is there. Three questions that are easily taken for one another; where a file is
 * to be opened, none of them is asked: open it, and let {@linkcode isNotThere} tell what went wrong.
 */

/** Whether a call failed since there is nothing at the path, or no folder on the way to it. */
export function isNotThere(error: unknown): boolean {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
    return true;
  }
  // As `node:fs` says it.
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}

/**
 * Whether a path leads to something, its links followed: a link to nothing does not.
 *
 * @throws As Deno does, where that cannot be found out.
 */
export function isThere(path: string): boolean {
  return statOf(path) !== null;
}

/**
 * Whether a path leads to a folder, its links followed.
 *
 * @throws As Deno does, where that cannot be found out.
 */
export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory ?? false;
}

/**
 * Whether a name is taken, be it by a link that leads nowhere: what is made there would fail, or
 * take something's place.
 *
 * @throws As Deno does, where that cannot be found out.
 */
export function isTaken(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}
