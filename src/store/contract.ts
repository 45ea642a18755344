/**
 * The contract of every store, in a synchronous and an asynchronous form.
 *
 * Both forms take and return bytes in {@linkcode Slice}s, so that a measuring loop allocates
 * nothing. Keys are ordered bytewise. A store may hold several column families; family 0 always
 * exists, and it is the one meant where none is named.
 */
import type { ServerCountName, ServerTimeName } from "../result/mod.ts";
import type { EtcdApi } from "./etcd_api.ts";
import type { Slice } from "./slice.ts";

/** What a store says of itself; recorded with every run. */
export interface StoreDescription {
  /** The store's name on the command line, e.g. `raw`. */
  store: string;
  /** The engine underneath, e.g. `RocksDB`. */
  engine: string;
  /** The engine's version, or `unknown`. */
  version: string;
  /** How the engine was reached, e.g. `librocksdb.so.7.8 by FFI`. */
  library: string;
  /** Whether an operation returns at once or through a promise. */
  api: "sync" | "async";
  /** What an acknowledged write survives. */
  durability: Durability;
  /** What has been done with a write that is acknowledged, in the engine's own words. */
  acknowledgement?: string | undefined;
  /** Whether a network lies between the loop and the store. */
  network: boolean;
  /** The options in effect. */
  options: Record<string, string | number | boolean>;
  /** The options that were asked for otherwise than they are in effect, as they were asked for. */
  asked?: Record<string, string | number | boolean> | undefined;
  /** The built library underneath, where there is one. */
  release?: ReleaseDescription | undefined;
}

/** Which built library of an engine it is. */
export interface ReleaseDescription {
  /** As it was asked for, e.g. `10.4.2`; `system` of one that is installed. */
  name: string;
  /** Of the library's file, in hexadecimal. */
  sha256: string;
  /** Whether the digest is one of the pinned releases'. */
  pinned: boolean;
  /** Where the library came from, in words. */
  source: string;
  /** The compiler that the file names, e.g. `GCC 7.3.1`; `null` where it names none. */
  compiler: string | null;
  /** The compressions that it was built with; `null` where the engine does not say. */
  compressions: string[] | null;
}

/**
 * What happens to the write-ahead log before a write is acknowledged: `synced` to the device,
 * `buffered` in the operating system (survives the process, not the machine), `off`, or `none`
 * where nothing is kept at all.
 */
type Durability = "synced" | "buffered" | "off" | "none";

/** RocksDB raises or cuts other sizes of a memtable to these by itself (`SanitizeOptions`); bytes. */
export const WRITE_BUFFER_BYTES = { least: 64 * 1024, most: 64 * 1024 ** 3 } as const;

/** RocksDB takes more bits for a key for this many (`BloomFilterPolicy`). */
export const MOST_BLOOM_BITS = 100;

/** How new a read has to be: the newest there is, or as the member that is asked has it. */
export type EtcdConsistency = "linearizable" | "serializable";

/** Which member of a cluster is spoken to. */
export type EtcdRole = "leader" | "follower";

/** Options of stores that are servers; the others have none of them. */
export interface ServerOptions {
  /** Servers that run, as `HOST:PORT`, several with `+` in between. @default started for the run */
  endpoints?: string;
  /** How many are started where none are named. @default 1 */
  nodes?: number;
  /**
   * How long a frame takes between any two of those that are started, and between them and the client,
   * one way, ms. @default they share one network
   */
  delayMs?: number;
  /** By how much that differs, to either side, ms. @default 0 */
  jitterMs?: number;
  /** The share of frames that are lost on that way. @default 0 */
  loss?: number;
  /** How new reads have to be. @default "linearizable" */
  consistency?: EtcdConsistency;
  /** Which member is spoken to. @default "leader" */
  role?: EtcdRole;
  /** Connections to it, or to each server of TiKV. @default 1 */
  connections?: number;
  /** How long an operation may take with its retries, ms. @default 10000, of TiKV 20000 */
  deadlineMs?: number;
  /** The authority that signed the servers' certificates, a file in PEM. @default no TLS */
  caFile?: string;
  /** A client's own certificate, a file in PEM; goes with `keyFile`. @default none */
  certFile?: string;
  /** The key of `certFile`, a file in PEM. @default none */
  keyFile?: string;
  /** TiKV's placement drivers that run, as `endpoints`. */
  pd?: string;
  /** Machines of TiKV's servers that are no machines of `pd`, several with `+` in between. */
  stores?: string;
  /** The version of TiKV's interface. @default 1 */
  api?: 1 | 2;
  /** A keyspace of version 2, by its id or its name. @default "0" */
  keyspace?: string;
}

/** Options that every store takes as far as its engine has them. Sizes are bytes. */
export interface StoreOptions extends ServerOptions {
  /**
   * The release of the engine, by name; `system` is what is installed.
   * @default what is installed, else the default release
   */
  release?: string;
  /**
   * What holds where nothing is said below: RocksDB 7's defaults, whatever the release, or the
   * `engine`'s own, which are not the same in every release. @default "fixed"
   */
  defaults?: "fixed" | "engine";
  /**
   * More of the engine's options, in its own form: `name=value;name={name=value}`.
   * @default ""
   */
  engineOptions?: string;
  /** Treatment of the write-ahead log. @default "buffered" */
  wal?: "synced" | "buffered" | "off";
  /** Compression of blocks. @default "snappy" */
  compression?: "none" | "snappy" | "zlib" | "lz4" | "zstd";
  /** Size of one memtable. @default 67108864 */
  writeBufferBytes?: number;
  /** Size of the block cache; 0 is none. @default 8388608 */
  blockCacheBytes?: number;
  /** Read and write tables past the page cache (O_DIRECT). @default false */
  directIo?: boolean;
  /** Bits of the bloom filter for a key; 0 is none. @default 0 */
  bloomBits?: number;
  /** Keep the engine's own statistics (costs time). @default false */
  statistics?: boolean;
}

/** What can be set on a command line: the engine's options, and what is done around it. */
export interface StoreSettings extends StoreOptions {
  /**
   * Share of their own time that operations burn on top, e.g. 0.1. For testing the gate only:
   * nothing that is measured with it says anything of a store. @default 0
   */
  burn?: number;
}

/** The part of the key space that a cursor walks. */
export interface ScanRange {
  /** First key, included. Absent: from the start. */
  from?: Slice;
  /** Last key, excluded. Absent: to the end. */
  to?: Slice;
  /** Walk from the last key to the first. @default false */
  reverse?: boolean;
  /** Column family. @default 0 */
  family?: number;
  /**
   * How many entries the caller means to read: what fetches them from a server asks for no more than
   * those, until the caller reads on. @default unknown
   */
  most?: number;
}

/**
 * Several writes that take effect together or not at all, in the order in which they were added.
 */
export interface Batch {
  /** Adds a put; key and value are copied. */
  put(key: Slice, value: Slice, family?: number): void;
  /** Adds a delete; the key is copied. */
  delete(key: Slice, family?: number): void;
  /** Forgets what was added, so that the batch can be used again. */
  clear(): void;
  /** Operations added. */
  readonly count: number;
  /** Gives back what the batch holds outside the JavaScript heap. It cannot be used any more. */
  close(): void;
}

/**
 * A load of entries that an engine makes files of its own of, which then become a part of the store:
 * nothing goes through log and memtable. Keys are given in ascending order, each once.
 */
export interface SortedLoad {
  /**
   * Adds an entry; key and value are copied. It is in the store after {@linkcode SortedLoad.flush} at
   * the latest.
   *
   * @throws {StoreError} Where the key does not come after the one before it.
   */
  put(key: Slice, value: Slice): void;
  /** Brings what was added into the store. */
  flush(): void;
  /** Gives back what the load holds; what was not flushed is not in the store. Twice is harmless. */
  close(): void;
}

/** Where the values of several keys lie in the slice that they were copied to. */
export interface SeveralFound {
  /** Where each begins; of no meaning where the key is absent. */
  readonly offsets: Float64Array;
  /** How many bytes each has, −1 where the key is absent. */
  readonly lengths: Float64Array;
}

/** Something that an engine did beside the operations. */
export interface EngineEvent {
  /** `lost`: so many events were dropped before this one, as its bytes say. */
  kind: "flush" | "compaction" | "stall" | "sync" | "lost";
  /** By the system's monotonic clock, ns. */
  beginNs: number;
  endNs: number;
  /** That were written; 0 where that is not known. */
  bytes: number;
  /**
   * Of a compaction, the first level that it took files of, and the one that it wrote to; absent where
   * that is not known.
   */
  levels?: { from: number; to: number };
}

/** A walk over a snapshot of a store, in key order. Starts before the first entry. */
export interface SyncCursor {
  /**
   * Goes to the next entry; key and value are then known.
   *
   * @returns False past the last entry, and once the cursor is closed.
   */
  next(): boolean;
  /** Bytes of the current key; 0 where the cursor is at no entry. */
  readonly keyLength: number;
  /** Bytes of the current value; 0 where the cursor is at no entry. */
  readonly valueLength: number;
  /**
   * Copies the current key; the slice's length is set.
   *
   * @throws {RangeError} Where the slice is too small.
   * @throws {StoreError} Where the cursor is at no entry.
   */
  readKey(into: Slice): void;
  /** Copies the current value; as {@linkcode SyncCursor.readKey}. */
  readValue(into: Slice): void;
  /** Ends the walk. Closing twice is harmless. */
  close(): void;
}

/** {@linkcode SyncCursor} where going on may have to wait. */
export interface AsyncCursor extends Omit<SyncCursor, "next" | "close"> {
  /** Goes to the next entry; false past the last one. */
  next(): Promise<boolean>;
  /** Ends the walk. */
  close(): Promise<void>;
}

/**
 * An operation on one key as machine code does it: a function, by its address, with the system's calling
 * convention and these arguments of 64 bits each:
 *
 * `code(self, key, keyLength, value, valueLength)`
 *
 * A put puts the value. A get copies the value there, where its length is at most that. It returns the
 * value's length in bytes, −1 where the key is absent, and less where it failed.
 */
export interface NativeOperation {
  readonly code: bigint;
  /** Its first argument. */
  readonly self: bigint;
}

/** The operations that machine code can do, of one thread. */
export interface NativeOperations {
  readonly get: NativeOperation;
  readonly put: NativeOperation;
  /** Throws what the last one left, where it failed. @throws {StoreError} */
  check(operation: "get" | "put"): void;
}

/**
 * A store whose operations return when they are done. Keys have a byte or more: not every engine
 * takes the empty one.
 */
export interface SyncStore {
  readonly api: "sync";
  /** What the store is. */
  describe(): StoreDescription;
  /** Sets a key. */
  put(key: Slice, value: Slice, family?: number): void;
  /**
   * Copies a key's value into a slice and sets its length.
   *
   * @returns The value's length in bytes, or −1 where the key is absent. A value larger than the
   * slice is not copied; its length is returned, and the slice keeps its own.
   */
  get(key: Slice, into: Slice, family?: number): number;
  /**
   * Gets several keys in one call of the engine's own. Absent where the engine has no such call.
   *
   * @param count How many of the keys, from the first one on.
   * @param into Where the values are copied to; its length is set to what they take together.
   * @param found Where each value is, of as many places as keys at least.
   * @throws {RangeError} Where the values do not fit.
   */
  multiGet?(
    keys: readonly Slice[],
    count: number,
    into: Slice,
    found: SeveralFound,
    family?: number,
  ): void;
  /**
   * The same puts and gets, of column family 0, for machine code; valid until the store is closed. Absent
   * where it has none, and `undefined` where this machine runs none.
   *
   * @param mostBytes Of a key and its value together, at most.
   * @throws {StoreError} Where that is more than the engine keeps.
   */
  machineOperations?(mostBytes: number): NativeOperations | undefined;
  /** Removes a key; an absent one is no error. */
  delete(key: Slice, family?: number): void;
  /** A new, empty batch. */
  batch(): Batch;
  /** Writes a batch atomically. The batch is left as it is. */
  write(batch: Batch): void;
  /**
   * A load of many entries in order, into column family 0. Absent where the engine takes entries by
   * puts and batches alone.
   */
  sortedLoad?(): SortedLoad;
  /** Walks a range. */
  cursor(range?: ScanRange): SyncCursor;
  /**
   * Keeps the database as it is now in a directory of its own on the same file system, which can be
   * opened as a database: files that never change are links. What is in memory is written to files
   * before. Absent where the engine has no such call.
   *
   * @param path The directory; nothing is there yet. It is there as a whole, or not at all.
   */
  checkpoint?(path: string): void;
  /** Moves what is in memory to files. */
  flush(): void;
  /** Merges all files of a range (everything, where none is given). */
  compact(range?: Pick<ScanRange, "from" | "to" | "family">): void;
  /**
   * Whether the engine has no such call, as one has none that keeps no files to merge. Absent where it
   * has both.
   */
  lacks?(call: "flush" | "compact"): boolean;
  /**
   * A property of the engine by its own name, or `undefined` where it knows none of that name.
   *
   * @param family The column family asked about; an engine without families answers for the whole.
   * @default 0, or the one that holds the entries where a store keeps them elsewhere
   */
  property(name: string, family?: number): string | undefined;
  /**
   * Makes so many calls into the engine's library, or into native code of our own, that do nothing
   * there: what a crossing costs is known by their time. Absent where there is no such call.
   */
  cross?(count: number): void;
  /**
   * What another thread of this process needs to use the same database, as plain data that can be
   * posted to it; the kind's `attach` takes it there. Absent where the store is one thread by
   * nature.
   */
  share?(): unknown;
  /**
   * The engine's own statistics as its text, `undefined` where it keeps none. Absent where the engine
   * has no such text.
   */
  statistics?(): string | undefined;
  /**
   * Takes what the engine did beside the operations and has ended since it was asked last, the oldest
   * first. Absent where the engine does not tell.
   */
  takeEvents?(): EngineEvent[];
  /**
   * Closes the store, with the cursors and batches that were left open. Closing twice is harmless;
   * any other call afterwards is an error.
   */
  close(): void;
}

/**
 * A database as one thread of load uses it: one that another thread opened. It is closed before the
 * database is, and closing it closes nothing but what is its own.
 */
export type StoreClient = Pick<
  SyncStore,
  | "put"
  | "get"
  | "multiGet"
  | "machineOperations"
  | "delete"
  | "batch"
  | "write"
  | "cursor"
  | "close"
>;

/** What a member of a cluster has counted since it began; what it does not tell is absent. */
export interface ServerMember {
  /** Its place among the endpoints. */
  place: number;
  /** Now; `null` where it does not tell. */
  role: EtcdRole | null;
  /** Whether it is the one that is spoken to. */
  asked: boolean;
  /** How often it did something, and how long that took together, ns. */
  times: Partial<Record<ServerTimeName, { count: number; ns: number }>>;
  counts: Partial<Record<ServerCountName, number>>;
}

/** What servers say of themselves, and what the way to them takes. */
export interface ServerProbe {
  /** Attempts of operations beyond their first, so far. */
  readonly retries: number;
  /** What requests took from being written to being read, so far: all but the client's own part. */
  readonly wire: { requests: number; ns: number };
  /** Looks for the longest time without an answer from now on; what is returned tells it. */
  watchGaps(): () => { ns: number; atNs: number };
  /** What each member counted since it began; of those that cannot be asked, why the first cannot. */
  read(): Promise<{ members: ServerMember[]; unread?: string }>;
  /**
   * A way there and back on the connection that operations use, which asks for nothing.
   *
   * @returns What it took from being written to being read, ns; `undefined` where it cannot be made now: servers take many of them for an attack.
   */
  ping(): Promise<number> | undefined;
  /** Opens a connection to the member that is spoken to, and closes it. */
  connect(): Promise<void>;
}

/** Transactions that were written, and by how many writes: those that wait at a time have one. */
export interface GroupCommits {
  transactions: number;
  writes: number;
}

/** {@linkcode SyncStore} where every operation ends through a promise. */
export interface AsyncStore {
  readonly api: "async";
  /** What the store is. */
  describe(): StoreDescription;
  /** Sets a key. Key and value may be filled anew as soon as this returns its promise. */
  put(key: Slice, value: Slice, family?: number): Promise<void>;
  /** As {@linkcode SyncStore.get}. */
  get(key: Slice, into: Slice, family?: number): Promise<number>;
  /** As {@linkcode SyncStore.delete}. */
  delete(key: Slice, family?: number): Promise<void>;
  /** A new, empty batch. */
  batch(): Batch;
  /** As {@linkcode SyncStore.write}. */
  write(batch: Batch): Promise<void>;
  /** As {@linkcode SyncStore.cursor}. */
  cursor(range?: ScanRange): AsyncCursor;
  /** As {@linkcode SyncStore.flush}. */
  flush(): Promise<void>;
  /** As {@linkcode SyncStore.compact}. */
  compact(range?: Pick<ScanRange, "from" | "to" | "family">): Promise<void>;
  /** As {@linkcode SyncStore.lacks}. */
  lacks?(call: "flush" | "compact"): boolean;
  /** As {@linkcode SyncStore.property}. */
  property(name: string, family?: number): string | undefined;
  /** As {@linkcode SyncStore.cross}. */
  cross?(count: number): void;
  /** What it wrote in groups since it was opened. Absent where each write is by itself. */
  readonly groupCommits?: Readonly<GroupCommits>;
  /** etcd's requests, on the same keys. Absent where it serves none. */
  readonly etcdApi?: EtcdApi;
  /** What the servers behind it tell. Absent where there are none. */
  readonly servers?: ServerProbe;
  /** The processes of servers that were started for it. Absent where there can be none. */
  readonly pids?: readonly number[];
  /** As {@linkcode SyncStore.close}. */
  close(): Promise<void>;
}

/** A store of either form. */
export type Store = SyncStore | AsyncStore;
