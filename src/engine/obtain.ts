/**
 * Obtaining a release's library: from the cache, the user's local Maven repository, or a repository
 * over the network. What comes is held against its digest before any of it is kept.
 */
import { fileReason, isThere, readRegularText, removeIfThere } from "../disk/mod.ts";
import { unpackLibrary } from "./archive.ts";
import { cachedLibrary, cacheFolder, type EngineLibrary, type EngineRecord } from "./cache.ts";
import { digestOfFile, requireDigest } from "./digest.ts";
import { EngineError } from "./error.ts";
import { fetchArchive, shown } from "./fetch_archive.ts";
import { inReleaseFolder, place } from "./keep.ts";
import { type Machine, requireMachine } from "./machine.ts";
import { classifiersOf, isFileRelease, parseRelease, type Release } from "./release.ts";
import { localArchive } from "./repository.ts";
import { type Pin, pinFor } from "./table.ts";

/** Told as it goes; for progress. */
export interface ObtainEvents {
  /** Another process is at the same release; it is waited for. */
  waiting?(): void;
  /** An archive is about to be fetched. @param bytes Its size, where it is known. */
  fetching?(release: Release, host: string, bytes: number | null): void;
  /** So many bytes came, of so many where that is known. */
  progress?(received: number, total: number | null): void;
}

/** How to obtain. */
export interface ObtainOptions {
  /** The kind of machine that the library is for. @default this one */
  machine?: Machine | undefined;
  /** The folder of the libraries. @default {@linkcode cacheFolder} */
  cache?: string | undefined;
  events?: ObtainEvents | undefined;
  signal?: AbortSignal | undefined;
  /** How long to wait for a next byte, s. @default 30 */
  patience?: number | undefined;
  /** The repository. @default what the environment names, else Maven Central */
  repository?: string | undefined;
  /** The user's folder, where a local Maven repository may be. @default what the environment says */
  home?: string | undefined;
}

/**
 * Obtains a release's library, if it is not there already; one that is there and damaged is obtained
 * anew. Two processes may do so at once: one obtains, the other one waits.
 *
 * @param name The release.
 * @throws {EngineError} Why it cannot be had; nothing is kept then.
 */
export async function obtainRelease(
  name: string,
  options: ObtainOptions = {},
): Promise<EngineLibrary> {
  const { machine = requireMachine(), cache = cacheFolder(), events = {}, signal } = options;
  if (isFileRelease(name)) return requireFile(name, machine, cache);
  const release = parseRelease(name);
  const there = intact(name, machine, cache);
  if (there !== undefined) return there;
  const waiting = { waiting: () => events.waiting?.(), signal };
  return await inReleaseFolder(cache, name, machine, waiting, async (folder) => {
    // Another process may have obtained it meanwhile.
    const there = intact(name, machine, cache);
    if (there !== undefined) return there;
    const pin = pinFor(name, machine);
    const classifiers = pin ? [pin.archive.classifier] : classifiersOf(release, machine);
    const [archive, library] = [`${folder}/archive.part`, `${folder}/library.part`];
    try {
      const { home = Deno.env.get("HOME") } = options;
      const local = await localArchive(release, classifiers, home);
      const from = local !== undefined
        ? checkLocal(release, local, pin?.archive)
        : await fetchArchive({
          repository: options.repository,
          release,
          classifiers,
          pin: pin?.archive,
          folder,
          file: "archive.part",
          begins: (host, bytes) => events.fetching?.(release, host, bytes),
          progress: (received, total) => events.progress?.(received, total),
          signal,
          patience: options.patience,
        });
      removeIfThere(library);
      const called = `the archive of ${shown(release)}`;
      const { entry } = await unpackLibrary(local ?? archive, called, machine, library);
      const { source, checked } = from;
      const record = { release: name, entry, source, checked };
      return place(library, called, { cache, machine, pin: pin?.library, record });
    } finally {
      removeIfThere(archive);
      removeIfThere(library);
    }
  });
}

/** A library that was given as a file, which nothing else brings. */
function requireFile(name: string, machine: Machine, cache: string): EngineLibrary {
  const library = cachedLibrary(name, machine, cache);
  if (library !== undefined) return library;
  throw new EngineError(
    `Cannot get ${name}: a library of this name was given as a file and is not kept here; add the ` +
      "file again with deno task engine add FILE",
    "usage",
  );
}

/** The library that is there, if it is what it should be. */
function intact(name: string, machine: Machine, cache: string): EngineLibrary | undefined {
  try {
    return cachedLibrary(name, machine, cache);
  } catch (error) {
    if (error instanceof EngineError && error.kind === "content") return undefined;
    throw error;
  }
}

/** Holds an archive of the local Maven repository against its digest. */
function checkLocal(
  release: Release,
  path: string,
  pin: Pin | undefined,
): Pick<EngineRecord, "source" | "checked"> {
  const source = "local Maven repository";
  const called = `the archive of ${shown(release)} in the ${source}`;
  if (pin !== undefined) {
    requireDigest(called, digestOfFile(path), pin.sha256);
    return { source, checked: "sha256" };
  }
  // Maven keeps what the repository published beside each artifact.
  const published = `${path}.sha1`;
  if (!isThere(published)) return { source, checked: null };
  const [wanted = ""] = readDigest(published).trim().toLowerCase().split(/\s/);
  requireDigest(called, digestOfFile(path, "sha1"), wanted, "sha1");
  return { source, checked: "sha1" };
}

/** The most that a published digest's file may have, bytes. */
const MOST_DIGEST_BYTES = 4096;

function readDigest(path: string): string {
  try {
    return readRegularText(path, MOST_DIGEST_BYTES);
  } catch (error) {
    throw new EngineError(`Cannot read the digest ${path}: ${fileReason(error)}`, "content", {
      cause: error,
    });
  }
}
