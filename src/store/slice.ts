/** Lengths below this have their bigint made in advance, so that a hot loop allocates none. */
const CACHED_LENGTHS = 64 * 1024;

const bigints: bigint[] = [];

/**
 * A length as the bigint that a `u64` parameter takes by the fast path (a number takes the slow one).
 *
 * @param length Bytes, a non-negative integer.
 * @returns The same length; below 64 KiB always the same bigint object, so that nothing is allocated.
 */
export function lengthAsBigInt(length: number): bigint {
  const cached = bigints[length];
  if (cached !== undefined) return cached;
  const made = BigInt(length);
  if (length < CACHED_LENGTHS) {
    // Filled densely, since a sparse array would become a dictionary and be slow to read.
    for (let i = bigints.length; i <= length; i++) bigints.push(BigInt(i));
  }
  return made;
}

/**
 * Bytes at an address that does not move: what RocksDB calls a slice. Keys and values enter and
 * leave a store in slices that are made once, outside the loop, and filled again and again.
 *
 * `bytes` is the whole capacity; `length` says how many of them count.
 */
export class Slice {
  /** The whole buffer; its length is the capacity. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  #length: number;
  #size: bigint;
  #address: bigint | undefined;

  /** @param capacity Bytes to hold, a non-negative integer; all of them count at first. */
  constructor(capacity: number) {
    // An ArrayBuffer of its own: small typed arrays live on V8's heap and move. An empty one would
    // have no address.
    this.bytes = new Uint8Array(new ArrayBuffer(Math.max(1, capacity)), 0, capacity);
    this.#length = capacity;
    this.#size = lengthAsBigInt(capacity);
  }

  /** A slice that holds a copy of these bytes. */
  static from(bytes: Uint8Array): Slice {
    const slice = new Slice(bytes.length);
    slice.bytes.set(bytes);
    return slice;
  }

  /** A slice that holds this text in UTF-8. */
  static fromText(text: string): Slice {
    return Slice.from(new TextEncoder().encode(text));
  }

  /** How many bytes count. */
  get length(): number {
    return this.#length;
  }

  /**
   * Sets how many bytes count.
   *
   * @throws {RangeError} Where it is no integer from 0 to the capacity: native code would go beyond.
   */
  set length(length: number) {
    if (length === this.#length) return;
    if (!Number.isInteger(length) || length < 0 || length > this.bytes.length) {
      throw new RangeError(`Cannot set a slice to ${length} bytes: it has ${this.bytes.length}`);
    }
    this.#length = length;
    this.#size = lengthAsBigInt(length);
  }

  /** The length as native code takes it. */
  get size(): bigint {
    return this.#size;
  }

  /**
   * The address, for native code. Taken at first use, so that slices work without FFI permission.
   *
   * @throws {RangeError} Where the buffer was transferred: the bytes are somebody else's, or nobody's.
   */
  get address(): bigint {
    // A buffer that was given away has no bytes any more.
    if (this.#length > this.bytes.length) this.#refuseDetached();
    return this.#address ??= Deno.UnsafePointer.value(Deno.UnsafePointer.of(this.bytes));
  }

  #refuseDetached(): never {
    const length = this.#length;
    throw new RangeError(`Cannot use a slice of ${length} bytes: its buffer was transferred`);
  }

  /** The bytes that count, without copying them. */
  view(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.#length);
  }

  /** Makes these bytes the content. */
  fill(bytes: Uint8Array): void {
    this.length = bytes.length;
    this.bytes.set(bytes);
  }
}
