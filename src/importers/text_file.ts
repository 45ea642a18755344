/** Reading files of other tools without trusting their size or content. */
import { fileReason } from "../result/mod.ts";
import { cannotImport } from "./import_error.ts";

/** The largest file that is read; the outputs of these tools have kilobytes. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** A text with what is known of its file. */
export interface TextFile {
  path: string;
  /** Its last part: what a result keeps, since the way to it may name a user. */
  name: string;
  text: string;
  /** When it was last changed. */
  modified: Date | null;
}

/**
 * Reads a text file.
 *
 * @param most Bytes above which it is refused before any is read.
 * @throws {ResultError} Where it is no regular file, too large, cannot be read, or is no UTF-8 text.
 */
export function readTextFile(path: string, most: number = MOST_BYTES): TextFile {
  let bytes: Uint8Array;
  let modified: Date | null;
  try {
    // A pipe would block when it is opened, and a device has no end.
    const info = Deno.statSync(path);
    if (info.isDirectory) throw cannotImport(path, "it is a directory; name a file in it");
    if (!info.isFile) throw cannotImport(path, "it is not a regular file; copy it to one");
    if (info.size > most) {
      throw cannotImport(
        path,
        `it has ${megabytes(info.size)} MB, and no tool's summary is above ${
          megabytes(most)
        } MB; ` +
          "name the summary, not a log of every operation",
      );
    }
    modified = info.mtime;
    bytes = Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Error && error.name === "ResultError") throw error;
    throw cannotImport(path, fileReason(error), { cause: error });
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw cannotImport(path, "it is not text in UTF-8; name the text that the tool printed", {
      cause,
    });
  }
  return { path, name: baseName(path), text, modified };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / (1024 * 1024));
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) || path;
}

/** The lines of a text; whatever ends them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}
