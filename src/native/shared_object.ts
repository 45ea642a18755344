/**
 * The smallest shared library there is: one function, in the ELF format of Linux.
 *
 * Sources: System V ABI, chapters 4 and 5 (https://www.sco.com/developers/gabi/latest/contents.html),
 * elf(5). `readelf` and the loader are its judges in the tests.
 */

/** The name of the function. */
export const FUNCTION_NAME = "run";

/**
 * The processors that there is code for: `e_machine`, and the largest page that such a machine has,
 * since what is mapped with other rights begins at a multiple of it.
 */
const MACHINES = {
  x86_64: { number: 62, page: 4096 },
  aarch64: { number: 183, page: 65_536 },
} as const;

/** A kind of processor, as Deno names it. */
export type Machine = keyof typeof MACHINES;

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SYMBOL_BYTES = 24;

const SHARED_OBJECT = 3;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
/** Says that the stack need not be executable; a library without it would make it so. */
const PT_GNU_STACK = 0x6474e551;
const EXECUTE = 1;
const WRITE = 2;
const READ = 4;
const DT_NULL = 0;
const DT_HASH = 4;
const DT_STRTAB = 5;
const DT_SYMTAB = 6;
const DT_STRSZ = 10;
const DT_SYMENT = 11;
/** A function that other objects see (STB_GLOBAL, STT_FUNC). */
const GLOBAL_FUNCTION = 0x12;
/** Index of a section that a defined symbol is said to be in; there are no section headers. */
const SOME_SECTION = 1;

/** Bytes written one after the other, little-endian. */
class Writer {
  readonly #view: DataView;
  #at = 0;

  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {
    this.#view = new DataView(bytes.buffer);
  }

  seek(to: number): void {
    this.#at = to;
  }

  raw(bytes: Iterable<number>): void {
    for (const byte of bytes) this.bytes[this.#at++] = byte;
  }

  halves(...values: number[]): void {
    for (const value of values) this.#view.setUint16((this.#at += 2) - 2, value, true);
  }

  words(...values: number[]): void {
    for (const value of values) this.#view.setUint32((this.#at += 4) - 4, value, true);
  }

  longs(...values: number[]): void {
    for (const value of values) this.#view.setBigUint64((this.#at += 8) - 8, BigInt(value), true);
  }

  /** What of the file goes where in memory, and with which rights; addresses are offsets here. */
  segment(type: number, rights: number, offset: number, size: number, alignment: number): void {
    this.words(type, rights);
    this.longs(offset, offset, offset, size, size, alignment);
  }
}

/**
 * A shared library for this kind of processor.
 *
 * @param code A function's machine code; it must run wherever it is loaded.
 * @returns The file's bytes; its function is {@linkcode FUNCTION_NAME}.
 */
export function sharedObject(code: Uint8Array, machine: Machine): Uint8Array {
  const { number, page } = MACHINES[machine];
  const strings = `\0${FUNCTION_NAME}\0`;
  const symbols = HEADER_BYTES + 4 * PROGRAM_HEADER_BYTES;
  const hash = symbols + 2 * SYMBOL_BYTES;
  const names = hash + 5 * 4;
  const text = Math.ceil((names + strings.length) / 16) * 16;
  const end = text + code.length;
  const dynamic = Math.ceil(end / page) * page;
  const entries = [
    [DT_HASH, hash],
    [DT_SYMTAB, symbols],
    [DT_SYMENT, SYMBOL_BYTES],
    [DT_STRTAB, names],
    [DT_STRSZ, strings.length],
    [DT_NULL, 0],
  ].flat();

  const file = new Writer(new Uint8Array(dynamic + 8 * entries.length));
  // 64-bit, little-endian, version 1.
  file.raw([0x7f, ..."ELF".split("").map((letter) => letter.charCodeAt(0)), 2, 1, 1]);
  file.seek(16);
  file.halves(SHARED_OBJECT, number);
  file.words(1);
  file.longs(0, HEADER_BYTES, 0);
  file.words(0);
  file.halves(HEADER_BYTES, PROGRAM_HEADER_BYTES, 4, 0, 0, 0);
  file.segment(PT_LOAD, READ | EXECUTE, 0, end, page);
  file.segment(PT_LOAD, READ | WRITE, dynamic, 8 * entries.length, page);
  file.segment(PT_DYNAMIC, READ | WRITE, dynamic, 8 * entries.length, 8);
  file.segment(PT_GNU_STACK, READ | WRITE, 0, 0, 16);
  // Symbol 0 is none; symbol 1 the function: name, kind, section, address, size.
  file.seek(symbols + SYMBOL_BYTES);
  file.words(strings.indexOf(FUNCTION_NAME));
  file.raw([GLOBAL_FUNCTION, 0]);
  file.halves(SOME_SECTION);
  file.longs(text, code.length);
  // One bucket, which begins with symbol 1; two symbols, neither of which leads on to another.
  file.words(1, 2, 1, 0, 0);
  file.raw(new TextEncoder().encode(strings));
  file.seek(text);
  file.raw(code);
  file.seek(dynamic);
  file.longs(...entries);
  return file.bytes;
}
