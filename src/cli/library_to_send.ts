import { fileReason, FileRefusal, readRegularFile } from "../disk/mod.ts";
import {
  isFor,
  type LibraryFile,
  type Machine,
  MACHINE_NAMES,
  readLibraryFile,
} from "../engine/mod.ts";
import { UsageError } from "./usage_error.ts";

/** The largest file that is taken for a library, bytes. */
const MOST_FILE_BYTES = 128 * 1024 * 1024;

/**
 * What a library's file that nodes are to be given is, and the kind of machine that it is for.
 *
 * @throws {UsageError} Where it cannot be read, or is no library for a machine that Deno runs on.
 */
export function libraryToSend(path: string): { file: LibraryFile; machine: Machine } {
  let bytes: Uint8Array;
  try {
    bytes = readRegularFile(path, MOST_FILE_BYTES).bytes;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const reason = error instanceof FileRefusal ? error.message : fileReason(error);
    throw new UsageError(`Cannot read ${path}: ${reason}`);
  }
  const file = readLibraryFile(bytes);
  const machine = file && MACHINE_NAMES.find((machine) => isFor(machine, file));
  if (file !== undefined && machine !== undefined) return { file, machine };
  throw new UsageError(
    `Cannot send ${path} to nodes: it is no library for a machine that Deno runs on; name the ` +
      "library's own file, or a release",
  );
}
