import defer * as paths from "node:path";

/**
 * Makes a folder, and those above it that are not there: all of them or none.
 *
 * @throws What the system says.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let above = path; !isAnything(above); above = paths.dirname(above)) {
    missing.push(above);
    // Where the current folder itself was removed.
    if (paths.dirname(above) === above) break;
  }
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    for (const made of missing) removeEmpty(made);
    throw error;
  }
}

/** Whether anything is there, and be it a link to nothing. */
function isAnything(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    // Where the system does not say so, the attempt to make it will tell why.
    return !(error instanceof Deno.errors.NotFound) && !isTooLong(error);
  }
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
}

function removeEmpty(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was not made, or another process has put something into it.
  }
}
