/** A report that cannot be written. One line: what, where, how to mend it. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  /**
   * Whether the call has to be mended (`usage`), or what was measured could not be reported
   * (`writing`).
   */
  readonly kind: "usage" | "writing";

  constructor(message: string, kind: "usage" | "writing", options: ErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
  }
}
