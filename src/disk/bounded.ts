/**
 * Reading files that somebody else may have made. Only a regular file is read, since a pipe waits
 * for somebody to write and a device has no end, and never more of it than was agreed.
 */
// It takes as long to begin with as a whole empty program, and many processes read no such file.
import defer * as fs from "node:fs";

const LINK = "it is a link; put the file itself there";
const MIB = 1024 * 1024;

/** What is not read: the message is a reason and how to mend it, as the end of a sentence. */
export class FileRefusal extends Error {
  override readonly name = "FileRefusal";
  /** `special`: a pipe, a device, a socket. `encoding`: no text in UTF-8. */
  readonly kind: "folder" | "special" | "link" | "large" | "encoding";
  /** What the file has, bytes. */
  readonly size: number;

  constructor(kind: FileRefusal["kind"], size: number, message: string) {
    super(message);
    this.kind = kind;
    this.size = size;
  }
}

/** A file as it was read. */
export interface RegularFile {
  bytes: Uint8Array<ArrayBuffer>;
  /** When it was last changed. */
  modified: Date;
}

/** How a file is read; all of it where nothing is named. */
interface ReadOptions {
  /** Byte to begin at. @default 0 */
  start?: number;
  /** Byte to end before. @default the file's end, which is also taken where it comes first */
  end?: number;
  /** Whether a link is followed; it is refused where not. @default true */
  follow?: boolean;
}

/**
 * Reads a regular file, or a part of one. What is appended to it meanwhile is not read.
 *
 * @param most Bytes above which it is refused before any is read.
 * @throws {FileRefusal} Where it is no regular file, or more of it were to be read.
 * @throws {Deno.errors.NotCapable} Where Deno may not read it.
 * @throws As `node:fs` does, with a `code`; see {@linkcode import("./there.ts").isNotThere}.
 */
export function readRegularFile(
  path: string,
  most: number,
  { start = 0, end = Infinity, follow = true }: ReadOptions = {},
): RegularFile {
  const named = follow ? null : fs.lstatSync(path);
  if (named?.isSymbolicLink()) throw new FileRefusal("link", 0, LINK);
  // Opening a pipe waits for its other end, unless it is opened so.
  const file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const info = fs.fstatSync(file);
    if (info.isDirectory()) {
      throw new FileRefusal("folder", 0, "it is a folder; name a file in it");
    }
    if (!info.isFile()) {
      throw new FileRefusal("special", 0, "it is not a regular file; copy it to one");
    }
    // Somebody may have put a link there since.
    if (named !== null && (named.dev !== info.dev || named.ino !== info.ino)) {
      throw new FileRefusal("link", 0, LINK);
    }
    const length = Math.max(0, Math.min(end, info.size) - start);
    if (length > most) {
      const limit = most < MIB ? `${most} bytes` : `${Math.floor(most / MIB)} MiB`;
      throw new FileRefusal(
        "large",
        info.size,
        `it is larger than ${limit}; check that it is the right file`,
      );
    }
    const bytes = new Uint8Array(length);
    let read = 0;
    while (read < length) {
      const count = fs.readSync(file, bytes, read, length - read, start + read);
      // It was cut meanwhile.
      if (count === 0) break;
      read += count;
    }
    return { bytes: bytes.subarray(0, read), modified: info.mtime };
  } finally {
    fs.closeSync(file);
  }
}

/**
 * Reads a regular file's text.
 *
 * @param most Bytes above which it is refused before any is read.
 * @throws {FileRefusal} As {@linkcode readRegularFile}, or where it is no text in UTF-8.
 */
export function readRegularText(path: string, most: number): string {
  return decodeText(readRegularFile(path, most).bytes);
}

/**
 * The text that bytes are.
 *
 * @throws {FileRefusal} Where they are no text in UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new FileRefusal("encoding", bytes.length, "it is not text in UTF-8; check the file");
  }
}
