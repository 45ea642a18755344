/** Bytes of a key: `key-` and twelve decimal digits, so that keys sort as their numbers do. */
export const KEY_BYTES = 16;

const PREFIX = new TextEncoder().encode("key-");
const ZERO = 48;
const NINE = 57;

/** Digits of half a number: few enough for integers of 32 bits, whose division is fast. */
const HALF_DIGITS = (KEY_BYTES - PREFIX.length) / 2;
const HALF = 10 ** HALF_DIGITS;

/**
 * Writes the key of a number.
 *
 * @param into At least {@linkcode KEY_BYTES} long.
 * @param index 0 to 10^12 − 1.
 */
export function writeKey(into: Uint8Array, index: number): void {
  // Copying by a call costs more than four stores.
  for (let i = 0; i < PREFIX.length; i++) into[i] = PREFIX[i]!;
  const upper = Math.floor(index / HALF);
  writeDigits(into, KEY_BYTES - 1, HALF_DIGITS, index - upper * HALF | 0);
  writeDigits(into, KEY_BYTES - HALF_DIGITS - 1, HALF_DIGITS, upper | 0);
}

/**
 * Writes a number in decimal digits, with zeros before it.
 *
 * @param last Place of the last digit.
 * @param value A whole number below 2^31.
 */
export function writeDigits(into: Uint8Array, last: number, digits: number, value: number): void {
  for (let i = last; i > last - digits; i--) {
    const rest = value / 10 | 0;
    into[i] = ZERO + value - rest * 10;
    value = rest;
  }
}

/** Keys in the order in which a loop wants them, each written over the last in one buffer. */
export interface KeyOrder {
  /** Writes the next key. */
  next(): void;
  /** Begins anew: the keys that follow are those that followed at first. */
  restart(): void;
}

function requireCount(count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new RangeError(`Cannot order ${count} keys: it must be a positive integer`);
}

/** The keys 0, 1, … in ascending order, and then again from 0. */
export class SequentialKeys implements KeyOrder {
  readonly #bytes: Uint8Array;
  readonly #count: number;
  #index = -1;

  /**
   * @param bytes Where keys are written, {@linkcode KEY_BYTES} long.
   * @param count Keys before it starts again.
   * @throws {RangeError} Where the count is no positive integer.
   */
  constructor(bytes: Uint8Array, count: number) {
    requireCount(count);
    this.#bytes = bytes;
    this.#count = count;
    writeKey(bytes, 0);
  }

  next(): void {
    const bytes = this.#bytes;
    this.#index++;
    if (this.#index === 0) return;
    if (this.#index === this.#count) {
      this.restart();
      this.#index = 0;
      return;
    }
    // Counting up in place touches 1.1 digits on average; writing all of them costs ten times more.
    let i = KEY_BYTES - 1;
    while (bytes[i] === NINE) bytes[i--] = ZERO;
    bytes[i]!++;
  }

  restart(): void {
    this.#index = -1;
    writeKey(this.#bytes, 0);
  }
}

/** Any state but zero, from which the generator never comes away. */
const FIRST_STATE = 0x2545F491;

/**
 * Keys drawn uniformly, with repetitions: Marsaglia's xorshift of 32 bits. Keys are few beside its
 * period, so that the remainder favours none by more than one in some thousands.
 */
export class RandomKeys implements KeyOrder {
  readonly #bytes: Uint8Array;
  readonly #count: number;
  #state = FIRST_STATE | 0;

  /**
   * @param bytes Where keys are written, {@linkcode KEY_BYTES} long.
   * @param count Keys to draw from.
   * @throws {RangeError} Where the count is no positive integer.
   */
  constructor(bytes: Uint8Array, count: number) {
    requireCount(count);
    this.#bytes = bytes;
    this.#count = count;
    writeKey(bytes, 0);
  }

  next(): void {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    writeKey(this.#bytes, (state >>> 0) % this.#count);
  }

  restart(): void {
    this.#state = FIRST_STATE | 0;
    writeKey(this.#bytes, 0);
  }
}
