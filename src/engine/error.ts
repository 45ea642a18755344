/** A release cannot be had. One line: what, where, how to mend it. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  /**
   * Whether the call or a file has to be mended (`usage`), what was fetched or kept is not what it
   * should be (`content`), or the place that it comes from failed (`source`).
   */
  readonly kind: "usage" | "content" | "source";

  constructor(message: string, kind: EngineError["kind"], options: ErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
  }
}
