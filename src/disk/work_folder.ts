/** Folders for work in hand, beneath the system's folder for what does not stay. */
import { dirname } from "node:path";
import { openLocked } from "./lock.ts";
import { removeIfThere } from "./remove.ts";

/** The file that its process has locked while a folder is in use. */
const IN_USE = "in-use";
/** For how long a folder that has no such file may be one that is only just being made, ms. */
const MAKING_MS = 60_000;

/**
 * A folder of this process alone, until it is disposed of. What a killed process has left is removed when the
 * next one begins one of its kind: the lock on a file in it ends with the process, however that comes.
 */
export class WorkFolder implements Disposable {
  /** Its path. */
  readonly path: string;
  readonly #lock: Deno.FsFile | null;

  /**
   * Makes the folder.
   *
   * @param kind What it is for, a word: it stands in the folder's name.
   * @throws As Deno does, where none can be made.
   */
  constructor(kind: string) {
    const prefix = `tidemark-${kind}-`;
    this.path = Deno.makeTempDirSync({ prefix });
    this.#lock = openLocked(`${this.path}/${IN_USE}`, { write: true, createNew: true });
    removeLeftOnes(this.path, prefix);
  }

  /**
   * Removes the folder with what is in it.
   *
   * @throws As Deno does, where it cannot be removed.
   */
  [Symbol.dispose](): void {
    this.#lock?.close();
    removeIfThere(this.path, { recursive: true });
  }
}

/** Removes what others of a kind have left. What cannot be looked at or removed stays: it is nobody's fault here. */
function removeLeftOnes(own: string, prefix: string): void {
  const parent = dirname(own);
  const { uid } = Deno.lstatSync(own);
  try {
    for (const { name, isDirectory } of Deno.readDirSync(parent)) {
      const path = `${parent}/${name}`;
      if (!isDirectory || !name.startsWith(prefix) || path === own) continue;
      // Another user's is not ours to look into.
      if (Deno.lstatSync(path).uid === uid && isLeft(path)) {
        Deno.removeSync(path, { recursive: true });
      }
    }
  } catch {
    // As where two processes remove the same one.
  }
}

function isLeft(path: string): boolean {
  try {
    const lock = openLocked(`${path}/${IN_USE}`, { write: true });
    lock?.close();
    return lock !== null;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return false;
    const { mtime } = Deno.lstatSync(path);
    return mtime !== null && Date.now() - mtime.getTime() > MAKING_MS;
  }
}
