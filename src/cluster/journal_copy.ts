/** The near copy of a node's journal, which grows as the node's does. */
import { fileReason } from "../result/mod.ts";
import { ClusterError } from "./error.ts";

/** A file that a node's journal is copied into, piece by piece. */
export class JournalCopy {
  /** The file. */
  readonly path: string;

  /** @param path The file; it is made with the first piece, and one that is there is gone on with. */
  constructor(path: string) {
    this.path = path;
    // A controller that was killed while it wrote leaves a torn line, which is fetched again.
    const { size } = this;
    if (size > 0) {
      const whole = Deno.readFileSync(path).lastIndexOf(0x0A) + 1;
      if (whole < size) Deno.truncateSync(path, whole);
    }
  }

  /** Bytes that are here already. */
  get size(): number {
    try {
      return Deno.statSync(this.path).size;
    } catch {
      return 0;
    }
  }

  /**
   * Appends a piece.
   *
   * @param offset Where in the node's journal it begins.
   * @throws {ClusterError} Where that is not the end of what is here, or the file cannot be written.
   */
  append(offset: number, text: string): void {
    const { size } = this;
    if (offset !== size) {
      throw new ClusterError(
        `Cannot go on with ${this.path}: it has ${size} bytes, and the node sent from ${offset} on; ` +
          `move it away and collect again`,
        "node",
      );
    }
    try {
      Deno.writeTextFileSync(this.path, text, { append: true });
    } catch (error) {
      throw new ClusterError(`Cannot write ${this.path}: ${fileReason(error)}`, "node");
    }
  }
}
