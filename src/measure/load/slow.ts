/** The slow operations of a client, told one by one by the client itself. */
import { LOAD_OPERATION_NAMES, type LoadOperationName } from "../../workload/mod.ts";
import type { RunQueue } from "../../native/mod.ts";
import { type ClientMemory, Place, Slow, SLOW_KEPT } from "./memory.ts";

/** How old a reading of the run queue may be when an operation begins, ns. */
const OLDEST_NS = 1e6;

/**
 * Writes slow operations down. What the thread waited for a processor is the difference of two readings:
 * one after the operation, and one before it that is hardly older, so that fast operations pay nothing.
 */
export class SlowNotes {
  readonly #memory: ClientMemory;
  readonly #queue: RunQueue | undefined;
  #waited = 0;
  #readAt = -Infinity;

  /** @param queue This thread's; absent where the kernel does not tell. */
  constructor(memory: ClientMemory, queue: RunQueue | undefined) {
    this.#memory = memory;
    this.#queue = queue;
  }

  /** Whether the last reading of the run queue is too old for an operation that begins now. */
  isOld(now: number): boolean {
    return this.#queue !== undefined && now - this.#readAt >= OLDEST_NS;
  }

  /** Reads how long the thread has waited by now, where the last reading is old; between operations. */
  renew(now: number): void {
    if (this.#queue === undefined || !this.isOld(now)) return;
    this.#readAt = now;
    this.#waited = this.#queue.waited();
  }

  /** Writes an operation down that has just ended. */
  note(started: number, ended: number, code: number): void {
    const { numbers, slow } = this.#memory;
    let waited = -1;
    if (this.#queue !== undefined) {
      const now = this.#queue.waited();
      waited = now - this.#waited;
      this.#waited = now;
      this.#readAt = ended;
    }
    const at = numbers[Place.slow]! % SLOW_KEPT * Slow.count;
    slow[at + Slow.started] = started;
    slow[at + Slow.ns] = ended - started;
    slow[at + Slow.code] = code;
    slow[at + Slow.waited] = waited;
    numbers[Place.slow]!++;
  }
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
    return {
      client,
      operation: LOAD_OPERATION_NAMES[slow[at + Slow.code]!]!,
      started: slow[at + Slow.started]!,
      ns: slow[at + Slow.ns]!,
      waited: waited < 0 ? null : waited,
    };
  });
}
