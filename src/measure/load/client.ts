/**
 * The loop of one client: draws an operation, waits for its moment where there is a schedule, does it,
 * and counts its times into memory that another thread reads. It allocates nothing, but for the
 * cursors of scans and the promises of asynchronous stores.
 */
import type { Batch, Slice, StoreClient } from "../../store/mod.ts";
import { LOAD_CODES, type OperationStream, type Schedule } from "../../workload/mod.ts";
import type { Clock } from "../../native/mod.ts";
import { slotOf } from "./histogram.ts";
import { type ClientMemory, Control, Place } from "./memory.ts";
import type { Pacer } from "./pacer.ts";

/** What a client works with. */
export interface ClientParts {
  memory: ClientMemory;
  clock: Clock;
  stream: OperationStream;
  /** Writes the key of a number into {@linkcode ClientParts.key}. */
  writeKey(into: Uint8Array, number: number): void;
  key: Slice;
  /** Values to put, taken in turn, a power of two of them, each as large as the largest. */
  values: readonly Slice[];
  /** Where gets copy values to. */
  into: Slice;
}

/** A read found nothing where the key must be. */
export class LostKeyError extends Error {
  override name = "LostKeyError";
  constructor(key: Slice) {
    super(`Cannot get ${new TextDecoder().decode(key.view())}: the store lost it`);
  }
}

/** The operations of a client, bound to a store that returns when they are done. */
export class SyncOperations {
  readonly #parts: ClientParts;
  readonly #store: StoreClient;
  readonly #mask: number;
  #batch: Batch | undefined;
  #value = 0;

  constructor(store: StoreClient, parts: ClientParts) {
    this.#store = store;
    this.#parts = parts;
    this.#mask = parts.values.length - 1;
  }

  /** Writes the first key of the operation that the stream has drawn last, which is not timed. */
  prepare(): void {
    this.#writeKey(0);
  }

  /** Does the operation that was prepared. */
  do(code: number): void {
    switch (code) {
      case LOAD_CODES.get:
        this.#get();
        return;
      case LOAD_CODES.update:
      case LOAD_CODES.insert:
        this.#put();
        return;
      case LOAD_CODES.delete:
        this.#store.delete(this.#parts.key);
        return;
      case LOAD_CODES.scan:
        this.#scan();
        return;
      case LOAD_CODES.readModifyWrite:
        this.#get();
        this.#put();
        return;
      case LOAD_CODES.multiGet: {
        const { count } = this.#parts.stream;
        for (let i = 0; i < count; i++) {
          if (i > 0) this.#writeKey(i);
          this.#get();
        }
        return;
      }
      default:
        this.#write();
    }
  }

  /** Gives back what it holds. */
  close(): void {
    this.#batch?.close();
  }

  #writeKey(i: number): void {
    const parts = this.#parts;
    parts.writeKey(parts.key.bytes, parts.stream.keys[i]!);
  }

  #nextValue(i: number): Slice {
    const { values, stream } = this.#parts;
    const value = values[this.#value++ & this.#mask]!;
    value.length = stream.valueBytes[i]!;
    return value;
  }

  #get(): void {
    const { key, into, stream, memory } = this.#parts;
    const length = this.#store.get(key, into);
    const { numbers } = memory;
    numbers[Place.keysRead]!++;
    if (length >= 0) numbers[Place.bytesRead]! += length;
    else if (stream.mayMiss) numbers[Place.missed]!++;
    else throw new LostKeyError(key);
  }

  #put(): void {
    const { key, memory } = this.#parts;
    const value = this.#nextValue(0);
    this.#store.put(key, value);
    memory.numbers[Place.bytesPut]! += key.length + value.length;
  }

  #scan(): void {
    const { key, stream, memory } = this.#parts;
    const cursor = this.#store.cursor({ from: key });
    let bytes = 0;
    let seen = 0;
    // The last keys have fewer entries behind them.
    while (seen < stream.scanLength && cursor.next()) {
      bytes += cursor.valueLength;
      seen++;
    }
    cursor.close();
    memory.numbers[Place.keysRead]! += seen;
    memory.numbers[Place.bytesRead]! += bytes;
  }

  #write(): void {
    const { key, stream, memory } = this.#parts;
    const batch = this.#batch ??= this.#store.batch();
    batch.clear();
    let bytes = 0;
    const { count } = stream;
    for (let i = 0; i < count; i++) {
      if (i > 0) this.#writeKey(i);
      const value = this.#nextValue(i);
      batch.put(key, value);
      bytes += key.length + value.length;
    }
    this.#store.write(batch);
    memory.numbers[Place.bytesPut]! += bytes;
  }
}

/** Operations one after the other, from the phase's begin to its end. */
export function closedLoop(operations: SyncOperations, parts: ClientParts): void {
  const { memory, clock, stream } = parts;
  const { numbers, control, byOperation } = memory;
  const { service } = memory.times;
  const end = numbers[Place.end]!;
  for (let now = clock.now(); now < end && control[Control.stop] === 0;) {
    const code = stream.next();
    operations.prepare();
    const started = clock.now();
    numbers[Place.operation] = code;
    numbers[Place.started] = started;
    operations.do(code);
    now = clock.now();
    const slot = slotOf(now - started);
    service[slot]!++;
    byOperation[code]![slot]!++;
    numbers[Place.operations]!++;
  }
}

/** How many intended starts are made at a time. */
const TICKS = 1024;

/** Operations as a schedule has them, from the phase's begin to its end. */
export function openLoop(
  operations: SyncOperations,
  parts: ClientParts,
  schedule: Schedule,
  pacer: Pacer,
): void {
  const { memory, clock, stream } = parts;
  const { numbers, control, byOperation } = memory;
  const { service, response, lateness, unhindered } = memory.times;
  const begin = numbers[Place.begin]!;
  const end = numbers[Place.end]!;
  const ticks = new Float64Array(TICKS);
  let tick = TICKS;
  /** When the last operation ended. */
  let ended = begin;
  /** When it would have ended, had the client never been late. */
  let couldEnd = begin;
  let now = clock.now();
  while (now < end && control[Control.stop] === 0) {
    if (tick === TICKS) {
      schedule.fill(ticks);
      tick = 0;
    }
    const intended = begin + ticks[tick++]!;
    if (intended >= end) {
      tick--;
      break;
    }
    const code = stream.next();
    operations.prepare();
    now = clock.now();
    const started = now < intended ? pacer.until(intended, now) : now;
    numbers[Place.operation] = code;
    numbers[Place.started] = started;
    operations.do(code);
    now = clock.now();
    const slot = slotOf(now - started);
    service[slot]!++;
    byOperation[code]![slot]!++;
    response[slotOf(now - intended)]!++;
    lateness[slotOf(started - (intended > ended ? intended : ended))]!++;
    if (ended > intended) numbers[Place.queued]!++;
    couldEnd = (intended > couldEnd ? intended : couldEnd) + now - started;
    unhindered[slotOf(couldEnd - intended)]!++;
    ended = now;
    numbers[Place.operations]!++;
  }
  countUnstarted();

  /** What the schedule still has before the end, which nobody began. */
  function countUnstarted(): void {
    let unstarted = 0;
    for (;;) {
      if (tick === TICKS) {
        schedule.fill(ticks);
        tick = 0;
      }
      if (begin + ticks[tick++]! >= end) break;
      unstarted++;
    }
    numbers[Place.unstarted]! += unstarted;
  }
}
