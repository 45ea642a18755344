/** Reading files of other tools without trusting their size or content. */
import { basename } from "node:path";
import { decodeText, fileReason, FileRefusal, readRegularFile } from "../disk/mod.ts";
import { cannotImport } from "./import_error.ts";

/** The largest file that is read; the outputs of these tools have kilobytes. */
const MOST_BYTES = 64 * 1024 * 1024;

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
  try {
    const { bytes, modified } = readRegularFile(path, most);
    return { path, name: basename(path) || path, text: decodeText(bytes), modified };
  } catch (error) {
    throw cannotImport(path, refusal(error, most), { cause: error });
  }
}

/** What to do about a file of another tool that is not read. */
function refusal(error: unknown, most: number): string {
  if (error instanceof FileRefusal && error.kind === "large") {
    const [size, limit] = [megabytes(error.size), megabytes(most)];
    return `it has ${size} MB, and no tool's summary is above ${limit} MB; name the summary, not ` +
      "a log of every operation";
  }
  if (error instanceof FileRefusal && error.kind === "encoding") {
    return "it is not text in UTF-8; name the text that the tool printed";
  }
  return fileReason(error);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / (1024 * 1024));
}

/** The lines of a text; whatever ends them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}
