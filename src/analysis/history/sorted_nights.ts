/** The last values that were added, kept in order. */
import { biweightLocationSorted, biweightScaleSorted } from "../../stats/mod.ts";

/** Values in ascending order of which any can be taken out again; a change costs O(n), of memory moves. */
export class SortedNights {
  readonly #values: Float64Array;
  #length = 0;

  /** @param most How many there can be at once. */
  constructor(most: number) {
    this.#values = new Float64Array(most);
  }

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Adds a value; there must be room. */
  add(value: number): void {
    const at = this.#countBelow(value);
    this.#values.copyWithin(at + 1, at, this.#length);
    this.#values[at] = value;
    this.#length++;
  }

  /** Takes out a value that was added, bit for bit the same. */
  remove(value: number): void {
    const at = this.#countBelow(value);
    this.#values.copyWithin(at, at + 1, this.#length);
    this.#length--;
  }

  /** Takes out all. */
  clear(): void {
    this.#length = 0;
  }

  /** How many lie in [low, high). */
  countIn(low: number, high: number): number {
    return low < high ? this.#countBelow(high) - this.#countBelow(low) : 0;
  }

  /** Biweight location; there must be a value. */
  location(): number {
    return biweightLocationSorted(this.#values, 0, this.#length);
  }

  /** Biweight scale; there must be a value. */
  scale(): number {
    return biweightScaleSorted(this.#values, 0, this.#length);
  }

  #countBelow(value: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#values[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
