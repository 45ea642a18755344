/** Whether a mistake of the caller (`usage`), or the store itself (`engine`), is the cause. */
export type StoreErrorKind = "usage" | "engine";

/** A store could not do what was asked. The message names the call and the database. */
export class StoreError extends Error {
  override name = "StoreError";
  /** Who is to mend it. */
  readonly kind: StoreErrorKind;
  /** The call that failed, e.g. `put`. */
  readonly call: string;

  constructor(message: string, call: string, kind: StoreErrorKind = "engine") {
    super(message);
    this.call = call;
    this.kind = kind;
  }
}
