/**
 * The names of functions that a library has for others, and that it wants of others, read from its
 * file: nothing is loaded.
 *
 * Sources: elf(5), System V ABI chapter 4; Apple's `mach-o/loader.h` and `mach-o/nlist.h`.
 */
import { readLibraryFile } from "./library_file.ts";

/** The names that a library's loader knows. */
export interface LibrarySymbols {
  /** What it has for others. */
  exported: Set<string>;
  /** What it wants of others. */
  wanted: Set<string>;
}

const SHT_DYNSYM = 11;
const LC_SYMTAB = 2;
/** Mach-O's `n_type`: for others; and which bits tell where it is. */
const N_EXT = 1;
const N_TYPE = 0x0e;

/** The most that all names of a library and their tables may have, bytes: RocksDB's have some ten million. */
const MOST_BYTES = 64 * 1024 * 1024;
/** What a name costs beside its letters, so that a million empty ones are no small thing. */
const NAME_BYTES = 64;
/** The longest name; a longer one is none. */
const MOST_NAME = 16 * 1024;

/**
 * A library's names.
 *
 * @returns `undefined` where the bytes are no library, or a damaged one.
 */
export function librarySymbols(bytes: Uint8Array): LibrarySymbols | undefined {
  const file = readLibraryFile(bytes);
  if (file === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return file.system === "linux" ? ofElf(view) : ofMachO(view);
  } catch (error) {
    // A header that leads beyond the file's end, or round in a circle.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function ofElf(view: DataView): LibrarySymbols {
  const little = view.getUint8(5) === 1;
  const found: LibrarySymbols = { exported: new Set(), wanted: new Set() };
  const budget = new Budget();
  const sections = Number(view.getBigUint64(40, little));
  const headerBytes = view.getUint16(58, little);
  const count = view.getUint16(60, little);
  const long = (index: number, offset: number) =>
    Number(view.getBigUint64(sections + index * headerBytes + offset, little));
  for (let i = 0; i < count; i++) {
    const header = sections + i * headerBytes;
    if (view.getUint32(header + 4, little) !== SHT_DYNSYM) continue;
    const strings = view.getUint32(header + 40, little);
    const name = namesIn(view, long(strings, 24), long(strings, 32), budget);
    const [from, size] = [long(i, 24), long(i, 32)];
    for (let at = from; at < from + size; at += 24) {
      const names = view.getUint16(at + 6, little) === 0 ? found.wanted : found.exported;
      names.add(name(view.getUint32(at, little)));
    }
  }
  return found;
}

function ofMachO(view: DataView): LibrarySymbols {
  const found: LibrarySymbols = { exported: new Set(), wanted: new Set() };
  const budget = new Budget();
  const commands = view.getUint32(16, true);
  let next = 32;
  for (let i = 0; i < commands; i++) {
    const at = next;
    next += view.getUint32(at + 4, true);
    if (next < at + 8) throw new RangeError("A command without a size");
    if (view.getUint32(at, true) !== LC_SYMTAB) continue;
    const from = view.getUint32(at + 8, true);
    const count = view.getUint32(at + 12, true);
    const name = namesIn(
      view,
      view.getUint32(at + 16, true),
      view.getUint32(at + 20, true),
      budget,
    );
    for (let symbol = from; symbol < from + 16 * count; symbol += 16) {
      const type = view.getUint8(symbol + 4);
      if ((type & N_EXT) === 0) continue;
      const names = (type & N_TYPE) === 0 ? found.wanted : found.exported;
      // C's names begin with an underscore there.
      names.add(name(view.getUint32(symbol, true)).replace(/^_/, ""));
    }
  }
  return found;
}

/** What may still be read of a library's names and tables: one may be named again and again. */
class Budget {
  #left = MOST_BYTES;

  /** @throws {RangeError} Where it is used up. */
  take(letters: number): void {
    this.#left -= letters + NAME_BYTES;
    if (this.#left < 0) throw new RangeError("More names than any library has");
  }
}

/**
 * Reads names of a string table by where they begin in it. It becomes text as a whole: name by name
 * took five times as long, and each run's process reads fifteen thousand.
 *
 * @throws {RangeError}
 */
function namesIn(
  view: DataView,
  start: number,
  bytes: number,
  budget: Budget,
): (at: number) => string {
  budget.take(bytes);
  const table = new TextDecoder("latin1")
    .decode(new Uint8Array(view.buffer, view.byteOffset + start, bytes));
  return (at) => {
    const found = table.indexOf("\0", at);
    // One that has no end, or none within reach, is none; looking for it took as long all the same.
    const length = found < 0 || found - at >= MOST_NAME ? 0 : found - at;
    budget.take(found < 0 ? Math.max(table.length - at, 0) : found - at);
    return table.slice(at, at + length);
  };
}

/** What each compression's own library calls one of its functions, or begins it with. */
const COMPRESSIONS: Record<string, RegExp> = {
  bzip2: /^BZ2_bzCompress/,
  lz4: /^LZ4_compress/,
  snappy: /^_ZN6snappy/,
  zlib: /^deflate$/,
  zstd: /^ZSTD_compress/,
};

/** The compressions that a library has inside, or takes from others. */
export function compressionsOf({ exported, wanted }: LibrarySymbols): string[] {
  const names = [...exported, ...wanted];
  return Object.keys(COMPRESSIONS)
    .filter((compression) => names.some((name) => COMPRESSIONS[compression]!.test(name)));
}
