/**
 * As much of Protocol Buffers as the messages of the servers' hot paths need: they are few, and a
 * general library would take its time in every operation that is measured.
 */

/** How a field lies in a message. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Writes messages into a buffer that grows. */
export class ProtoWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** What was written; good until more is. */
  get view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  /** Writes a number; 0 is what an absent field means. @param value A whole number or an id. */
  number(field: number, value: number | bigint): this {
    if (value === 0 || value === 0n) return this;
    this.#room(20);
    this.#varint(field * 8 + WIRE.varint);
    if (typeof value === "number") this.#varint(value);
    else this.#wide(value);
    return this;
  }

  /** Writes true; false is what an absent field means. */
  flag(field: number, value: boolean): this {
    return value ? this.number(field, 1) : this;
  }

  /** Writes bytes, a length of them. No bytes are written as such: a field of a choice counts. */
  bytes(field: number, value: Uint8Array, length: number = value.length): this {
    this.#room(20 + length);
    this.#varint(field * 8 + WIRE.bytes);
    this.#varint(length);
    const whole = length === value.length;
    this.#bytes.set(whole ? value : value.subarray(0, length), this.#length);
    this.#length += length;
    return this;
  }

  /** Writes a text in UTF-8. */
  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Writes numbers one after the other, packed. */
  varints(field: number, values: readonly number[]): this {
    const packed = new ProtoWriter();
    packed.#room(10 * values.length);
    for (const value of values) packed.#varint(value);
    return this.bytes(field, packed.view);
  }

  /** Writes a message in this one. */
  message(field: number, message: ProtoWriter): this {
    return this.bytes(field, message.view);
  }

  /** Writes fields that are a message's already. */
  append(fields: Uint8Array): this {
    this.#room(fields.length);
    this.#bytes.set(fields, this.#length);
    this.#length += fields.length;
    return this;
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + bytes));
    grown.set(this.view);
    this.#bytes = grown;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#length++] = rest % 128 | 128;
    }
    this.#bytes[this.#length++] = rest;
  }

  #wide(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 128n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 127n) | 128;
    this.#bytes[this.#length++] = Number(rest);
  }
}

/**
 * Goes through a message's fields: {@linkcode ProtoReader.next} goes to one, and the field is then
 * read or skipped.
 *
 * @throws {RangeError} By every method, where the message is none.
 */
export class ProtoReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;
  #wire = 0;

  constructor(bytes: Uint8Array, from = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** Goes to the next field. @returns Its number; 0 past the last one. */
  next(): number {
    if (this.#at >= this.#end) return 0;
    const tag = this.#varint();
    this.#wire = tag % 8;
    return Math.floor(tag / 8);
  }

  /** The field as a number; what is larger than 2^53 loses its last bits. */
  number(): number {
    this.#require(WIRE.varint);
    return this.#varint();
  }

  /** The field as an id of 64 bits. */
  id(): bigint {
    this.#require(WIRE.varint);
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    return wrong();
  }

  /** The field's bytes, not copied. */
  bytes(): Uint8Array {
    const from = this.#length();
    return this.#bytes.subarray(from, this.#at);
  }

  /** Adds the field's numbers: packed, or one that stands by itself. */
  varints(into: number[]): void {
    if (this.#wire === WIRE.varint) {
      into.push(this.#varint());
      return;
    }
    const from = this.#length();
    const packed = new ProtoReader(this.#bytes, from, this.#at);
    while (packed.#at < packed.#end) into.push(packed.#varint());
  }

  /** The field as text. */
  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  /** The field as a message. */
  message(): ProtoReader {
    const from = this.#length();
    return new ProtoReader(this.#bytes, from, this.#at);
  }

  /** Goes past the field. */
  skip(): void {
    if (this.#wire === WIRE.varint) this.#varint();
    else if (this.#wire === WIRE.bytes) this.#length();
    else if (this.#wire === WIRE.fixed64) this.#forward(8);
    else if (this.#wire === WIRE.fixed32) this.#forward(4);
    else wrong();
  }

  /** Goes past a field of bytes. @returns Where they begin. */
  #length(): number {
    this.#require(WIRE.bytes);
    const length = this.#varint();
    const from = this.#at;
    this.#forward(length);
    return from;
  }

  #forward(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#end) wrong();
  }

  #require(wire: number): void {
    if (this.#wire !== wire) wrong();
  }

  #varint(): number {
    let value = 0;
    for (let unit = 1; unit < 2 ** 70; unit *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
    return wrong();
  }

  #byte(): number {
    if (this.#at >= this.#end) wrong();
    return this.#bytes[this.#at++]!;
  }
}

function wrong(): never {
  throw new RangeError("Cannot read a message: it is not of Protocol Buffers");
}
