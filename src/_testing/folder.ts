/** Folders that tests have for themselves. */

/**
 * Does something in a folder of its own, which is removed after it.
 *
 * @returns What it returned.
 */
export async function inFolder<T>(body: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "tidemark-test-" }));
  try {
    return await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/**
 * Gives a test a folder of its own, and removes it.
 *
 * @returns What {@linkcode Deno.test} takes as a test's function.
 */
export function withFolder(
  test: (folder: string, t: Deno.TestContext) => void | Promise<void>,
): (t: Deno.TestContext) => Promise<void> {
  return (t) => inFolder((folder) => test(folder, t));
}
