/** Pages cannot be published. One line: what, where, how to mend it. */
export class PublishError extends Error {
  override readonly name = "PublishError";
  /** Whether the call or a file has to be mended (`usage`), or the place failed (`target`). */
  readonly kind: "usage" | "target";

  constructor(message: string, kind: "usage" | "target", options: ErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
  }
}
