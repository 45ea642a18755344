/** Later than this by the clock, a timer was not late by itself: the process was stopped, ms. */
const STOPPED_MS = 2000;

/**
 * Watches for a time in which nothing is heard. It wakes the process seldom: something that is heard
 * moves no timer. Time in which this process was stopped, as by Ctrl-Z, is nobody's silence.
 */
export class Silence implements Disposable {
  readonly #ms: number;
  readonly #tell: () => void;
  #heard: number;
  #due = 0;
  #resting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param ms How long nothing may be heard; `Infinity`: for ever.
   * @param tell Called once, when it was silent for so long.
   */
  constructor(ms: number, tell: () => void) {
    this.#ms = ms;
    this.#tell = tell;
    this.#heard = performance.now();
    if (Number.isFinite(ms)) this.#wait(ms);
  }

  /** Something was heard. */
  heard(): void {
    this.#heard = performance.now();
    this.#resting = false;
  }

  /** Nothing is to be heard until something was heard again. */
  rest(): void {
    this.#resting = true;
  }

  /** Watches no longer. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    // A timer holds 31 bits of milliseconds.
    const wait = Math.min(ms, 2 ** 31 - 1);
    this.#due = performance.now() + wait;
    this.#timer = setTimeout(() => this.#look(), wait);
  }

  #look(): void {
    const now = performance.now();
    if (this.#resting || now - this.#due > STOPPED_MS) this.#heard = now;
    const left = this.#heard + this.#ms - now;
    if (left > 0) this.#wait(left);
    else this.#tell();
  }
}
