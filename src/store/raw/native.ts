/** Small pieces of native memory, and the way an error string of RocksDB becomes a StoreError. */
import { failure, type StoreCall } from "../error.ts";
import { openLibc } from "../../native/mod.ts";
import type { RocksLibrary } from "./library.ts";
import { LIBC, type RocksSymbols } from "./symbols.ts";

/** A pointer-sized place that native code writes to, read without making a bigint. */
export class OutWord {
  readonly #words = new Uint32Array(new ArrayBuffer(8));
  /** The place's address. */
  readonly pointer: Deno.PointerObject = Deno.UnsafePointer.of(this.#words)!;

  /** The place read as the length of a key or value; RocksDB takes none of 4 GiB. */
  get length(): number {
    return this.#words[0]!;
  }

  /** Whether the place holds the null pointer. */
  get isNull(): boolean {
    return (this.#words[0]! | this.#words[1]!) === 0;
  }

  /** The place read as an address. */
  takePointer(): Deno.PointerValue {
    const pointer = Deno.UnsafePointer.create(new BigUint64Array(this.#words.buffer)[0]!);
    this.#words.fill(0);
    return pointer;
  }
}

/** An array of pointers in memory that native code can read and write. */
export class PointerArray {
  readonly #words: BigUint64Array<ArrayBuffer>;
  /** The array's address. */
  readonly pointer: Deno.PointerObject;

  constructor(pointers: readonly Deno.PointerValue[]) {
    this.#words = new BigUint64Array(new ArrayBuffer(8 * pointers.length));
    pointers.forEach((pointer, i) => this.#words[i] = Deno.UnsafePointer.value(pointer));
    this.pointer = Deno.UnsafePointer.of(this.#words)!;
  }

  /** The pointers that are in the array now. */
  read(): Deno.PointerValue[] {
    return Array.from(this.#words, (word) => Deno.UnsafePointer.create(word));
  }
}

let kept: unknown[] = [];

/**
 * Native code knows memory by its address alone, which the collector does not see. Naming the
 * memory here after the call that used it keeps it from being collected before.
 */
export function keepAlive(...memory: unknown[]): void {
  kept = memory;
  kept.length = 0;
}

/** The `char** errptr` that RocksDB's calls take. One serves all calls of a store. */
export class ErrorSlot {
  readonly #out = new OutWord();
  readonly #symbols: RocksSymbols;
  readonly #path: string;

  /** @param path The database's directory, for messages. */
  constructor(symbols: RocksSymbols, path: string) {
    this.#symbols = symbols;
    this.#path = path;
  }

  /** The slot's address. */
  get pointer(): Deno.PointerObject {
    return this.#out.pointer;
  }

  /** Throws what the last call left in the slot. @throws {StoreError} Of that call. */
  check(call: StoreCall): void {
    if (!this.#out.isNull) this.#fail(call);
  }

  #fail(call: StoreCall): never {
    const text = this.#out.takePointer()!;
    const message = Deno.UnsafePointerView.getCString(text);
    this.#symbols.rocksdb_free(text);
    throw failure(call, this.#path, message);
  }
}

/** Text as the zero-terminated bytes that C wants. C ends it at the first NUL that it holds. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  const terminated = new Uint8Array(new ArrayBuffer(bytes.length + 1));
  terminated.set(bytes);
  return terminated;
}

let libc: Deno.DynamicLibrary<typeof LIBC> | undefined;

/** The C library's `memcpy`: by pointer it takes a tenth of `UnsafePointerView.copyInto`'s time. */
export function memcpy(): Deno.DynamicLibrary<typeof LIBC>["symbols"]["memcpy"] {
  return (libc ??= openLibc(LIBC)).symbols.memcpy;
}

/** Text at a `char*` that RocksDB allocated, which is then freed. */
export function takeText(library: RocksLibrary, text: Deno.PointerValue): string | undefined {
  if (text === null) return undefined;
  const copy = Deno.UnsafePointerView.getCString(text);
  library.symbols.rocksdb_free(text);
  return copy;
}
