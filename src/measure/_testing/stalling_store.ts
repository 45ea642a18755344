import { NullStore } from "../../store/null/store.ts";
import { FakeClock } from "./fake_clock.ts";

/** An operation, ns. */
const OPERATION_NS = 10_000;

/**
 * Every put takes 10 µs, by a clock that nothing else moves, but for one that stalls: the first after each
 * beginning of a period.
 */
export class StallingStore extends NullStore {
  readonly clock = new FakeClock();
  stalls = 0;
  readonly #periodNs: number;
  readonly #stallNs: number;

  constructor(periodNs: number, stallNs: number) {
    super();
    this.#periodNs = periodNs;
    this.#stallNs = stallNs;
  }

  override put(): void {
    const due = Math.floor(this.clock.now() / this.#periodNs);
    if (due > this.stalls) {
      this.stalls++;
      this.clock.advance(this.#stallNs);
    }
    this.clock.advance(OPERATION_NS);
  }
}
