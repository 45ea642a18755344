/** How long the rounds of a duet may take: where batches are far longer than planned, fewer are played. */
import { median } from "../stats/mod.ts";

/** Rounds that are played however long they take; more of them only in reasonable time. */
export const LEAST_ROUNDS = 5;
/** How many times the planned time rounds may take before no more of them are played. */
const MOST_OVERTIME = 4;
/** How many times as long as that they may take where the machine held up some of them. */
const MOST_HELD_UP = 3;
/** Time that every duet has, ms. */
export const LEAST_LIMIT_MS = 1000;

/** The rounds of a duet, as they take their time. */
export class RoundLimit {
  readonly #limitNs: number;
  readonly #workNs: number[] = [];
  #wholeNs = 0;

  /** @param plannedMs What all rounds are to take. */
  constructor(plannedMs: number) {
    this.#limitNs = 1e6 * Math.max(LEAST_LIMIT_MS, MOST_OVERTIME * plannedMs);
  }

  /**
   * A round has been played.
   *
   * @param workNs What it took of work: what the machine keeps the turns apart for is not the batches' fault.
   */
  played(workNs: number): void {
    this.#workNs.push(workNs);
    this.#wholeNs += workNs;
  }

  /**
   * Whether no more rounds are to be played. What counts is the middle one of them, as often as there were
   * rounds: those that the machine held up tell nothing of the batches, as long as there is an end to it.
   */
  isReached(): boolean {
    const { length } = this.#workNs;
    if (length < LEAST_ROUNDS) return false;
    return length * median(this.#workNs) > this.#limitNs ||
      this.#wholeNs > MOST_HELD_UP * this.#limitNs;
  }
}
