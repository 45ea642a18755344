/** The files of the nights: results and reports, a folder for each. */
import { HistoryError } from "./error.ts";
import { fileReason } from "../result/mod.ts";
import type { NightFile } from "./model.ts";
import type { NightRecord } from "./record.ts";
import { syncPath } from "./sync.ts";

/** The folder of all nights' files. */
const NIGHTS = "nights";

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
  { night, node, result }: Pick<NightRecord, "night" | "node" | "result">,
  files: readonly NightFile[],
  taken: ReadonlySet<string>,
): string {
  const parent = `${NIGHTS}/${night}/${node}`;
  const folder = freeName(`${parent}/${folderName(result)}`, taken);
  if (files.length === 0) return folder;
  const temporary = `${directory}/${parent}/.adding`;
  try {
    Deno.mkdirSync(`${directory}/${parent}`, { recursive: true });
    removeIfThere(temporary);
    Deno.mkdirSync(temporary);
    for (const file of files) writeFile(file, `${temporary}/${file.name}`);
    syncPath(temporary);
    removeIfThere(`${directory}/${folder}`);
    Deno.renameSync(temporary, `${directory}/${folder}`);
    syncPath(`${directory}/${parent}`);
    return folder;
  } catch (error) {
    removeIfThere(temporary);
    throw new HistoryError(
      `Cannot put the result into ${directory}/${parent}: ${fileReason(error)}`,
      { cause: error },
    );
  }
}

/** A result's id as the name of a folder: an imported one may have anything in it. */
function folderName(result: string): string {
  return result.replaceAll(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "").slice(0, 100) || "result";
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

/** Copies a file, or a folder with all in it. */
function copy(from: string, to: string): void {
  if (Deno.statSync(from).isDirectory) {
    Deno.mkdirSync(to);
    for (const { name } of Deno.readDirSync(from)) copy(`${from}/${name}`, `${to}/${name}`);
  } else Deno.copyFileSync(from, to);
  syncPath(to);
}

/** Bytes of all files in a folder; `null` where it is not there. */
export function folderBytes(path: string): number | null {
  try {
    let bytes = 0;
    for (const { name, isDirectory } of Deno.readDirSync(path)) {
      const inside = `${path}/${name}`;
      bytes += isDirectory ? folderBytes(inside) ?? 0 : Deno.lstatSync(inside).size;
    }
    return bytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new HistoryError(`Cannot read ${path}: ${fileReason(error)}`, { cause: error });
  }
}

/**
 * Removes a night's folder, and the folders above it where nothing else is in them.
 *
 * @param folder Relative to the history's directory.
 */
export function removeFolder(directory: string, folder: string): void {
  try {
    removeIfThere(`${directory}/${folder}`);
  } catch (error) {
    throw new HistoryError(`Cannot remove ${directory}/${folder}: ${fileReason(error)}`, {
      cause: error,
    });
  }
  for (let at = parentOf(folder); at.startsWith(`${NIGHTS}/`); at = parentOf(at)) {
    try {
      Deno.removeSync(`${directory}/${at}`);
    } catch {
      // Another result is in it.
      return;
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
