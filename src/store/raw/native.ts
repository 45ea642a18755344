/** Small pieces of native memory, and the way an error string of RocksDB becomes a StoreError. */
import { failure, type StoreCall } from "../error.ts";
import { addressOf } from "../memory.ts";
import { openLibc } from "../../native/mod.ts";
import type { RocksLibrary } from "./library.ts";
import { LIBC, type RocksSymbols } from "./symbols.ts";

export { addressOf, keepAlive } from "../memory.ts";

/** The text up to the zero that ends it. */
function textAt(address: bigint): string {
  return Deno.UnsafePointerView.getCString(Deno.UnsafePointer.create(address)!);
}

/** An address-sized place that native code writes to, read without making a bigint. */
export class OutWord {
  readonly #words = new Uint32Array(new ArrayBuffer(8));
  /** The place's address. */
  readonly address: bigint = addressOf(this.#words);

  /** Whether the place holds the address 0. */
  get isNull(): boolean {
    return (this.#words[0]! | this.#words[1]!) === 0;
  }

  /** The place read as a number of 64 bits, in decimal digits. */
  text(): string {
    const [low, high] = this.#words;
    return high === 0 ? String(low) : String(new BigUint64Array(this.#words.buffer)[0]);
  }

  /** The place read as an address; it is 0 afterwards. */
  takeAddress(): bigint {
    const address = new BigUint64Array(this.#words.buffer)[0]!;
    this.#words.fill(0);
    return address;
  }
}

/** An array of addresses in memory that native code can read and write. */
export class AddressArray {
  readonly #words: BigUint64Array<ArrayBuffer>;
  /** The array's own address. */
  readonly address: bigint;

  constructor(addresses: readonly bigint[]) {
    this.#words = new BigUint64Array(new ArrayBuffer(8 * addresses.length));
    this.#words.set(addresses);
    this.address = addressOf(this.#words);
  }

  /** The addresses that are in the array now. */
  read(): bigint[] {
    return [...this.#words];
  }
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
  get address(): bigint {
    return this.#out.address;
  }

  /** Throws what the last call left in the slot. @throws {StoreError} Of that call. */
  check(call: StoreCall): void {
    if (!this.#out.isNull) throw failure(call, this.#path, this.#take());
  }

  /**
   * As {@linkcode check} of a call that makes a database by options: what RocksDB calls an invalid
   * argument of it are the options that it was given.
   *
   * @throws {StoreError} Of kind `usage` then, with the options.
   */
  checkOptions(engineOptions: string): void {
    if (this.#out.isNull) return;
    const message = this.#take();
    // Families that are not named are no option.
    const refused = message.match(/^(?:Invalid argument|Not implemented): (?!Column fam)(.*)$/s)
      ?.[1];
    if (refused === undefined) throw failure("open", this.#path, message);
    const given = engineOptions === "" ? "" : ` (engineOptions ${engineOptions})`;
    throw failure(
      "options",
      this.#path,
      `RocksDB refuses them: ${refused.trim().replace(/\.$/, "")}${given}; mend --set`,
      "usage",
    );
  }

  #take(): string {
    const text = this.#out.takeAddress();
    const message = textAt(text);
    this.#symbols.rocksdb_free(text);
    return message;
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

/** The C library's `memcpy`: by address it takes a tenth of `UnsafePointerView.copyInto`'s time. */
export function memcpy(): Deno.DynamicLibrary<typeof LIBC>["symbols"]["memcpy"] {
  return (libc ??= openLibc(LIBC)).symbols.memcpy;
}

/** Text at a `char*` that RocksDB allocated, which is then freed. */
export function takeText(library: RocksLibrary, text: bigint): string | undefined {
  if (text === 0n) return undefined;
  const copy = textAt(text);
  library.symbols.rocksdb_free(text);
  return copy;
}
