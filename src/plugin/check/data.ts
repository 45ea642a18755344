/** Keys and values that a check knows again, each by its number. */
import { CheckError } from "./verdict.ts";

/** Bytes written as text, a character a byte. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The key of a number. */
export function keyOf(number: number): Uint8Array {
  return bytesOf(`key ${String(number).padStart(8, "0")}`);
}

/** The value of a number in a round: bytes that no other has, and that do not compress. */
export function valueOf(number: number, round: number, length = 100 + number % 60): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b)) >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    bytes[i] = state;
  }
  return bytes;
}

/** Whether two values are the same. */
export function sameBytes(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && one.length === other.length &&
    one.every((byte, i) => byte === other[i]);
}

/** @throws {CheckError} Where a key has another value than was put, or none. */
export function requireBytes(
  key: Uint8Array,
  found: Uint8Array | undefined,
  expected: Uint8Array,
): void {
  if (sameBytes(found, expected)) return;
  const name = key.length > 40
    ? `a key of ${key.length} bytes`
    : JSON.stringify(String.fromCharCode(...key));
  if (found === undefined) throw new CheckError(`${name} was put, and is absent`);
  const what = found.length === expected.length ? "other bytes" : `${found.length} bytes`;
  throw new CheckError(`${name} has ${what} instead of the ${expected.length} that were put`);
}
