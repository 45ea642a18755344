/** The slow operations of a client, told one by one by the client itself. */
import { LOAD_OPERATION_NAMES, type LoadOperationName } from "../../workload/mod.ts";
import type { Clock, RunQueue } from "../../native/mod.ts";
import { type ClientMemory, Place, Slow, SLOW_KEPT } from "./memory.ts";

/** How old a reading of the run queue may be when an operation begins, ns. */
const OLDEST_NS = 1e6;

/** How old a reading of the heap may be, ns, where nothing but readings allocates, as they do. */
const OLDEST_HEAP_NS = 10e6;

/**
 * From how many bytes on, since the reading before, a client allocates itself, as one does that scans.
 * Its heap is read as often as its thread then: what it has allocated since the last reading hides that
 * a collection made the heap smaller.
 */
const ALLOCATES_BYTES = 4096;

/** What tells of a client's own thread. */
export interface OwnThread {
  /** What it waited for a processor. */
  queue: RunQueue;
  /** The processor time that it had. */
  ran: Clock;
  /** Bytes that its isolate has in use. */
  heap(): number;
}

/** The numbers of a reading, in their order. */
const enum Last {
  at,
  waited,
  ran,
  heapAt,
  heap,
  count,
}

/**
 * Writes slow operations down. What the thread did meanwhile is the difference of two readings: one after
 * the operation, and one before it that is hardly older, so that fast operations pay nothing.
 */
export class SlowNotes {
  readonly #memory: ClientMemory;
  readonly #thread: OwnThread | undefined;
  /**
   * The last reading. Numbers that outgrow V8's small integers in fields of their own would have it
   * compile anew what uses them.
   */
  readonly #last = new Float64Array(Last.count);
  #allocates = false;

  /** @param thread This thread; absent where the kernel does not tell. */
  constructor(memory: ClientMemory, thread: OwnThread | undefined) {
    this.#memory = memory;
    this.#thread = thread;
    this.#last[Last.at] = this.#last[Last.heapAt] = -Infinity;
  }

  /** Whether the last reading of the thread is too old for an operation that begins now. */
  isOld(now: number): boolean {
    return this.#thread !== undefined && now - this.#last[Last.at]! >= OLDEST_NS;
  }

  /** Reads what the thread did until now, where the last reading is old; between operations. */
  renew(now: number): void {
    if (this.#thread === undefined || !this.isOld(now)) return;
    this.#read(this.#thread, now);
    if (this.#allocates || now - this.#last[Last.heapAt]! >= OLDEST_HEAP_NS) {
      this.#readHeap(this.#thread, now);
    }
  }

  /** Writes an operation down that has just ended. @param late How much later than it could it began. */
  note(started: number, ended: number, code: number, late = 0): void {
    let [waited, blocked] = [-1, -1];
    let collected = false;
    if (this.#thread !== undefined) {
      const last = this.#last;
      const [before, ran, readAt] = [last[Last.waited]!, last[Last.ran]!, last[Last.at]!];
      this.#read(this.#thread, ended);
      waited = last[Last.waited]! - before;
      blocked = Math.max(0, ended - readAt - waited - (last[Last.ran]! - ran));
      collected = this.#readHeap(this.#thread, ended);
    }
    keepSlow(this.#memory, {
      started,
      ns: ended - started,
      code,
      waited,
      blocked,
      late,
      collected,
    });
  }

  #read({ queue, ran }: OwnThread, now: number): void {
    const last = this.#last;
    last[Last.at] = now;
    this.#memory.numbers[Place.waited] = last[Last.waited] = queue.waited();
    last[Last.ran] = ran.now();
  }

  /** @returns Whether there was a collection since the last reading. */
  #readHeap({ heap }: OwnThread, now: number): boolean {
    const last = this.#last;
    const before = last[Last.heap]!;
    const bytes = last[Last.heap] = heap();
    last[Last.heapAt] = now;
    const collected = bytes < before;
    this.#allocates = collected || bytes - before >= ALLOCATES_BYTES;
    if (collected) this.#memory.numbers[Place.collections]!++;
    return collected;
  }
}

/** Keeps a slow operation for the other side; of what is not known, numbers below 0. */
export function keepSlow(
  { numbers, slow }: ClientMemory,
  { started, ns, code, waited, blocked, late, collected }: {
    started: number;
    ns: number;
    code: number;
    waited: number;
    blocked: number;
    late: number;
    collected: boolean;
  },
): void {
  const at = numbers[Place.slow]! % SLOW_KEPT * Slow.count;
  slow[at + Slow.started] = started;
  slow[at + Slow.ns] = ns;
  slow[at + Slow.code] = code;
  slow[at + Slow.waited] = waited;
  slow[at + Slow.blocked] = blocked;
  slow[at + Slow.late] = late;
  slow[at + Slow.collected] = collected ? 1 : 0;
  numbers[Place.slow]!++;
}

/** A slow operation as the other side reads it. */
export interface SlowOperation {
  /** The client's place among all. */
  client: number;
  operation: LoadOperationName;
  /** When it began, ns of the common clock. */
  started: number;
  ns: number;
  /** What its thread waited for a processor meanwhile, ns; `null` where that is not known. */
  waited: number | null;
  /** What it had its thread wait for, other than a processor, ns; likewise. */
  blocked: number | null;
  /** How much later than it could its client began it, ns. */
  late: number;
  /** Whether V8 collected in the client's isolate meanwhile. */
  collected: boolean;
}

/**
 * The operations that a client has written down.
 *
 * @param from How many of them are known already. Of more than are kept since, the last are told.
 */
export function slowSince(client: number, memory: ClientMemory, from: number): SlowOperation[] {
  const { numbers, slow } = memory;
  const count = numbers[Place.slow]!;
  // The client may be writing over the oldest.
  const first = Math.max(from, count - SLOW_KEPT / 2);
  return Array.from({ length: count - first }, (_, i) => {
    const at = (first + i) % SLOW_KEPT * Slow.count;
    const waited = slow[at + Slow.waited]!;
    const blocked = slow[at + Slow.blocked]!;
    return {
      client,
      operation: LOAD_OPERATION_NAMES[slow[at + Slow.code]!]!,
      started: slow[at + Slow.started]!,
      ns: slow[at + Slow.ns]!,
      waited: waited < 0 ? null : waited,
      blocked: blocked < 0 ? null : blocked,
      late: slow[at + Slow.late]!,
      collected: slow[at + Slow.collected] !== 0,
    };
  });
}
