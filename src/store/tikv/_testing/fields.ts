/** A message's fields, by their numbers, whatever message it is: those of bytes, and numbers. */
export interface Fields {
  bytes: Map<number, Uint8Array[]>;
  numbers: Map<number, bigint>;
}

const VARINT = 0;
const BYTES = 2;

/** Reads them. @throws {RangeError} Where it has others. */
export function readFields(message: Uint8Array): Fields {
  const fields: Fields = { bytes: new Map(), numbers: new Map() };
  const reader = new Varints(message);
  while (!reader.isAtEnd) {
    const tag = Number(reader.next());
    const [field, wire] = [tag >>> 3, tag & 7];
    if (wire === VARINT) fields.numbers.set(field, reader.next());
    else if (wire === BYTES) {
      const value = reader.bytes(Number(reader.next()));
      const values = fields.bytes.get(field);
      if (values === undefined) fields.bytes.set(field, [value]);
      else values.push(value);
    } else throw new RangeError(`field ${field} is of type ${wire}`);
  }
  return fields;
}

/** Numbers that follow each other. */
export function readPacked(bytes: Uint8Array): bigint[] {
  const reader = new Varints(bytes);
  const numbers: bigint[] = [];
  while (!reader.isAtEnd) numbers.push(reader.next());
  return numbers;
}

/** Writes them so. */
export function writePacked(numbers: readonly bigint[]): Uint8Array {
  const bytes: number[] = [];
  for (let number of numbers) {
    for (; number >= 128n; number >>= 7n) bytes.push(Number(number & 127n) | 128);
    bytes.push(Number(number));
  }
  return Uint8Array.from(bytes);
}

class Varints {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): bigint {
    let [low, shift] = [0, 0];
    // Most are small; those that are not go on as larger ones.
    for (; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 127) << shift;
      if (byte < 128) return BigInt(low);
    }
    let value = BigInt(low);
    for (;; shift += 7) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << BigInt(shift);
      if (byte < 128) return value;
    }
  }

  bytes(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError("it is cut off");
    return this.#bytes.subarray(this.#at, this.#at += length);
  }

  #byte(): number {
    if (this.isAtEnd) throw new RangeError("it is cut off");
    return this.#bytes[this.#at++]!;
  }
}
