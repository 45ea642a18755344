/** Taking libraries out of an archive. */
import defer * as crypto from "node:crypto";
import type { Entry, ZipFile } from "yauzl";
import { fileReason, writeWhole } from "../disk/mod.ts";
import { MOST_LIBRARY_BYTES } from "./cache.ts";
import { EngineError } from "./error.ts";
import { isLibraryFor, type Machine } from "./machine.ts";

/** The most entries that an archive may have; those of RocksDB have some 300. */
const MOST_ENTRIES = 10_000;

/** A library in an archive. */
export interface ArchivedLibrary {
  /** The entry's own name, without folders. */
  entry: string;
  bytes: number;
  sha256: string;
}

/**
 * Unpacks the library for a kind of machine, and nothing else.
 *
 * @param path The archive's file.
 * @param called What errors call it.
 * @param to The file to be made, where nothing is. What is left of it where this fails, the caller
 * removes.
 * @throws {EngineError} Where the file is no archive, is damaged, has no such library, or one that is
 * larger than any of RocksDB's; or where there is no room for it.
 */
export async function unpackLibrary(
  path: string,
  called: string,
  machine: Machine,
  to: string,
): Promise<ArchivedLibrary> {
  using archive = await Archive.open(path, called);
  const found = archive.entries.find(({ fileName }) => isLibraryFor(machine, fileName));
  if (found === undefined) {
    throw archive.failure(`it has no library for ${machine}; check that it is the right archive`);
  }
  using file = Deno.openSync(to, { write: true, createNew: true, mode: 0o644 });
  return await archive.read(found, (chunk) => writeWhole(file, chunk));
}

/**
 * The libraries in an archive.
 *
 * @param path The archive's file.
 * @param called What errors call it.
 * @param isLibrary Tells them by their entries' names.
 * @param take Given each one's content, chunk by chunk. @default nothing is done with it
 * @throws {EngineError} Where the file is no archive, or is damaged.
 */
export async function librariesIn(
  path: string,
  called: string,
  isLibrary: (entry: string) => boolean,
  take: (entry: string, chunk: Uint8Array) => void = () => {},
): Promise<ArchivedLibrary[]> {
  using archive = await Archive.open(path, called);
  const libraries = [];
  for (const entry of archive.entries.filter(({ fileName }) => isLibrary(fileName))) {
    libraries.push(await archive.read(entry, (chunk) => take(entry.fileName, chunk)));
  }
  return libraries;
}

/** An open archive. */
class Archive {
  readonly #zip: ZipFile;
  readonly #called: string;
  readonly entries: readonly Entry[];

  constructor(zip: ZipFile, called: string, entries: readonly Entry[]) {
    this.#zip = zip;
    this.#called = called;
    this.entries = entries;
  }

  static async open(path: string, called: string): Promise<Archive> {
    // Loaded only here: measuring unpacks nothing.
    const { default: yauzl } = await import("yauzl");
    let zip: ZipFile | undefined;
    try {
      zip = await yauzl.openPromise(path, { autoClose: false, strictFileNames: true });
      if (zip.entryCount > MOST_ENTRIES) {
        throw refusal(called, `it has ${zip.entryCount} entries; check that it is the right one`);
      }
      return new Archive(zip, called, await Array.fromAsync(zip.eachEntry()));
    } catch (error) {
      zip?.close();
      throw error instanceof EngineError ? error : damaged(called, error);
    }
  }

  /** Reads an entry whole. @param use Given its content, chunk by chunk. */
  async read(entry: Entry, use: (chunk: Uint8Array) => void): Promise<ArchivedLibrary> {
    const { fileName, uncompressedSize } = entry;
    const name = fileName.slice(fileName.lastIndexOf("/") + 1);
    if (uncompressedSize > MOST_LIBRARY_BYTES) {
      throw this.failure(`its ${name} would have ${uncompressedSize} bytes; check the archive`);
    }
    const hash = crypto.createHash("sha256");
    let bytes = 0;
    let unused: Error | undefined;
    try {
      // More than the size that was said does not come: the stream fails then.
      for await (const chunk of await this.#zip.openReadStreamPromise(entry)) {
        hash.update(chunk);
        bytes += chunk.length;
        try {
          use(chunk);
        } catch (error) {
          unused = error as Error;
          break;
        }
      }
    } catch (error) {
      throw damaged(this.#called, error);
    }
    if (unused !== undefined) throw this.failure(fileReason(unused));
    return { entry: name, bytes, sha256: hash.digest("hex") };
  }

  failure(reason: string): EngineError {
    return refusal(this.#called, reason);
  }

  [Symbol.dispose](): void {
    this.#zip.close();
  }
}

function refusal(called: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(`Cannot unpack ${called}: ${reason}`, "content", { cause });
}

/** What reading it threw; the library's own words are only the cause. */
function damaged(called: string, error: unknown): EngineError {
  if (error instanceof Deno.errors.NotCapable) throw error;
  // As `node:fs` says it.
  const ofFiles = error instanceof Error && "code" in error && /^E[A-Z]+$/.test(String(error.code));
  const reason = ofFiles
    ? fileReason(error)
    : "it is no archive, or a damaged one; get or build it again";
  return refusal(called, reason, error);
}
