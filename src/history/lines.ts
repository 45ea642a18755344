/**
 * A node's lines: the truth of the history, one night's record a line, oldest additions first. Lines
 * are only ever appended.
 */
import * as v from "valibot";
import { fileReason, type JournalFile } from "../result/mod.ts";
import { issueText } from "../result/issue.ts";
import { HistoryError } from "./error.ts";
import { NIGHT_VERSION, NightLine } from "./record.ts";

const NEWLINE = 0x0A;

/** A whole line and where it stands. */
export interface PlacedLine {
  line: NightLine;
  /** Byte at which it begins. */
  start: number;
  /** Byte after its newline. */
  end: number;
}

/** What a node's file holds. */
export interface NodeLines {
  lines: PlacedLine[];
  /** Whether an unfinished line follows, as of a process that was killed while it wrote. */
  torn: boolean;
  /** Byte after the last whole line. */
  end: number;
}

/**
 * Takes the whole lines out of the bytes of a node's file. A last line that is unfinished is
 * forgiven; damage anywhere else is an error, since dropping it would drop nights silently.
 *
 * @param bytes The file's bytes from `from` on.
 * @param path What the file is called in an error.
 * @param node Whose lines they are to be.
 * @param from Where in the file the bytes begin: 0, or the end of a whole line.
 * @throws {HistoryError} Where a line is damaged, of a newer version, or another node's.
 */
export function parseLines(bytes: Uint8Array, path: string, node: string, from = 0): NodeLines {
  const lines: PlacedLine[] = [];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start);
    if (newline < 0) return { lines, torn: true, end: from + start };
    const json = parseJson(bytes.subarray(start, newline));
    const where = `${path}, at byte ${from + start}`;
    if (json === undefined) {
      // A power cut can leave a last line whose middle never reached the disk.
      if (newline === bytes.length - 1) return { lines, torn: true, end: from + start };
      throw damaged(where, "it is not JSON in UTF-8");
    }
    lines.push({
      line: requireLine(json, where, node),
      start: from + start,
      end: from + newline + 1,
    });
    start = newline + 1;
  }
  return { lines, torn: false, end: from + start };
}

function requireLine(json: unknown, where: string, node: string): NightLine {
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > NIGHT_VERSION) {
    throw new HistoryError(
      `Cannot read the night in ${where}: its version is ${version}, and this Tidemark knows ` +
        `versions up to ${NIGHT_VERSION}; use a newer Tidemark`,
    );
  }
  const parsed = v.safeParse(NightLine, json);
  if (!parsed.success) throw damaged(where, issueText(parsed.issues));
  if (parsed.output.node !== node) {
    throw damaged(where, `it is of the node ${parsed.output.node}, and not of ${node}`);
  }
  // The line's own object, not valibot's copy, keeps every field and its order.
  return json as NightLine;
}

/** The JSON of a line, or `undefined` where it is none. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function damaged(where: string, reason: string): HistoryError {
  return new HistoryError(
    `Cannot read the night in ${where}: the line is damaged (${reason}); restore the file from a ` +
      "copy, or take the line out",
  );
}

/**
 * Reads a part of a file.
 *
 * @param end Where to end; the file's end where it is not given or lies behind that.
 * @throws {HistoryError} Where it cannot be read.
 */
export function readBytes(path: string, start = 0, end = Infinity): Uint8Array {
  try {
    using file = Deno.openSync(path);
    return readPart(file, start, Math.min(end, file.statSync().size));
  } catch (error) {
    throw new HistoryError(`Cannot read ${path}: ${fileReason(error)}`, { cause: error });
  }
}

function readPart(
  file: Pick<Deno.FsFile, "seekSync" | "readSync">,
  start: number,
  end: number,
): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, end - start));
  file.seekSync(start, Deno.SeekMode.Start);
  let read = 0;
  while (read < bytes.length) {
    const count = file.readSync(bytes.subarray(read));
    if (count === null) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

/**
 * Appends a line to a node's file, and brings it to the device. An unfinished line that a killed
 * process left at the end is cut off first. Nobody else may write meanwhile.
 *
 * @param line What {@linkcode parseLines} will read.
 * @param open Opens the file, for reading and appending.
 * @throws {HistoryError} Where the file cannot be written; it then holds the lines that it held.
 */
export function appendLine(
  path: string,
  line: NightLine,
  open: (path: string) => AppendFile = openForAppending,
): void {
  const bytes = new TextEncoder().encode(JSON.stringify(line) + "\n");
  try {
    const file = open(path);
    try {
      const size = file.statSync().size;
      const end = wholeEnd(file, size);
      if (end < size) file.truncateSync(end);
      appendBytes(file, bytes, end);
    } finally {
      file.close();
    }
  } catch (error) {
    throw new HistoryError(
      `Cannot write to ${path}: ${fileReason(error)}; the lines that it held are kept`,
      { cause: error },
    );
  }
}

/** What {@linkcode appendLine} needs of a file; `Deno.FsFile` has it. */
export type AppendFile =
  & JournalFile
  & Pick<Deno.FsFile, "statSync" | "seekSync" | "readSync">;

function openForAppending(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true, append: true, create: true });
}

function appendBytes(file: AppendFile, bytes: Uint8Array, end: number): void {
  try {
    let written = 0;
    // One write, unless the system takes less than all, as when the device has just become full.
    while (written < bytes.length) written += file.writeSync(bytes.subarray(written));
    file.syncSync();
  } catch (error) {
    try {
      file.truncateSync(end);
    } catch {
      // The torn line stays then; reading forgives it, and the next append cuts it.
    }
    throw error;
  }
}

/** How much of a file's end is looked at in one step; more than most lines. */
const STEP = 65_536;

/**
 * Byte after the last whole line, by the same rule as {@linkcode parseLines}. Only the end of the
 * file is read.
 */
function wholeEnd(file: AppendFile, size: number): number {
  const last = byteAfterNewline(file, size);
  // What follows the last newline is unfinished; the line before it may be torn in its middle.
  if (last < size || last === 0) return last;
  const start = byteAfterNewline(file, last - 1);
  return parseJson(readPart(file, start, last - 1)) === undefined ? start : last;
}

/** Byte after the last newline before `end`; 0 where there is none. */
function byteAfterNewline(file: AppendFile, end: number): number {
  for (let to = end; to > 0; to -= STEP) {
    const from = Math.max(0, to - STEP);
    const newline = readPart(file, from, to).lastIndexOf(NEWLINE);
    if (newline >= 0) return from + newline + 1;
  }
  return 0;
}
