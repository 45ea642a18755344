import { printable } from "../format/mod.ts";
import { ResultError } from "../result/mod.ts";
import { reasonOf } from "./import_error.ts";

/**
 * The parts of an output that cannot be read. A line, a row, a section costs itself and is told of, and
 * what is beside it stays; only an output of which nothing is left is refused.
 */
export class Damage {
  readonly #parts: { error: ResultError; where: string }[] = [];

  /**
   * Reads a part.
   *
   * @param where Which part it is, where its error does not say it.
   * @returns `null` where it cannot be read.
   */
  orNull<T>(read: () => T, where = ""): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ResultError)) throw error;
      this.add(error, where);
      return null;
    }
  }

  /** Adds a part that cannot be read. */
  add(error: ResultError, where = ""): void {
    this.#parts.push({ error, where });
  }

  /** Why the first part cannot be read. */
  get first(): ResultError | undefined {
    return this.#parts[0]?.error;
  }

  /** What is said of all of them: nothing, or a sentence. @param name The file's name. */
  notes(name: string): string[] {
    const [first, ...more] = this.#parts;
    if (first === undefined) return [];
    const also = more.length === 0
      ? ""
      : `; and so ${more.length === 1 ? "is" : "are"} ${more.length} more`;
    // How to mend it would be no help: it has been left out already.
    const what = reasonOf(first.error).replace(/; [^";]*$/, "");
    const where = first.where === "" ? "" : `${printable(first.where)}: `;
    return [`Left out of ${name}: ${where}${what}${also}.`];
  }
}
