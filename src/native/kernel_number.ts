/** One number of a file of the kernel's, read again and again while something is measured. */
import { openLibc } from "./libc.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  // It returns 64 bits, of which so short a text needs no more than 32.
  pread: { parameters: ["i32", "pointer", "u64", "i64"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/** As much of the file as is looked at. */
const MOST_BYTES = 256;

const SPACE = 32;
const ZERO = 48;
const NINE = 57;

/** A number that the kernel keeps. */
export interface KernelNumber extends Disposable {
  /** What it is now; -1 where there is none in its place. Allocates nothing. */
  read(): number;
}

/**
 * Opens a file of the kernel's for one of its numbers.
 *
 * @param path Of the file, as the thread sees it that opens it.
 * @param place How many words, with spaces in between, stand before the number.
 * @returns `undefined` where the kernel has none.
 */
export function openKernelNumber(path: string, place: number): KernelNumber | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const { symbols } = openLibc(SYMBOLS);
  const file = symbols.open(new TextEncoder().encode(`${path}\0`), 0);
  if (file < 0) return undefined;
  const bytes = new Uint8Array(new ArrayBuffer(MOST_BYTES));
  const into = Deno.UnsafePointer.of(bytes);
  const most = BigInt(MOST_BYTES);
  const number: KernelNumber = {
    read: () => numberAt(bytes, symbols.pread(file, into, most, 0n), place),
    [Symbol.dispose]: () => void symbols.close(file),
  };
  if (number.read() >= 0) return number;
  number[Symbol.dispose]();
  return undefined;
}

/** The number in a text that has so many words before it; -1 where there is none. */
export function numberAt(bytes: Uint8Array, length: number, place: number): number {
  let at = 0;
  for (let word = 0; word < place; word++) {
    while (at < length && bytes[at] !== SPACE) at++;
    while (at < length && bytes[at] === SPACE) at++;
  }
  if (!(at < length && isDigit(bytes[at]!))) return -1;
  // Not a small integer to V8, which would compile this again for the first number that is none.
  let number = -0;
  for (; at < length && isDigit(bytes[at]!); at++) number = 10 * number + bytes[at]! - ZERO;
  return number;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
