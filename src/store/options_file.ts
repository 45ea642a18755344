/**
 * What RocksDB says that it runs with: it writes its version and all of its options into the
 * database's newest OPTIONS file. Neither the C API nor npm:rocksdb can be asked.
 */
import { decodeText, fileReason, readRegularText } from "../disk/mod.ts";
import type { Store, StoreDescription, StoreOptions } from "./contract.ts";
import { failure } from "./error.ts";

/** The compressions that a store can be asked for, by their names in the file. */
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
}

/**
 * Reads who wrote a database's newest OPTIONS file.
 *
 * @param path The database's directory.
 * @throws {StoreError} Where the directory cannot be read; a file that is not there says nothing.
 */
export function readOptionsFile(path: string): OptionsFile {
  const text = textOfNewest(path);
  const engine = /^# This is a (\w{1,40}) option file\.$/m.exec(text)?.[1];
  const version = /^\s*rocksdb_version=(.+)$/m.exec(text)?.[1];
  return {
    ...(engine !== undefined && { engine }),
    ...(version !== undefined && { version }),
  };
}

/**
 * A store's options as a description has them: what the engine says that it runs with, and where it
 * says nothing what was set.
 *
 * @param store Open.
 * @param path The database's directory.
 * @param set What the store was opened with, its own defaults included.
 * @param asked What it was asked for.
 * @throws {StoreError} Where the directory cannot be read.
 */
export function describeOptions(
  store: Pick<Store, "property">,
  path: string,
  set: StoreDescription["options"],
  asked: StoreOptions,
): Pick<StoreDescription, "options" | "asked"> {
  const every = optionsInEffect(store, path);
  const options: StoreDescription["options"] = { ...set };
  const compression = every["compression"];
  if (compression !== undefined) {
    options["compression"] = COMPRESSIONS[compression] ?? word(compression);
  }
  tellNumber(options, "writeBufferBytes", every["write_buffer_size"]);
  tellTable(options, every);
  const otherwise = READ_BACK.flatMap((name) => {
    const value = asked[name];
    return value === undefined || value === options[name] ? [] : [[name, value] as const];
  });
  return { options, ...(otherwise.length > 0 && { asked: Object.fromEntries(otherwise) }) };
}

/** The options that an engine tells. */
const READ_BACK = ["compression", "writeBufferBytes", "blockCacheBytes", "bloomBits"] as const;

/** What is a bloom filter by its name, which does not say of how many bits (RocksDB before 7). */
const BLOOM_OF_SOME_BITS = "rocksdb.BuiltinBloomFilter";

/** Tells of the tables' block cache and filter; other tables than block-based ones have neither. */
function tellTable(options: StoreDescription["options"], every: Record<string, string>): void {
  const { table_factory: factory } = every;
  if (factory !== undefined && factory !== "BlockBasedTable") {
    delete options["blockCacheBytes"];
    delete options["bloomBits"];
    options["tableFactory"] = word(factory);
    return;
  }
  const [without, cache, policy] = ["no_block_cache", BLOCK_CACHE.option, "filter_policy"]
    .map((name) => every[TABLE_PREFIX + name]);
  tellNumber(options, "blockCacheBytes", without === "true" ? "0" : cache);
  if (policy === undefined) return;
  const bits = /^bloomfilter:(\d+(?:\.\d+)?):/.exec(policy)?.[1];
  if (policy === "nullptr" || bits !== undefined) {
    options["bloomBits"] = Number(bits ?? 0);
    return;
  }
  const asSet = Number(options["bloomBits"]) > 0 &&
    !String(options["engineOptions"]).includes("filter_policy");
  if (policy === BLOOM_OF_SOME_BITS && asSet) return;
  delete options["bloomBits"];
  options["filterPolicy"] = word(policy);
}

function tellNumber(options: StoreDescription["options"], name: string, said?: string): void {
  if (/^\d+$/.test(said ?? "")) options[name] = Number(said);
}

/** An engine's own word, of bounded length. */
function word(said: string): string {
  return said.slice(0, 100);
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
    return newest === undefined ? "" : textOf(`${path}/OPTIONS-${newest}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw failure("describe", path, fileReason(error));
  }
}

/** The engine has just written it into a database of ours: what stands there stays what it is. */
function textOf(file: string): string {
  const { isFile, size } = Deno.statSync(file);
  return isFile && size <= MOST_BYTES
    ? decodeText(Deno.readFileSync(file))
    // Says why not.
    : readRegularText(file, MOST_BYTES);
}
