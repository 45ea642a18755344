/** How much of a database's files the kernel keeps in memory, and letting go of it. */
import { openPageCache, type PageCache, type PageCacheCall } from "../../native/mod.ts";

/** The files of a database at one moment. */
export interface CachedFiles {
  /** Bytes of all files of its folder. */
  fileBytes: number;
  /** Of these, bytes that are in the page cache. */
  cachedBytes: number;
}

/** Files as the page cache had them when the measuring began and by now. */
export interface PageCacheOutcome {
  /** How the kernel was asked. */
  call: PageCacheCall;
  before: CachedFiles;
  after: CachedFiles;
}

/** Looks after the files of one database. */
export class DatabaseFiles {
  readonly #folder: string;
  readonly #cache: PageCache | undefined;

  /** @param cache @default that of this machine; absent where its kernel tells nothing */
  constructor(folder: string, cache: PageCache | undefined = openPageCache()) {
    this.#folder = folder;
    this.#cache = cache;
  }

  /** How the kernel is asked; `undefined` where it tells nothing. */
  get call(): PageCacheCall | undefined {
    return this.#cache?.call;
  }

  /** What is cached now; `undefined` where the kernel tells nothing. */
  cached(): CachedFiles | undefined {
    if (this.#cache === undefined) return undefined;
    const total = { fileBytes: 0, cachedBytes: 0 };
    for (const path of filesBelow(this.#folder)) {
      // One that the engine has removed meanwhile is none of its files.
      const file = this.#cache.of(path);
      total.fileBytes += file?.bytes ?? 0;
      total.cachedBytes += file?.cachedBytes ?? 0;
    }
    return total;
  }

  /** Brings all files to the device, and lets the kernel forget their pages, file by file. */
  drop(): void {
    for (const path of filesBelow(this.#folder)) this.#cache?.drop(path);
  }
}

/** The paths of the files in a folder and in those below; none where there is no folder. */
function* filesBelow(folder: string): Iterable<string> {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return;
    throw error;
  }
  for (const { name, isFile, isDirectory } of entries) {
    if (isFile) yield `${folder}/${name}`;
    else if (isDirectory) yield* filesBelow(`${folder}/${name}`);
  }
}
