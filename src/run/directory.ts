/** The directories of a bench: nothing that was there before is touched, and no two benches share one. */
import {
  appendWhole,
  fileReason,
  makeFolder,
  openLocked,
  readRegularText,
  removeIfThere,
} from "../disk/mod.ts";
import { RunError } from "./error.ts";

/** Marks a directory as Tidemark's, so that a resume may clear what a killed bench left in it. */
const MARKER = "tidemark-data.json";
/** The largest one that is read. */
const MOST_MARKER_BYTES = 64 * 1024;

/** What the marker's file says. */
interface Mark {
  /** The id of the result that the databases belong to. */
  tidemark: string;
  /** Whether the directory was made for it, and is to be removed with it. */
  made: boolean;
}

/**
 * Makes a directory, or takes an empty one.
 *
 * @param role What it is for, as messages are to say it, e.g. `data directory`.
 * @returns Whether it was made.
 * @throws {RunError} Where it holds anything, is no directory, or cannot be made.
 */
export function claimDirectory(path: string, role: string): boolean {
  try {
    const [first] = Deno.readDirSync(path);
    if (first === undefined) return false;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw refusal(path, role, error);
    try {
      makeFolder(path);
      return true;
    } catch (error) {
      throw refusal(path, role, error);
    }
  }
  throw refusal(path, role, "it is not empty; name an empty or a new directory");
}

/** @param reason In words, or what a call of `Deno` threw. */
function refusal(path: string, role: string, reason: unknown): RunError {
  const text = typeof reason === "string" ? reason : fileReason(reason);
  return new RunError(`Cannot use ${path} as the ${role}: ${text}`, "usage", { cause: reason });
}

/** The directory in which the runs' databases lie while they are measured. */
export class DataDirectory {
  readonly #path: string;
  readonly #made: boolean;
  readonly #lock: Deno.FsFile;
  #left = false;

  private constructor(path: string, made: boolean, lock: Deno.FsFile) {
    this.#path = path;
    this.#made = made;
    this.#lock = lock;
  }

  /**
   * Takes a directory for a bench: a new or an empty one, or the one that a killed bench of the
   * same id left behind, whose databases are then removed.
   *
   * @param id The result's id.
   * @throws {RunError} Where it cannot be taken: it is not empty, cannot be written, or in use.
   */
  static claim(path: string, id: string): DataDirectory {
    const left = readMark(path);
    if (left?.tidemark === id) {
      const directory = new DataDirectory(path, left.made, openLock(path, {}));
      directory.#removeDatabases();
      return directory;
    }
    if (left !== undefined) {
      throw refusal(
        path,
        ROLE,
        `the bench ${left.tidemark} uses it, or was killed there; wait for it or resume it, ` +
          `or name another directory`,
      );
    }
    const made = claimDirectory(path, ROLE);
    let lock: Deno.FsFile | undefined;
    try {
      lock = openLock(path, { createNew: true });
      writeMark(lock, path, { tidemark: id, made });
      return new DataDirectory(path, made, lock);
    } catch (error) {
      if (lock !== undefined) {
        Deno.removeSync(`${path}/${MARKER}`);
        lock.close();
      }
      if (made) removeIfEmpty(path);
      throw error;
    }
  }

  /**
   * Where a run's database is to be made; nothing is there yet.
   *
   * @param role Tells two runs apart that are measured at once.
   */
  database(benchmark: string, run: number, role?: string): string {
    const side = role === undefined ? "" : `-${role}`;
    return `${this.#path}/run-${benchmark.replaceAll("/", "-")}-${run}${side}`;
  }

  /** Where what several runs begin with is to be kept. */
  tree(name: string): string {
    return `${this.#path}/tree-${name}`;
  }

  /**
   * Removes a run's database; one that is not there is no error.
   *
   * @throws {RunError} Where it cannot be removed.
   */
  remove(database: string): void {
    if (this.#left) return;
    removeFiles(database, { recursive: true });
  }

  /**
   * Leaves everything where it is from now on: a process that takes no signal still uses it, and
   * who touched it might wait for its device as well. A resume clears it.
   */
  leave(): void {
    this.#left = true;
  }

  /**
   * Leaves the directory as it was found, but for what others have put into it meanwhile.
   *
   * @throws {RunError} Where a database cannot be removed.
   */
  release(): void {
    if (this.#left) return this.#lock.close();
    try {
      this.#removeDatabases();
      removeFiles(`${this.#path}/${MARKER}`);
    } finally {
      this.#lock.close();
    }
    if (this.#made) removeIfEmpty(this.#path);
  }

  #removeDatabases(): void {
    for (const entry of entriesOf(this.#path)) {
      if (entry.isDirectory && /^(?:run|tree)-/.test(entry.name)) {
        this.remove(`${this.#path}/${entry.name}`);
      }
    }
  }
}

const ROLE = "data directory";

/** A directory's entries; none where somebody has removed it. */
function entriesOf(path: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw notRemoved(path, error);
  }
}

function removeFiles(path: string, options: Deno.RemoveOptions = {}): void {
  try {
    removeIfThere(path, options);
  } catch (error) {
    throw notRemoved(path, error);
  }
}

function notRemoved(path: string, error: unknown): RunError {
  return new RunError(`Cannot remove ${path}: ${fileReason(error)}`, "measuring", { cause: error });
}

/** Removes a directory, unless something is in it that this bench did not put there. */
export function removeIfEmpty(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It stays: what is in it is not ours.
  }
}

/** What a directory's marker says, or `undefined` where it has none. */
function readMark(path: string): Mark | undefined {
  try {
    const mark = JSON.parse(readRegularText(`${path}/${MARKER}`, MOST_MARKER_BYTES));
    return typeof mark?.tidemark === "string" ? { made: false, ...mark } : undefined;
  } catch {
    return undefined;
  }
}

function writeMark(file: Deno.FsFile, path: string, mark: Mark): void {
  const bytes = new TextEncoder().encode(JSON.stringify(mark) + "\n");
  try {
    appendWhole(file, bytes, 0);
  } catch (error) {
    throw refusal(path, ROLE, error);
  }
}

/** Opens the marker for this process alone; the lock goes with the process, however it ends. */
function openLock(path: string, options: Deno.OpenOptions): Deno.FsFile {
  let file: Deno.FsFile | null;
  try {
    file = openLocked(`${path}/${MARKER}`, { read: true, write: true, ...options });
  } catch (error) {
    throw refusal(path, ROLE, error instanceof Deno.errors.AlreadyExists ? IN_USE : error);
  }
  if (file === null) throw refusal(path, ROLE, IN_USE);
  return file;
}

const IN_USE = "another bench is using it; wait until it has ended, or name another directory";
