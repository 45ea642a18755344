/** Folders that tests have for themselves. */

/** Names in a folder, in order. */
export function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Whether a device can be mounted here. */
export const mayMount = Deno.build.os === "linux" && Deno.uid() === 0 &&
  run("unshare", "--mount", "true");

/**
 * Runs a test on a device of 64 KiB.
 *
 * @returns What {@linkcode Deno.test} takes as a test's function.
 */
export function onSmallDevice(test: (folder: string) => void): () => void {
  return () => {
    const folder = Deno.makeTempDirSync();
    try {
      if (!run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)) {
        throw new Error(`Cannot mount a device at ${folder}`);
      }
      try {
        test(folder);
      } finally {
        run("umount", folder);
      }
    } finally {
      Deno.removeSync(folder);
    }
  };
}

function run(command: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}
