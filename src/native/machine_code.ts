/**
 * Machine code of our own, where several C functions are to be called in a row. A call from
 * JavaScript into C takes 20 to 30 cycles whatever the function does; in a loop that makes four of
 * them for each key they are what is measured. Inside machine code a call is a call.
 */
import { openLibc } from "./libc.ts";
import { loaderReason } from "./loader_reason.ts";
import { FUNCTION_NAME, type Machine, sharedObject } from "./shared_object.ts";

const SYMBOLS = {
  memfd_create: { parameters: ["buffer", "u32"], result: "i32" },
  write: { parameters: ["i32", "buffer", "u64"], result: "i64" },
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;
/** The file is closed in programs that this one starts. */
const MFD_CLOEXEC = 1;
/** The file can be sealed. */
const MFD_ALLOW_SEALING = 2;
/** linux/fcntl.h: adds seals. */
const F_ADD_SEALS = 1033;
/** linux/fcntl.h: no other seals, no shrinking, no growing, no writing, whoever opens the file. */
const SEALS = 1 | 2 | 4 | 8;

/**
 * The code as a function: it works on cells of 64 bits each, given by their address, where it finds
 * the arguments of its calls and leaves their results. It returns 1 where it came to its end, and 0
 * where it stopped before.
 */
export type NativeSequence = (cells: bigint) => number;

/** A function's code for each kind of processor; see {@linkcode bytesOfListing}. */
export type Listings = Record<Machine, string>;

/**
 * The bytes of a listing as `objdump -d` prints it without addresses: a line an instruction, its
 * bytes or its 32-bit word in hexadecimal, two spaces or more, and what they mean, which is for the
 * reader.
 */
export function bytesOfListing(listing: string): Uint8Array<ArrayBuffer> {
  const groups = listing.trim().split("\n")
    .flatMap((line) => line.trim().split("  ")[0]!.split(" "));
  // A word's lowest byte comes first in memory and last on paper.
  const bytes = groups.flatMap((group) => group.match(/../g)!.reverse());
  return Uint8Array.from(bytes, (byte) => parseInt(byte, 16));
}

/**
 * Loads code, until the process ends. Deno makes fast calls only to functions of a library;
 * so the code becomes one, in memory, and the system's loader maps it: what can be run cannot be
 * written, by this process or another.
 *
 * @param listings With the calling convention of the processor's System V ABI.
 * @throws {Error} Where the system refuses.
 */
export function loadMachineCode(listings: Listings): NativeSequence {
  return openCode(listings, { parameters: ["u64"], result: "u8" });
}

/**
 * Loads code that other machine code is to call, until the process ends.
 *
 * @param listings With the calling convention of the processor's System V ABI.
 * @returns Its address.
 * @throws {Error} Where the system refuses.
 */
export function machineCodeAddress(listings: Listings): bigint {
  return Deno.UnsafePointer.value(openCode(listings, { type: "pointer" }));
}

/** Eight arguments, as RocksDB's put has. */
const EMPTY_CALL = {
  parameters: ["u64", "u64", "u64", "u64", "u64", "u64", "u64", "u64"],
  result: "u8",
} as const;

let empty: Deno.StaticForeignSymbol<typeof EMPTY_CALL> | undefined;

/**
 * Makes so many calls into native code that does nothing there, with as many arguments as a put of
 * RocksDB's has: their time is the crossing's own. Only where {@linkcode runsMachineCode}.
 *
 * @throws {Error} Where the system refuses the code.
 */
export function makeEmptyCalls(count: number): void {
  const call = empty ??= openCode(PROBE, EMPTY_CALL);
  for (let i = 0; i < count; i++) call(0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n);
}

/** Loads code as a function of a signature, or as a place in memory. */
function openCode<const Form extends Deno.ForeignFunction | Deno.ForeignStatic>(
  listings: Listings,
  form: Form,
): Deno.StaticForeignSymbol<Form> {
  const libc = openLibc(SYMBOLS).symbols;
  const name = new TextEncoder().encode("tidemark\0");
  const file = libc.memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (file < 0) throw new Error("Cannot load machine code: the system makes no file in memory");
  const refuse = (reason: string): never => {
    libc.close(file);
    throw new Error(`Cannot load machine code: ${reason}`);
  };
  const bytes = sharedObject(bytesOfListing(listings[Deno.build.arch]), Deno.build.arch);
  if (Number(libc.write(file, bytes, BigInt(bytes.length))) !== bytes.length) {
    refuse("there is no memory for it");
  }
  // Every process of the user can open the file by /proc: sealed, it is what was written here.
  if (libc.fcntl(file, F_ADD_SEALS, SEALS) !== 0) refuse("the system does not seal its file");
  // The file stays open: the loader knows a library by its path, and would take the next file of
  // the same number for this one.
  try {
    const { symbols } = Deno.dlopen(`/proc/self/fd/${file}`, {
      [FUNCTION_NAME]: form,
    });
    return symbols[FUNCTION_NAME] as Deno.StaticForeignSymbol<Form>;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return refuse(`its library cannot be opened: ${loaderReason(error)}`);
  }
}

/** Comes to its end at once. */
const PROBE: Listings = {
  x86_64: `
    f3 0f 1e fa          endbr64
    b8 01 00 00 00       mov    $0x1,%eax
    c3                   ret
  `,
  aarch64: `
    d503245f             bti    c
    52800020             mov    w0, #0x1
    d65f03c0             ret
  `,
};

let runs: boolean | undefined;

/** Whether this machine runs our machine code: a Linux that lets it. Tried out once. */
export function runsMachineCode(): boolean {
  return runs ??= Deno.build.os === "linux" && probe();
}

function probe(): boolean {
  try {
    return loadMachineCode(PROBE)(0n) === 1;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}
