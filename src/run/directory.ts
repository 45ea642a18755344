/** The directories of a bench: nothing that was there before is touched, and no two benches share one. */
import { fileReason } from "../result/mod.ts";
import { RunError } from "./error.ts";

/** Marks a directory as Tidemark's, so that a resume may clear what a killed bench left in it. */
const MARKER = "tidemark-data.json";

/**
 * Makes a directory, or takes an empty one.
 *
 * @param role What it is for, as messages are to say it, e.g. `data directory`.
 * @returns Whether it was made.
 * @throws {RunError} Where it holds anything, is no directory, or cannot be made.
 */
export function claimDirectory(path: string, role: string): boolean {
  const refuse = (reason: string, cause?: unknown) =>
    new RunError(`Cannot use ${path} as the ${role}: ${reason}`, "usage", { cause });
  try {
    const [first] = Deno.readDirSync(path);
    if (first !== undefined) {
      throw refuse(`it is not empty; name an empty or a new directory`);
    }
    return false;
  } catch (error) {
    if (error instanceof RunError) throw error;
    if (!(error instanceof Deno.errors.NotFound)) throw refuse(fileReason(error), error);
  }
  try {
    Deno.mkdirSync(path, { recursive: true });
    return true;
  } catch (error) {
    throw refuse(fileReason(error), error);
  }
}

/** The directory in which the runs' databases lie while they are measured. */
export class DataDirectory {
  readonly #path: string;
  readonly #made: boolean;
  readonly #lock: Deno.FsFile;

  private constructor(path: string, made: boolean, lock: Deno.FsFile) {
    this.#path = path;
    this.#made = made;
    this.#lock = lock;
  }

  /**
   * Takes a directory for a bench.
   *
   * @param id The result's id.
   * @param resuming Whether the bench goes on with what a killed one began: a directory that
   * bears this id's mark is then taken, and its databases are removed.
   * @throws {RunError} Where it cannot be taken: it is not empty, cannot be written, or in use.
   */
  static claim(path: string, id: string, resuming = false): DataDirectory {
    if (resuming && markOf(path) === id) {
      const lock = openLock(path, {});
      for (const entry of Deno.readDirSync(path)) {
        if (isRunDatabase(entry)) Deno.removeSync(`${path}/${entry.name}`, { recursive: true });
      }
      return new DataDirectory(path, true, lock);
    }
    const made = claimDirectory(path, "data directory");
    try {
      const lock = openLock(path, { createNew: true });
      lock.writeSync(new TextEncoder().encode(JSON.stringify({ tidemark: id }) + "\n"));
      return new DataDirectory(path, made, lock);
    } catch (error) {
      if (made) Deno.removeSync(path, { recursive: true });
      throw error;
    }
  }

  /** Where a run's database is to be made; nothing is there yet. */
  database(benchmark: string, run: number): string {
    return `${this.#path}/run-${benchmark.replaceAll("/", "-")}-${run}`;
  }

  /** Removes a run's database. */
  remove(database: string): void {
    try {
      Deno.removeSync(database, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Leaves the directory as it was found. */
  release(): void {
    for (const entry of Deno.readDirSync(this.#path)) {
      if (isRunDatabase(entry)) this.remove(`${this.#path}/${entry.name}`);
    }
    Deno.removeSync(`${this.#path}/${MARKER}`);
    this.#lock.close();
    if (this.#made) Deno.removeSync(this.#path);
  }
}

function isRunDatabase(entry: Deno.DirEntry): boolean {
  return entry.isDirectory && entry.name.startsWith("run-");
}

/** The id in a directory's marker, or `undefined` where it has none. */
function markOf(path: string): string | undefined {
  try {
    const mark = JSON.parse(Deno.readTextFileSync(`${path}/${MARKER}`));
    return typeof mark?.tidemark === "string" ? mark.tidemark : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the marker for this process alone; the lock goes with the process, however it ends. */
function openLock(path: string, options: Deno.OpenOptions): Deno.FsFile {
  const refuse = (reason: string, cause?: unknown) =>
    new RunError(`Cannot use ${path} as the data directory: ${reason}`, "usage", { cause });
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(`${path}/${MARKER}`, { read: true, write: true, ...options });
  } catch (error) {
    throw refuse(
      error instanceof Deno.errors.AlreadyExists
        ? "another bench is using it; name another directory"
        : fileReason(error),
      error,
    );
  }
  if (file.tryLockSync(true)) return file;
  file.close();
  throw refuse("another bench is using it; wait until it has ended");
}
