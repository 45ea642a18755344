/**
 * RocksDB by npm:rocksdb: a package with its own build of the engine, so it needs nothing
 * installed. Every operation goes through Node's thread pool and ends through a promise.
 */
import { Buffer } from "node:buffer";
import type { BatchOperation, RocksIterator, RocksLevel } from "rocksdb";
import type { AsyncCursor, AsyncStore, Batch, ScanRange, StoreDescription } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { Slice } from "../slice.ts";
import { type LevelOptions, refuseUnknownOptions } from "./options.ts";

/** What the package can set; the engine's own defaults otherwise (RocksDB 6.17). */
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
  const store = new LevelStore(path, database, options);
  await store.open();
  return store;
}

/** A RocksDB database behind npm:rocksdb. Made by {@linkcode openLevel}. */
export class LevelStore implements AsyncStore {
  readonly api = "async";
  readonly #path: string;
  readonly #database: RocksLevel;
  readonly #options: LevelOptions;
  readonly #writeOptions: { sync: boolean };
  readonly #prefixed: boolean;
  readonly #cursors = new Set<LevelCursor>();
  /** The package wants Buffers; each slice gets one view, made once. */
  readonly #buffers = new WeakMap<Slice, Buffer>();
  #open = false;

  /** @param database Not opened yet. */
  constructor(path: string, database: RocksLevel, options: LevelOptions) {
    this.#path = path;
    this.#database = database;
    this.#options = options;
    this.#writeOptions = { sync: options.wal === "synced" };
    this.#prefixed = (options.families ?? []).length > 0;
  }

  /** Opens the database. @throws {StoreError} Where the engine refuses. */
  async open(): Promise<void> {
    const { writeBufferBytes, blockCacheBytes, compression } = { ...DEFAULTS, ...this.#options };
    await this.#call("open", (done) =>
      this.#database.open({
        createIfMissing: true,
        compression: compression !== "none",
        writeBufferSize: writeBufferBytes,
        cacheSize: blockCacheBytes,
      }, done), true);
    this.#open = true;
  }

  describe(): StoreDescription {
    const { families: _, bloomBits: _b, statistics: _s, ...options } = this.#options;
    const wal = this.#writeOptions.sync ? "synced" : "buffered";
    return {
      store: "level",
      engine: "RocksDB",
      version: "6.17",
      library: "npm:rocksdb 5.2.1",
      api: "async",
      durability: wal,
      network: false,
      options: { ...DEFAULTS, ...options, wal },
    };
  }

  put(key: Slice, value: Slice, family = 0): Promise<void> {
    const keyBytes = this.#key(key, family);
    const valueBytes = this.#view(value);
    return this.#call(
      "put",
      (done) => this.#database.put(keyBytes, valueBytes, this.#writeOptions, done),
    );
  }

  get(key: Slice, into: Slice, family = 0): Promise<number> {
    const keyBytes = this.#key(key, family);
    return new Promise((resolve, reject) => {
      this.#check("get");
      this.#database.get(keyBytes, GET_OPTIONS, (error, value) => {
        if (error) {
          // The package has no code for it: a miss is an error with this text.
          if (error.message.startsWith("NotFound")) resolve(-1);
          else reject(this.#error("get", error));
          return;
        }
        if (value.length <= into.bytes.length) into.fill(value);
        resolve(value.length);
      });
    });
  }

  delete(key: Slice, family = 0): Promise<void> {
    const keyBytes = this.#key(key, family);
    return this.#call("delete", (done) => this.#database.del(keyBytes, this.#writeOptions, done));
  }

  batch(): LevelBatch {
    return new LevelBatch((key, family) => Buffer.from(this.#key(key, family)));
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
    const family = range.family ?? 0;
    const from = range.from ? Buffer.from(this.#key(range.from, family)) : this.#edge(family);
    const to = range.to ? Buffer.from(this.#key(range.to, family)) : this.#edge(family + 1);
    const iterator = this.#database.iterator({
      ...(from && { gte: from }),
      ...(to && { lt: to }),
      reverse: range.reverse ?? false,
      fillCache: true,
      highWaterMark: READ_AHEAD_BYTES,
    });
    const cursor = new LevelCursor(
      iterator,
      this.#prefixed ? 1 : 0,
      (error) => this.#error("scan", error),
      () => this.#cursors.delete(cursor),
    );
    this.#cursors.add(cursor);
    return cursor;
  }

  /** The package has no flush; closing writes what is in memory. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  compact(range: Pick<ScanRange, "from" | "to" | "family"> = {}): Promise<void> {
    const family = range.family ?? 0;
    const from = range.from ? this.#key(range.from, family) : this.#edge(family);
    const to = range.to ? this.#key(range.to, family) : this.#edge(family + 1);
    return this.#call(
      "compact",
      (done) =>
        this.#database.compactRange(
          Buffer.from(from ?? [0]),
          Buffer.from(to ?? new Uint8Array(64).fill(0xff)),
          done,
        ),
    );
  }

  property(name: string): string | undefined {
    this.#check("property");
    const value = this.#database.getProperty(name);
    return value === "" ? undefined : value;
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    for (const cursor of [...this.#cursors]) await cursor.close();
    await this.#call("close", (done) => this.#database.close(done));
    this.#open = false;
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
  #key(key: Slice, family: number): Buffer {
    if (!this.#prefixed) return this.#view(key);
    const prefixed = Buffer.allocUnsafe(key.length + 1);
    prefixed[0] = family;
    prefixed.set(key.view(), 1);
    return prefixed;
  }

  /** The first key of a family; none where families are not told apart. */
  #edge(family: number): Buffer | undefined {
    return this.#prefixed ? Buffer.from([family]) : undefined;
  }

  #call(
    call: string,
    start: (done: (error: Error | null) => void) => void,
    opening = false,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!opening) this.#check(call);
      start((error) => {
        if (error) reject(this.#error(call, error));
        else resolve();
      });
    });
  }

  #check(call: string): void {
    if (!this.#open) {
      throw new StoreError(
        `Cannot ${call} in the database ${this.#path}: it is closed`,
        call,
        "usage",
      );
    }
  }

  #error(call: string, error: Error): StoreError {
    const where = call === "open" ? "open the database" : `${call} in the database`;
    return new StoreError(`Cannot ${where} ${this.#path}: ${error.message}`, call);
  }
}

const GET_OPTIONS = { asBuffer: true, fillCache: true };

/** How much an iterator fetches at a time; the package's own default is 16 KiB. */
const READ_AHEAD_BYTES = 16 * 1024;

/** A batch that is kept in JavaScript until it is written. */
export class LevelBatch implements Batch {
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
export class LevelCursor implements AsyncCursor {
  readonly #iterator: RocksIterator;
  readonly #prefix: number;
  readonly #error: (error: Error) => StoreError;
  readonly #onClose: () => void;
  #closed = false;
  #key: Uint8Array = EMPTY;
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
    return Math.max(0, this.#key.length - this.#prefix);
  }

  get valueLength(): number {
    return this.#value.length;
  }

  next(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      this.#iterator.next((error, key, value) => {
        if (error) {
          reject(this.#error(error));
          return;
        }
        this.#key = key ?? EMPTY;
        this.#value = value ?? EMPTY;
        resolve(key !== undefined);
      });
    });
  }

  readKey(into: Slice): void {
    into.fill(this.#key.subarray(this.#prefix));
  }

  readValue(into: Slice): void {
    into.fill(this.#value);
  }

  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.#onClose();
    return new Promise((resolve, reject) => {
      this.#iterator.end((error) => error ? reject(this.#error(error)) : resolve());
    });
  }
}

const EMPTY = new Uint8Array(0);
