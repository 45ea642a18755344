/**
 * Files that are there whole or not at all, and outlast a loss of power: the content goes to another
 * name in the same folder and to the device, then to its name, and the folder to the device.
 */
import defer * as paths from "node:path";
import { writeWhole } from "./append.ts";
import { removeIfThere } from "./remove.ts";
import { isTaken } from "./there.ts";

/** How a file is replaced. */
interface ReplaceOptions {
  /**
   * Whether no other process replaces it meanwhile, as under a lock. What a killed process has left
   * is then written over, and nothing of it stays.
   *
   * @default false
   */
  alone?: boolean;
}

/**
 * Writes a file, or takes the place of the one that is there.
 *
 * @throws As Deno does; what was there is then as it was.
 */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  options: ReplaceOptions = {},
): void {
  replaceBy(path, (temporary) => writeFile(temporary, content), options);
}

/**
 * As {@linkcode replaceFile}, for what writes its files itself.
 *
 * @param make Makes the file at another path, where nothing is.
 * @throws What `make` throws, or as Deno does; what was there is then as it was.
 */
export function replaceBy(
  path: string,
  make: (temporary: string) => void,
  { alone = false }: ReplaceOptions = {},
): void {
  beside(path, alone, make, (temporary) => Deno.renameSync(temporary, path));
}

/**
 * Writes a file where none is.
 *
 * @throws {Deno.errors.AlreadyExists} Where the name is taken.
 * @throws As Deno does; nothing is then left of it.
 */
export function writeNew(path: string, content: string | Uint8Array): void {
  beside(path, false, (temporary) => writeFile(temporary, content), (temporary) => {
    try {
      // Unlike a renaming, a second name never takes something's place.
      Deno.linkSync(temporary, path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists || isTaken(path)) throw taken(path);
      // A file system without second names.
      Deno.renameSync(temporary, path);
      return;
    }
    Deno.removeSync(temporary);
  });
}

/**
 * Brings a file's content, or a folder's list of names, to the device.
 *
 * @throws As Deno does.
 */
export function syncPath(path: string): void {
  using file = Deno.openSync(path);
  file.syncSync();
}

/** What the file is called until it is whole, of a process that is alone. */
export function temporaryOf(path: string): string {
  return `${path}.tmp`;
}

function beside(
  path: string,
  alone: boolean,
  make: (temporary: string) => void,
  place: (temporary: string) => void,
): void {
  const temporary = alone ? temporaryOf(path) : `${path}.${Deno.pid}.tmp`;
  try {
    removeIfThere(temporary);
    make(temporary);
    syncPath(temporary);
    place(temporary);
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch {
      // What went wrong before is what has to be said.
    }
    throw error;
  }
  syncPath(paths.dirname(path));
}

function writeFile(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  using file = Deno.openSync(path, { write: true, createNew: true });
  writeWhole(file, bytes);
}

function taken(path: string): Error {
  return new Deno.errors.AlreadyExists(`${path} exists already`);
}
