/** A kernel that tests can boot. */

/** One that may be read: what `TIDEMARK_TEST_KERNEL` names, or the newest of this machine's. */
export function kernelOf(): string | undefined {
  const named = Deno.env.get("TIDEMARK_TEST_KERNEL");
  const own = isDirectory("/boot")
    ? [...Deno.readDirSync("/boot")].map(({ name }) => `/boot/${name}`)
      .filter((path) => path.includes("/vmlinuz-")).sort().reverse()
    : [];
  return [...named ? [named] : [], ...own].find(isReadable);
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** Whether a file may be read; a distribution's kernel often only by root. */
export function isReadable(path: string): boolean {
  try {
    Deno.openSync(path).close();
    return true;
  } catch {
    return false;
  }
}
