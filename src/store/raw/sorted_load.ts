/** Entries that become tables of their own and then parts of the database, past log and memtable. */
import type { SortedLoad } from "../contract.ts";
import { failure } from "../error.ts";
import type { Slice } from "../slice.ts";
import { requireEntrySize } from "./entry_size.ts";
import { AddressArray, addressOf, cString, type ErrorSlot, keepAlive } from "./native.ts";
import type { RocksSymbols } from "./symbols.ts";

/** What a load needs of the database that it goes into. */
export interface SortedLoadHost {
  symbols: RocksSymbols;
  /** The database's directory. */
  path: string;
  /** Address of the database's options: tables are made as it makes its own. */
  options: bigint;
  /** Address of the open database; throws where it is closed. */
  database(): bigint;
  error: ErrorSlot;
}

/** Where a table is full: RocksDB's own `target_file_size_base`. */
const TABLE_BYTES = 64 * 1024 * 1024;
/** After how many entries it is asked how large the table has become. */
const ASKED_EVERY = 1024;

/** A sorted load of RocksDB's: its `SstFileWriter`, and `IngestExternalFile`. */
export class RawSortedLoad implements SortedLoad {
  readonly #host: SortedLoadHost;
  readonly #environment: bigint;
  readonly #closed: (load: RawSortedLoad) => void;
  readonly #error: bigint;
  /** Address of the writer; 0 once it is closed. */
  #writer: bigint;
  /** How many tables were begun, and of how many entries the one that is open is. */
  #tables = 0;
  #entries = 0;

  /** @param closed Called when the load closes. */
  constructor(host: SortedLoadHost, closed: (load: RawSortedLoad) => void) {
    this.#host = host;
    this.#closed = closed;
    this.#error = host.error.address;
    this.#environment = host.symbols.rocksdb_envoptions_create();
    this.#writer = host.symbols.rocksdb_sstfilewriter_create(this.#environment, host.options);
  }

  put(key: Slice, value: Slice): void {
    const { symbols, path, error } = this.#host;
    requireEntrySize("load", path, key.length, value.length);
    const writer = this.#opened();
    if (this.#entries === 0) this.#begin(writer);
    symbols.rocksdb_sstfilewriter_put(
      writer,
      key.address,
      key.size,
      value.address,
      value.size,
      this.#error,
    );
    error.check("load");
    this.#entries++;
    if (this.#entries % ASKED_EVERY === 0 && this.#bytes(writer) >= TABLE_BYTES) this.flush();
  }

  flush(): void {
    const writer = this.#opened();
    if (this.#entries === 0) return;
    this.#entries = 0;
    const { symbols, error } = this.#host;
    symbols.rocksdb_sstfilewriter_finish(writer, this.#error);
    error.check("load");
    readThrough(this.#table());
    const name = cString(this.#table());
    const names = new AddressArray([addressOf(name)]);
    const options = symbols.rocksdb_ingestexternalfileoptions_create();
    // The table lies in the database's own folder, so that it only gets another name.
    symbols.rocksdb_ingestexternalfileoptions_set_move_files(options, 1);
    symbols.rocksdb_ingest_external_file(
      this.#host.database(),
      names.address,
      1n,
      options,
      this.#error,
    );
    symbols.rocksdb_ingestexternalfileoptions_destroy(options);
    keepAlive(name, names);
    error.check("load");
  }

  close(): void {
    if (this.#writer === 0n) return;
    const { symbols } = this.#host;
    symbols.rocksdb_sstfilewriter_destroy(this.#writer);
    symbols.rocksdb_envoptions_destroy(this.#environment);
    this.#writer = 0n;
    this.#closed(this);
  }

  /** RocksDB takes files of such a name for none of its own. */
  #table(): string {
    return `${this.#host.path}/load-${this.#tables}.table`;
  }

  #begin(writer: bigint): void {
    this.#tables++;
    const name = cString(this.#table());
    this.#host.symbols.rocksdb_sstfilewriter_open(writer, addressOf(name), this.#error);
    keepAlive(name);
    this.#host.error.check("load");
  }

  #bytes(writer: bigint): number {
    const size = new AddressArray([0n]);
    this.#host.symbols.rocksdb_sstfilewriter_file_size(writer, size.address);
    return Number(size.read()[0]);
  }

  /** The writer: native code given no address would end the process. */
  #opened(): bigint {
    this.#host.database();
    if (this.#writer === 0n) {
      throw failure("load", this.#host.path, "the load is closed", "usage");
    }
    return this.#writer;
  }
}

/** How much of a file is read at a time, bytes. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads a table from its beginning to its end. RocksDB has its writer drop what it wrote from the page
 * cache, which the C API cannot forbid; files that a load by puts leaves are in it.
 */
function readThrough(path: string): void {
  const chunk = new Uint8Array(CHUNK_BYTES);
  using file = Deno.openSync(path);
  while (file.readSync(chunk) !== null);
}
