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

const REASONS: Record<string, string> = {
  EACCES: "permission is denied; check who owns it",
  EDQUOT: "the disk quota is used up; free some space",
  EISDIR: "it is a folder; name a file in it",
  ENOENT: "there is no such file or folder; check the path",
  ENOSPC: "no space is left on the device; free some space",
  ENOTDIR: "a part of its path is not a folder; check the path",
  EROFS: "the file system is read-only; choose another folder",
};

/**
 * What an error of the file system means, and how to mend it, as the end of a sentence.
 *
 * @param error What a call of `Deno` threw.
 */
export function fileReason(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return `Deno may not do that; allow it (${error.message.replaceAll("\n", " ")})`;
  }
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message.replaceAll("\n", " ");
}
