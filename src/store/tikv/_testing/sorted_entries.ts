import { compareBytes } from "../../bytes.ts";

/** Keys and values in order, in memory. */
export class SortedEntries {
  readonly #keys: Uint8Array[] = [];
  readonly #values: Uint8Array[] = [];

  /** The keys, in order. */
  get keys(): readonly Uint8Array[] {
    return this.#keys;
  }

  /** A key's value; `undefined` where it is absent. */
  get(key: Uint8Array): Uint8Array | undefined {
    const at = this.#from(key);
    return this.#isAt(at, key) ? this.#values[at] : undefined;
  }

  /** Sets a key; both are copied. */
  put(key: Uint8Array, value: Uint8Array): void {
    const at = this.#from(key);
    if (this.#isAt(at, key)) this.#values[at] = value.slice();
    else {
      this.#keys.splice(at, 0, key.slice());
      this.#values.splice(at, 0, value.slice());
    }
  }

  /** Removes a key. */
  delete(key: Uint8Array): void {
    const at = this.#from(key);
    if (!this.#isAt(at, key)) return;
    this.#keys.splice(at, 1);
    this.#values.splice(at, 1);
  }

  /** Removes all keys from one on to an end, which is none where it is empty. */
  deleteRange(from: Uint8Array, to: Uint8Array): void {
    const [first, end] = this.#bounds(from, to);
    this.#keys.splice(first, end - first);
    this.#values.splice(first, end - first);
  }

  /** So many entries of a range at most, from its first or from its last on. */
  range(
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
    reverse: boolean,
  ): [Uint8Array, Uint8Array][] {
    const [first, end] = this.#bounds(from, to);
    const [start, past] = reverse ? [Math.max(first, end - limit), end] : [
      first,
      Math.min(end, first + limit),
    ];
    const entries = this.#keys.slice(start, past)
      .map((key, i): [Uint8Array, Uint8Array] => [key, this.#values[start + i]!]);
    return reverse ? entries.reverse() : entries;
  }

  #bounds(from: Uint8Array, to: Uint8Array): [number, number] {
    const first = this.#from(from);
    return [first, Math.max(first, to.length === 0 ? this.#keys.length : this.#from(to))];
  }

  #isAt(at: number, key: Uint8Array): boolean {
    return at < this.#keys.length && compareBytes(this.#keys[at]!, key) === 0;
  }

  /** The first one that is not before a key. */
  #from(key: Uint8Array): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareBytes(this.#keys[middle]!, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
