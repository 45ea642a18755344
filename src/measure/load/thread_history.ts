/**
 * What one thread did, that has many operations under way at a time: readings of it now and then, of which
 * each slow operation takes the last before its begin.
 */
import { type ClientMemory, Place } from "./memory.ts";
import { keepSlow, type OwnThread } from "./slow.ts";

/** How old the last reading may be when an operation begins, ns: one takes some 7 µs. */
const OLDEST_NS = 1e6;

/** Readings that are kept: of a thread that is never idle, the last four seconds. */
const KEPT = 4096;

/** The numbers of a reading, in their order. */
enum Reading {
  at,
  waited,
  ran,
  collections,
  count,
}

/** Writes the slow operations of a thread down, whosever they are of the clients that live in it. */
export class ThreadHistory {
  readonly #memories: readonly ClientMemory[];
  readonly #thread: OwnThread | undefined;
  readonly #blocks: boolean;
  readonly #readings = new Float64Array(Reading.count * KEPT);
  #count = 0;
  #collections = 0;
  #heap = 0;

  /**
   * @param memories Of the clients.
   * @param thread This thread; absent where the kernel does not tell.
   * @param blocks Whether an operation that it has nothing to do for waits for the store's own storage:
   * one that is with a server may wait for anything.
   */
  constructor(memories: readonly ClientMemory[], thread: OwnThread | undefined, blocks: boolean) {
    this.#memories = memories;
    this.#thread = thread;
    this.#blocks = blocks;
  }

  /** Whether the last reading is too old for an operation that begins now. */
  isOld(now: number): boolean {
    return this.#thread !== undefined &&
      (this.#count === 0 || now - this.#of(this.#count - 1, Reading.at) >= OLDEST_NS);
  }

  /** Reads what the thread did until now, where the last reading is old. */
  renew(now: number): void {
    if (this.isOld(now)) this.#read(this.#thread!, now);
  }

  /** Writes an operation down that has just ended. @param late How much later than it could it began. */
  note(memory: ClientMemory, started: number, ended: number, code: number, late = 0): void {
    const slow = {
      started,
      ns: ended - started,
      code,
      waited: -1,
      blocked: -1,
      late,
      collected: false,
    };
    if (this.#thread !== undefined) {
      this.#read(this.#thread, ended);
      const [last, before] = [this.#count - 1, this.#before(started)];
      // Of one that began before what is kept, nothing is known.
      if (before !== undefined) {
        const of = (what: Reading) => this.#of(last, what) - this.#of(before, what);
        slow.waited = of(Reading.waited);
        if (this.#blocks) {
          slow.blocked = Math.max(0, of(Reading.at) - slow.waited - of(Reading.ran));
        }
        slow.collected = of(Reading.collections) > 0;
      }
    }
    keepSlow(memory, slow);
  }

  /** The last reading before a moment; `undefined` where it is kept no more. */
  #before(moment: number): number | undefined {
    for (let i = this.#count - 1; i >= 0 && i > this.#count - KEPT; i--) {
      if (this.#of(i, Reading.at) <= moment) return i;
    }
    return undefined;
  }

  #of(reading: number, what: Reading): number {
    return this.#readings[reading % KEPT * Reading.count + what]!;
  }

  #read({ queue, ran, heap }: OwnThread, now: number): void {
    const bytes = heap();
    if (bytes < this.#heap) this.#collections++;
    this.#heap = bytes;
    const at = this.#count++ % KEPT * Reading.count;
    this.#readings[at + Reading.at] = now;
    this.#readings[at + Reading.waited] = queue.waited();
    this.#readings[at + Reading.ran] = ran.now();
    this.#readings[at + Reading.collections] = this.#collections;
    for (const { numbers } of this.#memories) {
      numbers[Place.waited] = this.#readings[at + Reading.waited]!;
      numbers[Place.collections] = this.#collections;
    }
  }
}
