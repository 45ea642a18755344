/**
 * A thread beside the clients that only sleeps, and notes how late it was woken: what the machine does to
 * one that asks nothing of it but to be woken in time. jHiccup has the same idea; unlike it, wake-ups that
 * were missed are not made up.
 */
import type { Clock, SystemClock } from "../../native/mod.ts";

/**
 * How long it sleeps at a time, ns. A wake-up takes a processor for some 40 µs on a virtual machine, most
 * of that in the kernel, be it by a futex or by nanosleep: 100 a second are half a percent of one.
 */
export const SLEEP_NS = 10e6;
/** So much later than asked it was held up, ns: a wake-up is some hundredths of that late by itself. */
export const HICCUP_NS = 1e6;

/** Hiccups that are kept before the first is written over. */
const KEPT = 1024;

/** Places of {@linkcode HiccupMemory.numbers}. */
enum Of {
  /** When it is to wake next, ns of the common clock. */
  due,
  /** How often it woke. */
  wakes,
  /** How many hiccups there were. */
  hiccups,
  count,
}

/** The memory of the sleeping thread, which alone writes its numbers. */
export class HiccupMemory {
  /** All of it; what is posted. */
  readonly buffer: SharedArrayBuffer;
  /** Not 0 where it is to stop. */
  readonly stop: Int32Array;
  readonly numbers: Float64Array;
  /** When each hiccup began, and how long it took, ns, in a ring. */
  readonly ring: Float64Array;

  /** @param other The other side's. @default new memory */
  constructor(other?: SharedArrayBuffer) {
    this.buffer = other ?? new SharedArrayBuffer(8 + 8 * Of.count + 16 * KEPT);
    this.stop = new Int32Array(this.buffer, 0, 1);
    this.numbers = new Float64Array(this.buffer, 8, Of.count);
    this.ring = new Float64Array(this.buffer, 8 + 8 * Of.count, 2 * KEPT);
    if (other === undefined) this.numbers[Of.due] = Infinity;
  }
}

/**
 * Sleeps again and again until it is told to stop; allocates nothing.
 *
 * @param sleep Sleeps for some ns, or less where it is to stop.
 */
export function sleepOn(
  { stop, numbers, ring }: HiccupMemory,
  clock: Clock,
  sleep: (ns: number) => void,
): void {
  for (;;) {
    const due = clock.now() + SLEEP_NS;
    numbers[Of.due] = due;
    sleep(SLEEP_NS);
    const late = clock.now() - due;
    if (stop[0] !== 0) break;
    numbers[Of.wakes]!++;
    if (late < HICCUP_NS) continue;
    const at = 2 * (numbers[Of.hiccups]! % KEPT);
    ring[at] = due;
    ring[at + 1] = late;
    numbers[Of.hiccups]!++;
  }
  numbers[Of.due] = Infinity;
}

/** What the sleeping thread of a load saw. Times are ns. */
export interface HiccupsOutcome {
  /** How often it woke. */
  wakes: number;
  /** How often it was a millisecond or more late, and what that came to. */
  late: number;
  lateNs: number;
  /** The longest of them. */
  longestNs: number;
}

/** Follows the memory of a sleeping thread. */
export class Hiccups {
  readonly #memory: HiccupMemory;
  readonly #clock: Clock;
  readonly #stretches: { from: number; to: number }[] = [];
  #taken = 0;
  #begin = -Infinity;
  #end = Infinity;
  /** Wake-ups before it is counted, and up to the last time that something was taken. */
  #first = 0;
  #wakes = 0;
  #late = 0;
  #lateNs = 0;
  #longestNs = 0;

  constructor(memory: HiccupMemory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
  }

  /** Whether it has woken at all: else nothing is known. */
  get known(): boolean {
    return this.#memory.numbers[Of.wakes]! > 0;
  }

  /** It is counted from this moment on, for so long. */
  begin(moment: number, ns = Infinity): void {
    this.take();
    this.#begin = moment;
    this.#end = moment + ns;
    this.#first = this.#wakes = this.#memory.numbers[Of.wakes]!;
    this.#late = this.#lateNs = this.#longestNs = 0;
  }

  /** Takes what the thread has noted since the last time. @returns Whether it was held up since then. */
  take(): boolean {
    const { numbers, ring } = this.#memory;
    const count = numbers[Of.hiccups]!;
    const before = this.#taken;
    for (let i = Math.max(before, count - KEPT / 2); i < count; i++) {
      const at = 2 * (i % KEPT);
      const [from, ns] = [ring[at]!, ring[at + 1]!];
      this.#stretches.push({ from, to: from + ns });
      const counted = Math.min(from + ns, this.#end) - Math.max(from, this.#begin);
      if (counted <= 0) continue;
      this.#late++;
      this.#lateNs += counted;
      this.#longestNs = Math.max(this.#longestNs, counted);
    }
    if (this.#clock.now() <= this.#end || this.#wakes === this.#first) {
      this.#wakes = numbers[Of.wakes]!;
    }
    this.#taken = count;
    return count > before || this.#open() !== undefined;
  }

  /** The hiccup that it has not woken from yet. */
  #open(): { from: number; to: number } | undefined {
    const from = this.#memory.numbers[Of.due]!;
    const to = this.#clock.now();
    return to - from >= HICCUP_NS ? { from, to } : undefined;
  }

  /** For how much of a stretch of time the thread was held up, ns; `null` where that is not known. */
  between(from: number, to: number): number | null {
    if (!this.known) return null;
    const open = this.#open();
    return [...this.#stretches, ...(open === undefined ? [] : [open])].reduce(
      (sum, each) => sum + Math.max(0, Math.min(each.to, to) - Math.max(each.from, from)),
      0,
    );
  }

  /** Forgets what was before a moment; the sums keep it. */
  forget(before: number): void {
    const first = this.#stretches.findIndex(({ to }) => to >= before);
    this.#stretches.splice(0, first < 0 ? this.#stretches.length : first);
  }

  /** All of it that was taken since it is counted; `undefined` where nothing is known. */
  outcome(): HiccupsOutcome | undefined {
    if (!this.known) return undefined;
    return {
      // One that was late last may have been taken after the end.
      wakes: Math.max(this.#wakes - this.#first, this.#late),
      late: this.#late,
      lateNs: this.#lateNs,
      longestNs: this.#longestNs,
    };
  }
}

/** A sleeping thread, and what follows it. */
export interface Sleeper extends Disposable {
  readonly hiccups: Hiccups;
}

/** Starts a thread that only sleeps, until it is disposed of. One that cannot start tells nothing. */
export function startSleeper(clock: SystemClock): Sleeper {
  const memory = new HiccupMemory();
  const worker = new Worker(new URL("./hiccup_worker.ts", import.meta.url), {
    type: "module",
    name: "sleeper",
    // It calls the system's clock, and nothing else.
    deno: {
      permissions: {
        ffi: true,
        read: false,
        write: false,
        net: false,
        env: false,
        run: false,
        sys: false,
      },
    },
  } as WorkerOptions);
  worker.onerror = (event) => event.preventDefault();
  worker.postMessage({ memory: memory.buffer, origin: clock.origin } satisfies SleeperSpec);
  return {
    hiccups: new Hiccups(memory, clock),
    [Symbol.dispose]() {
      Atomics.store(memory.stop, 0, 1);
      Atomics.notify(memory.stop, 0);
      worker.terminate();
    },
  };
}

/** What the sleeping thread is told. */
export interface SleeperSpec {
  memory: SharedArrayBuffer;
  /** The clock's 0, s. */
  origin: number;
}
