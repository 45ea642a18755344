/**
 * Revision keys, byte for byte those of etcd (`server/storage/mvcc/revision.go`): the main revision
 * as a big-endian u64, `_`, the sub revision as a big-endian u64; a tombstone appends `t`. Bytewise
 * order is revision order.
 */
import type { Slice } from "../slice.ts";

/** Bytes of a revision key. */
export const REVISION_BYTES = 17;
/** Bytes of a tombstone's revision key. */
export const TOMBSTONE_BYTES = 18;

const SEPARATOR = 0x5f; // _
const TOMBSTONE_MARK = 0x74; // t
const TWO_32 = 0x1_0000_0000;

/** A point in a store's history: the transaction, and the change within it. */
export interface Revision {
  /** Number of the transaction, from 2 on; at most 2^53 − 1. */
  readonly main: number;
  /** Number of the change within the transaction, from 0 on. */
  readonly sub: number;
}

/** The revision before the first write. */
export const FIRST_REVISION = 1;

function writeU64(bytes: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / TWO_32);
  const low = value >>> 0;
  bytes[at] = high >>> 24;
  bytes[at + 1] = high >>> 16;
  bytes[at + 2] = high >>> 8;
  bytes[at + 3] = high;
  bytes[at + 4] = low >>> 24;
  bytes[at + 5] = low >>> 16;
  bytes[at + 6] = low >>> 8;
  bytes[at + 7] = low;
}

function readU64(bytes: Uint8Array, at: number): number {
  const high = (bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!) >>>
    0;
  const low =
    (bytes[at + 4]! << 24 | bytes[at + 5]! << 16 | bytes[at + 6]! << 8 | bytes[at + 7]!) >>> 0;
  return high * TWO_32 + low;
}

/**
 * Makes a slice the key of a revision.
 *
 * @param into At least {@linkcode TOMBSTONE_BYTES} large; its length is set.
 * @param main Main revision, an integer from 0 to 2^53 − 1.
 * @param sub Sub revision, likewise.
 * @param tombstone Whether the revision is a delete.
 */
export function writeRevision(into: Slice, main: number, sub: number, tombstone: boolean): void {
  const bytes = into.bytes;
  writeU64(bytes, 0, main);
  bytes[8] = SEPARATOR;
  writeU64(bytes, 9, sub);
  if (tombstone) {
    bytes[REVISION_BYTES] = TOMBSTONE_MARK;
    into.length = TOMBSTONE_BYTES;
  } else {
    into.length = REVISION_BYTES;
  }
}

/** The main revision in a revision key. */
export function readMain(bytes: Uint8Array): number {
  return readU64(bytes, 0);
}

/** The sub revision in a revision key. */
export function readSub(bytes: Uint8Array): number {
  return readU64(bytes, 9);
}

/**
 * Whether these bytes are a revision's key, of the right shape and within what a double holds
 * exactly.
 *
 * @param bytes The buffer with the key at its start.
 * @param length How many of its bytes are the key.
 */
export function isRevisionKey(bytes: Uint8Array, length: number): boolean {
  return (length === REVISION_BYTES ||
    length === TOMBSTONE_BYTES && bytes[REVISION_BYTES] === TOMBSTONE_MARK) &&
    bytes[8] === SEPARATOR &&
    Number.isSafeInteger(readMain(bytes)) && Number.isSafeInteger(readSub(bytes));
}
