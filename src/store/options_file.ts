/**
 * What RocksDB says that it runs with: it writes its version and all of its options into the
 * database's newest OPTIONS file. Neither the C API nor npm:rocksdb can be asked.
 */
import { readRegularText } from "../disk/mod.ts";
import type { Store, StoreOptions } from "./contract.ts";
import { failure } from "./error.ts";

/** The compressions, by their names in the file. */
const COMPRESSIONS: Readonly<Record<string, NonNullable<StoreOptions["compression"]>>> = {
  kNoCompression: "none",
  kSnappyCompression: "snappy",
  kZlibCompression: "zlib",
  kLZ4Compression: "lz4",
  kZSTD: "zstd",
};

/** What a block-based table's options are called by. */
const TABLE_PREFIX = "block_based_table_factory.";

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

/** What a section's options are called by, so that no two of different sections have one name. */
const SECTIONS: readonly [section: RegExp, prefix: string][] = [
  [/^\[DBOptions\]$/, ""],
  [/^\[CFOptions "default"\]$/, ""],
  [/^\[TableOptions\/BlockBasedTable "default"\]$/, TABLE_PREFIX],
];

/** The option that no OPTIONS file has, since it is an object; the engine tells its size. */
const BLOCK_CACHE = { option: "block_cache", property: "rocksdb.block-cache-capacity" };

/**
 * Every option that an open database runs with, of the default family: as its newest OPTIONS file
 * has them, and the size of the block cache.
 *
 * @param path The database's directory.
 * @throws {StoreError} Where the directory cannot be read.
 */
export function optionsInEffect(
  store: Pick<Store, "property">,
  path: string,
): Record<string, string> {
  const cache = store.property(BLOCK_CACHE.property);
  return {
    ...readEveryOption(path),
    ...(cache !== undefined && { [`${TABLE_PREFIX}${BLOCK_CACHE.option}`]: cache }),
  };
}

function readEveryOption(path: string): Record<string, string> {
  const options: Record<string, string> = {};
  let prefix: string | undefined;
  for (const line of textOfNewest(path).split("\n").map((line) => line.trim())) {
    if (line.startsWith("[")) prefix = SECTIONS.find(([section]) => section.test(line))?.[1];
    else if (prefix !== undefined && line.includes("=")) {
      const equals = line.indexOf("=");
      options[prefix + line.slice(0, equals)] = line.slice(equals + 1);
    }
  }
  return options;
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
