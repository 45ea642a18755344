/**
 * A node's lines: the truth of the history, one night's record a line, oldest additions first. Lines
 * are only ever appended.
 */
import * as v from "valibot";
import {
  appendWhole,
  fileReason,
  lastLineEnd,
  type OutputFile,
  readAt,
  readRegularFile,
} from "../disk/mod.ts";
import { printable } from "../format/mod.ts";
import { FIRST_ISSUE, issueText, NIGHT_VERSION } from "../result/mod.ts";
import { damagedLine, HistoryError } from "./error.ts";
import { NightLine } from "./record.ts";

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
interface NodeLines {
  lines: PlacedLine[];
  /** Whether an unfinished line follows, as of a process that was killed while it wrote. */
  torn: boolean;
  /** Byte after the last whole line. */
  end: number;
}

/**
 * Takes the whole lines out of the bytes of a node's file. A last line that is unfinished is
 * forgiven, and one that is whole but for its newline, as editors leave it, counts; damage anywhere
 * else is an error, since dropping it would drop nights silently.
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
    const text = bytes.subarray(start, newline < 0 ? undefined : newline);
    const next = newline < 0 ? bytes.length : newline + 1;
    if (text.length > 0) {
      const where = `${path}, at byte ${from + start}`;
      const json = parseJson(text);
      if (json === undefined) {
        if (next === bytes.length && isUnfinished(text, newline >= 0)) {
          return { lines, torn: true, end: from + start };
        }
        throw damaged(where, "it is not JSON in UTF-8");
      }
      lines.push({ line: requireLine(json, where, node), start: from + start, end: from + next });
    }
    start = next;
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
  const other = (json as { node?: unknown } | null)?.node;
  if (typeof other === "string" && other !== node) {
    throw damaged(where, `it is of the node ${printable(other)}, and not of ${node}`);
  }
  const parsed = v.safeParse(NightLine, json, FIRST_ISSUE);
  if (!parsed.success) throw damaged(where, issueText(parsed.issues));
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

/**
 * Whether the bytes of a last line that is no JSON are a line that never came to its end: it has no
 * newline, or holes where a power cut kept blocks from the disk. Anything else was done to it later,
 * and may be mended by hand.
 */
function isUnfinished(text: Uint8Array, hasNewline: boolean): boolean {
  return !hasNewline || text.includes(0);
}

const damaged = (where: string, reason: string) => damagedLine("night", where, reason);

/** The longest piece of a node's file that is read at a time, and so the longest line. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Reads a part of a node's file, of at most {@linkcode MOST_BYTES}.
 *
 * @param end Where to end; the file's end where that comes first.
 * @throws {HistoryError} Where it cannot be read, or is longer.
 */
export function readBytes(path: string, start: number, end: number): Uint8Array {
  try {
    return readRegularFile(path, MOST_BYTES, { start, end }).bytes;
  } catch (error) {
    throw new HistoryError(`Cannot read ${path}: ${fileReason(error)}`, { cause: error });
  }
}

/**
 * Reads the lines of a node's file piece by piece, since ten years of them may not fit into memory.
 *
 * @param from Where to begin: 0, or the end of a whole line.
 * @param to Where to end.
 * @param most How much is read at a time; a longer line is refused.
 * @returns Each line with its bytes.
 * @throws {HistoryError} As {@linkcode parseLines}, or where the file cannot be read.
 */
export function* readLines(
  path: string,
  node: string,
  from: number,
  to: number,
  most: number = MOST_BYTES,
): Generator<{ placed: PlacedLine; bytes: Uint8Array }> {
  for (let start = from; start < to;) {
    const end = Math.min(to, start + most);
    const bytes = readBytes(path, start, end);
    const parsed = parseLines(bytes, path, node, start);
    for (const placed of parsed.lines) {
      yield { placed, bytes: bytes.subarray(placed.start - start, placed.end - start) };
    }
    if (end === to) return;
    if (parsed.end === start) {
      throw damaged(`${path}, at byte ${start}`, `it is longer than ${most} bytes`);
    }
    start = parsed.end;
  }
}

/**
 * Appends a line to a node's file, or to the notes, and brings it to the device. An unfinished line that a killed
 * process left at the end is cut off first. Nobody else may write meanwhile.
 *
 * @param line What {@linkcode parseLines} will read, or the notes' reader.
 * @param open Opens the file, for reading and appending.
 * @throws {HistoryError} Where the file cannot be written; it then holds the lines that it held.
 */
export function appendLine(
  path: string,
  line: object,
  open: (path: string) => AppendFile = openForAppending,
): void {
  try {
    const file = open(path);
    try {
      const size = file.statSync().size;
      const { end, newline } = wholeEnd(file, size, path);
      if (end < size) file.truncateSync(end);
      const text = `${newline ? "" : "\n"}${JSON.stringify(line)}\n`;
      appendWhole(file, new TextEncoder().encode(text), end);
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    throw new HistoryError(
      `Cannot write to ${path}: ${fileReason(error)}; the lines that it held are kept`,
      { cause: error },
    );
  }
}

/** What {@linkcode appendLine} needs of a file; `Deno.FsFile` has it. */
export type AppendFile =
  & OutputFile
  & Pick<Deno.FsFile, "statSync" | "seekSync" | "readSync">;

function openForAppending(path: string): Deno.FsFile {
  return Deno.openSync(path, { read: true, append: true, create: true });
}

/**
 * Byte after the last whole line, by the same rule as {@linkcode parseLines}, and whether a newline
 * is before it. Only the end of the file is read.
 */
function wholeEnd(file: AppendFile, size: number, path: string): { end: number; newline: boolean } {
  const last = lastLineEnd(file, size);
  if (last < size) {
    const whole = parseJson(readAt(file, last, new Uint8Array(size - last))) !== undefined;
    return whole ? { end: size, newline: false } : { end: last, newline: true };
  }
  if (last === 0) return { end: 0, newline: true };
  const start = lastLineEnd(file, last - 1);
  const text = readAt(file, start, new Uint8Array(last - 1 - start));
  if (text.length === 0 || parseJson(text) !== undefined) return { end: last, newline: true };
  if (!isUnfinished(text, true)) {
    throw damaged(`${path}, at byte ${start}`, "it is not JSON in UTF-8");
  }
  return { end: start, newline: true };
}
