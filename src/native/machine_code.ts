/**
 * Machine code of our own, where several C functions are to be called in a row. A call from
 * JavaScript into C takes 20 to 30 cycles whatever the function does; in a loop that makes four of
 * them for each key they are what is measured. Inside machine code a call is a call.
 */
import { openLibc } from "./libc.ts";
import { FUNCTION_NAME, sharedObject } from "./shared_object.ts";

const SYMBOLS = {
  memfd_create: { parameters: ["buffer", "u32"], result: "i32" },
  write: { parameters: ["i32", "buffer", "u64"], result: "i64" },
} as const;
/** The file is closed in programs that this one starts. */
const MFD_CLOEXEC = 1;

/**
 * The code as a function: it works on cells of 64 bits each, given by their address, where it finds
 * the arguments of its calls and leaves their results. It returns 1 where it came to its end, and 0
 * where it stopped before.
 */
export type NativeSequence = (cells: bigint) => number;

/**
 * The bytes of a listing as `objdump -d` prints it without addresses: a line an instruction, its
 * bytes in hexadecimal, two spaces or more, and what they mean, which is for the reader.
 */
export function bytesOfListing(listing: string): Uint8Array<ArrayBuffer> {
  const hex = listing.trim().split("\n").flatMap((line) => line.trim().split("  ")[0]!.split(" "));
  return Uint8Array.from(hex, (byte) => parseInt(byte, 16));
}

/**
 * Loads x86-64 code, until the process ends. Deno makes fast calls only to functions of a library;
 * so the code becomes one, in memory, and the system's loader maps it: what can be run cannot be
 * written.
 *
 * @param listing See {@linkcode bytesOfListing}; with the calling convention of System V.
 * @throws {Error} Where the system refuses.
 */
export function loadMachineCode(listing: string): NativeSequence {
  const { memfd_create, write } = openLibc(SYMBOLS).symbols;
  const file = memfd_create(new TextEncoder().encode("tidemark\0"), MFD_CLOEXEC);
  if (file < 0) throw new Error("Cannot load machine code: the system makes no file in memory");
  const bytes = sharedObject(bytesOfListing(listing), "x86_64");
  if (Number(write(file, bytes, BigInt(bytes.length))) !== bytes.length) {
    throw new Error("Cannot load machine code: there is no memory for it");
  }
  // The file stays open: the loader knows a library by its path, and would take the next file of
  // the same number for this one.
  const { symbols } = Deno.dlopen(`/proc/self/fd/${file}`, {
    [FUNCTION_NAME]: { parameters: ["u64"], result: "u8" },
  });
  return symbols[FUNCTION_NAME];
}

/** Comes to its end at once. */
const PROBE_LISTING = `
  f3 0f 1e fa          endbr64
  b8 01 00 00 00       mov    $0x1,%eax
  c3                   ret
`;

let runs: boolean | undefined;

/** Whether this machine runs our machine code: an x86-64 Linux that lets it. Tried out once. */
export function runsMachineCode(): boolean {
  return runs ??= Deno.build.os === "linux" && Deno.build.arch === "x86_64" && probe();
}

function probe(): boolean {
  try {
    return loadMachineCode(PROBE_LISTING)(0n) === 1;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}
