/**
 * The closed loop of a client in machine code: what JavaScript does between two operations is a few
 * percent of a fast one, and drives what the engine needs out of the processor's caches. Here JavaScript
 * draws the operations, several ahead, and machine code does, times and counts them one by one, in the
 * memory in which `closedLoop` does.
 */
import {
  addressOf,
  type NativeOperation,
  type NativeOperations,
  type StoreClient,
} from "../../store/mod.ts";
import {
  groupOf,
  LOAD_CODES,
  LOAD_OPERATION_NAMES,
  type OperationMix,
} from "../../workload/mod.ts";
import {
  loadMachineCode,
  type NativeClock,
  nativeClock,
  type NativeSequence,
  type SystemClock,
} from "../../native/mod.ts";
import { type ClientParts, LostKeyError, RENEWED_AFTER_NS } from "./client.ts";
import { Control, Place } from "./memory.ts";
import { NATIVE_LOOP_CODE } from "./native_loop_code.ts";
import type { ClientSpec } from "./spec.ts";

/** Places of `struct loop` in `native_loop.c`, of 8 bytes each; inlined, as those that follow. */
const enum Cell {
  /** The next of the drawn operations. */
  at,
  count,
  /** Where the drawn operations, the kinds and the values are. */
  drawn,
  kinds,
  values,
  /** What reads the clock, its number, its 0 in s, and what it was read to. */
  clock,
  id,
  origin,
  seconds,
  nanoseconds,
  /** ns of the clock from which on no operation begins. */
  until,
  /** When the last operation began and ended, ns of the clock. */
  started,
  ended,
  /** Addresses of what the client shares with the one that follows it. */
  stop,
  operation,
  operations,
  bytesPut,
  bytesRead,
  keysRead,
  missed,
  floor,
  /** Whether a read may find nothing. */
  mayMiss,
  one,
  /** Its own address. */
  self,
  cells,
}

/** Places of `struct kind`, of 8 bytes each. */
const enum Kind {
  code,
  self,
  counts,
  operation,
  reads,
  cells,
}

/** Places of `struct drawn`, of 4 bytes each. */
const enum Drawn {
  key,
  keyLength = 2,
  valueLength,
  kind,
  value,
  words,
}

/** What the code returns. */
const enum Status {
  failed,
  done,
  /** The last operation is one to be told. */
  slow,
  lost,
}

/** The operations that it does, and how. */
const KINDS = { get: "get", update: "put" } as const satisfies Partial<
  Record<keyof typeof LOAD_CODES, "get" | "put">
>;

/** Values are told by their place behind the one that gets copy to. */
const INTO = 0;
const FIRST_VALUE = 1;

let code: NativeSequence | undefined;

/** @throws {Error} Where the system refuses the code. */
function systemsOwn(): { clock: NativeClock; run: NativeSequence } {
  return { clock: nativeClock(), run: code ??= loadMachineCode(NATIVE_LOOP_CODE) };
}

/** A client's loop. Made by {@linkcode nativeLoop}. */
export class NativeLoop {
  readonly #parts: ClientParts;
  readonly #operations: NativeOperations;
  readonly #run: NativeSequence;
  readonly #cells = new BigUint64Array(new ArrayBuffer(8 * Cell.cells));
  readonly #words = new Uint32Array(this.#cells.buffer);
  readonly #times = new Float64Array(this.#cells.buffer);
  readonly #drawn: Uint32Array<ArrayBuffer>;
  readonly #kinds: BigUint64Array<ArrayBuffer>;
  readonly #values: BigUint64Array<ArrayBuffer>;
  readonly #mask: number;
  #value = 0;

  /**
   * @param origin The clock's 0, s.
   * @param how What the code reads as its clock, and what runs it. @default as this machine has them
   * @throws {Error} Where the system refuses the code.
   */
  constructor(
    operations: NativeOperations,
    parts: ClientParts,
    origin: number,
    how: { clock: NativeClock; run: NativeSequence } = systemsOwn(),
  ) {
    const { clock, run } = how;
    this.#run = run;
    this.#parts = parts;
    this.#operations = operations;
    const { memory, keys, values, into, stream } = parts;
    this.#mask = values.length - 1;
    this.#values = new BigUint64Array(new ArrayBuffer(8 * (1 + values.length)));
    [into, ...values].forEach(({ address }, i) => this.#values[i] = address);
    this.#kinds = kindsOf(operations, memory.byOperation);
    this.#drawn = new Uint32Array(new ArrayBuffer(4 * Drawn.words * keys.length));
    const addresses = new BigUint64Array(this.#drawn.buffer);
    keys.forEach((key, i) => {
      addresses[(i * Drawn.words + Drawn.key) / 2] = key.address;
      this.#drawn[i * Drawn.words + Drawn.keyLength] = key.length;
    });
    const cells = this.#cells;
    cells[Cell.drawn] = addressOf(this.#drawn);
    cells[Cell.kinds] = addressOf(this.#kinds);
    cells[Cell.values] = addressOf(this.#values);
    cells[Cell.clock] = clock.code;
    cells[Cell.id] = BigInt(clock.id);
    cells[Cell.origin] = BigInt(origin);
    cells[Cell.stop] = addressOf(memory.control.subarray(Control.stop));
    const number = (place: Place) => addressOf(memory.numbers.subarray(place));
    cells[Cell.operation] = number(Place.operation);
    cells[Cell.operations] = number(Place.operations);
    cells[Cell.bytesPut] = number(Place.bytesPut);
    cells[Cell.bytesRead] = number(Place.bytesRead);
    cells[Cell.keysRead] = number(Place.keysRead);
    cells[Cell.missed] = number(Place.missed);
    cells[Cell.floor] = number(Place.floor);
    cells[Cell.mayMiss] = stream.mayMiss ? 1n : 0n;
    this.#times[Cell.one] = 1;
    cells[Cell.self] = addressOf(cells);
  }

  /** Operations one after the other, from the phase's begin to its end, as `closedLoop` does them. */
  run(): void {
    const { memory: { numbers, control }, clock, keys, slow } = this.#parts;
    const cells = this.#cells;
    const words = this.#words;
    const times = this.#times;
    const run = this.#run;
    const end = numbers[Place.end]!;
    const { length } = keys;
    words[2 * Cell.count] = length;
    words[2 * Cell.at] = length;
    for (let now = clock.now(); now < end && control[Control.stop] === 0;) {
      if (words[2 * Cell.at] === length) {
        this.#draw();
        words[2 * Cell.at] = 0;
      }
      slow.renew(now);
      times[Cell.until] = Math.min(end, clock.now() + RENEWED_AFTER_NS);
      const status = run(cells[Cell.self]!);
      now = times[Cell.ended]!;
      if (status === Status.slow) slow.note(times[Cell.started]!, now, numbers[Place.operation]!);
      else if (status !== Status.done) this.#fail(status);
    }
  }

  #draw(): void {
    const { stream, writeKey, keys, into } = this.#parts;
    const drawn = this.#drawn;
    const capacity = into.bytes.length;
    for (let i = 0, at = 0; i < keys.length; i++, at += Drawn.words) {
      const operation = stream.next();
      writeKey(keys[i]!.bytes, stream.keys[0]!);
      drawn[at + Drawn.kind] = operation;
      if (operation === LOAD_CODES.get) {
        drawn[at + Drawn.value] = INTO;
        drawn[at + Drawn.valueLength] = capacity;
      } else {
        drawn[at + Drawn.value] = FIRST_VALUE + (this.#value++ & this.#mask);
        drawn[at + Drawn.valueLength] = stream.valueBytes[0]!;
      }
    }
  }

  #fail(status: Status): never {
    const { keys, memory } = this.#parts;
    const name = LOAD_OPERATION_NAMES[memory.numbers[Place.operation]!]!;
    if (status === Status.failed) this.#operations.check(KINDS[name as keyof typeof KINDS]);
    throw new LostKeyError(keys[this.#words[2 * Cell.at]!]!);
  }
}

/** The kinds of operations, by their codes. */
function kindsOf(
  operations: NativeOperations,
  byOperation: readonly Uint32Array[],
): BigUint64Array<ArrayBuffer> {
  const cells = new BigUint64Array(new ArrayBuffer(8 * Kind.cells * LOAD_OPERATION_NAMES.length));
  const numbers = new Float64Array(cells.buffer);
  for (const [name, does] of Object.entries(KINDS)) {
    const operation = LOAD_CODES[name as keyof typeof KINDS];
    const at = Kind.cells * operation;
    const { code, self }: NativeOperation = operations[does];
    cells[at + Kind.code] = code;
    cells[at + Kind.self] = self;
    cells[at + Kind.counts] = addressOf(byOperation[operation]!);
    numbers[at + Kind.operation] = operation;
    cells[at + Kind.reads] = does === "get" ? 1n : 0n;
  }
  return cells;
}

/** Whether machine code does all operations of a mix, several of which are drawn ahead. */
function isNative(mix: OperationMix, ahead: number): boolean {
  return ahead > 1 &&
    Object.entries(mix).every(([name, share]) => share === 0 || name in KINDS);
}

/**
 * The closed loop of a client in machine code; `undefined` where its operations, the store or this machine
 * have none, and where it has a schedule.
 *
 * @throws {Error} Where the system refuses the code.
 */
export function nativeLoop(
  store: StoreClient,
  { load, number }: Pick<ClientSpec, "load" | "number">,
  parts: ClientParts,
  { origin }: SystemClock,
): NativeLoop | undefined {
  const { keys: [key, ...others], values: [value] } = parts;
  const { group: { mix, pace } } = groupOf(load, number);
  if (pace.loop !== "closed" || !isNative(mix, 1 + others.length)) return undefined;
  const operations = store.machineOperations?.(key!.bytes.length + value!.bytes.length);
  return operations && new NativeLoop(operations, parts, origin);
}
