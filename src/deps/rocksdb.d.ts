/** The part of npm:rocksdb (abstract-leveldown's shape) that Tidemark calls. */

type Callback<T> = (error: Error | null, result: T) => void;

/** Options of a database at open. Sizes are bytes. */
export interface OpenOptions {
  createIfMissing?: boolean;
  errorIfExists?: boolean;
  compression?: boolean;
  cacheSize?: number;
  writeBufferSize?: number;
  blockSize?: number;
  maxOpenFiles?: number;
}

/** Options of an iterator. */
export interface IteratorOptions {
  gte?: Uint8Array;
  gt?: Uint8Array;
  lt?: Uint8Array;
  lte?: Uint8Array;
  reverse?: boolean;
  keys?: boolean;
  values?: boolean;
  fillCache?: boolean;
  limit?: number;
  highWaterMark?: number;
  keyAsBuffer?: boolean;
  valueAsBuffer?: boolean;
}

/** An iterator over a snapshot of the database. */
export interface RocksIterator {
  next(
    callback: (error: Error | null | undefined, key?: Uint8Array, value?: Uint8Array) => void,
  ): this;
  seek(target: Uint8Array): void;
  end(callback: Callback<void>): void;
}

/** One operation of a batch. */
export type BatchOperation =
  | { type: "put"; key: Uint8Array; value: Uint8Array }
  | { type: "del"; key: Uint8Array };

/** A database. */
export interface RocksLevel {
  open(options: OpenOptions, callback: Callback<void>): void;
  close(callback: Callback<void>): void;
  put(
    key: Uint8Array,
    value: Uint8Array,
    options: { sync?: boolean },
    callback: Callback<void>,
  ): void;
  get(
    key: Uint8Array,
    options: { asBuffer?: boolean; fillCache?: boolean },
    callback: Callback<Uint8Array>,
  ): void;
  del(key: Uint8Array, options: { sync?: boolean }, callback: Callback<void>): void;
  batch(operations: BatchOperation[], options: { sync?: boolean }, callback: Callback<void>): void;
  iterator(options?: IteratorOptions): RocksIterator;
  compactRange(start: Uint8Array, end: Uint8Array, callback: Callback<void>): void;
  getProperty(property: string): string;
}

declare const rocksdb: new (location: string) => RocksLevel;
export default rocksdb;
