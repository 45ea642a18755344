/** Writing to open files, whole or not at all. */

const NEWLINE = 0x0A;
/** How much of a file's end is looked at in one step; more than most lines. */
const STEP = 65_536;

/** What appending needs of a file; `Deno.FsFile` has it. */
export type OutputFile = Pick<Deno.FsFile, "writeSync" | "syncSync" | "truncateSync" | "close">;

/**
 * Writes all bytes: the system may take less than all at a time, as when the device has just become
 * full, and says so only when it is asked to take the rest.
 *
 * @param file A file, or a standard stream.
 * @throws As Deno does; a part may have been written then.
 */
export function writeWhole(file: Pick<Deno.FsFile, "writeSync">, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}

/**
 * Appends bytes, whole or not at all: of what cannot be written whole, nothing is left.
 *
 * @param file It appends, and nobody else writes to it.
 * @param end Bytes that the file holds.
 * @param synced Whether the bytes are on the device when this returns.
 * @throws As Deno does.
 */
export function appendWhole(
  file: OutputFile,
  bytes: Uint8Array,
  end: number,
  { synced = true }: { synced?: boolean } = {},
): void {
  try {
    writeWhole(file, bytes);
    if (synced) file.syncSync();
  } catch (error) {
    try {
      file.truncateSync(end);
    } catch {
      // The torn end stays then; what reads such files forgives it.
    }
    throw error;
  }
}

/**
 * Byte after the last newline before `end`; 0 where there is none. Only the end of the file is read.
 *
 * @param file Its position is moved.
 * @throws As Deno does.
 */
export function lastLineEnd(
  file: Pick<Deno.FsFile, "seekSync" | "readSync">,
  end: number,
): number {
  const buffer = new Uint8Array(Math.min(STEP, end));
  for (let to = end; to > 0; to -= STEP) {
    const from = Math.max(0, to - STEP);
    const newline = readAt(file, from, buffer.subarray(0, to - from)).lastIndexOf(NEWLINE);
    if (newline >= 0) return from + newline + 1;
  }
  return 0;
}

/**
 * Fills a buffer from a place in a file on, or less of it where the file ends.
 *
 * @returns The part of the buffer that was filled.
 * @throws As Deno does.
 */
export function readAt(
  file: Pick<Deno.FsFile, "seekSync" | "readSync">,
  start: number,
  buffer: Uint8Array,
): Uint8Array {
  file.seekSync(start, Deno.SeekMode.Start);
  let read = 0;
  while (read < buffer.length) {
    const count = file.readSync(buffer.subarray(read));
    if (count === null) break;
    read += count;
  }
  return buffer.subarray(0, read);
}
