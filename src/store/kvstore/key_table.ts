import { grownCapacity, resized } from "./grow.ts";

/** Bytes that an arena can hold: offsets are 32-bit. */
const ARENA_LIMIT = 0xffff_ffff;

/** FNV-1a with a last mix, since neighbouring slots are taken from the low bits. */
function hashBytes(bytes: Uint8Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ hash >>> 13) >>> 0;
}

/**
 * User keys, each with a number (its id: 0, 1, … in the order in which they came), found by their
 * bytes without an allocation. The bytes lie one key after the other in an arena; an open-addressed
 * hash table leads from bytes to id. Keys are not removed one by one: whoever wants to be rid of
 * some makes a new table of the rest.
 *
 * About 17 bytes a key above its own, spare room apart.
 */
export class KeyTable {
  #arena: Uint8Array<ArrayBuffer>;
  /** Where key `id` begins; element `count` is where the last one ends. */
  #offsets: Uint32Array<ArrayBuffer>;
  #hashes: Uint32Array<ArrayBuffer>;
  /** id + 1, or 0 for a free slot. Never more than three quarters are taken. */
  #slots: Uint32Array<ArrayBuffer>;
  #count = 0;

  /**
   * @param keys Keys that there is to be room for at first.
   * @param bytes Bytes of them all together.
   */
  constructor(keys = 64, bytes = 1024) {
    this.#arena = new Uint8Array(bytes);
    this.#offsets = new Uint32Array(keys + 1);
    this.#hashes = new Uint32Array(keys);
    let slots = 128;
    while (slots * 3 < keys * 4) slots *= 2;
    this.#slots = new Uint32Array(slots);
  }

  /** Keys in the table. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of memory in use, spare room included. */
  get memoryBytes(): number {
    return this.#arena.byteLength + this.#offsets.byteLength + this.#hashes.byteLength +
      this.#slots.byteLength;
  }

  /** The id of the key that is the first `length` bytes, or −1. */
  find(bytes: Uint8Array, length: number): number {
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = slots.length - 1;
    const hash = hashBytes(bytes, length);
    for (let slot = hash & mask;; slot = slot + 1 & mask) {
      const id = slots[slot]! - 1;
      if (id < 0) return -1;
      if (hashes[id] === hash && this.#equals(id, bytes, length)) return id;
    }
  }

  #equals(id: number, bytes: Uint8Array, length: number): boolean {
    const arena = this.#arena;
    const start = this.#offsets[id]!;
    if (this.#offsets[id + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (arena[start + i] !== bytes[i]) return false;
    return true;
  }

  /**
   * Adds a key that is not there yet.
   *
   * @returns Its id.
   * @throws {RangeError} Where the keys together would have 4 GiB or more.
   */
  add(bytes: Uint8Array, length: number): number {
    const id = this.#count;
    const start = this.#offsets[id]!;
    const end = start + length;
    if (end > ARENA_LIMIT) {
      throw new RangeError(`Cannot index another key: all keys together would have ${end} bytes`);
    }
    if (end > this.#arena.length) {
      this.#arena = resized(
        this.#arena,
        Math.min(ARENA_LIMIT, grownCapacity(this.#arena.length, end)),
      );
    }
    if (id === this.#hashes.length) {
      const capacity = grownCapacity(id, id + 1);
      this.#hashes = resized(this.#hashes, capacity);
      this.#offsets = resized(this.#offsets, capacity + 1);
    }
    if (length === bytes.length) this.#arena.set(bytes, start);
    else for (let i = 0; i < length; i++) this.#arena[start + i] = bytes[i]!;
    this.#offsets[id + 1] = end;
    this.#hashes[id] = hashBytes(bytes, length);
    this.#count = id + 1;
    if (this.#count * 4 > this.#slots.length * 3) this.#rehash();
    else this.#place(id);
    return id;
  }

  #place(id: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = this.#hashes[id]! & mask;
    while (slots[slot] !== 0) slot = slot + 1 & mask;
    slots[slot] = id + 1;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let id = 0; id < this.#count; id++) this.#place(id);
  }

  /** Bytes of a key. */
  lengthOf(id: number): number {
    return this.#offsets[id + 1]! - this.#offsets[id]!;
  }

  /** Copies a key to the start of a buffer that is large enough. */
  copyTo(id: number, into: Uint8Array): void {
    const arena = this.#arena;
    const start = this.#offsets[id]!;
    const length = this.#offsets[id + 1]! - start;
    if (length > 64) into.set(arena.subarray(start, start + length));
    else for (let i = 0; i < length; i++) into[i] = arena[start + i]!;
  }

  /** A key's bytes where they lie; valid until the next key is added. */
  view(id: number): Uint8Array<ArrayBuffer> {
    return this.#arena.subarray(this.#offsets[id]!, this.#offsets[id + 1]!);
  }

  /** Compares key `id` with the first `length` bytes, bytewise: negative, 0 or positive. */
  compare(id: number, bytes: Uint8Array, length: number): number {
    const arena = this.#arena;
    const start = this.#offsets[id]!;
    const own = this.#offsets[id + 1]! - start;
    const common = own < length ? own : length;
    for (let i = 0; i < common; i++) {
      const difference = arena[start + i]! - bytes[i]!;
      if (difference !== 0) return difference;
    }
    return own - length;
  }
}
