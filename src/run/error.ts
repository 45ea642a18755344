import { ResultError } from "../result/mod.ts";

/** A bench could not be set up as asked for, or its measuring failed. One line: what, where, how to mend it. */
export class RunError extends Error {
  override name = "RunError";
  /** Whether the call has to be mended (`usage`), or the measuring failed. */
  readonly kind: "usage" | "measuring";

  constructor(message: string, kind: "usage" | "measuring", options: ErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * A file that could not be written. Before the first run that is for the call to mend; later it has
 * stopped the measuring.
 */
export function asRunError(error: unknown, kind: RunError["kind"]): unknown {
  return error instanceof ResultError ? new RunError(error.message, kind, { cause: error }) : error;
}
