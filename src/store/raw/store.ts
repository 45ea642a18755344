/** RocksDB through its C API, nothing in between. */
import { makeEmptyCalls, runsMachineCode } from "../../native/mod.ts";
import type { ScanRange, StoreDescription, StoreOptions, SyncStore } from "../contract.ts";
import { failure, type StoreCall } from "../error.ts";
import { describeOptions, readOptionsFile } from "../options_file.ts";
import type { Slice } from "../slice.ts";
import { RawBatch } from "./batch.ts";
import { type CursorHost, RawCursor } from "./cursor.ts";
import { requireEntrySize } from "./entry_size.ts";
import { loadRelease, openedLibrary, type RocksLibrary } from "./library.ts";
import {
  AddressArray,
  addressOf,
  cString,
  ErrorSlot,
  keepAlive,
  OutWord,
  takeText,
} from "./native.ts";
import { RawNativeOperations } from "./native_operations.ts";
import { RocksOptions } from "./options.ts";
import { type PointRead, pointRead, preparePointReads } from "./point_read.ts";
import { describeRelease, engineOf } from "./release.ts";
import { RawSortedLoad } from "./sorted_load.ts";
import { MEANWHILE, type RocksSymbols } from "./symbols.ts";
import { WalkPool } from "./walk.ts";

/** How to open a raw store. */
export interface RawOptions extends StoreOptions {
  /**
   * Column families after the default one, which is family 0. Missing ones are made.
   * @default []
   */
  families?: readonly string[];
  /** The library to use. @default the one that the release names */
  library?: RocksLibrary;
}

/** An open database, as another thread of this process is told of it. */
export interface SharedRaw {
  /** The database's directory. */
  path: string;
  /** The file of the library that opened it. */
  library: string;
  /** For machine code; `undefined` where the library's calls are plain ones. */
  addresses: RocksLibrary["addresses"];
  /** Address of the open database. */
  database: bigint;
  /** Addresses of its column families' handles. */
  families: readonly bigint[];
}

/** The store as it was at one moment; reads through it see no later write. */
export interface RawSnapshot {
  /** As the store's own `get`. */
  get(key: Slice, into: Slice, family?: number): number;
  /** As the store's own `cursor`. */
  cursor(range?: ScanRange): RawCursor;
  /** Lets the moment go. */
  close(): void;
}

/**
 * Opens a database, and makes it where there is none. All is RocksDB's default but what the options
 * say, and its own LOG, which tells only how the database was opened.
 *
 * @param path The database's directory.
 * @throws {StoreError} Where RocksDB refuses; nothing stays behind in memory.
 */
export function openRaw(path: string, options: RawOptions = {}): RawStore {
  return new RawStore(path, options);
}

/**
 * The same open database for another thread, with options, errors and cursors of its own. It must be
 * closed before the database is, and closes nothing but what is its own.
 */
export function attachRaw(shared: SharedRaw, { wal }: Pick<StoreOptions, "wal"> = {}): RawStore {
  const library = openedLibrary(shared.library, shared.addresses);
  return new RawStore(shared.path, { library, shared, ...(wal !== undefined && { wal }) });
}

/** A RocksDB database. Made by {@linkcode openRaw} or {@linkcode attachRaw}. */
export class RawStore implements SyncStore {
  readonly api = "sync";
  /** Calls that do nothing; absent where this machine runs no code of ours. */
  readonly cross?: (count: number) => void;
  /** The database's directory. */
  readonly path: string;
  readonly #library: RocksLibrary;
  readonly #symbols: RocksSymbols;
  readonly #options: RocksOptions;
  readonly #error: ErrorSlot;
  readonly #errorAddress: bigint;
  /** Addresses of the column families' handles; none once the database is closed. */
  #families: bigint[];
  readonly #cursors: CursorHost;
  /** Batches, also those of machine code, loads and snapshots: gone before the database closes. */
  readonly #dependents = new Set<{ close(): void }>();
  readonly #read: bigint;
  /** Reads of the store as it is. */
  readonly #current: PointRead;
  readonly #write: bigint;
  /** Address of the open database; 0 once it is closed. */
  #database: bigint;

  /** Names of properties that were asked for, as C takes them, and where a number is written to. */
  readonly #names = new Map<string, { bytes: Uint8Array<ArrayBuffer>; address: bigint }>();
  readonly #number = new OutWord();
  /** Whether the database is another thread's, which closes it. */
  readonly #attached: boolean;
  /** Calls that another thread makes, once one was asked for. */
  #meanwhile: Deno.DynamicLibrary<typeof MEANWHILE>["symbols"] | undefined;

  /** @param options With `shared`, what another thread has opened already. */
  constructor(path: string, options: RawOptions & { shared?: SharedRaw }) {
    const { families = [], release, library = loadRelease(release), shared, ...storeOptions } =
      options;
    this.#attached = shared !== undefined;
    // What can throw comes before the first native object, which nobody would give back.
    const familyNames = ["default", ...families];
    refuseNames(path, familyNames);
    const name = cString(path);
    const names = familyNames.map(cString);
    this.path = path;
    if (runsMachineCode()) this.cross = makeEmptyCalls;
    this.#library = library;
    this.#symbols = library.symbols;
    this.#error = new ErrorSlot(library.symbols, path);
    this.#errorAddress = this.#error.address;
    const walks = prepared(path, library);
    this.#options = new RocksOptions(library.symbols, path, storeOptions);
    this.#read = this.#options.read;
    this.#write = this.#options.write;
    [this.#database, this.#families] = shared === undefined
      ? this.#open(name, names)
      : [shared.database, [...shared.families]];
    this.#cursors = {
      symbols: this.#symbols,
      database: this.#database,
      read: this.#read,
      error: this.#error,
      walks,
      open: new Set(),
    };
    try {
      this.#current = this.#reads(this.#read);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Opens the database. @returns Its address, and those of its families. */
  #open(name: Uint8Array<ArrayBuffer>, names: Uint8Array<ArrayBuffer>[]): [bigint, bigint[]] {
    const handles = new AddressArray(names.map(() => 0n));
    const nameList = new AddressArray(names.map(addressOf));
    const optionsList = new AddressArray(names.map(() => this.#options.database));
    const database = this.#symbols.rocksdb_open_column_families(
      this.#options.database,
      addressOf(name),
      names.length,
      nameList.address,
      optionsList.address,
      handles.address,
      this.#errorAddress,
    );
    keepAlive(name, names, nameList, optionsList);
    try {
      this.#error.checkOptions(this.#options.asked.engineOptions ?? "");
    } catch (error) {
      this.#options.close();
      throw error;
    }
    return [database, handles.read()];
  }

  share(): SharedRaw {
    return {
      path: this.path,
      library: this.#library.path,
      addresses: this.#library.addresses,
      database: this.#opened("share"),
      families: [...this.#families],
    };
  }

  describe(): StoreDescription {
    this.#opened("describe");
    const { wal, ...set } = this.#options.described;
    const { name, addresses, fusedDiffer } = this.#library;
    const given = fusedDiffer ? ", plain calls since fused ones read otherwise" : "";
    const calls = addresses === undefined ? given : ", fused calls";
    return {
      store: "raw",
      ...engineOf(this.#library, readOptionsFile(this.path)),
      library: `${name}, C API by FFI${calls}`,
      api: "sync",
      durability: wal,
      network: false,
      ...describeOptions(this, this.path, { wal, ...set }, this.#options.asked),
      release: describeRelease(this.#library),
    };
  }

  put(key: Slice, value: Slice, family = 0): void {
    requireEntrySize("put", this.path, key.length, value.length);
    this.#symbols.rocksdb_put_cf(
      this.#database,
      this.#write,
      this.#family(family, "put"),
      key.address,
      key.size,
      value.address,
      value.size,
      this.#errorAddress,
    );
    this.#error.check("put");
  }

  get(key: Slice, into: Slice, family = 0): number {
    return this.#get(this.#current, key, into, family);
  }

  #get(reads: PointRead, key: Slice, into: Slice, family: number): number {
    requireEntrySize("get", this.path, key.length, 0);
    const length = reads.get(this.#family(family, "get"), key, into);
    if (length < 0) this.#error.check("get");
    return length;
  }

  /** Reads with these read options. */
  #reads(read: bigint): PointRead {
    return pointRead({
      symbols: this.#symbols,
      addresses: this.#library.addresses,
      database: this.#database,
      read,
      error: this.#errorAddress,
    });
  }

  delete(key: Slice, family = 0): void {
    requireEntrySize("delete", this.path, key.length, 0);
    this.#symbols.rocksdb_delete_cf(
      this.#database,
      this.#write,
      this.#family(family, "delete"),
      key.address,
      key.size,
      this.#errorAddress,
    );
    this.#error.check("delete");
  }

  machineOperations(mostBytes: number): RawNativeOperations | undefined {
    const database = this.#opened("put");
    requireEntrySize("put", this.path, mostBytes, 0);
    const { addresses } = this.#library;
    if (addresses === undefined) return undefined;
    const operations = new RawNativeOperations({
      symbols: this.#symbols,
      addresses,
      database,
      read: this.#read,
      write: this.#write,
      family: this.#family(0, "put"),
      error: this.#error,
    });
    this.#dependents.add(operations);
    return operations;
  }

  batch(): RawBatch {
    this.#opened("batch");
    const batch = new RawBatch(
      this.#symbols,
      this.path,
      (family) => this.#family(family, "batch"),
      (closed) => this.#dependents.delete(closed),
    );
    this.#dependents.add(batch);
    return batch;
  }

  write(batch: RawBatch): void {
    this.#symbols.rocksdb_write(
      this.#opened("write"),
      this.#write,
      batch.native,
      this.#errorAddress,
    );
    this.#error.check("write");
  }

  /**
   * As {@linkcode RawStore.write}, by a thread of the runtime's, while this one goes on. Neither the batch
   * nor the store may be changed or closed before it has ended.
   */
  async writeMeanwhile(batch: RawBatch): Promise<void> {
    const database = this.#opened("write");
    const { native } = batch;
    this.#meanwhile ??= Deno.dlopen(this.#library.path, MEANWHILE).symbols;
    // Others may be made at the same time.
    const error = new ErrorSlot(this.#symbols, this.path);
    await this.#meanwhile.rocksdb_write(database, this.#write, native, error.address);
    error.check("write");
  }

  sortedLoad(): RawSortedLoad {
    this.#opened("load");
    const load = new RawSortedLoad(
      {
        symbols: this.#symbols,
        path: this.path,
        options: this.#options.database,
        database: () => this.#opened("load"),
        error: this.#error,
      },
      (closed) => this.#dependents.delete(closed),
    );
    this.#dependents.add(load);
    return load;
  }

  cursor(range: ScanRange = {}): RawCursor {
    return this.#cursor(range, 0n);
  }

  #cursor(range: ScanRange, snapshot: bigint): RawCursor {
    this.#opened("scan");
    this.#requireRange("scan", range);
    const family = this.#family(range.family ?? 0, "scan");
    return new RawCursor(this.#cursors, family, range, snapshot);
  }

  /** Refuses the bounds that no key can have. */
  #requireRange(call: StoreCall, { from, to }: ScanRange): void {
    if (from) requireEntrySize(call, this.path, from.length, 0);
    if (to) requireEntrySize(call, this.path, to.length, 0);
  }

  /** The store as it is now, for reads that are to agree with each other. */
  snapshot(): RawSnapshot {
    const symbols = this.#symbols;
    const native = symbols.rocksdb_create_snapshot(this.#opened("snapshot"));
    const read = symbols.rocksdb_readoptions_create();
    symbols.rocksdb_readoptions_set_snapshot(read, native);
    const reads = this.#reads(read);
    let closed = false;
    const check = (call: StoreCall) => {
      this.#opened(call);
      if (closed) throw failure(call, this.path, "the snapshot is closed", "usage");
    };
    const snapshot: RawSnapshot = {
      get: (key, into, family = 0) => {
        check("get");
        return this.#get(reads, key, into, family);
      },
      cursor: (range = {}) => {
        check("scan");
        return this.#cursor(range, native);
      },
      close: () => {
        if (closed) return;
        closed = true;
        symbols.rocksdb_readoptions_destroy(read);
        symbols.rocksdb_release_snapshot(this.#database, native);
        this.#dependents.delete(snapshot);
      },
    };
    this.#dependents.add(snapshot);
    return snapshot;
  }

  /** RocksDB's own, into a folder beside, which gets its name when all is in it. */
  checkpoint(path: string): void {
    refuseNames(path, []);
    const symbols = this.#symbols;
    const name = cString(path);
    const checkpoint = symbols.rocksdb_checkpoint_object_create(
      this.#opened("checkpoint"),
      this.#errorAddress,
    );
    this.#error.check("checkpoint");
    try {
      // However small the log is, it is flushed: what is kept is files alone.
      symbols.rocksdb_checkpoint_create(checkpoint, addressOf(name), 0n, this.#errorAddress);
      keepAlive(name);
      this.#error.check("checkpoint");
    } finally {
      symbols.rocksdb_checkpoint_object_destroy(checkpoint);
    }
  }

  flush(): void {
    this.#flush("flush");
  }

  /** @param call What an error is to name. */
  #flush(call: StoreCall): void {
    const symbols = this.#symbols;
    const database = this.#opened(call);
    const options = symbols.rocksdb_flushoptions_create();
    try {
      symbols.rocksdb_flushoptions_set_wait(options, 1);
      for (const family of this.#families) {
        symbols.rocksdb_flush_cf(database, options, family, this.#errorAddress);
        this.#error.check(call);
      }
    } finally {
      symbols.rocksdb_flushoptions_destroy(options);
    }
  }

  /**
   * Compacts by hand, and waits for it.
   *
   * @throws {StoreError} Where it failed, as of a damaged table or a full device. The C API's call does
   * not say so: RocksDB's count of failures in the background tells.
   */
  compact(range: Pick<ScanRange, "from" | "to" | "family"> = {}): void {
    const database = this.#opened("compact");
    const family = this.#family(range.family ?? 0, "compact");
    this.#requireRange("compact", range);
    const before = this.#backgroundErrors();
    this.#symbols.rocksdb_compact_range_cf(
      database,
      family,
      range.from?.address ?? 0n,
      range.from?.size ?? 0n,
      range.to?.address ?? 0n,
      range.to?.size ?? 0n,
    );
    const errors = this.#backgroundErrors();
    if (errors === 0) return;
    // After a failure RocksDB writes no more, and compacts nothing without a word; a flush says why.
    this.#flush("compact");
    if (errors > before) throw failure("compact", this.path, "RocksDB failed in the background");
  }

  /** Flushes and compactions that have failed since the database was opened. */
  #backgroundErrors(): number {
    return Number(this.property("rocksdb.background-errors") ?? 0);
  }

  /** Properties are those of family 0. */
  property(name: string, family = 0): string | undefined {
    const database = this.#opened("property");
    const handle = this.#family(family, "property");
    // Loads ask for the same ones again and again, while they measure.
    let text = this.#names.get(name);
    if (text === undefined) {
      const bytes = cString(name);
      text = { bytes, address: addressOf(bytes) };
      this.#names.set(name, text);
    }
    const number = this.#number;
    if (
      this.#symbols.rocksdb_property_int_cf(database, handle, text.address, number.address) === 0
    ) {
      return number.text();
    }
    return takeText(
      this.#library,
      this.#symbols.rocksdb_property_value_cf(database, handle, text.address),
    );
  }

  /** RocksDB's statistics as its own text, or `undefined` where they are not kept. */
  statistics(): string | undefined {
    this.#opened("statistics");
    return takeText(
      this.#library,
      this.#symbols.rocksdb_options_statistics_get_string(this.#options.database),
    );
  }

  close(): void {
    if (this.#database === 0n) return;
    for (const dependent of [...this.#cursors.open, ...this.#dependents]) dependent.close();
    if (!this.#attached) {
      for (const family of this.#families) {
        this.#symbols.rocksdb_column_family_handle_destroy(family);
      }
      this.#symbols.rocksdb_close(this.#database);
    }
    this.#families = [];
    this.#database = 0n;
    this.#options.close();
  }

  /** The open database: native code given no address would end the process. */
  #opened(call: StoreCall): bigint {
    if (this.#database === 0n) throw failure(call, this.path, "it is closed", "usage");
    return this.#database;
  }

  /** A family's handle. There is none where the database is closed, so one check serves for both. */
  #family(family: number, call: StoreCall): bigint {
    const handle = this.#families[family];
    if (handle === undefined) this.#refuseFamily(family, call);
    return handle;
  }

  #refuseFamily(family: number, call: StoreCall): never {
    this.#opened(call);
    throw failure(call, this.path, `it has no column family ${family}`, "usage");
  }
}

/** Loads the code that reads and walks run. @throws {StoreError} Where the system refuses. */
function prepared(path: string, library: RocksLibrary): WalkPool {
  try {
    preparePointReads(library.addresses);
    return new WalkPool(library.symbols, library.addresses);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw failure("open", path, (error as Error).message);
  }
}

/**
 * Refuses the names that RocksDB would take for others: C ends them at a NUL, half a surrogate pair
 * has no bytes of its own, and a family that is named twice would be open under two numbers. A family
 * without a name ends the process when its first table is written.
 */
function refuseNames(path: string, families: readonly string[]): void {
  const refuse = (reason: string): never => {
    throw failure("open", path, reason, "usage");
  };
  for (const name of [path, ...families]) {
    if (name.includes("\0")) refuse(`${JSON.stringify(name)} holds a NUL`);
    if (!name.isWellFormed()) refuse(`${JSON.stringify(name)} holds half a surrogate pair`);
  }
  if (families.includes("")) refuse("a column family has an empty name");
  const twice = families.find((name, i) => families.indexOf(name) < i);
  if (twice !== undefined) refuse(`the column family ${twice} is named twice`);
}
