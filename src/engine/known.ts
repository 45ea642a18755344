/**
 * What reading all of a library's bytes told, for other processes of the same bench: a digest takes a
 * short run's process longer than its measuring. One process reads; the others look whether the file
 * is still the one that was read, by where it lies on which device, its size, and when it was changed.
 * The last of these the kernel sets whenever anything is written, and nobody else can set it.
 */
import { digestOf } from "./digest.ts";
import { type LibraryFile, readLibraryFile } from "./library_file.ts";
import { compressionsOf, librarySymbols } from "./symbols.ts";

/** What a library's bytes tell. */
export interface LibraryContent {
  sha256: string;
  /** What its head tells; `null` where it is no library. */
  file: LibraryFile | null;
  /** The compressions that it was built with; `null` where it does not tell. */
  compressions: string[] | null;
}

/** What is known of a library's file. */
export interface KnownLibrary {
  path: string;
  /** Which file it was: device, inode, bytes, and when it was written and changed, ms. */
  stamp: string;
  /** Absent where it was not read. */
  content?: LibraryContent;
  /**
   * Whether machine code of ours reads from it what plain calls read; absent where that was not tried.
   * It depends on the file, on this program and on the machine, which are the same all along.
   */
  fusedAgree?: boolean;
}

/** A file that was changed so shortly ago may be changed again without another time, ms. */
const YOUNG_MS = 2000;

const known = new Map<string, KnownLibrary>();

/** What this process knows. */
export function knownLibraries(): KnownLibrary[] {
  return [...known.values()];
}

/** Takes what another process of this bench knows. */
export function learnLibraries(libraries: readonly KnownLibrary[]): void {
  for (const library of libraries) known.set(library.path, library);
}

/** What is known of a file; `undefined` where nothing is, or where it is another one by now. */
function knownLibrary(path: string): KnownLibrary | undefined {
  const library = known.get(path);
  return library !== undefined && library.stamp === stampOf(path) ? library : undefined;
}

/** Learns a part of what there is to know of a file, unless it changes meanwhile. */
function learn<Part extends "content" | "fusedAgree">(
  path: string,
  part: Part,
  find: () => NonNullable<KnownLibrary[Part]>,
): NonNullable<KnownLibrary[Part]> {
  const before = knownLibrary(path);
  const had = before?.[part];
  if (had !== undefined) return had as NonNullable<KnownLibrary[Part]>;
  const stamp = stampOf(path);
  const found = find();
  if (stamp !== undefined && stamp === stampOf(path)) {
    known.set(path, { path, stamp, ...knownLibrary(path), [part]: found });
  }
  return found;
}

/**
 * What a library's bytes tell, which are read only where it is not known yet.
 *
 * @param read Reads all of the file.
 * @throws What `read` throws.
 */
export function libraryContent(path: string, read: () => Uint8Array): LibraryContent {
  return learn(path, "content", () => {
    const bytes = read();
    const symbols = librarySymbols(bytes);
    return {
      sha256: digestOf(bytes),
      file: readLibraryFile(bytes) ?? null,
      compressions: symbols === undefined ? null : compressionsOf(symbols),
    };
  });
}

/**
 * Whether machine code of ours reads from a library what plain calls read. Its functions lie at other
 * addresses in each process, and are looked up there.
 *
 * @param attempt Tries it; called only where it is not known yet.
 * @throws What `attempt` throws.
 */
export function fusedIsKnownToAgree(path: string, attempt: () => boolean): boolean {
  return learn(path, "fusedAgree", attempt);
}

/** Whether a process of this bench has loaded the file as a library and tried it. */
export function isTried(path: string): boolean {
  return knownLibrary(path)?.fusedAgree !== undefined;
}

/** Which file lies at a path; `undefined` where that cannot be told, or may not be trusted yet. */
function stampOf(path: string): string | undefined {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch {
    return undefined;
  }
  const { isFile, dev, ino, size, mtime, ctime } = info;
  if (!isFile || ino === null || mtime === null || ctime === null) return undefined;
  // By a clock that was set back meanwhile, a file is from the future, and not known.
  if (Date.now() - ctime.getTime() < YOUNG_MS) return undefined;
  return [dev, ino, size, mtime.getTime(), ctime.getTime()].join(" ");
}
