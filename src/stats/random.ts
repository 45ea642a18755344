const MASK_64 = (1n << 64n) - 1n;
const GOLDEN_GAMMA = 0x9e3779b97f4a7c15n;
const FNV_OFFSET_BASIS = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** The output function of splitmix64: a bijection of 64 bits in which every bit matters. */
function mix64(z: bigint): bigint {
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK_64;
  return z ^ (z >> 31n);
}

/** FNV-1a, 64 bits, over the UTF-8 bytes of a text. */
function fnv1a64(text: string): bigint {
  let hash = FNV_OFFSET_BASIS;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & MASK_64;
  }
  return hash;
}

function requireSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(
      `Cannot seed a generator: the seed is ${seed}, and must be a whole number from 0 to 2^53 - 1`,
    );
  }
}

/**
 * A seed of its own for each thing that has a name, e.g. `derive(seed, benchmark, "bootstrap")`: the
 * same labels give the same seed whatever else was drawn before, so that results do not depend on
 * the order in which they are computed.
 *
 * Labels are hashed with FNV-1a and chained through splitmix64's mixer, so `("a", "bc")`, `("ab",
 * "c")` and `("abc")` differ. Not for secrets.
 *
 * @param seed A whole number from 0 to 2^53 − 1.
 * @param labels Texts; their order matters.
 * @returns A seed in the same range.
 * @throws {RangeError} Where the seed is out of range.
 */
export function derive(seed: number, ...labels: string[]): number {
  requireSeed(seed);
  let state = mix64((BigInt(seed) + GOLDEN_GAMMA) & MASK_64);
  for (const label of labels) {
    state = mix64(((state ^ fnv1a64(label)) + GOLDEN_GAMMA) & MASK_64);
  }
  return Number(state >> 11n);
}

/**
 * A seeded pseudo-random generator: xoshiro128** 1.1 (Blackman and Vigna), seeded through
 * splitmix64 as its authors advise and as Rust's `rand_xoshiro` does in `seed_from_u64`. Period
 * 2^128 − 1. Fast and well distributed, not for secrets.
 */
export class Random {
  // A typed array, for a field that holds more than 31 bits may be boxed at every store.
  readonly #state = new Int32Array(4);
  readonly #unit = new Float64Array(1);
  #spareNormal = NaN;

  /**
   * @param seed A whole number from 0 to 2^53 − 1.
   * @throws {RangeError} Where the seed is out of range.
   */
  constructor(seed: number) {
    requireSeed(seed);
    let state = BigInt(seed);
    for (let i = 0; i < 4; i += 2) {
      state = (state + GOLDEN_GAMMA) & MASK_64;
      const word = mix64(state);
      this.#state[i] = Number(word & 0xffffffffn);
      this.#state[i + 1] = Number(word >> 32n);
    }
  }

  /**
   * A generator in a given state, for checking against published vectors.
   *
   * @param state Four 32-bit words, not all zero.
   * @throws {RangeError} Where the words are all zero, the one state that never leaves itself.
   */
  static fromState(state: readonly [number, number, number, number]): Random {
    if (state.every((word) => (word | 0) === 0)) {
      throw new RangeError("Cannot set the generator's state: all four words are zero");
    }
    const random = new Random(0);
    random.#state.set(state);
    return random;
  }

  /** The next 32 random bits, a whole number from 0 to 2^32 − 1. */
  next(): number {
    return this.#bits() >>> 0;
  }

  /** The same as a signed number, which is a small integer to V8, and never boxed. */
  #bits(): number {
    const s = this.#state;
    const s1 = s[1]!;
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const s2 = s[2]! ^ s[0]!;
    const s3 = s[3]! ^ s1;
    s[1] = s1 ^ s2;
    s[0] = s[0]! ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result;
  }

  /** A number from [0, 1) with 53 random bits. */
  uniform(): number {
    this.uniformInto(this.#unit, 0);
    return this.#unit[0]!;
  }

  /**
   * Writes what {@linkcode Random.uniform} would return, for loops that must not allocate: a number that is
   * returned is boxed where V8 does not inline the call, which differs from process to process.
   */
  uniformInto(into: Float64Array, at: number): void {
    const high = this.#bits() >>> 5;
    const low = this.#bits() >>> 6;
    into[at] = (high * 0x4000000 + low) / 0x20000000000000;
  }

  /**
   * A whole number from 0 to n − 1, each exactly as likely as the others (Lemire, "Fast random
   * integer generation in an interval", 2019).
   *
   * @param n How many numbers to choose from, a whole number from 1 to 2^32. It is not checked: this
   * is the inner loop of the bootstrap.
   */
  below(n: number): number {
    let bits = this.next();
    // The low half of the 64-bit product bits · n, which says whether this draw must be rejected.
    let low = Math.imul(bits, n) >>> 0;
    if (low < n) {
      const threshold = (0x100000000 - n) % n;
      while (low < threshold) {
        bits = this.next();
        low = Math.imul(bits, n) >>> 0;
      }
    }
    // The high half. The product may be rounded where it passes 2^53; the rounding is below 2^11, and
    // dividing by 2^32 leaves less than a half to round away.
    return Math.round((bits * n - low) / 0x100000000);
  }

  /** A standard normal deviate, by Marsaglia's polar method. */
  normal(): number {
    const spare = this.#spareNormal;
    if (!Number.isNaN(spare)) {
      this.#spareNormal = NaN;
      return spare;
    }
    while (true) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt(-2 * Math.log(square) / square);
        this.#spareNormal = y * factor;
        return x * factor;
      }
    }
  }

  /**
   * Shuffles in place (Fisher–Yates); every order is equally likely.
   *
   * @param array An array or a typed array.
   * @returns The same array.
   */
  shuffle<T extends unknown[] | Float64Array | Int32Array | Uint32Array>(array: T): T {
    const items = array as unknown[];
    for (let last = items.length - 1; last > 0; last--) {
      const chosen = this.below(last + 1);
      const kept = items[last];
      items[last] = items[chosen];
      items[chosen] = kept;
    }
    return array;
  }
}
