/**
 * Machine code of our own, where several C functions are to be called in a row. A call from
 * JavaScript into C takes 20 to 30 cycles whatever the function does; in a loop that makes four of
 * them for each key they are what is measured. Inside machine code a call is a call.
 */
import { openLibc } from "./libc.ts";

const SYMBOLS = {
  mmap: { parameters: ["u64", "u64", "i32", "i32", "i32", "i64"], result: "u64" },
  mprotect: { parameters: ["u64", "u64", "i32"], result: "i32" },
  munmap: { parameters: ["u64", "u64"], result: "i32" },
  bsearch: { parameters: ["u64", "u64", "u64", "u64", "u64"], result: "u8" },
} as const;

/** Linux's numbers for mmap and mprotect, the same on every processor that is served here. */
const PROT_READ = 1;
const PROT_WRITE = 2;
const PROT_EXEC = 4;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const MAP_FAILED = 2n ** 64n - 1n;

let library: Deno.DynamicLibrary<typeof SYMBOLS> | undefined;

function libc(): Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] {
  return (library ??= openLibc(SYMBOLS)).symbols;
}

/**
 * The bytes of a listing as `objdump -d` prints it without addresses: a line an instruction, its
 * bytes in hexadecimal, two spaces or more, and what they mean, which is for the reader.
 */
export function bytesOfListing(listing: string): Uint8Array<ArrayBuffer> {
  const hex = listing.trim().split("\n").flatMap((line) => line.trim().split("  ")[0]!.split(" "));
  return Uint8Array.from(hex, (byte) => parseInt(byte, 16));
}

/**
 * Puts code into memory that can be run and no longer written, until the process ends.
 *
 * @returns Its address.
 * @throws {Error} Where the system refuses.
 */
export function placeCode(code: Uint8Array): bigint {
  const { mmap, mprotect, munmap } = libc();
  const size = BigInt(code.length);
  const address = mmap(0n, size, PROT_READ | PROT_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0n);
  if (address === MAP_FAILED) throw new Error("Cannot place machine code: no memory");
  const memory = Deno.UnsafePointer.create(address)!;
  new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(memory, code.length)).set(code);
  if (mprotect(address, size, PROT_READ | PROT_EXEC) === 0) return address;
  munmap(address, size);
  throw new Error("Cannot place machine code: memory may not be made executable");
}

/** Returns at once, with 0. */
const PROBE_LISTING = `
  f3 0f 1e fa          endbr64
  31 c0                xor    %eax,%eax
  c3                   ret
`;

let runs: boolean | undefined;

/**
 * Whether this machine runs our machine code: an x86-64 with System V's calling convention, on a
 * system that lets memory be made executable. Tried out once.
 */
export function runsMachineCode(): boolean {
  return runs ??= Deno.build.os === "linux" && Deno.build.arch === "x86_64" && probe();
}

function probe(): boolean {
  try {
    return new NativeSequence(placeCode(bytesOfListing(PROBE_LISTING)), 0n).run();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

/**
 * Placed code, and the cells that it works on: 64 bits each, with the arguments of its calls and
 * their results. The code is a C function `int (uint64_t *cells, void *)` that returns 0 where it
 * came to its end, and 1 where it stopped before.
 *
 * Deno makes fast calls only to functions that a library has by name. The C library's `bsearch`
 * calls the function that it is given, once where it searches an array of one element, and tells
 * whether that returned 0.
 */
export class NativeSequence {
  readonly #bsearch = libc().bsearch;
  /** Read from a typed array an address is a register; in a field it would be an object. */
  readonly #arguments: BigUint64Array;

  /**
   * @param code From {@linkcode placeCode}.
   * @param cells The cells' address.
   */
  constructor(code: bigint, cells: bigint) {
    this.#arguments = new BigUint64Array([cells, 1n, code]);
  }

  /** Runs the code. @returns Whether it came to its end. */
  run(): boolean {
    const values = this.#arguments;
    const one = values[1]!;
    return this.#bsearch(values[0]!, one, one, one, values[2]!) !== 0;
  }
}
