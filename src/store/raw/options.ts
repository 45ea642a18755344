/** The store's options as RocksDB's own option objects. */
import {
  MOST_BLOOM_BITS,
  type ServerOptions,
  type StoreOptions,
  WRITE_BUFFER_BYTES,
} from "../contract.ts";
import { failure } from "../error.ts";
import { addressOf, cString, ErrorSlot, keepAlive } from "./native.ts";
import type { RocksSymbols } from "./symbols.ts";

const COMPRESSION = { none: 0, snappy: 1, zlib: 2, lz4: 4, zstd: 7 } as const;

/** RocksDB's `FATAL_LEVEL` (rocksdb/env.h): its LOG tells how the database was opened, and no more. */
const FATAL_LEVEL = 4;

/**
 * Options that lead out of a database's folder: a journal from elsewhere may have them, and what they
 * write is removed by nobody.
 */
const ELSEWHERE = /\b(?:wal_dir|db_log_dir|db_paths|cf_paths|env|fs)\s*=|\//;

/** The options of a database; which library opens it is none of them. */
type DatabaseOptions = Omit<StoreOptions, "release" | keyof ServerOptions>;

/** What holds where nothing is said: RocksDB 7's own defaults. */
const DEFAULTS: Required<DatabaseOptions> = {
  defaults: "fixed",
  engineOptions: "",
  wal: "buffered",
  compression: "snappy",
  writeBufferBytes: 64 * 1024 * 1024,
  blockCacheBytes: 8 * 1024 * 1024,
  bloomBits: 0,
  directIo: false,
  statistics: false,
};

/**
 * Refuses options that RocksDB would take for others, so that what runs is what the report says.
 *
 * @throws {StoreError} The message names the option and what it takes.
 */
function requireOptions(path: string, options: Required<DatabaseOptions>): void {
  const { wal, compression, writeBufferBytes, blockCacheBytes, bloomBits, statistics } = options;
  const { defaults, engineOptions, directIo } = options;
  const require = (holds: boolean, name: keyof DatabaseOptions, takes: string) => {
    if (holds) return;
    const words = `${name} is ${JSON.stringify(options[name])}, and takes ${takes}`;
    throw failure("open", path, words, "usage");
  };
  const whole = (value: number, least: number, most: number) =>
    Number.isSafeInteger(value) && value >= least && value <= most;
  const { least, most } = WRITE_BUFFER_BYTES;
  require(["fixed", "engine"].includes(defaults), "defaults", "fixed or engine");
  require(
    typeof engineOptions === "string" && engineOptions.isWellFormed() &&
      !engineOptions.includes("\0"),
    "engineOptions",
    "RocksDB's own form, name=value;name=value",
  );
  require(
    !ELSEWHERE.test(engineOptions),
    "engineOptions",
    "none that puts files outside of the database's own folder",
  );
  require(["synced", "buffered", "off"].includes(wal), "wal", "synced, buffered or off");
  require(
    Object.hasOwn(COMPRESSION, compression),
    "compression",
    Object.keys(COMPRESSION).join(", "),
  );
  require(whole(writeBufferBytes, least, most), "writeBufferBytes", `${least} to ${most} bytes`);
  require(whole(blockCacheBytes, 0, 2 ** 50), "blockCacheBytes", "bytes, 0 for none");
  require(whole(bloomBits, 0, MOST_BLOOM_BITS), "bloomBits", `0 to ${MOST_BLOOM_BITS} for a key`);
  require(typeof directIo === "boolean", "directIo", "true or false");
  require(typeof statistics === "boolean", "statistics", "true or false");
}

/**
 * A bloom filter in RocksDB's own form: what is set so is written with its bits into the OPTIONS file,
 * where a policy of the C API's is written without.
 */
function bloomFilter(bits: number): string {
  return `block_based_table_factory={filter_policy=bloomfilter:${bits}:false}`;
}

/** Tables past the page cache, in RocksDB's own form. Its log and its manifest go through it. */
const DIRECT_IO = "use_direct_reads=true;use_direct_io_for_flush_and_compaction=true";

/** Addresses of native option objects, which live until {@linkcode RocksOptions.close}. */
export class RocksOptions {
  readonly #symbols: RocksSymbols;
  /** The database's options, which serve for every column family. */
  readonly database: bigint;
  /** Options of every write. */
  readonly write: bigint;
  /** Options of reads without bounds and snapshot. */
  readonly read: bigint;
  /** What was set, for a description; the rest is the engine's own. */
  readonly described: Omit<DatabaseOptions, "wal"> & { wal: Required<DatabaseOptions>["wal"] };
  /** What of that was asked for. */
  readonly asked: DatabaseOptions;

  /**
   * @param path The database's directory, for messages.
   * @param options What differs from {@linkcode DEFAULTS}.
   * @throws {StoreError} Where one is none that RocksDB takes; nothing was made then.
   */
  constructor(symbols: RocksSymbols, path: string, options: DatabaseOptions) {
    this.#symbols = symbols;
    const effective = { ...DEFAULTS, ...options };
    requireOptions(path, effective);
    this.asked = options;
    const { wal, statistics } = effective;
    const { defaults: _, engineOptions: none, directIo, ...fixed } = effective;
    this.described = effective.defaults === "engine"
      ? { wal, statistics, ...options }
      : { ...fixed, ...(none !== "" && { engineOptions: none }), ...(directIo && { directIo }) };
    const database = this.database = symbols.rocksdb_options_create();
    symbols.rocksdb_options_set_create_if_missing(database, 1);
    symbols.rocksdb_options_set_create_missing_column_families(database, 1);
    // What the engine is to decide is not set at all.
    const isSet = (name: keyof DatabaseOptions) =>
      effective.defaults === "fixed" || options[name] !== undefined;
    if (isSet("compression")) {
      symbols.rocksdb_options_set_compression(database, COMPRESSION[effective.compression]);
    }
    if (isSet("writeBufferBytes")) {
      symbols.rocksdb_options_set_write_buffer_size(database, BigInt(effective.writeBufferBytes));
    }
    // On a full device the LOG cannot be written either, and then a librocksdb with its assertions,
    // as Debian's is, ends the process at the next line instead of returning the error.
    symbols.rocksdb_options_set_info_log_level(database, FATAL_LEVEL);
    if (effective.statistics) symbols.rocksdb_options_enable_statistics(database);
    if (isSet("blockCacheBytes")) this.#setBlockCache(effective.blockCacheBytes);
    try {
      if (effective.bloomBits > 0) this.#setEngineOptions(path, bloomFilter(effective.bloomBits));
      if (effective.directIo) this.#setEngineOptions(path, DIRECT_IO);
      this.#setEngineOptions(path, effective.engineOptions);
    } catch (error) {
      symbols.rocksdb_options_destroy(database);
      throw error;
    }

    this.write = symbols.rocksdb_writeoptions_create();
    if (effective.wal === "synced") symbols.rocksdb_writeoptions_set_sync(this.write, 1);
    if (effective.wal === "off") symbols.rocksdb_writeoptions_disable_WAL(this.write, 1);
    this.read = symbols.rocksdb_readoptions_create();
  }

  /** @throws {StoreError} Where RocksDB knows no such option, or takes no such value. */
  #setEngineOptions(path: string, engineOptions: string): void {
    if (engineOptions === "") return;
    const symbols = this.#symbols;
    const error = new ErrorSlot(symbols, path);
    const text = cString(engineOptions);
    symbols.rocksdb_get_options_from_string(
      this.database,
      addressOf(text),
      this.database,
      error.address,
    );
    keepAlive(text);
    error.checkOptions(engineOptions);
  }

  #setBlockCache(bytes: number): void {
    const symbols = this.#symbols;
    const table = symbols.rocksdb_block_based_options_create();
    if (bytes === 0) {
      symbols.rocksdb_block_based_options_set_no_block_cache(table, 1);
    } else {
      const cache = symbols.rocksdb_cache_create_lru(BigInt(bytes));
      symbols.rocksdb_block_based_options_set_block_cache(table, cache);
      // The table options share the cache from here on.
      symbols.rocksdb_cache_destroy(cache);
    }
    symbols.rocksdb_options_set_block_based_table_factory(this.database, table);
    symbols.rocksdb_block_based_options_destroy(table);
  }

  /** Gives the native objects back. */
  close(): void {
    this.#symbols.rocksdb_readoptions_destroy(this.read);
    this.#symbols.rocksdb_writeoptions_destroy(this.write);
    this.#symbols.rocksdb_options_destroy(this.database);
  }
}
