/**
 * A store that was made slower on purpose, for testing whether a comparison sees it: every
 * operation busy-waits for a given share of the time that it took itself.
 */
import type {
  AsyncCursor,
  AsyncStore,
  Batch,
  ScanRange,
  Store,
  StoreDescription,
  StoreOptions,
  SyncCursor,
  SyncStore,
} from "./contract.ts";
import type { Clock } from "../native/mod.ts";
import type { Slice } from "./slice.ts";

/** What can be set on a command line: the engine's options, and what is done around it. */
export interface StoreSettings extends StoreOptions {
  /**
   * Share of its own time that every operation burns on top, e.g. 0.1. For testing the gate only:
   * nothing that is measured with it says anything of a store. @default 0
   */
  burn?: number;
}

/**
 * Steps of a cursor between two readings of the clock: one step takes about as long as a reading,
 * so that timing each by itself would slow it by far more than a share.
 */
const STEPS = 64;

/** Operations that the wrapper is tried on, to know what it takes itself: rounds of so many. */
const TRIALS = 1000;
/**
 * Rounds. The first ones compile the code; and on a busy machine a round is interrupted now and then,
 * so the shortest one tells.
 */
const ROUNDS = 40;

/** Waits for a share of what an operation took. */
class Burner {
  readonly #clock: Clock;
  readonly #factor: number;
  /** Mean time between two readings of the clock with nothing in between, ns. */
  #seen = Infinity;
  /** Mean time that the wrapper takes besides, ns. */
  #unseen = Infinity;

  constructor(share: number, clock: Clock) {
    this.#clock = clock;
    this.#factor = 1 + share;
    for (let round = 0; round < ROUNDS; round++) {
      this.#seen = Math.min(this.#seen, this.#tryReading());
    }
    for (let round = 0; round < ROUNDS; round++) {
      this.#unseen = Math.min(this.#unseen, this.#tryBurning());
    }
  }

  now(): number {
    return this.#clock.now();
  }

  /**
   * Waits until the operation since `start` has become longer by the share. What the wrapper takes
   * is part of the wait, not on top of it; and the last reading comes half a reading late on average.
   */
  burn(start: number): void {
    const clock = this.#clock;
    const seen = this.#seen;
    let now = clock.now();
    const until = start + (now - start - seen) * this.#factor - this.#unseen - seen / 2;
    while (now < until) now = clock.now();
  }

  /** Mean time between two readings, ns. */
  #tryReading(): number {
    let between = 0;
    for (let i = 0; i < TRIALS; i++) {
      const start = this.now();
      between += this.#clock.now() - start;
    }
    return between / TRIALS;
  }

  /** Mean time that burning for nothing takes besides, ns. */
  #tryBurning(): number {
    const begin = this.now();
    for (let i = 0; i < TRIALS; i++) this.burn(this.now());
    return Math.max(0, (this.now() - begin) / TRIALS - this.#seen);
  }
}

/**
 * Makes a store slower. Puts, gets, deletes, batches and the steps of cursors take `1 + share`
 * times as long, as far as the clock can be read fast enough; flushing, compacting and properties
 * are as they were. The description gets the option `burn`.
 *
 * @param share Of an operation's time, above zero.
 * @param clock The one that busy-waiting reads.
 */
export function burning(store: Store, share: number, clock: Clock): Store {
  const burner = new Burner(share, clock);
  return store.api === "sync"
    ? new BurningStore(store, share, burner)
    : new AsyncBurningStore(store, share, burner);
}

function describe(store: Store, burn: number): StoreDescription {
  const description = store.describe();
  return { ...description, options: { ...description.options, burn } };
}

class BurningStore implements SyncStore {
  readonly api = "sync";
  readonly #store: SyncStore;
  readonly #share: number;
  readonly #burner: Burner;

  constructor(store: SyncStore, share: number, burner: Burner) {
    this.#store = store;
    this.#share = share;
    this.#burner = burner;
  }

  describe(): StoreDescription {
    return describe(this.#store, this.#share);
  }
  put(key: Slice, value: Slice, family?: number): void {
    const start = this.#burner.now();
    this.#store.put(key, value, family);
    this.#burner.burn(start);
  }
  get(key: Slice, into: Slice, family?: number): number {
    const start = this.#burner.now();
    const length = this.#store.get(key, into, family);
    this.#burner.burn(start);
    return length;
  }
  delete(key: Slice, family?: number): void {
    const start = this.#burner.now();
    this.#store.delete(key, family);
    this.#burner.burn(start);
  }
  batch(): Batch {
    return this.#store.batch();
  }
  write(batch: Batch): void {
    const start = this.#burner.now();
    this.#store.write(batch);
    this.#burner.burn(start);
  }
  cursor(range?: ScanRange): SyncCursor {
    const start = this.#burner.now();
    return new BurningCursor(this.#store.cursor(range), this.#burner, start);
  }
  flush(): void {
    this.#store.flush();
  }
  compact(range?: Pick<ScanRange, "from" | "to" | "family">): void {
    this.#store.compact(range);
  }
  property(name: string, family?: number): string | undefined {
    return this.#store.property(name, family);
  }
  close(): void {
    this.#store.close();
  }
}

class BurningCursor implements SyncCursor {
  readonly #cursor: SyncCursor;
  readonly #burner: Burner;
  /** When the steps began that are not burned for yet. */
  #start: number;
  #steps = 0;

  constructor(cursor: SyncCursor, burner: Burner, start: number) {
    this.#cursor = cursor;
    this.#burner = burner;
    this.#start = start;
  }

  get keyLength(): number {
    return this.#cursor.keyLength;
  }
  get valueLength(): number {
    return this.#cursor.valueLength;
  }
  next(): boolean {
    if (this.#steps === STEPS) {
      this.#burner.burn(this.#start);
      this.#start = this.#burner.now();
      this.#steps = 0;
    }
    this.#steps++;
    return this.#cursor.next();
  }
  readKey(into: Slice): void {
    this.#cursor.readKey(into);
  }
  readValue(into: Slice): void {
    this.#cursor.readValue(into);
  }
  close(): void {
    this.#cursor.close();
    if (this.#steps > 0) this.#burner.burn(this.#start);
    this.#steps = 0;
  }
}

class AsyncBurningStore implements AsyncStore {
  readonly api = "async";
  readonly #store: AsyncStore;
  readonly #share: number;
  readonly #burner: Burner;

  constructor(store: AsyncStore, share: number, burner: Burner) {
    this.#store = store;
    this.#share = share;
    this.#burner = burner;
  }

  describe(): StoreDescription {
    return describe(this.#store, this.#share);
  }
  async put(key: Slice, value: Slice, family?: number): Promise<void> {
    const start = this.#burner.now();
    await this.#store.put(key, value, family);
    this.#burner.burn(start);
  }
  async get(key: Slice, into: Slice, family?: number): Promise<number> {
    const start = this.#burner.now();
    const length = await this.#store.get(key, into, family);
    this.#burner.burn(start);
    return length;
  }
  async delete(key: Slice, family?: number): Promise<void> {
    const start = this.#burner.now();
    await this.#store.delete(key, family);
    this.#burner.burn(start);
  }
  batch(): Batch {
    return this.#store.batch();
  }
  async write(batch: Batch): Promise<void> {
    const start = this.#burner.now();
    await this.#store.write(batch);
    this.#burner.burn(start);
  }
  cursor(range?: ScanRange): AsyncCursor {
    const start = this.#burner.now();
    return new AsyncBurningCursor(this.#store.cursor(range), this.#burner, start);
  }
  flush(): Promise<void> {
    return this.#store.flush();
  }
  compact(range?: Pick<ScanRange, "from" | "to" | "family">): Promise<void> {
    return this.#store.compact(range);
  }
  property(name: string, family?: number): string | undefined {
    return this.#store.property(name, family);
  }
  close(): Promise<void> {
    return this.#store.close();
  }
}

class AsyncBurningCursor implements AsyncCursor {
  readonly #cursor: AsyncCursor;
  readonly #burner: Burner;
  #start: number;
  #steps = 0;

  constructor(cursor: AsyncCursor, burner: Burner, start: number) {
    this.#cursor = cursor;
    this.#burner = burner;
    this.#start = start;
  }

  get keyLength(): number {
    return this.#cursor.keyLength;
  }
  get valueLength(): number {
    return this.#cursor.valueLength;
  }
  next(): Promise<boolean> {
    if (this.#steps === STEPS) {
      this.#burner.burn(this.#start);
      this.#start = this.#burner.now();
      this.#steps = 0;
    }
    this.#steps++;
    return this.#cursor.next();
  }
  readKey(into: Slice): void {
    this.#cursor.readKey(into);
  }
  readValue(into: Slice): void {
    this.#cursor.readValue(into);
  }
  async close(): Promise<void> {
    await this.#cursor.close();
    if (this.#steps > 0) this.#burner.burn(this.#start);
    this.#steps = 0;
  }
}
