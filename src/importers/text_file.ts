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
  /** Where the text begins in its file, as a line from 1. @default 1 */
  firstLine?: number;
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

/**
 * The outputs in a file that more than one process wrote to, each with its own head.
 *
 * @param isHead Whether a line is of what a process prints before it measures.
 * @param isData Whether a line is of what it measured.
 */
export function outputsIn(
  file: TextFile,
  isHead: (line: string) => boolean,
  isData: (line: string) => boolean,
): TextFile[] {
  const lines = linesOf(file.text);
  const starts = [0];
  let measured = false;
  for (const [index, line] of lines.entries()) {
    if (measured && isHead(line)) {
      starts.push(index);
      measured = false;
    }
    measured ||= isData(line);
  }
  // A head at the end, which nothing follows, is of what is before it.
  if (!measured && starts.length > 1) starts.pop();
  return starts.map((start, nth) => ({
    ...file,
    text: lines.slice(start, starts[nth + 1]).join("\n"),
    firstLine: (file.firstLine ?? 1) + start,
  }));
}

/** The lines of a text; whatever ends them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}
