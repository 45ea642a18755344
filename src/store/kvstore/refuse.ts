import { StoreError } from "../error.ts";
import { KvError } from "./errors.ts";

/** Bytes of a request at most, as etcd's `--max-request-bytes` has it by default. */
const MAX_REQUEST_BYTES = 1.5 * 1024 * 1024;

/** Refuses a column family: a KvStore's keys are in one space. */
export function refuseFamily(family: number, call: string): void {
  if (family === 0) return;
  throw new StoreError(
    `Cannot ${call} in family ${family} of a KvStore: its keys are in one space, family 0`,
    call,
    "usage",
  );
}

/** Refuses the empty key. @throws {KvError} EmptyKey. */
export function refuseEmptyKey(key: { readonly length: number } | undefined, call: string): void {
  if (key !== undefined && key.length > 0) return;
  throw new KvError(
    "EmptyKey",
    call,
    `Cannot ${call}: the key is empty; give one of a byte or more`,
  );
}

/** Refuses a request that is too large. @throws {KvError} RequestTooLarge. */
export function refuseTooLarge(bytes: number, call: string): void {
  if (bytes <= MAX_REQUEST_BYTES) return;
  throw new KvError(
    "RequestTooLarge",
    call,
    `Cannot ${call}: the request has ${bytes} bytes, and ${MAX_REQUEST_BYTES} are allowed; split it`,
  );
}

/** The record of a put is not where the index says, or is damaged. */
export function corruptRecord(main: number, sub: number, call: string): KvError {
  return new KvError(
    "Corrupt",
    call,
    `Cannot ${call}: the record of revision ${main}.${sub} is missing or damaged; restore a copy of the database`,
  );
}

/** Refuses to go on with a walk of which a compaction has dropped records. @throws {KvError} Compacted. */
export function refuseCompactedWalk(main: number, compactRevision: number): void {
  if (main >= compactRevision) return;
  throw new KvError(
    "Compacted",
    "scan",
    `Cannot go on with a walk at revision ${main}: the store was compacted to ${compactRevision} since`,
  );
}
