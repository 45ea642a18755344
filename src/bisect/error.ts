/** What keeps a search from going on. The message is one line: what, where, and how to mend it. */
export class BisectError extends Error {
  override name = "BisectError";
  /** `usage`: the call or a file is to be mended; `measuring`: it could not be measured. */
  readonly kind: "usage" | "measuring";

  constructor(message: string, kind: "usage" | "measuring" = "usage", options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
