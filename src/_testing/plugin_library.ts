/** Plug-ins in C, compiled for tests: once a process, into a folder that is gone with it. */
import { buildEngine, missingFor } from "../plugin/mod.ts";
import { run, succeeds } from "./child.ts";

const INCLUDE = new URL("../plugin/include/", import.meta.url).pathname;

/** A built library, or why it could not be built. */
export type Built = { path: string; reason?: undefined } | { path?: undefined; reason: string };

/** Whether there is a C compiler. */
const hasCompiler = await succeeds("cc", "--version");

let folder: string | undefined;

function folderOfLibraries(): string {
  if (folder === undefined) {
    const made = folder = Deno.makeTempDirSync({ prefix: "tidemark-plugins-" });
    addEventListener("unload", () => Deno.removeSync(made, { recursive: true }));
  }
  return folder;
}

/**
 * Compiles a plug-in's source.
 *
 * @param source The path of a C file.
 * @param flags Macros and libraries.
 * @param name The library's name.
 * @throws {Error} Where the source has a mistake.
 */
export async function buildC(
  source: string,
  flags: readonly string[] = [],
  name = "libplugin.so",
): Promise<Built> {
  if (!hasCompiler) return { reason: "there is no C compiler (cc)" };
  const path = `${folderOfLibraries()}/${name}`;
  const strict = ["-O2", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror"];
  const shared = ["-shared", "-fPIC", "-fvisibility=hidden", "-pthread"];
  const { code, err } = await run(
    "cc",
    [...strict, ...shared, `-I${INCLUDE}`, "-o", path, source, ...flags],
  );
  if (code !== 0) throw new Error(`Cannot compile ${source}: ${err}`);
  return { path };
}

let rocksdb: Promise<Built> | undefined;

/** The plug-in over the system's librocksdb. */
export function rocksdbPlugin(): Promise<Built> {
  return rocksdb ??= (async () => {
    const reason = await missingFor("rocksdb");
    return reason === undefined
      ? { path: await buildEngine("rocksdb", folderOfLibraries()) }
      : { reason };
  })();
}
