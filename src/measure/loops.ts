/**
 * The loops around a store. What happens in them besides the store's work is measured as the
 * store's, so there is next to nothing: a key counted up in place, a value taken from a ring, a
 * call. The loops over the raw store allocate nothing (allocation_test.ts), but for the cursors of
 * seeks. One process runs the loops over one kind of store only, so that V8 compiles them for it.
 */
import type { AsyncStore, Slice, Store, SyncCursor, SyncStore } from "../store/mod.ts";
import type { KeyOrder, OperationName, OPERATIONS } from "../workload/mod.ts";
import type { Clock } from "../native/mod.ts";

/** What the loops work with. */
export interface LoopParts {
  /** Writes the next key into {@linkcode LoopParts.key}. */
  order: KeyOrder;
  /** The key of the operation. */
  key: Slice;
  /** Values to put, taken in turn; a power of two of them. */
  values: readonly Slice[];
  /** Where gets copy values to. */
  into: Slice;
}

/** A get found nothing where everything that is asked for was put before. */
export class MissingKeyError extends Error {
  override name = "MissingKeyError";
  constructor(key: Slice) {
    super(`Cannot get ${new TextDecoder().decode(key.view())}: the store lost it`);
  }
}

/** A scan ended early. */
export class ShortScanError extends Error {
  override name = "ShortScanError";
  constructor(seen: number, wanted: number) {
    super(`Cannot scan ${wanted} entries: the store has only ${seen}`);
  }
}

/** Puts `count` keys. */
export function putMany(store: SyncStore, parts: LoopParts, count: number): void {
  const { order, key, values } = parts;
  const mask = values.length - 1;
  for (let i = 0; i < count; i++) {
    order.next();
    store.put(key, values[i & mask]!);
  }
}

/** Puts `count` keys in one batch: a tree that is settled afterwards does not tell. */
export async function putBatch(store: Store, parts: LoopParts, count: number): Promise<void> {
  const { order, key, values } = parts;
  const mask = values.length - 1;
  const batch = store.batch();
  for (let i = 0; i < count; i++) {
    order.next();
    batch.put(key, values[i & mask]!);
  }
  if (store.api === "sync") store.write(batch);
  else await store.write(batch);
  batch.close();
}

/** Gets `count` keys, each value copied out. */
export function getMany(store: SyncStore, parts: LoopParts, count: number): void {
  const { order, key, into } = parts;
  for (let i = 0; i < count; i++) {
    order.next();
    if (store.get(key, into) < 0) throw new MissingKeyError(key);
  }
}

/**
 * Walks `count` entries from the first key on, seeing each key and value as RocksDB shows them.
 *
 * @returns Bytes seen.
 */
export function scanMany(store: SyncStore, count: number): number {
  const cursor = store.cursor();
  try {
    return walk(cursor, count);
  } finally {
    cursor.close();
  }
}

/**
 * The loop of {@linkcode scanMany} alone. V8 compiles a long loop while it runs; were there anything
 * behind it that has not run yet, such as closing, the code would be thrown away at each end of the
 * loop, and each walk would begin slowly.
 */
function walk(cursor: SyncCursor, count: number): number {
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    if (!cursor.next()) throw new ShortScanError(i, count);
    bytes += cursor.keyLength + cursor.valueLength;
  }
  return bytes;
}

/**
 * Walks over so many entries from the first key on, again and again, in parts that are asked for one
 * by one: the cursor stays where it is in between.
 */
export function walkInParts(store: SyncStore, entries: number): PartWalk {
  let cursor: SyncCursor | undefined;
  let left = 0;
  return {
    iterate(count) {
      for (let wanted = count; wanted > 0;) {
        if (left === 0) {
          cursor?.close();
          cursor = store.cursor();
          left = entries;
        }
        const part = Math.min(wanted, left);
        walk(cursor!, part);
        left -= part;
        wanted -= part;
      }
    },
    end: () => cursor?.close(),
  };
}

/** A walk in parts. */
interface PartWalk {
  /** Goes on over so many entries. */
  iterate(count: number): void;
  /** Closes the cursor. */
  end(): void;
}

/** Goes to `count` keys, each by a cursor of its own, and sees the entry there. */
export function seekMany(store: SyncStore, parts: LoopParts, count: number): void {
  const { order, key } = parts;
  for (let i = 0; i < count; i++) {
    order.next();
    seekOne(store, key);
  }
}

function seekOne(store: SyncStore, key: Slice): void {
  const cursor = store.cursor({ from: key });
  const found = cursor.next();
  cursor.close();
  if (!found) throw new MissingKeyError(key);
}

/** Goes to `out.length` keys as {@linkcode seekMany}, each timed by itself, ns. */
export function seekTimed(
  store: SyncStore,
  parts: LoopParts,
  clock: Clock,
  out: Float64Array,
): void {
  const { order, key } = parts;
  for (let i = 0; i < out.length; i++) {
    order.next();
    const start = clock.now();
    seekOne(store, key);
    out[i] = clock.now() - start;
  }
}

/** Puts `out.length` keys, each timed by itself, ns. */
export function putTimed(
  store: SyncStore,
  parts: LoopParts,
  clock: Clock,
  out: Float64Array,
): void {
  const { order, key, values } = parts;
  const mask = values.length - 1;
  for (let i = 0; i < out.length; i++) {
    order.next();
    const value = values[i & mask]!;
    const start = clock.now();
    store.put(key, value);
    out[i] = clock.now() - start;
  }
}

/** Gets `out.length` keys, each timed by itself, ns. */
export function getTimed(
  store: SyncStore,
  parts: LoopParts,
  clock: Clock,
  out: Float64Array,
): void {
  const { order, key, into } = parts;
  for (let i = 0; i < out.length; i++) {
    order.next();
    const start = clock.now();
    const length = store.get(key, into);
    out[i] = clock.now() - start;
    if (length < 0) throw new MissingKeyError(key);
  }
}

/** As {@linkcode putMany}, one at a time. */
export async function putManyAsync(
  store: AsyncStore,
  parts: LoopParts,
  count: number,
): Promise<void> {
  const { order, key, values } = parts;
  const mask = values.length - 1;
  for (let i = 0; i < count; i++) {
    order.next();
    await store.put(key, values[i & mask]!);
  }
}

/** As {@linkcode getMany}, one at a time. */
export async function getManyAsync(
  store: AsyncStore,
  parts: LoopParts,
  count: number,
): Promise<void> {
  const { order, key, into } = parts;
  for (let i = 0; i < count; i++) {
    order.next();
    if (await store.get(key, into) < 0) throw new MissingKeyError(key);
  }
}

/** As {@linkcode scanMany}. */
export async function scanManyAsync(store: AsyncStore, count: number): Promise<number> {
  const cursor = store.cursor({ most: count });
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    if (!await cursor.next()) {
      await cursor.close();
      throw new ShortScanError(i, count);
    }
    bytes += cursor.keyLength + cursor.valueLength;
  }
  await cursor.close();
  return bytes;
}

/** As {@linkcode seekMany}, one at a time. */
export async function seekManyAsync(
  store: AsyncStore,
  parts: LoopParts,
  count: number,
): Promise<void> {
  const { order, key } = parts;
  for (let i = 0; i < count; i++) {
    order.next();
    await seekOneAsync(store, key);
  }
}

async function seekOneAsync(store: AsyncStore, key: Slice): Promise<void> {
  const cursor = store.cursor({ from: key, most: 1 });
  const found = await cursor.next();
  await cursor.close();
  if (!found) throw new MissingKeyError(key);
}

/** As {@linkcode seekTimed}. */
export async function seekTimedAsync(
  store: AsyncStore,
  parts: LoopParts,
  clock: Clock,
  out: Float64Array,
): Promise<void> {
  const { order, key } = parts;
  for (let i = 0; i < out.length; i++) {
    order.next();
    const start = clock.now();
    await seekOneAsync(store, key);
    out[i] = clock.now() - start;
  }
}

/** As {@linkcode putTimed}. */
export async function putTimedAsync(
  store: AsyncStore,
  parts: LoopParts,
  clock: Clock,
  out: Float64Array,
): Promise<void> {
  const { order, key, values } = parts;
  const mask = values.length - 1;
  for (let i = 0; i < out.length; i++) {
    order.next();
    const value = values[i & mask]!;
    const start = clock.now();
    await store.put(key, value);
    out[i] = clock.now() - start;
  }
}

/** As {@linkcode getTimed}. */
export async function getTimedAsync(
  store: AsyncStore,
  parts: LoopParts,
  clock: Clock,
  out: Float64Array,
): Promise<void> {
  const { order, key, into } = parts;
  for (let i = 0; i < out.length; i++) {
    order.next();
    const start = clock.now();
    const length = await store.get(key, into);
    out[i] = clock.now() - start;
    if (length < 0) throw new MissingKeyError(key);
  }
}

/** An operation's loop over one form of store. */
interface Loop<S, R> {
  /**
   * Binds what runs iterations of so many operations each. Were it one function that takes all of
   * these, there would be a call more around the loop, and V8 would compile a walk worse.
   */
  many(store: S, parts: LoopParts, elements: number): (iterations: number) => R;
}

/** An operation's loop that times each by itself. */
interface TimedLoop<S, R> {
  /** Runs `out.length` operations, each timed by itself, ns. */
  timed(store: S, parts: LoopParts, clock: Clock, out: Float64Array): R;
}

/** An operation's loops: a timed one exactly where its row says that one alone can be timed. */
type Loops<Timed extends boolean, S, R> =
  & Loop<S, R>
  & (Timed extends true ? TimedLoop<S, R> : { timed?: undefined });

/** The loops of each operation over either form of store. */
export const LOOPS: {
  readonly [Name in OperationName]: {
    readonly sync: Loops<(typeof OPERATIONS)[Name]["timed"], SyncStore, void>;
    readonly async: Loops<(typeof OPERATIONS)[Name]["timed"], AsyncStore, Promise<void>>;
  };
} = {
  put: {
    sync: {
      many: (store, parts, elements) => (count) => putMany(store, parts, count * elements),
      timed: putTimed,
    },
    async: {
      many: (store, parts, elements) => (count) => putManyAsync(store, parts, count * elements),
      timed: putTimedAsync,
    },
  },
  get: {
    sync: {
      many: (store, parts, elements) => (count) => getMany(store, parts, count * elements),
      timed: getTimed,
    },
    async: {
      many: (store, parts, elements) => (count) => getManyAsync(store, parts, count * elements),
      timed: getTimedAsync,
    },
  },
  scan: {
    sync: {
      many: (store, _parts, elements) => (count) => {
        for (let i = 0; i < count; i++) scanMany(store, elements);
      },
    },
    async: {
      many: (store, _parts, elements) => async (count) => {
        for (let i = 0; i < count; i++) await scanManyAsync(store, elements);
      },
    },
  },
  seek: {
    sync: {
      many: (store, parts, elements) => (count) => seekMany(store, parts, count * elements),
      timed: seekTimed,
    },
    async: {
      many: (store, parts, elements) => (count) => seekManyAsync(store, parts, count * elements),
      timed: seekTimedAsync,
    },
  },
};
