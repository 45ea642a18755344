/** Libraries and archives that are given as files: no network, no table needed. */
import defer * as paths from "node:path";
import { fileReason, FileRefusal, readRegularFile, removeIfThere } from "../disk/mod.ts";
import { unpackLibrary } from "./archive.ts";
import { cacheFolder, type EngineLibrary, MOST_LIBRARY_BYTES } from "./cache.ts";
import { digestOfFile } from "./digest.ts";
import { EngineError } from "./error.ts";
import { type Machine, requireMachine } from "./machine.ts";
import { inReleaseFolder, place } from "./keep.ts";
import { fileRelease } from "./release.ts";
import { pinFor, releaseOfLibrary } from "./table.ts";

/** Where to keep what is added. */
export interface AddOptions {
  /** The kind of machine that the library is for. @default this one */
  machine?: Machine | undefined;
  /** The folder of the libraries. @default {@linkcode cacheFolder} */
  cache?: string | undefined;
}

/**
 * Keeps a copy of a library, or of the one in an archive that is for this kind of machine. It is known
 * by its content from then on: a pinned release's own where that is what it is, else by its digest.
 *
 * @param path An archive's file, or a shared library's.
 * @throws {EngineError} Where it cannot be read, or is neither.
 */
export async function addFile(path: string, options: AddOptions = {}): Promise<EngineLibrary> {
  const { machine = requireMachine(), cache = cacheFolder() } = options;
  const [first, second] = read(path, 2);
  const isArchive = first === 0x50 && second === 0x4b;
  const file = paths.basename(Deno.realPathSync(path));
  // In a folder of no release until it is known what it is.
  return await inReleaseFolder(cache, "added", machine, {}, async (folder) => {
    const part = `${folder}/library.part`;
    removeIfThere(part);
    try {
      let entry = file;
      if (isArchive) ({ entry } = await unpackLibrary(path, path, machine, part));
      else Deno.writeFileSync(part, read(path), { createNew: true, mode: 0o644 });
      const sha256 = digestOfFile(part);
      const release = releaseOfLibrary(sha256, machine) ?? fileRelease(sha256);
      const record = {
        release,
        entry: entry.replace(/[^\w.+-]|^\W/g, "_"),
        source: `the ${isArchive ? "archive" : "file"} ${file}`,
        checked: null,
      };
      const pin = pinFor(release, machine)?.library;
      return await inReleaseFolder(cache, release, machine, {}, (own) => {
        Deno.renameSync(part, `${own}/library.part`);
        return Promise.resolve(
          place(`${own}/library.part`, path, { cache, machine, pin, record }),
        );
      });
    } finally {
      removeIfThere(part);
    }
  });
}

/** @param most Bytes to read. @default all */
function read(path: string, most?: number): Uint8Array {
  try {
    return most === undefined
      ? readRegularFile(path, MOST_LIBRARY_BYTES).bytes
      : readRegularFile(path, most, { end: most }).bytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = error instanceof FileRefusal ? error.message : fileReason(error);
    throw new EngineError(`Cannot read ${path}: ${reason}`, "usage", { cause: error });
  }
}
