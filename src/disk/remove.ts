/**
 * Removes what is at a path. What is not there is as good as removed.
 *
 * @throws As Deno does, where it cannot be removed.
 */
export function removeIfThere(path: string, options: Deno.RemoveOptions = {}): void {
  try {
    Deno.removeSync(path, options);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
