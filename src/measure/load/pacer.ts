/** Waiting for a moment, exactly: asleep until shortly before it, and awake for the rest. */
import { type Clock, openLibc } from "../../native/mod.ts";

/** `prctl`'s number for how much later than asked a thread may be woken (linux/prctl.h). */
const PR_SET_TIMERSLACK = 29;

/** For how long before the moment the thread is awake, ns: twice what waking up takes at its worst. */
const SPIN_NS = 120_000;

/** Asks the kernel to wake this thread as exactly as it can, where it can. */
export function wakeExactly(): void {
  if (Deno.build.os !== "linux") return;
  const libc = openLibc({ prctl: { parameters: ["i32", "u64"], result: "i32" } });
  libc.symbols.prctl(PR_SET_TIMERSLACK, 1n);
}

/** Waits, of one thread. */
export class Pacer {
  readonly #clock: Clock;
  readonly #never = new Int32Array(new SharedArrayBuffer(4));

  /** From here on this thread is woken as exactly as can be. */
  constructor(clock: Clock) {
    this.#clock = clock;
    wakeExactly();
  }

  /**
   * Waits until a moment of the clock.
   *
   * @param now The clock's time.
   * @returns The clock's time after it, at least the moment.
   */
  until(moment: number, now: number): number {
    // A sleep may end early, by itself or not.
    while (moment - now > SPIN_NS) {
      Atomics.wait(this.#never, 0, 0, (moment - now - SPIN_NS) / 1e6);
      now = this.#clock.now();
    }
    while (now < moment) now = this.#clock.now();
    return now;
  }
}
