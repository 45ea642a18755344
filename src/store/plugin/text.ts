/** Texts that a plug-in writes into the host's buffer. */
import { addressOf } from "../memory.ts";
import { Code } from "./symbols.ts";

/** What most texts fit in, bytes. */
const USUAL = 4096;
/** The longest text that is read, bytes. */
const MOST = 16 * 1024 * 1024;

const buffer = new Uint8Array(new ArrayBuffer(USUAL));
const length = new BigUint64Array(new ArrayBuffer(8));

/** Writes a text of so many bytes, and says how many; a {@linkcode Code}. */
type Giver = (buffer: bigint, capacity: bigint, length: bigint) => number;

/**
 * Asks for a text, again with a larger buffer where it did not fit.
 *
 * @returns The text, or what the function returned instead of it.
 */
export function textFrom(give: Giver): string | number {
  let into = buffer;
  for (let tries = 0; tries < 3; tries++) {
    length[0] = 0n;
    const code = give(addressOf(into), BigInt(into.length), addressOf(length));
    const bytes = Number(length[0]);
    if (code >= Code.ok) return new TextDecoder().decode(into.subarray(0, bytes));
    if (code !== Code.tooSmall || bytes > MOST) return code;
    // What is told may have grown meanwhile.
    into = new Uint8Array(new ArrayBuffer(2 * bytes));
  }
  return Code.tooSmall;
}
