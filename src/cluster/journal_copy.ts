/** The near copy of a node's journal, which grows as the node's does. */
import { appendWhole, fileReason, isNotThere, lastLineEnd } from "../disk/mod.ts";
import { MOST_JOURNAL_BYTES } from "../result/mod.ts";
import { ClusterError, NodeFault } from "./error.ts";

/** A file that a node's journal is copied into, piece by piece. */
export class JournalCopy {
  /** The file. */
  readonly path: string;
  #size: number;

  /**
   * @param path The file; it is made with the first piece, and one that is there is gone on with.
   * @throws {ClusterError} Where it cannot be gone on with.
   */
  constructor(path: string) {
    this.path = path;
    try {
      this.#size = cutTornLine(path);
    } catch (error) {
      throw new ClusterError(`Cannot go on with ${path}: ${fileReason(error)}`, "node");
    }
  }

  /** Bytes that are here already. */
  get size(): number {
    return this.#size;
  }

  /**
   * Appends a piece.
   *
   * @param offset Where in the node's journal it begins.
   * @throws {NodeFault} Where that is not the end of what is here, the text is none that UTF-8 has, or the
   * journal were too large to be read.
   * @throws {ClusterError} Where the file cannot be written here.
   */
  append(offset: number, text: string): void {
    const size = this.#size;
    if (offset !== size) {
      throw new NodeFault(
        `it sent its journal from byte ${offset} on, and ${size} are here; move ${this.path} away and ` +
          "collect again",
      );
    }
    // Half of a surrogate pair would be written as another character, and no offset be right any more.
    if (!text.isWellFormed()) {
      throw new NodeFault("it sent half a character; look at what runs there");
    }
    const bytes = new TextEncoder().encode(text);
    if (size + bytes.length > MOST_JOURNAL_BYTES) {
      throw new NodeFault("it sends more than any journal has; look at what runs there");
    }
    try {
      using file = Deno.openSync(this.path, { append: true, create: true });
      // What a loss of power takes from here is fetched again.
      appendWhole(file, bytes, size, { synced: false });
    } catch (error) {
      throw new ClusterError(`Cannot write ${this.path}: ${fileReason(error)}`, "node");
    }
    this.#size += bytes.length;
  }
}

/**
 * Cuts the torn line off that a controller leaves which is killed while it writes: it is fetched
 * again.
 *
 * @returns The bytes that are left; 0 where there is no file.
 */
function cutTornLine(path: string): number {
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    const { size } = file.statSync();
    const whole = lastLineEnd(file, size);
    if (whole < size) file.truncateSync(whole);
    return whole;
  } catch (error) {
    if (isNotThere(error)) return 0;
    throw error;
  }
}
