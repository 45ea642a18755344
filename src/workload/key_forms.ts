/** How the number of a key becomes its bytes. */
import { fnvHash64, type HashHalves } from "./fnv.ts";
import { KEY_BYTES, writeDigits, writeKey } from "./keys.ts";
import type { LoadSpec } from "./load.ts";

/** What differs from one form of keys to another. */
interface KeyFormRow {
  /** Bytes of a key. */
  readonly bytes: number;
  /** Whether keys sort as their numbers do. */
  readonly sorted: boolean;
  /** Writes the key of a number into at least so many bytes. */
  write(into: Uint8Array, index: number): void;
}

const USER = new TextEncoder().encode("user");
const ZERO = 48;
/** Digits of the largest number that YCSB's hash can be, 2^63 − 1. */
const DIGITS = 19;

/** The forms by their names. */
export const KEY_FORMS: Readonly<Record<LoadSpec["keyForm"], KeyFormRow>> = {
  /** `key-` and the number in twelve digits. */
  numbered: { bytes: KEY_BYTES, sorted: true, write: writeKey },
  /**
   * YCSB's: `user` and the number's hash, in 19 digits always, as YCSB writes it where `zeropadding`
   * is 19; two keys in seven would be shorter otherwise.
   */
  hashed: { bytes: USER.length + DIGITS, sorted: false, write: writeHashedKey },
  /** db_bench's: the number in eight bytes, the most significant one first, and eight zeros as text. */
  binary: { bytes: KEY_BYTES, sorted: true, write: writeBinaryKey },
};

/** Nine digits are written at a time. */
const PART_DIGITS = 9;
const PART = 10 ** PART_DIGITS;
const TWO_16 = 2 ** 16;
const TWO_32 = 2 ** 32;

// Workers have modules of their own, so that no two write into it at a time.
const hash: HashHalves = { high: 0, low: 0 };

function writeHashedKey(into: Uint8Array, index: number): void {
  for (let i = 0; i < USER.length; i++) into[i] = USER[i]!;
  fnvHash64(index, hash);
  // Long division by 10^9 in steps of 16 bits, each of which is exact: below 10^9 · 2^16.
  const { high, low } = hash;
  const first = Math.floor(high / PART);
  const upper = (high - first * PART) * TWO_16 + (low >>> 16);
  const second = Math.floor(upper / PART);
  const lower = (upper - second * PART) * TWO_16 + (low & 0xffff);
  const third = Math.floor(lower / PART);
  writeDigits(into, USER.length + DIGITS - 1, PART_DIGITS, lower - third * PART | 0);
  // The quotient is below 2^34.
  const quotient = (first * TWO_16 + second) * TWO_16 + third;
  const top = Math.floor(quotient / PART);
  writeDigits(into, USER.length + PART_DIGITS, PART_DIGITS, quotient - top * PART | 0);
  into[USER.length] = ZERO + top;
}

/** Bytes of the number in a binary key, and of one half of it. */
const BINARY_BYTES = 8;
const HALF_BYTES = 4;

function writeBinaryKey(into: Uint8Array, index: number): void {
  writeBigEndian(into, 0, Math.floor(index / TWO_32));
  writeBigEndian(into, HALF_BYTES, index >>> 0);
  for (let i = BINARY_BYTES; i < KEY_BYTES; i++) into[i] = ZERO;
}

function writeBigEndian(into: Uint8Array, at: number, half: number): void {
  into[at] = half >>> 24;
  into[at + 1] = half >>> 16;
  into[at + 2] = half >>> 8;
  into[at + 3] = half;
}
