/** The files of the nights: results and reports, a folder for each. */
import { HistoryError } from "./error.ts";
import { dirname } from "node:path";
import { fileReason, isNotThere, readRegularFile, removeIfThere, syncPath } from "../disk/mod.ts";
import { folderOf, NIGHTS } from "./folder_of.ts";
import type { NightFile } from "./model.ts";
import type { NightRecord } from "../result/mod.ts";

/** The largest file that is copied. */
const MOST_FILE_BYTES = 256 * 1024 * 1024;

const ALL = { recursive: true };

/**
 * Puts files where they belong: `nights/NIGHT/NODE/RESULT`. They are there whole or not at all, and
 * on the device, when this returns. Where there are none, no folder is made, and none has to be kept
 * or thinned. Nobody else may write the history meanwhile.
 *
 * @param taken Folders that lines point to; any other is what a killed process left, and is replaced.
 * @returns The folder, relative to the history's directory.
 * @throws {HistoryError} Where a file cannot be copied; nothing is left of them then.
 */
export function placeFiles(
  directory: string,
  record: Pick<NightRecord, "night" | "node" | "result">,
  files: readonly NightFile[],
  taken: ReadonlySet<string>,
): string {
  const own = folderOf(record);
  const parent = dirname(own);
  const folder = freeName(own, taken);
  if (files.length === 0) return folder;
  const temporary = `${directory}/${parent}/.adding`;
  requireNoLink(directory, folder);
  try {
    Deno.mkdirSync(`${directory}/${parent}`, { recursive: true });
    removeIfThere(temporary, ALL);
    Deno.mkdirSync(temporary);
    for (const file of files) writeFile(file, `${temporary}/${file.name}`);
    syncPath(temporary);
    removeIfThere(`${directory}/${folder}`, ALL);
    Deno.renameSync(temporary, `${directory}/${folder}`);
    syncPath(`${directory}/${parent}`);
    return folder;
  } catch (error) {
    removeIfThere(temporary, ALL);
    if (error instanceof HistoryError) throw error;
    throw new HistoryError(
      `Cannot put the result into ${directory}/${parent}: ${fileReason(error)}`,
      { cause: error },
    );
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let i = 2;; i++) if (!taken.has(`${name}-${i}`)) return `${name}-${i}`;
}

function writeFile({ content }: NightFile, to: string): void {
  if ("text" in content) {
    Deno.writeTextFileSync(to, content.text, { createNew: true });
    syncPath(to);
  } else copy(content.path, to);
}

/**
 * Copies a file, or a folder with all in it. Who made them may be somebody else: a link is refused,
 * since what it leads to would be published with the rest.
 */
function copy(from: string, to: string): void {
  if (Deno.lstatSync(from).isDirectory) {
    Deno.mkdirSync(to);
    for (const { name } of Deno.readDirSync(from)) copy(`${from}/${name}`, `${to}/${name}`);
  } else Deno.writeFileSync(to, readOwn(from), { createNew: true });
  syncPath(to);
}

function readOwn(path: string): Uint8Array {
  try {
    return readRegularFile(path, MOST_FILE_BYTES, { follow: false }).bytes;
  } catch (error) {
    throw new HistoryError(`Cannot copy ${path}: ${fileReason(error)}`, { cause: error });
  }
}

/**
 * Refuses a folder that is reached through a link: what lies behind it is not the history's, and would
 * be read, replaced or removed.
 *
 * @param folder Relative to the history's directory.
 * @throws {HistoryError} Names the link.
 */
function requireNoLink(directory: string, folder: string): void {
  let path = directory;
  for (const part of folder.split("/")) {
    path = `${path}/${part}`;
    let isLink: boolean;
    try {
      isLink = Deno.lstatSync(path).isSymlink;
    } catch (error) {
      if (isNotThere(error)) return;
      throw new HistoryError(`Cannot read ${path}: ${fileReason(error)}`, { cause: error });
    }
    if (!isLink) continue;
    throw new HistoryError(
      `Cannot use ${path}: it is a link, and the history's own files lie in its directory; put the ` +
        "folder itself there",
    );
  }
}

/**
 * Bytes of all files in a night's folder; `null` where it is not there.
 *
 * @param folder Relative to the history's directory.
 * @throws {HistoryError} Where it cannot be read, or is reached through a link.
 */
export function folderBytes(directory: string, folder: string): number | null {
  requireNoLink(directory, folder);
  return bytesIn(`${directory}/${folder}`);
}

function bytesIn(path: string): number | null {
  try {
    let bytes = 0;
    for (const { name, isDirectory } of Deno.readDirSync(path)) {
      const inside = `${path}/${name}`;
      bytes += isDirectory ? bytesIn(inside) ?? 0 : Deno.lstatSync(inside).size;
    }
    return bytes;
  } catch (error) {
    if (isNotThere(error)) return null;
    throw new HistoryError(`Cannot read ${path}: ${fileReason(error)}`, { cause: error });
  }
}

/**
 * Removes a night's folder, and the folders above it where nothing else is in them.
 *
 * @param folder Relative to the history's directory.
 * @throws {HistoryError} Where it cannot be removed, or is reached through a link.
 */
export function removeFolder(directory: string, folder: string): void {
  requireNoLink(directory, folder);
  try {
    removeIfThere(`${directory}/${folder}`, ALL);
  } catch (error) {
    throw new HistoryError(`Cannot remove ${directory}/${folder}: ${fileReason(error)}`, {
      cause: error,
    });
  }
  for (let at = dirname(folder); at.startsWith(`${NIGHTS}/`); at = dirname(at)) {
    try {
      Deno.removeSync(`${directory}/${at}`);
    } catch {
      // Another result is in it.
      return;
    }
  }
}
