/**
 * FNV of 64 bits as YCSB hashes numbers with it: over the eight bytes of the number from the lowest
 * on, the sign taken away. JavaScript has no fast integers of 64 bits, so that a hash is two halves.
 */

/** The upper and the lower 32 bits of a hash, which are written into it. */
export interface HashHalves {
  /** Without the sign: below 2^31. */
  high: number;
  /** As a signed integer, which V8 keeps without a box: `low >>> 0` is the half itself. */
  low: number;
}

/** The offset basis, 0xCBF29CE484222325, in halves. */
const BASIS_HIGH = 0xcbf29ce4;
const BASIS_LOW = 0x84222325;
/** The prime is 2^40 and this. */
const PRIME_LOW = 0x1b3;
const TWO_32 = 2 ** 32;

/**
 * YCSB's `fnvhash64`.
 *
 * @param value A whole number from 0 to 2^53 − 1.
 * @param into Where the hash is written, since what is returned as an object would be allocated.
 */
export function fnvHash64(value: number, into: HashHalves): void {
  let high = BASIS_HIGH | 0;
  let low = BASIS_LOW | 0;
  let bytes = value | 0;
  for (let i = 0; i < 4; i++) {
    low ^= bytes & 0xff;
    bytes >>>= 8;
    high = (Math.imul(high, PRIME_LOW) + carryOf(low) + (low << 8)) | 0;
    low = Math.imul(low, PRIME_LOW);
  }
  bytes = value / TWO_32 | 0;
  for (let i = 0; i < 4; i++) {
    low ^= bytes & 0xff;
    bytes >>>= 8;
    high = (Math.imul(high, PRIME_LOW) + carryOf(low) + (low << 8)) | 0;
    low = Math.imul(low, PRIME_LOW);
  }
  if (high < 0) {
    // Java's Math.abs: two's complement.
    low = -low | 0;
    high = ~high + (low === 0 ? 1 : 0) | 0;
  }
  into.high = high >>> 0;
  into.low = low;
}

/** What goes from the lower half's product with the prime to the upper half, in parts of 16 bits. */
function carryOf(low: number): number {
  return Math.imul(low >>> 16, PRIME_LOW) + (Math.imul(low & 0xffff, PRIME_LOW) >>> 16) >>> 16;
}

/** The largest divisor of {@linkcode remainderOf}. */
export const MOST_DIVISOR = 2 ** 36;

/**
 * The remainder of a hash. V8 calls a function for `%` of numbers beyond 32 bits; this takes the
 * hash in three parts, of which each step is exact.
 *
 * @param divisor A whole number from 1 to {@linkcode MOST_DIVISOR}.
 * @param inverse One by the divisor, since multiplying is faster than dividing.
 */
export function remainderOf({ high, low }: HashHalves, divisor: number, inverse: number): number {
  let rest = remainder(high, divisor, inverse);
  rest = remainder(rest * 65536 + (low >>> 16), divisor, inverse);
  return remainder(rest * 65536 + (low & 0xffff), divisor, inverse);
}

/** Of a value below 2^53 and below 65,536 divisors and as many: the quotient is off by one at most. */
function remainder(value: number, divisor: number, inverse: number): number {
  const rest = value - Math.floor(value * inverse) * divisor;
  return rest < 0 ? rest + divisor : rest >= divisor ? rest - divisor : rest;
}
