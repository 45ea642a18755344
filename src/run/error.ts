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
