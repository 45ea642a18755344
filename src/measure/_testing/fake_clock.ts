/** For tests: a clock that goes only as far as it is told. */
import type { Clock } from "../../native/mod.ts";

/** A clock that stands still between {@linkcode FakeClock.advance}s. */
export class FakeClock implements Clock {
  #now = 0;

  now(): number {
    return this.#now;
  }

  /** Lets time pass, ns. */
  advance(ns: number): void {
    this.#now += ns;
  }
}
