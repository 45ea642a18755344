/** Programs in Go, built where Go is and what they need is to be had. */
import { cacheFolder } from "../../engine/mod.ts";
import { run, succeeds } from "../../_testing/child.ts";

/** Building one with all that it needs takes minutes the first time. */
const BUILD_SECONDS = 1500;

/** Why none can be built here; `undefined` where they can. */
export async function missingGo(): Promise<string | undefined> {
  return await succeeds("go", "version") ? undefined : "there is no go";
}

/**
 * Builds a program. Go keeps what it compiled for the next time.
 *
 * @param module The folder of the module that says which versions it is built of.
 * @param source What is built: a folder of the module (`./name`), or a package of another one.
 * @param name What the program is called in the cache.
 * @returns The program's path, in the cache.
 * @throws {Error} Where it cannot be built.
 */
export async function buildGo(module: string, source: string, name: string): Promise<string> {
  const program = `${programsFolder()}/${name}`;
  // The sums of what it needs are written beside the module.
  const copy = await Deno.makeTempDir({ prefix: "tidemark-go-" });
  try {
    await copyFolder(module, copy);
    const { code, err } = await run("go", ["build", "-mod=mod", "-o", program, source], {
      cwd: copy,
      seconds: BUILD_SECONDS,
    });
    if (code !== 0) throw new Error(`Cannot build ${name}: ${err.slice(-2000)}`);
    return program;
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

/** Where programs that were built lie; made where it is not there. */
export function programsFolder(): string {
  const folder = `${cacheFolder()}/judges`;
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

/** Copies a folder of files and folders into one that is there. */
export async function copyFolder(from: string, to: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) {
      await Deno.mkdir(`${to}/${name}`);
      await copyFolder(`${from}/${name}`, `${to}/${name}`);
    } else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
