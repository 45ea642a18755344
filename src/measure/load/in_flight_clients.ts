/**
 * The clients of a load over a store that one thread has many operations of in flight: an operation each,
 * all of that thread. They wait for servers, which takes no processor, or the store works in the same
 * thread; what keeps an operation from beginning then is the store's, and no lateness of its client.
 */
import type { AsyncStore, Slice } from "../../store/mod.ts";
import {
  ETCD_OPERATION_NAMES,
  groupOf,
  LOAD_CODES,
  needsEtcd,
  type Schedule,
} from "../../workload/mod.ts";
import { derive } from "../../stats/mod.ts";
import { EtcdOperations, Revisions } from "./etcd_operations.ts";
import { type Clock, openRunQueue, threadClock, usedHeapBytes } from "../../native/mod.ts";
import { type ClientParts, LostKeyError } from "./client.ts";
import { type Client, ClientError, type ClientOptions, clientsOf } from "./clients.ts";
import { slotOf } from "./histogram.ts";
import { Control, Place } from "./memory.ts";
import { clientParts, scheduleOf } from "./parts.ts";
import { ThreadHistory } from "./thread_history.ts";

/** How long a client may take to stop after a phase's end, ms. */
const LIMIT_MS = 60_000;
/** How far ahead a phase begins, ns. */
const AHEAD_NS = 5e6;

/** Operations from this code on are by etcd's requests. */
const FIRST_ETCD_CODE = Math.min(...ETCD_OPERATION_NAMES.map((name) => LOAD_CODES[name]));

/** The operations of a client, bound to a store that answers through promises. */
class AsyncOperations {
  readonly #store: AsyncStore;
  readonly #parts: ClientParts;
  readonly #key: Slice;
  readonly #etcd: EtcdOperations | undefined;
  #code = 0;
  #value = 0;

  /** @param etcd Absent where it does nothing by etcd's requests. */
  constructor(store: AsyncStore, parts: ClientParts, etcd: EtcdOperations | undefined) {
    this.#store = store;
    this.#etcd = etcd;
    this.#parts = parts;
    this.#key = parts.keys[0]!;
  }

  /** Draws the next operation. @returns Its code. */
  prepare(): number {
    const { stream } = this.#parts;
    this.#code = stream.next();
    this.#writeKey(0);
    return this.#code;
  }

  /**
   * Does the operation that was drawn.
   *
   * @returns The moment from which it is timed; 0 where that is its begin.
   */
  async do(): Promise<number> {
    if (this.#etcd !== undefined && this.#code >= FIRST_ETCD_CODE) {
      return await this.#etcd.do(this.#code, this.#key, this.#nextValue(0));
    }
    await this.#plain();
    return 0;
  }

  /** Gives back what it holds. */
  close(): void {
    this.#etcd?.close();
  }

  async #plain(): Promise<void> {
    switch (this.#code) {
      case LOAD_CODES.get:
        return await this.#get();
      case LOAD_CODES.update:
      case LOAD_CODES.insert:
        return await this.#put();
      case LOAD_CODES.delete:
        return await this.#store.delete(this.#key);
      case LOAD_CODES.scan:
        return await this.#scan();
      case LOAD_CODES.readModifyWrite:
        await this.#get();
        return await this.#put();
      case LOAD_CODES.multiGet: {
        const { count } = this.#parts.stream;
        for (let key = 0; key < count; key++) {
          this.#writeKey(key);
          await this.#get();
        }
        return;
      }
      default:
        await this.#write();
    }
  }

  #writeKey(place: number): void {
    const { writeKey, stream } = this.#parts;
    writeKey(this.#key.bytes, stream.keys[place]!);
  }

  #nextValue(place: number): Slice {
    const { values, stream } = this.#parts;
    const value = values[this.#value++ & (values.length - 1)]!;
    value.length = stream.valueBytes[place]!;
    return value;
  }

  async #get(): Promise<void> {
    const { into, stream, memory: { numbers } } = this.#parts;
    const length = await this.#store.get(this.#key, into);
    numbers[Place.keysRead]!++;
    if (length >= 0) numbers[Place.bytesRead]! += length;
    else if (stream.mayMiss) numbers[Place.missed]!++;
    else throw new LostKeyError(this.#key);
  }

  async #put(): Promise<void> {
    const value = this.#nextValue(0);
    const bytes = this.#key.length + value.length;
    await this.#store.put(this.#key, value);
    this.#parts.memory.numbers[Place.bytesPut]! += bytes;
  }

  async #scan(): Promise<void> {
    const { stream, memory: { numbers } } = this.#parts;
    const cursor = this.#store.cursor({ from: this.#key, most: stream.scanLength });
    let bytes = 0;
    let seen = 0;
    // The last keys have fewer entries behind them.
    while (seen < stream.scanLength && await cursor.next()) {
      bytes += cursor.valueLength;
      seen++;
    }
    await cursor.close();
    numbers[Place.keysRead]! += seen;
    numbers[Place.bytesRead]! += bytes;
  }

  async #write(): Promise<void> {
    const { stream, memory: { numbers } } = this.#parts;
    const batch = this.#store.batch();
    let bytes = 0;
    for (let i = 0; i < stream.count; i++) {
      this.#writeKey(i);
      const value = this.#nextValue(i);
      batch.put(this.#key, value);
      bytes += this.#key.length + value.length;
    }
    await this.#store.write(batch);
    batch.close();
    numbers[Place.bytesPut]! += bytes;
  }
}

/**
 * Waits until a moment of the clock, and lets all else go on meanwhile. A timer of the runtime has whole
 * milliseconds: the rest is waited for turn by turn.
 */
async function until(moment: number, clock: Clock): Promise<number> {
  for (;;) {
    const now = clock.now();
    if (now >= moment) return now;
    const ms = Math.floor((moment - now) / 1e6);
    await new Promise<void>((resolve) => {
      if (ms > 0) setTimeout(resolve, ms);
      else setImmediate(resolve);
    });
  }
}

/** When a store had the thread that its clients live in. */
export interface StoreTime {
  /** It has it from now on, until the thread is free for others. */
  take(now: number): void;
  /** For how much of a stretch that ends now it had it, ns. */
  within(from: number, now: number): number;
  /**
   * Where it has it for long: the thread's next turn. All clients go on together then, so that none of
   * them goes ahead of the others.
   */
  giveWay(now: number): Promise<void> | undefined;
}

/** Of servers: they have processors of their own. */
const NO_STORE_TIME: StoreTime = { take() {}, within: () => 0, giveWay: () => undefined };

/** How long a store may keep the thread, ns: what is told by windows, and others' clocks, wait for it. */
const MOST_KEPT_NS = 1e6;

/** Stretches that are kept. */
const STRETCHES = 64;

/**
 * Of a store in this thread. Whatever an operation leads to at once is over when the thread's next turn
 * comes. Only the last stretches are kept: an earlier one that kept an operation waiting counts as
 * lateness, so that never too much is put down to the store.
 *
 * @param nextTurn Calls what it is given in the thread's next turn.
 */
export function storeTime(clock: Clock, nextTurn: (call: () => void) => void): StoreTime {
  const from = new Float64Array(STRETCHES);
  const to = new Float64Array(STRETCHES);
  /** Stretches that have begun. */
  let begun = 0;
  /** While it has the thread. */
  let open: PromiseWithResolvers<void> | undefined;
  const end = () => {
    to[(begun - 1) % STRETCHES] = clock.now();
    open!.resolve();
    open = undefined;
  };
  return {
    take(now) {
      if (open !== undefined) return;
      open = Promise.withResolvers();
      from[begun % STRETCHES] = now;
      to[begun++ % STRETCHES] = Infinity;
      nextTurn(end);
    },
    within(since, now) {
      let ns = 0;
      for (let i = begun - 1; i >= Math.max(0, begun - STRETCHES); i--) {
        const ended = Math.min(now, to[i % STRETCHES]!);
        if (ended <= since) break;
        ns += ended - Math.max(since, from[i % STRETCHES]!);
      }
      return ns;
    },
    giveWay(now) {
      const isLong = open !== undefined && now - from[(begun - 1) % STRETCHES]! >= MOST_KEPT_NS;
      return isLong ? open!.promise : undefined;
    },
  };
}

/** As `closedLoop` of a thread. */
async function closedLoop(
  operations: AsyncOperations,
  parts: ClientParts,
  store: StoreTime,
  history: ThreadHistory,
): Promise<void> {
  const { memory, clock } = parts;
  const { numbers, control, byOperation } = memory;
  const end = numbers[Place.end]!;
  let now = clock.now();
  while (now < end && control[Control.stop] === 0) {
    const code = operations.prepare();
    history.renew(now);
    const started = clock.now();
    numbers[Place.operation] = code;
    numbers[Place.started] = started;
    store.take(started);
    const from = await operations.do() || started;
    now = clock.now();
    byOperation[code]![slotOf(now - from)]!++;
    numbers[Place.operations]!++;
    if (now - from > numbers[Place.floor]!) history.note(memory, from, now, code);
    const others = store.giveWay(now);
    if (others === undefined) continue;
    await others;
    now = clock.now();
  }
}

/** As `openLoop` of a thread. */
async function openLoop(
  operations: AsyncOperations,
  parts: ClientParts,
  schedule: Schedule,
  store: StoreTime,
  history: ThreadHistory,
): Promise<void> {
  const { memory, clock } = parts;
  const { numbers, control, byOperation, times } = memory;
  const begin = numbers[Place.begin]!;
  const end = numbers[Place.end]!;
  const tick = new Float64Array(1);
  const next = () => {
    schedule.fill(tick);
    return begin + tick[0]!;
  };
  let ended = begin;
  let couldEnd = begin;
  let intended = next();
  for (; intended < end && control[Control.stop] === 0; intended = next()) {
    if (clock.now() >= end) break;
    const code = operations.prepare();
    let started = await until(intended, clock);
    if (history.isOld(started)) {
      history.renew(started);
      started = clock.now();
    }
    numbers[Place.operation] = code;
    numbers[Place.started] = started;
    const could = Math.max(intended, ended);
    const kept = store.within(could, started);
    store.take(started);
    const from = await operations.do() || started;
    const now = clock.now();
    byOperation[code]![slotOf(now - from)]!++;
    times.response[slotOf(now - intended)]!++;
    const late = Math.max(0, started - could - kept);
    times.lateness[slotOf(late)]!++;
    if (ended > intended) numbers[Place.queued]!++;
    couldEnd = Math.max(intended, couldEnd) + kept + now - started;
    times.unhindered[slotOf(couldEnd - intended)]!++;
    ended = now;
    numbers[Place.operations]!++;
    if (now - from + late > numbers[Place.floor]!) history.note(memory, from, now, code, late);
    const others = store.giveWay(now);
    if (others !== undefined) await others;
  }
  for (; intended < end; intended = next()) numbers[Place.unstarted]!++;
}

/** The clients of a load in one thread. As those of several threads, for its follower. */
export class InFlightClients {
  readonly all: readonly Client[];
  readonly #options: ClientOptions;
  readonly #workers: { parts: ClientParts; operations: AsyncOperations }[];
  readonly #storeTime: StoreTime;
  #queue = openRunQueue();
  readonly #history: ThreadHistory;
  #phase = 0;
  #working: Promise<void> = Promise.resolve();
  #failure: string | undefined;

  constructor(store: AsyncStore, options: ClientOptions) {
    const { load, seed, clock } = options;
    this.all = clientsOf(load);
    this.#options = options;
    this.#storeTime = store.servers === undefined
      ? storeTime(clock, (call) => void setImmediate(call))
      : NO_STORE_TIME;
    this.#history = new ThreadHistory(
      this.all.map(({ memory }) => memory),
      this.#queue && { queue: this.#queue, ran: threadClock(), heap: usedHeapBytes },
      store.servers === undefined,
    );
    const api = needsEtcd(load) ? store.etcdApi : undefined;
    const revisions = new Revisions(api?.revision ?? 0);
    this.#workers = this.all.map(({ number, memory }) => {
      const parts = clientParts({ load, number, seed }, memory, clock);
      const { group } = groupOf(load, number);
      const own = derive(seed, "revisions", String(number));
      const etcd = api && new EtcdOperations(api, parts, group, revisions, number, own);
      return { parts, operations: new AsyncOperations(store, parts, etcd) };
    });
  }

  /** Waits until all are ready for the next phase. @throws {ClientError} Where one has failed. */
  ready(): Promise<void> {
    return this.#ended(this.#options.limitMs ?? LIMIT_MS);
  }

  /** As {@linkcode Clients.begin}. */
  begin(ns: number): number {
    const begin = this.#options.clock.now() + AHEAD_NS;
    const phase = ++this.#phase;
    this.#working = Promise.all(this.all.map(async ({ number, memory: { numbers } }, i) => {
      numbers[Place.begin] = begin;
      numbers[Place.end] = begin + ns;
      try {
        await this.#work(number, i, phase);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#failure ??= `Client ${number} died: ${message.split("\n")[0]}`;
        for (const { memory } of this.all) memory.control[Control.stop] = 1;
      }
    })).then(() => {});
    return begin;
  }

  /** As {@linkcode Clients.requireAlive}. */
  requireAlive(): void {
    if (this.#failure !== undefined) throw new ClientError(this.#failure);
  }

  /** As {@linkcode Clients.stopped}. */
  async stopped(limitMs = this.#options.limitMs ?? LIMIT_MS): Promise<void> {
    try {
      await this.#ended(limitMs);
      this.#closeQueue();
    } finally {
      for (const { operations } of this.#workers) operations.close();
    }
  }

  /** As {@linkcode Clients.abandon}. */
  async abandon(patienceMs = LIMIT_MS): Promise<boolean> {
    for (const { memory } of this.all) memory.control[Control.stop] = 1;
    const ended = await this.#ended(patienceMs).then(() => true, () => this.#failure !== undefined);
    if (ended) this.#closeQueue();
    return ended;
  }

  /** Nobody reads it any more. */
  #closeQueue(): void {
    this.#queue?.[Symbol.dispose]();
    this.#queue = undefined;
  }

  async #work(number: number, i: number, phase: number): Promise<void> {
    const { load, seed, clock } = this.#options;
    const { parts, operations } = this.#workers[i]!;
    const { numbers } = parts.memory;
    const schedule = scheduleOf({ load, number, seed }, phase);
    await until(numbers[Place.begin]!, clock);
    const [time, history] = [this.#storeTime, this.#history];
    if (schedule === undefined) await closedLoop(operations, parts, time, history);
    else await openLoop(operations, parts, schedule, time, history);
    numbers[Place.ended] = clock.now();
  }

  async #ended(limitMs: number): Promise<void> {
    const late = Promise.withResolvers<true>();
    const timer = setTimeout(() => late.resolve(true), limitMs);
    try {
      if (await Promise.race([this.#working, late.promise])) {
        throw new ClientError(`Not all clients stopped within ${limitMs / 1000} s`);
      }
    } finally {
      clearTimeout(timer);
    }
    this.requireAlive();
  }
}
