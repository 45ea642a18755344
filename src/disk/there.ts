/**
 * Whether something is there. Three questions that are easily taken for one another:
 *
 * - {@linkcode isThere}: does the path lead to something? It has to be known, or an error says why not.
 * - {@linkcode isTaken}: is the name taken, be it by a link that leads nowhere?
 * - {@linkcode isFile}, {@linkcode isFolder}: which way is it to be read? Where that cannot be found
 *   out, neither: whoever reads it then says what is wrong.
 *
 * Where a file is to be opened, none of them is asked: open it, and let {@linkcode isNotThere} tell
 * what went wrong.
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
  return succeeds(() => Deno.statSync(path));
}

/**
 * Whether a name is taken, be it by a link that leads nowhere: what is made there would fail, or
 * take something's place.
 *
 * @throws As Deno does, where that cannot be found out.
 */
export function isTaken(path: string): boolean {
  return succeeds(() => Deno.lstatSync(path));
}

/** Whether a path leads to a regular file, as far as can be told. */
export function isFile(path: string): boolean {
  return look(path)?.isFile ?? false;
}

/** Whether a path leads to a folder, as far as can be told. */
export function isFolder(path: string): boolean {
  return look(path)?.isDirectory ?? false;
}

function succeeds(stat: () => Deno.FileInfo): boolean {
  try {
    stat();
    return true;
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}

function look(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}
