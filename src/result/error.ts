/** Where in a file a {@linkcode ResultError} lies, and what caused it. */
interface ResultErrorOptions extends ErrorOptions {
  /** The file. */
  path?: string;
  /** The line in the file, from 1. */
  line?: number;
}

/**
 * A result or a journal that cannot be read, written or made: the file's or the disk's fault, not
 * the program's. The message is one line that says what, where and how to mend it.
 */
export class ResultError extends Error {
  override readonly name = "ResultError";
  /** The file, where there is one. */
  readonly path: string | undefined;
  /** The line in the file, from 1, where there is one. */
  readonly line: number | undefined;

  /** @param message What, where and how to mend it, in one line without a final period. */
  constructor(message: string, options: ResultErrorOptions = {}) {
    super(message, options);
    this.path = options.path;
    this.line = options.line;
  }
}
