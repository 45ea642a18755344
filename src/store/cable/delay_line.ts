/** What frames wait in on their way: so long, in the order in which they came, and some are lost. */

/** A frame on its way. */
export interface Frame {
  bytes: Uint8Array<ArrayBuffer>;
  length: number;
}

/** What a cable does to a frame, each way. */
export interface CableSpec {
  /** How long a frame takes from one machine to another, ms. */
  delayMs: number;
  /** By how much that differs at most, to either side, ms. */
  jitterMs: number;
  /** The share of frames that never arrive. */
  loss: number;
}

/** One way out of a machine. Frames keep their order, as on one cable. */
export class DelayLine {
  readonly #delayNs: number;
  readonly #jitterNs: number;
  readonly #loss: number;
  readonly #random: () => number;
  readonly #waiting: { frame: Frame; due: number }[] = [];
  /** Places at the front that are free again. */
  #first = 0;
  #lastDue = 0;

  /** @param random Draws from [0, 1). */
  constructor({ delayMs, jitterMs, loss }: CableSpec, random: () => number = Math.random) {
    this.#delayNs = delayMs * 1e6;
    this.#jitterNs = jitterMs * 1e6;
    this.#loss = loss;
    this.#random = random;
  }

  /**
   * Takes a frame.
   *
   * @param now The time, ns.
   * @returns False where it is lost.
   */
  push(frame: Frame, now: number): boolean {
    if (this.#loss > 0 && this.#random() < this.#loss) return false;
    const jitter = this.#jitterNs === 0 ? 0 : this.#jitterNs * (2 * this.#random() - 1);
    this.#lastDue = Math.max(this.#lastDue, now + Math.max(0, this.#delayNs + jitter));
    this.#waiting.push({ frame, due: this.#lastDue });
    return true;
  }

  /** When the next one is to arrive, ns; infinite where none is on its way. */
  get due(): number {
    return this.#waiting[this.#first]?.due ?? Infinity;
  }

  /** Takes the next one out. */
  shift(): Frame {
    const { frame } = this.#waiting[this.#first++]!;
    if (this.#first === this.#waiting.length) {
      this.#waiting.length = this.#first = 0;
    } else if (this.#first > 1024) {
      this.#waiting.splice(0, this.#first);
      this.#first = 0;
    }
    return frame;
  }
}
