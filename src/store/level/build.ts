/** Whether npm:rocksdb has an engine for this machine: the package brings builds for some only. */
import defer * as modules from "node:module";
import defer * as paths from "node:path";
import { StoreError } from "../error.ts";

/** What `node-gyp-build` does where the package does: a build's file, or an error. */
interface NodeGypBuild {
  path(folder: string): string;
}

/** By the package's own rule, without loading anything. */
function hasBuild(folder?: string): boolean {
  const main = modules.createRequire(import.meta.url).resolve("rocksdb");
  const { path }: NodeGypBuild = modules.createRequire(main)("node-gyp-build");
  try {
    return path(folder ?? paths.dirname(main)) !== "";
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

let found: boolean | undefined;

/** Whether there is an engine for this machine. */
export function levelIsThere(): boolean {
  return found ??= hasBuild();
}

/**
 * Makes sure that there is an engine.
 *
 * @param folder The package's folder. @default where npm:rocksdb is installed
 * @throws {StoreError} Where there is none for this kind of machine.
 */
export function requireBuild(folder?: string): void {
  const there = folder === undefined ? levelIsThere() : hasBuild(folder);
  if (there) return;
  throw new StoreError(
    `Cannot use npm:rocksdb: it has no build for ${Deno.build.os} on ${Deno.build.arch}; ` +
      "install librocksdb (Debian: apt-get install librocksdb7.8) and measure raw and kvstore",
    "load",
    "usage",
  );
}
