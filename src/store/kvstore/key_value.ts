/**
 * etcd's record of a revision, in protobuf: KeyValue {1 key, 2 create_revision, 3 mod_revision,
 * 4 version, 5 value, 6 lease}. Fields are written in this order and left out where they are zero
 * or empty, as etcd's generated code does, so that both write the same bytes.
 *
 * Written by hand, straight into and out of slices: a put and a get allocate nothing here.
 */
import { Slice } from "../slice.ts";
import { ViewCache } from "./view_cache.ts";

const TAG_KEY = 0x0a;
const TAG_CREATE = 0x10;
const TAG_MOD = 0x18;
const TAG_VERSION = 0x20;
const TAG_VALUE = 0x2a;
const TAG_LEASE = 0x30;

/** Bytes that a record needs at most besides its key and its value. */
const OVERHEAD = 6 * (1 + 10);

/** Below this a loop copies faster than a call of the runtime that first has to make a view. */
const SHORT = 48;

/** A key with what a store knows of it at a revision. Fields are named as etcd names them. */
export interface KeyValue {
  readonly key: Uint8Array;
  /** The main revision that created the key. */
  readonly createRevision: number;
  /** The main revision that wrote this value. */
  readonly modRevision: number;
  /** How many times the key was put since it was created. */
  readonly version: number;
  readonly value: Uint8Array;
  /** The lease that the key is attached to; 0 is none. */
  readonly lease: bigint;
}

/** Writes an integer from 0 to 2^53 − 1; returns the position after it. */
function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  while (value > 0x7fff_ffff) {
    bytes[at++] = value % 128 | 128;
    value = Math.floor(value / 128);
  }
  let rest = value | 0;
  while (rest > 127) {
    bytes[at++] = rest & 127 | 128;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** Writes an int64, a negative one in its ten bytes of two's complement. */
function writeVarint64(bytes: Uint8Array, at: number, value: bigint): number {
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    bytes[at++] = Number(rest & 127n) | 128;
    rest >>= 7n;
  }
  bytes[at++] = Number(rest);
  return at;
}

/** Bytes of an integer from 0 to 2^53 − 1 as a varint. */
function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  if (value < 0x1000_0000) return 4;
  let length = 5;
  for (let limit = 2 ** 35; value >= limit; limit *= 128) length++;
  return length;
}

/**
 * Bytes of a put's record, which names no lease, besides its value: all of them are known from the
 * index, so that a walk can tell how long a value is without touching the record.
 */
export function recordOverhead(
  keyLength: number,
  created: number,
  modified: number,
  version: number,
): number {
  return 4 + keyLength + varintLength(keyLength) + varintLength(created) +
    varintLength(modified) + varintLength(version);
}

/**
 * How long the value in a put's record is.
 *
 * @param rest Bytes of the record above its {@linkcode recordOverhead}.
 * @returns The length, or −1 where no such record has that length.
 */
export function valueLengthIn(rest: number): number {
  if (rest === 0) return 0;
  // What remains is a tag, the length, and as many bytes.
  for (let digits = 1, limit = 128; digits <= 5; digits++, limit *= 128) {
    const length = rest - 1 - digits;
    if (length > 0 && length < limit) return length >= limit / 128 ? length : -1;
  }
  return -1;
}

/** Makes records in a slice of its own, which grows where a record needs more. */
export class KeyValueWriter {
  #record = new Slice(4096);
  readonly #views = new ViewCache();

  /** The record that was written last. */
  get record(): Slice {
    return this.#record;
  }

  #reserve(bytes: number): void {
    if (bytes > this.#record.bytes.length) this.#record = new Slice(2 * bytes);
  }

  #copy(at: number, from: Uint8Array, length: number): void {
    const into = this.#record.bytes;
    if (length <= SHORT) { for (let i = 0; i < length; i++) into[at + i] = from[i]!; }
    else into.set(this.#views.of(from, 0, length), at);
  }

  /**
   * Writes a put's record.
   *
   * @param key The buffer with the key at its start.
   * @param keyLength Bytes of the key.
   * @param created The key's create revision.
   * @param modified The main revision of the put.
   * @param version The key's version after it.
   * @param value The buffer with the value at its start.
   * @param valueLength Bytes of the value.
   * @param lease The lease, 0 for none.
   * @returns The record; valid until the next one is written.
   */
  writePut(
    key: Uint8Array,
    keyLength: number,
    created: number,
    modified: number,
    version: number,
    value: Uint8Array,
    valueLength: number,
    lease: bigint,
  ): Slice {
    this.#reserve(keyLength + valueLength + OVERHEAD);
    const bytes = this.#record.bytes;
    let at = 0;
    bytes[at++] = TAG_KEY;
    at = writeVarint(bytes, at, keyLength);
    this.#copy(at, key, keyLength);
    at += keyLength;
    bytes[at++] = TAG_CREATE;
    at = writeVarint(bytes, at, created);
    bytes[at++] = TAG_MOD;
    at = writeVarint(bytes, at, modified);
    bytes[at++] = TAG_VERSION;
    at = writeVarint(bytes, at, version);
    if (valueLength > 0) {
      bytes[at++] = TAG_VALUE;
      at = writeVarint(bytes, at, valueLength);
      this.#copy(at, value, valueLength);
      at += valueLength;
    }
    if (lease !== 0n) {
      bytes[at++] = TAG_LEASE;
      at = writeVarint64(bytes, at, lease);
    }
    this.#record.length = at;
    return this.#record;
  }

  /**
   * Writes a tombstone's record, which holds the key alone.
   *
   * @returns The record; valid until the next one is written.
   */
  writeTombstone(key: Uint8Array, keyLength: number): Slice {
    this.#reserve(keyLength + OVERHEAD);
    const bytes = this.#record.bytes;
    bytes[0] = TAG_KEY;
    const at = writeVarint(bytes, 1, keyLength);
    this.#copy(at, key, keyLength);
    this.#record.length = at + keyLength;
    return this.#record;
  }
}

/**
 * Reads records where they lie. One reader serves any number of records; its fields are those of
 * the record that was parsed last.
 */
export class KeyValueReader {
  /** Where the key begins. */
  keyOffset = 0;
  keyLength = 0;
  createRevision = 0;
  modRevision = 0;
  version = 0;
  /** Where the value begins. */
  valueOffset = 0;
  valueLength = 0;
  /** The lease; 0 is none. */
  lease = 0n;

  readonly #views = new ViewCache();
  /** Where reading goes on; −1 after a varint that is none. */
  #at = 0;

  /** Reads a varint as a number; what is beyond 2^53 makes the record corrupt. */
  #varint(bytes: Uint8Array, end: number): number {
    let at = this.#at;
    let byte = at < end ? bytes[at++]! : -1;
    let value = byte & 127;
    let scale = 128;
    while (byte > 127) {
      byte = at < end ? bytes[at++]! : -1;
      if (byte < 0 || scale > Number.MAX_SAFE_INTEGER) {
        this.#at = -1;
        return -1;
      }
      value += (byte & 127) * scale;
      scale *= 128;
    }
    this.#at = byte < 0 || value > Number.MAX_SAFE_INTEGER ? -1 : at;
    return value;
  }

  #varint64(bytes: Uint8Array, end: number): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.#at >= end) break;
      const byte = bytes[this.#at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
    this.#at = -1;
    return 0n;
  }

  /**
   * Parses a record.
   *
   * @param bytes The buffer with the record at its start.
   * @param length Bytes of the record.
   * @returns Whether it is one: every field whole and known, the key not empty.
   */
  parse(bytes: Uint8Array, length: number): boolean {
    this.keyOffset =
      this.keyLength =
      this.createRevision =
      this.modRevision =
        0;
    this.version = this.valueOffset = this.valueLength = 0;
    if (this.lease !== 0n) this.lease = 0n;
    this.#at = 0;
    while (this.#at < length) {
      const tag = bytes[this.#at++]!;
      if (tag === TAG_LEASE) {
        this.lease = this.#varint64(bytes, length);
        if (this.#at < 0) return false;
        continue;
      }
      const value = this.#varint(bytes, length);
      if (this.#at < 0) return false;
      if (tag === TAG_KEY || tag === TAG_VALUE) {
        if (tag === TAG_KEY) {
          this.keyOffset = this.#at;
          this.keyLength = value;
        } else {
          this.valueOffset = this.#at;
          this.valueLength = value;
        }
        this.#at += value;
        if (this.#at > length) return false;
      } else if (tag === TAG_CREATE) this.createRevision = value;
      else if (tag === TAG_MOD) this.modRevision = value;
      else if (tag === TAG_VERSION) this.version = value;
      else return false;
    }
    return this.keyLength > 0;
  }

  /** Copies the parsed record's value, and sets the length of the slice, which is large enough. */
  copyValue(bytes: Uint8Array, into: Slice): void {
    const length = this.valueLength;
    const offset = this.valueOffset;
    into.length = length;
    if (length <= SHORT) { for (let i = 0; i < length; i++) into.bytes[i] = bytes[offset + i]!; }
    else into.bytes.set(this.#views.of(bytes, offset, offset + length));
  }

  /** A copy of the parsed record, apart from the buffer that it was read from. */
  copy(bytes: Uint8Array): KeyValue {
    return {
      key: bytes.slice(this.keyOffset, this.keyOffset + this.keyLength),
      createRevision: this.createRevision,
      modRevision: this.modRevision,
      version: this.version,
      value: bytes.slice(this.valueOffset, this.valueOffset + this.valueLength),
      lease: this.lease,
    };
  }
}
