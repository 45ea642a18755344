/**
 * What RocksDB says that it runs with: it writes its version and all of its options into the
 * database's newest OPTIONS file. Neither the C API nor npm:rocksdb can be asked.
 */
import { readRegularText } from "../disk/mod.ts";
import type { StoreOptions } from "./contract.ts";
import { failure } from "./error.ts";

/** The compressions, by their names in the file. */
const COMPRESSIONS: Readonly<Record<string, NonNullable<StoreOptions["compression"]>>> = {
  kNoCompression: "none",
  kSnappyCompression: "snappy",
  kZlibCompression: "zlib",
  kLZ4Compression: "lz4",
  kZSTD: "zstd",
};

/** The largest such file that is read; RocksDB's own have some kilobytes for each family. */
const MOST_BYTES = 16 * 1024 * 1024;

/** What such a file says. */
interface OptionsFile {
  /** The engine by its own name, e.g. `RocksDB` or `Speedb`. */
  engine?: string;
  /** The version of RocksDB that opened the database last, e.g. `7.8.3`; a fork's has its ancestor's. */
  version?: string;
  /** Options of the store that are in effect, as far as the file has them. */
  options: Pick<StoreOptions, "compression" | "writeBufferBytes">;
}

/**
 * Reads a database's newest OPTIONS file.
 *
 * @param path The database's directory.
 * @throws {StoreError} Where the directory cannot be read; a file that is not there says nothing.
 */
export function readOptionsFile(path: string): OptionsFile {
  const text = textOfNewest(path);
  const setting = (name: string) => new RegExp(`^\\s*${name}=(.+)$`, "m").exec(text)?.[1];
  const engine = /^# This is a (\w{1,40}) option file\.$/m.exec(text)?.[1];
  const version = setting("rocksdb_version");
  const compression = COMPRESSIONS[setting("compression") ?? ""];
  const writeBufferBytes = Number(setting("write_buffer_size"));
  return {
    ...(engine !== undefined && { engine }),
    ...(version !== undefined && { version }),
    options: {
      ...(compression !== undefined && { compression }),
      ...(writeBufferBytes > 0 && { writeBufferBytes }),
    },
  };
}

function textOfNewest(path: string): string {
  try {
    const numbers = [...Deno.readDirSync(path)].flatMap(({ name }) =>
      /^OPTIONS-(\d+)$/.exec(name)?.[1] ?? []
    );
    const newest = numbers.sort((a, b) => Number(b) - Number(a))[0];
    return newest === undefined ? "" : readRegularText(`${path}/OPTIONS-${newest}`, MOST_BYTES);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw failure("describe", path, (error as Error).message);
  }
}
