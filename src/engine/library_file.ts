/**
 * What a library's file tells of itself without being loaded: the processor it is for, and the
 * compiler that made it.
 *
 * Sources: elf(5), System V ABI chapter 4; Apple's `mach-o/loader.h`.
 */
import type { Machine } from "./machine.ts";

/** What a file is. */
export interface LibraryFile {
  system: "linux" | "macos";
  /** As Deno names it, or the number that the file has for another one. */
  arch: "x86_64" | "aarch64" | `processor ${number}`;
  /** E.g. `GCC 7.3.1`; `null` where the file does not say. */
  compiler: string | null;
}

const ELF = 0x464c457f;
const MACH_O_64 = 0xfeedfacf;
const SHARED_OBJECT = 3;

/** `e_machine`. */
const ELF_PROCESSORS: Record<number, LibraryFile["arch"]> = { 62: "x86_64", 183: "aarch64" };
/** `cputype`. */
const MACH_PROCESSORS: Record<number, LibraryFile["arch"]> = {
  0x01000007: "x86_64",
  0x0100000c: "aarch64",
};

/**
 * Reads a shared library's head.
 *
 * @returns `undefined` where the bytes are no shared library for a 64-bit processor.
 */
export function readLibraryFile(bytes: Uint8Array): LibraryFile | undefined {
  if (bytes.length < 64) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const magic = view.getUint32(0, true);
  if (magic === MACH_O_64) {
    const processor = view.getUint32(4, true);
    const arch = MACH_PROCESSORS[processor] ?? `processor ${processor}` as const;
    return { system: "macos", arch, compiler: null };
  }
  // 64-bit; the numbers of a big-endian one would be read wrong, and Deno runs on none.
  if (magic !== ELF || bytes[4] !== 2) return undefined;
  const little = bytes[5] === 1;
  if (view.getUint16(16, little) !== SHARED_OBJECT) return undefined;
  const processor = view.getUint16(18, little);
  const arch = ELF_PROCESSORS[processor] ?? `processor ${processor}` as const;
  return { system: "linux", arch, compiler: little ? compilerOf(view) : null };
}

/** Whether a library is for a kind of machine, as far as its head tells. */
export function isFor(machine: Machine, { system, arch }: LibraryFile): boolean {
  return machine.startsWith(`${system}-${arch}`);
}

/** What the section `.comment` says: the compiler's name and version. */
function compilerOf(view: DataView): string | null {
  try {
    const comment = section(view, ".comment");
    // The library's own compiler beside older ones, of what was linked to it.
    const versions = (name: RegExp) => [...comment.matchAll(name)].map(([, version]) => version!);
    const newest = versions(/GCC: \([^)]*\) (\d+(?:\.\d+)*)/g).sort(compareVersions).at(-1);
    if (newest !== undefined) return `GCC ${newest}`;
    const [clang] = versions(/clang version (\d+(?:\.\d+)*)/g);
    return clang === undefined ? null : `Clang ${clang}`;
  } catch (error) {
    // A header that leads beyond the file's end.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** The most of a section that is looked at; compilers' names are short. */
const MOST_SECTION = 4096;

/** A section's text, empty where there is none of the name. */
function section(view: DataView, wanted: string): string {
  const sections = Number(view.getBigUint64(40, true));
  const size = view.getUint16(58, true);
  const count = view.getUint16(60, true);
  const field = (index: number, offset: number) =>
    Number(view.getBigUint64(sections + index * size + offset, true));
  const names = field(view.getUint16(62, true), 24);
  for (let i = 0; i < count; i++) {
    const name = names + view.getUint32(sections + i * size, true);
    if (text(view, name, wanted.length + 1) !== `${wanted}\0`) continue;
    return text(view, field(i, 24), Math.min(field(i, 32), MOST_SECTION));
  }
  return "";
}

function text(view: DataView, at: number, length: number): string {
  return new TextDecoder("latin1").decode(
    new Uint8Array(view.buffer, view.byteOffset + at, length),
  );
}
