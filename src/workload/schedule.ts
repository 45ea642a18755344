/** When operations are to begin, where a load does not wait for the store. */
import { derive, Random } from "../stats/mod.ts";
import type { Pace, Schedule } from "./load.ts";

const NS = 1e9;

/** Arrivals that together take exactly their share of time: 512 KiB of gaps. */
const STRETCH = 65_536;

/**
 * The schedule of one client of a group.
 *
 * Constant arrivals of n clients are offset by an n-th of the gap each, and computed from their
 * number, so that no error adds up. Poisson ones have exponential gaps that are scaled so that each
 * 65,536 of them take exactly their time, which is what a Poisson process looks like when it is known
 * how many arrivals there were: the rate is the one that was asked for, and not one that is near it.
 *
 * @param client Place of the client in its group.
 * @param clients Clients of the group.
 * @param seed Of the whole load; only Poisson arrivals depend on it.
 * @throws {RangeError} Where the place is none of the group's.
 */
export function schedule(
  pace: Extract<Pace, { loop: "open" }>,
  client: number,
  clients: number,
  seed: number,
): Schedule {
  if (!(client >= 0 && client < clients)) {
    throw new RangeError(`Cannot schedule client ${client}: the group has ${clients}`);
  }
  const gap = NS * clients / pace.rate;
  return pace.arrivals === "constant"
    ? new ConstantArrivals(gap, gap * client / clients)
    : new PoissonArrivals(gap, new Random(derive(seed, "arrivals", String(client))));
}

class ConstantArrivals implements Schedule {
  readonly #gap: number;
  readonly #offset: number;
  #next = 0;

  constructor(gap: number, offset: number) {
    this.#gap = gap;
    this.#offset = offset;
  }

  fill(into: Float64Array, count = into.length): void {
    for (let i = 0; i < count; i++) into[i] = this.#offset + this.#gap * this.#next++;
  }
}

class PoissonArrivals implements Schedule {
  readonly #random: Random;
  readonly #length: number;
  /** Arrivals of the stretch, from its beginning on. */
  readonly #stretch = new Float64Array(STRETCH);
  #begin = 0;
  #at = STRETCH;

  constructor(gap: number, random: Random) {
    this.#random = random;
    this.#length = gap * STRETCH;
    this.#begin = -this.#length;
  }

  fill(into: Float64Array, count = into.length): void {
    for (let i = 0; i < count; i++) {
      if (this.#at === STRETCH) this.#draw();
      into[i] = this.#begin + this.#stretch[this.#at++]!;
    }
  }

  #draw(): void {
    const stretch = this.#stretch;
    let sum = 0;
    for (let i = 0; i < STRETCH; i++) {
      sum -= Math.log(1 - this.#random.uniform());
      stretch[i] = sum;
    }
    // One gap more, from the last arrival to the end of the stretch.
    sum -= Math.log(1 - this.#random.uniform());
    const scale = this.#length / sum;
    for (let i = 0; i < STRETCH; i++) stretch[i]! *= scale;
    this.#begin += this.#length;
    this.#at = 0;
  }
}
