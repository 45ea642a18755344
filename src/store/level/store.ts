/**
 * RocksDB by npm:rocksdb: a package with its own build of the engine, so it needs nothing
 * installed. Every operation goes through Node's thread pool and ends through a promise.
 */
import { Buffer } from "node:buffer";
import type { BatchOperation, RocksIterator, RocksLevel } from "rocksdb";
import type { AsyncCursor, AsyncStore, Batch, ScanRange, StoreDescription } from "../contract.ts";
import { failure, type StoreCall, StoreError } from "../error.ts";
import { describeOptions, readOptionsFile } from "../options_file.ts";
import type { Slice } from "../slice.ts";
import { type LevelOptions, refuseUnknownOptions } from "./options.ts";

/** What the package can set. */
const DEFAULTS = {
  wal: "buffered",
  compression: "snappy",
  writeBufferBytes: 64 * 1024 * 1024,
  blockCacheBytes: 8 * 1024 * 1024,
} as const;

/**
 * Opens a database, and makes it where there is none.
 *
 * @param path The database's directory.
 * @throws {StoreError} Where the engine refuses, or an option is one that the package cannot set.
 */
export async function openLevel(path: string, options: LevelOptions = {}): Promise<LevelStore> {
  refuseUnknownOptions(options);
  // Imported only here: loading the addon takes FFI permission and some 20 ms.
  const { default: rocksdb } = await import("rocksdb");
  const database = new rocksdb(path);
  const { writeBufferBytes, blockCacheBytes, compression } = { ...DEFAULTS, ...options };
  await ended(path, "open", (done) =>
    database.open({
      createIfMissing: true,
      compression: compression !== "none",
      writeBufferSize: writeBufferBytes,
      cacheSize: blockCacheBytes,
    }, done));
  return new LevelStore(path, database, options);
}

/** Starts a call of the package; the promise ends with it. */
function ended(
  path: string,
  call: StoreCall,
  start: (done: (error: Error | null) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) =>
    start((error) => {
      if (error) reject(failure(call, path, error.message));
      else resolve();
    })
  );
}

/** A RocksDB database behind npm:rocksdb. Made by {@linkcode openLevel}. */
class LevelStore implements AsyncStore {
  readonly api = "async";
  readonly #path: string;
  readonly #database: RocksLevel;
  readonly #options: LevelOptions;
  readonly #writeOptions: { sync: boolean };
  /** Column families, the default one included. */
  readonly #families: number;
  readonly #cursors = new Set<LevelCursor>();
  /** The package wants Buffers; each slice gets one view, made once. */
  readonly #buffers = new WeakMap<Slice, Buffer>();
  #closing: Promise<void> | undefined;

  /** @param database Open. */
  constructor(path: string, database: RocksLevel, options: LevelOptions) {
    this.#path = path;
    this.#database = database;
    this.#options = options;
    this.#writeOptions = { sync: options.wal === "synced" };
    this.#families = 1 + (options.families ?? []).length;
  }

  describe(): StoreDescription {
    this.#check("describe");
    const { families: _, bloomBits: _b, statistics: _s, ...options } = this.#options;
    const wal = this.#writeOptions.sync ? "synced" : "buffered";
    const set = { ...DEFAULTS, ...options, wal };
    return {
      store: "level",
      engine: "RocksDB",
      version: readOptionsFile(this.#path).version ?? "unknown",
      library: "npm:rocksdb 5.2.1",
      api: "async",
      durability: wal,
      network: false,
      ...describeOptions(this, this.#path, set, this.#options),
    };
  }

  put(key: Slice, value: Slice, family = 0): Promise<void> {
    return this.#call(
      "put",
      (done) =>
        this.#database.put(
          this.#key(key, family, "put"),
          this.#view(value),
          this.#writeOptions,
          done,
        ),
    );
  }

  get(key: Slice, into: Slice, family = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#check("get");
      this.#database.get(this.#key(key, family, "get"), GET_OPTIONS, (error, value) => {
        if (error) {
          // The package has no code for it: a miss is an error with this text.
          if (error.message.startsWith("NotFound")) resolve(-1);
          else reject(failure("get", this.#path, error.message));
          return;
        }
        if (value.length <= into.bytes.length) into.fill(value);
        resolve(value.length);
      });
    });
  }

  delete(key: Slice, family = 0): Promise<void> {
    return this.#call(
      "delete",
      (done) => this.#database.del(this.#key(key, family, "delete"), this.#writeOptions, done),
    );
  }

  batch(): LevelBatch {
    this.#check("batch");
    return new LevelBatch((key, family) => Buffer.from(this.#key(key, family, "batch")));
  }

  write(batch: LevelBatch): Promise<void> {
    const operations = [...batch.operations];
    return this.#call(
      "write",
      (done) => this.#database.batch(operations, this.#writeOptions, done),
    );
  }

  cursor(range: ScanRange = {}): LevelCursor {
    this.#check("scan");
    const { from, to } = this.#bounds(range, "scan");
    const iterator = this.#database.iterator({
      ...(from && { gte: from }),
      ...(to && { lt: to }),
      // The package takes an empty bound for none; no key is less than the empty one.
      ...(to?.length === 0 && { limit: 0 }),
      reverse: range.reverse ?? false,
      fillCache: true,
      highWaterMark: READ_AHEAD_BYTES,
    });
    const cursor = new LevelCursor(
      iterator,
      this.#prefixed ? 1 : 0,
      (error) => failure("scan", this.#path, error.message),
      () => this.#cursors.delete(cursor),
    );
    this.#cursors.add(cursor);
    return cursor;
  }

  /** The package has no flush; closing writes what is in memory. */
  flush(): Promise<void> {
    return this.#call("flush", (done) => done(null));
  }

  compact(range: Pick<ScanRange, "from" | "to" | "family"> = {}): Promise<void> {
    return this.#call("compact", (done) => {
      const { from = FIRST_KEY, to = LAST_KEY } = this.#bounds(range, "compact");
      this.#database.compactRange(from, to, done);
    });
  }

  property(name: string): string | undefined {
    this.#check("property");
    const value = this.#database.getProperty(name);
    return value === "" ? undefined : value;
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    for (const cursor of [...this.#cursors]) await cursor.close();
    await ended(this.#path, "close", (done) => this.#database.close(done));
  }

  /** Without families of its own a key is given as it is. */
  get #prefixed(): boolean {
    return this.#families > 1;
  }

  #view(slice: Slice): Buffer {
    let view = this.#buffers.get(slice);
    if (view === undefined || view.length !== slice.length) {
      view = Buffer.from(slice.bytes.buffer, 0, slice.length);
      this.#buffers.set(slice, view);
    }
    return view;
  }

  /** The engine copies keys before a call returns, so the slice's own memory can be given. */
  #key(key: Slice, family: number, call: StoreCall): Buffer {
    this.#checkFamily(family, call);
    if (!this.#prefixed) return this.#view(key);
    const prefixed = Buffer.allocUnsafe(key.length + 1);
    prefixed[0] = family;
    prefixed.set(key.view(), 1);
    return prefixed;
  }

  /** Copies of a range's first key and the one after its last; none where nothing bounds it. */
  #bounds(
    { from, to, family = 0 }: ScanRange,
    call: StoreCall,
  ): { from?: Buffer; to?: Buffer } {
    this.#checkFamily(family, call);
    // The first key of a family, where families are told apart.
    const edge = (family: number) => this.#prefixed ? Buffer.from([family]) : undefined;
    const first = from ? Buffer.from(this.#key(from, family, call)) : edge(family);
    const after = to ? Buffer.from(this.#key(to, family, call)) : edge(family + 1);
    return { ...(first && { from: first }), ...(after && { to: after }) };
  }

  #call(call: StoreCall, start: (done: (error: Error | null) => void) => void): Promise<void> {
    return ended(this.#path, call, (done) => {
      this.#check(call);
      start(done);
    });
  }

  #check(call: StoreCall): void {
    if (this.#closing !== undefined) throw failure(call, this.#path, "it is closed", "usage");
  }

  #checkFamily(family: number, call: StoreCall): void {
    if (Number.isInteger(family) && family >= 0 && family < this.#families) return;
    throw failure(call, this.#path, `it has no column family ${family}`, "usage");
  }
}

const GET_OPTIONS = { asBuffer: true, fillCache: true };

/** What stands for the ends of the key space, since the package compacts between two keys only. */
const FIRST_KEY = Buffer.from([0]);
const LAST_KEY = Buffer.alloc(64, 0xff);

/** How much an iterator fetches at a time; the package's own default is 16 KiB. */
const READ_AHEAD_BYTES = 16 * 1024;

/** A batch that is kept in JavaScript until it is written. */
class LevelBatch implements Batch {
  /** What was added, in order. */
  readonly operations: BatchOperation[] = [];
  readonly #key: (key: Slice, family: number) => Buffer;

  /** @param key Copies a key, with its family. */
  constructor(key: (key: Slice, family: number) => Buffer) {
    this.#key = key;
  }

  get count(): number {
    return this.operations.length;
  }

  put(key: Slice, value: Slice, family = 0): void {
    this.operations.push({
      type: "put",
      key: this.#key(key, family),
      value: Buffer.from(value.view()),
    });
  }

  delete(key: Slice, family = 0): void {
    this.operations.push({ type: "del", key: this.#key(key, family) });
  }

  clear(): void {
    this.operations.length = 0;
  }

  close(): void {
    this.clear();
  }
}

/** A walk by the package's iterator, which fetches several entries at a time. */
class LevelCursor implements AsyncCursor {
  readonly #iterator: RocksIterator;
  readonly #prefix: number;
  readonly #error: (error: Error) => StoreError;
  readonly #onClose: () => void;
  #closed = false;
  /** The fetch that was asked for last; the package cannot end an iterator in the middle of one. */
  #fetch: Promise<boolean> | undefined;
  /** The current entry; none before the first one and past the last. */
  #key: Uint8Array | undefined;
  #value: Uint8Array = EMPTY;

  constructor(
    iterator: RocksIterator,
    prefix: number,
    error: (error: Error) => StoreError,
    onClose: () => void,
  ) {
    this.#iterator = iterator;
    this.#prefix = prefix;
    this.#error = error;
    this.#onClose = onClose;
  }

  get keyLength(): number {
    return this.#key === undefined ? 0 : this.#key.length - this.#prefix;
  }

  get valueLength(): number {
    return this.#value.length;
  }

  next(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return this.#fetch = new Promise((resolve, reject) => {
      this.#iterator.next((error, key, value) => {
        if (error) {
          reject(this.#error(error));
          return;
        }
        // Nothing is shown by a walk that was closed meanwhile.
        this.#key = this.#closed ? undefined : key;
        this.#value = this.#closed ? EMPTY : value ?? EMPTY;
        resolve(this.#key !== undefined);
      });
    });
  }

  readKey(into: Slice): void {
    into.fill(this.#current("read a key").subarray(this.#prefix));
  }

  readValue(into: Slice): void {
    this.#current("read a value");
    into.fill(this.#value);
  }

  /** The current key, with its prefix. */
  #current(what: string): Uint8Array {
    if (this.#key === undefined) {
      throw new StoreError(`Cannot ${what}: the cursor is at no entry`, "scan", "usage");
    }
    return this.#key;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#key = undefined;
    this.#value = EMPTY;
    // Whoever asked for it hears of its error.
    await this.#fetch?.catch(() => {});
    this.#onClose();
    await new Promise<void>((resolve, reject) => {
      this.#iterator.end((error) => error ? reject(this.#error(error)) : resolve());
    });
  }
}

const EMPTY = new Uint8Array(0);
