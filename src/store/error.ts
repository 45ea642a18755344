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

/** The contract's calls, as a sentence has them before the database's name. */
const PHRASES = {
  open: "open",
  options: "set the options of",
  put: "put in",
  get: "get from",
  delete: "delete from",
  batch: "make a batch for",
  write: "write a batch to",
  load: "load",
  scan: "scan",
  snapshot: "take a snapshot of",
  checkpoint: "keep a checkpoint of",
  flush: "flush",
  compact: "compact",
  property: "read a property of",
  statistics: "read the statistics of",
  describe: "describe",
  share: "share",
  submit: "hand an operation in to",
  reap: "take what has ended from",
  close: "close",
} as const;

/** A call of the contract, as errors name it. */
export type StoreCall = keyof typeof PHRASES;

/**
 * The error of a call on a database.
 *
 * @param path The database's directory.
 * @param reason What is wrong, in words.
 * @param kind Who is to mend it.
 */
export function failure(
  call: StoreCall,
  path: string,
  reason: string,
  kind?: StoreErrorKind,
): StoreError {
  return new StoreError(`Cannot ${PHRASES[call]} the database ${path}: ${reason}`, call, kind);
}
