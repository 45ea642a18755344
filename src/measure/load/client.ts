/**
 * The loop of one client: draws an operation, waits for its moment where there is a schedule, does it,
 * and counts its times into memory that another thread reads. It allocates nothing, but for the
 * cursors of scans and the promises of asynchronous stores.
 */
import { type Batch, type SeveralFound, Slice, type StoreClient } from "../../store/mod.ts";
import { LOAD_CODES, type OperationStream, type Schedule } from "../../workload/mod.ts";
import type { Clock } from "../../native/mod.ts";
import { slotOf } from "./histogram.ts";
import { type ClientMemory, Control, Place } from "./memory.ts";
import type { Pacer } from "./pacer.ts";
import type { SlowNotes } from "./slow.ts";

/** Places of the client's numbers that its loops count in, as compiled code knows them. */
const OPERATIONS = Place.operations;
const BYTES_PUT = Place.bytesPut;
const BYTES_READ = Place.bytesRead;
const KEYS_READ = Place.keysRead;
const STARTED = Place.started;
const OPERATION = Place.operation;
const FLOOR = Place.floor;
const STOP = Control.stop;

/** What a client works with. */
export interface ClientParts {
  memory: ClientMemory;
  clock: Clock;
  /** Where its slow operations are written down. */
  slow: SlowNotes;
  stream: OperationStream;
  /** Writes the key of a number into one of {@linkcode ClientParts.keys}. */
  writeKey(into: Uint8Array, number: number): void;
  /** One for each operation that is drawn ahead. */
  keys: readonly Slice[];
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

/** What keys that are got together are written to, and their values. */
interface Several {
  keys: Slice[];
  into: Slice;
  found: SeveralFound;
}

/** As many as the client's operations have keys at most. */
function severalOf({ stream, keys: [key], into }: ClientParts): Several {
  const { length } = stream.keys;
  return {
    keys: Array.from({ length }, () => new Slice(key!.bytes.length)),
    into: new Slice(length * into.bytes.length),
    found: { offsets: new Float64Array(length), lengths: new Float64Array(length) },
  };
}

/**
 * The operations of a client, bound to a store that returns when they are done. Several are drawn ahead,
 * as many as there are keys for: between two operations there is nothing then but counting, and what draws
 * stays in the processor's caches while it does. {@linkcode SyncOperations.prepare} draws them, which is
 * not timed; {@linkcode SyncOperations.do} does them one by one.
 */
export class SyncOperations {
  /** Codes of the drawn operations. */
  readonly codes: Int32Array;
  readonly #parts: ClientParts;
  readonly #store: StoreClient;
  readonly #mask: number;
  readonly #valueBytes: Float64Array;
  readonly #scanLengths: Float64Array;
  #batch: Batch | undefined;
  #several: Several | undefined;
  #value = 0;

  constructor(store: StoreClient, parts: ClientParts) {
    this.#store = store;
    this.#parts = parts;
    this.#mask = parts.values.length - 1;
    const { length } = parts.keys;
    this.codes = new Int32Array(length);
    this.#valueBytes = new Float64Array(length);
    this.#scanLengths = new Float64Array(length);
  }

  /** Draws the next operations and writes their first keys. @param count At most as many as keys. */
  prepare(count: number): void {
    const { stream, keys } = this.#parts;
    for (let i = 0; i < count; i++) {
      this.codes[i] = stream.next();
      this.#parts.writeKey(keys[i]!.bytes, stream.keys[0]!);
      this.#valueBytes[i] = stream.valueBytes[0]!;
      this.#scanLengths[i] = stream.scanLength;
    }
  }

  /** Does one of the operations that were prepared last. @param i Its place among them. */
  do(i: number): void {
    switch (this.codes[i]) {
      case LOAD_CODES.get:
        this.#get(i);
        return;
      case LOAD_CODES.update:
      case LOAD_CODES.insert:
        this.#put(i);
        return;
      case LOAD_CODES.delete:
        this.#store.delete(this.#parts.keys[i]!);
        return;
      case LOAD_CODES.scan:
        this.#scan(i);
        return;
      case LOAD_CODES.readModifyWrite:
        this.#get(i);
        this.#put(i);
        return;
      case LOAD_CODES.multiGet:
        if (this.#store.multiGet === undefined) this.#getEach();
        else this.#getTogether();
        return;
      default:
        this.#write();
    }
  }

  /** Gives back what it holds. */
  close(): void {
    this.#batch?.close();
  }

  /** Writes a further key of an operation of several, of which none is drawn ahead. */
  #writeKey(key: number): void {
    const { writeKey, keys, stream } = this.#parts;
    writeKey(keys[0]!.bytes, stream.keys[key]!);
  }

  #nextValue(bytes: number): Slice {
    const value = this.#parts.values[this.#value++ & this.#mask]!;
    value.length = bytes;
    return value;
  }

  /** One after the other: the store has no call for several. */
  #getEach(): void {
    const { count } = this.#parts.stream;
    for (let key = 0; key < count; key++) {
      if (key > 0) this.#writeKey(key);
      this.#get(0);
    }
  }

  #getTogether(): void {
    const { stream, writeKey } = this.#parts;
    const { count } = stream;
    const several = this.#several ??= severalOf(this.#parts);
    const { keys, into, found } = several;
    for (let i = 0; i < count; i++) writeKey(keys[i]!.bytes, stream.keys[i]!);
    this.#store.multiGet!(keys, count, into, found);
    for (let i = 0; i < count; i++) this.#countRead(found.lengths[i]!, keys[i]!);
  }

  #get(i: number): void {
    const { keys, into } = this.#parts;
    this.#countRead(this.#store.get(keys[i]!, into), keys[i]!);
  }

  /** @param length Of the value, −1 where there is none. */
  #countRead(length: number, key: Slice): void {
    const { stream, memory: { numbers } } = this.#parts;
    numbers[KEYS_READ]!++;
    if (length >= 0) numbers[BYTES_READ]! += length;
    else if (stream.mayMiss) numbers[Place.missed]!++;
    else throw new LostKeyError(key);
  }

  #put(i: number): void {
    const { keys, memory } = this.#parts;
    const key = keys[i]!;
    const value = this.#nextValue(this.#valueBytes[i]!);
    this.#store.put(key, value);
    memory.numbers[BYTES_PUT]! += key.length + value.length;
  }

  #scan(i: number): void {
    const { keys, memory } = this.#parts;
    const cursor = this.#store.cursor({ from: keys[i]! });
    const most = this.#scanLengths[i]!;
    let bytes = 0;
    let seen = 0;
    // The last keys have fewer entries behind them.
    while (seen < most && cursor.next()) {
      bytes += cursor.valueLength;
      seen++;
    }
    cursor.close();
    memory.numbers[KEYS_READ]! += seen;
    memory.numbers[BYTES_READ]! += bytes;
  }

  #write(): void {
    const { keys: [key], stream, memory } = this.#parts;
    const batch = this.#batch ??= this.#store.batch();
    batch.clear();
    let bytes = 0;
    const { count } = stream;
    for (let i = 0; i < count; i++) {
      if (i > 0) this.#writeKey(i);
      const value = this.#nextValue(stream.valueBytes[i]!);
      batch.put(key!, value);
      bytes += key!.length + value.length;
    }
    this.#store.write(batch);
    memory.numbers[BYTES_PUT]! += bytes;
  }
}

/** After so long the thread is read again, ns, though not all of what was drawn ahead is done. */
export const RENEWED_AFTER_NS = 1e6;

/**
 * Operations one after the other, from the phase's begin to its end. Of several that were drawn ahead,
 * what was not begun by then is left.
 */
export function closedLoop(operations: SyncOperations, parts: ClientParts): void {
  const { memory, clock, keys, slow } = parts;
  const { numbers, control, byOperation } = memory;
  const { codes } = operations;
  const end = numbers[Place.end]!;
  let i = keys.length;
  for (let now = clock.now(); now < end && control[STOP] === 0;) {
    if (i === keys.length) {
      operations.prepare(keys.length);
      i = 0;
    }
    slow.renew(now);
    // The end of an operation is the begin of the next one: there is one reading of the clock for each.
    now = clock.now();
    // What is drawn alone is done, though the phase may be over by now: the next draw takes an insert for
    // one that was.
    const until = keys.length === 1 ? Infinity : Math.min(end, now + RENEWED_AFTER_NS);
    for (; i < keys.length && now < until && control[STOP] === 0; i++) {
      const started = now;
      const code = codes[i]!;
      numbers[OPERATION] = code;
      numbers[STARTED] = started;
      operations.do(i);
      now = clock.now();
      byOperation[code]![slotOf(now - started)]!++;
      numbers[OPERATIONS]!++;
      if (now - started > numbers[FLOOR]!) {
        slow.note(started, now, code);
        now = clock.now();
      }
    }
  }
}

/** How long before an operation is to begin the run queue is read, ns: some ten times what that takes. */
const RENEWED_BEFORE_NS = 20_000;

/** How many intended starts are made at a time. */
const TICKS = 1024;

/** Operations as a schedule has them, from the phase's begin to its end. */
export function openLoop(
  operations: SyncOperations,
  parts: ClientParts,
  schedule: Schedule,
  pacer: Pick<Pacer, "until">,
): void {
  const { memory, clock, slow } = parts;
  const { numbers, control, byOperation } = memory;
  const { response, lateness, unhindered, taken } = memory.times;
  const begin = numbers[Place.begin]!;
  const end = numbers[Place.end]!;
  const ticks = new Float64Array(TICKS);
  let tick = TICKS;
  /** When the last operation ended. */
  let ended = begin;
  /** When it would have ended, had the client never been late. */
  let couldEnd = begin;
  let now = clock.now();
  while (now < end && control[STOP] === 0) {
    if (tick === TICKS) {
      schedule.fill(ticks);
      tick = 0;
    }
    const intended = begin + ticks[tick++]!;
    if (intended >= end) {
      tick--;
      break;
    }
    operations.prepare(1);
    const code = operations.codes[0]!;
    now = clock.now();
    // Awake by then: what it waits for when it is woken is no part of the operation.
    if (intended - now > RENEWED_BEFORE_NS && slow.isOld(now)) {
      now = pacer.until(intended - RENEWED_BEFORE_NS, now);
      slow.renew(now);
    }
    const started = now < intended ? pacer.until(intended, now) : now;
    numbers[OPERATION] = code;
    numbers[STARTED] = started;
    operations.do(0);
    now = clock.now();
    byOperation[code]![slotOf(now - started)]!++;
    response[slotOf(now - intended)]!++;
    const could = intended > ended ? intended : ended;
    lateness[slotOf(started - could)]!++;
    taken[slotOf(now - could)]!++;
    if (ended > intended) numbers[Place.queued]!++;
    couldEnd = (intended > couldEnd ? intended : couldEnd) + now - started;
    unhindered[slotOf(couldEnd - intended)]!++;
    ended = now;
    numbers[OPERATIONS]!++;
    if (now - could > numbers[FLOOR]!) slow.note(started, now, code, started - could);
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
