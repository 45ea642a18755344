/** How the number of a key becomes its bytes. */
import { fnvHash64, type HashHalves } from "./fnv.ts";
import { KEY_BYTES, writeKey } from "./keys.ts";
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
};

// Workers have modules of their own, so that no two write into it at a time.
const hash: HashHalves = { high: 0, low: 0 };

function writeHashedKey(into: Uint8Array, index: number): void {
  into.set(USER);
  fnvHash64(index, hash);
  // Long division by 10^9, in parts of 16 bits: the quotient's digits, then the remainder's.
  let { high, low } = hash;
  for (let end = USER.length + DIGITS; end > USER.length; end -= 9) {
    let quotientHigh = Math.floor(high / 1e9);
    let rest = (high - quotientHigh * 1e9) * 65536 + (low >>> 16);
    const middle = Math.floor(rest / 1e9);
    rest = (rest - middle * 1e9) * 65536 + (low & 0xffff);
    const last = Math.floor(rest / 1e9);
    rest -= last * 1e9;
    const quotientLow = middle * 65536 + last;
    quotientHigh += Math.floor(quotientLow / 2 ** 32);
    for (let i = end - 1; i >= Math.max(end - 9, USER.length); i--) {
      into[i] = ZERO + rest % 10;
      rest = Math.floor(rest / 10);
    }
    high = quotientHigh;
    low = quotientLow >>> 0;
  }
}
