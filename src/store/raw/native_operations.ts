/**
 * Gets and puts that machine code does, for loops that are to cross into native code less than once an
 * operation.
 */
import { machineCodeAddress } from "../../native/mod.ts";
import type { NativeOperation, NativeOperations } from "../contract.ts";
import type { Slice } from "../slice.ts";
import type { FunctionAddresses } from "./addresses.ts";
import { NATIVE_GET_CODE, NATIVE_PUT_CODE } from "./native_code.ts";
import { addressOf, type ErrorSlot, keepAlive } from "./native.ts";
import type { RocksSymbols } from "./symbols.ts";

/** What they work with, by address. */
interface NativeHost {
  symbols: RocksSymbols;
  addresses: FunctionAddresses;
  database: bigint;
  /** Read options. */
  read: bigint;
  /** Write options. */
  write: bigint;
  /** The column family's handle. */
  family: bigint;
  error: Pick<ErrorSlot, "address" | "check">;
}

/** The places of `struct calls` in `native_operations.c`. */
enum Cell {
  database,
  read,
  write,
  family,
  batch,
  error,
  get,
  value,
  copy,
  destroy,
  clear,
  add,
  apply,
  length,
  count,
}

/** Both operations' code, once it was asked for: it needs an open file each. */
let code: { get: bigint; put: bigint } | undefined;

/** Loads the code of both. @throws {Error} Where the system refuses. */
export function prepareNativeOperations(): { get: bigint; put: bigint } {
  return code ??= {
    get: machineCodeAddress(NATIVE_GET_CODE),
    put: machineCodeAddress(NATIVE_PUT_CODE),
  };
}

/** The operations, with a batch of their own. */
export class RawNativeOperations implements NativeOperations {
  readonly get: NativeOperation;
  readonly put: NativeOperation;
  readonly #symbols: RocksSymbols;
  readonly #error: NativeHost["error"];
  readonly #cells = new BigUint64Array(new ArrayBuffer(8 * Cell.count));
  #closed = false;

  /** @throws {Error} Where the system refuses the code; nothing stays behind then. */
  constructor({ symbols, addresses, database, read, write, family, error }: NativeHost) {
    const code = prepareNativeOperations();
    this.#symbols = symbols;
    this.#error = error;
    const cells = this.#cells;
    cells[Cell.database] = database;
    cells[Cell.read] = read;
    cells[Cell.write] = write;
    cells[Cell.family] = family;
    cells[Cell.batch] = symbols.rocksdb_writebatch_create();
    cells[Cell.error] = error.address;
    cells[Cell.get] = addresses.rocksdb_get_pinned_cf;
    cells[Cell.value] = addresses.rocksdb_pinnableslice_value;
    cells[Cell.copy] = addresses.memcpy;
    cells[Cell.destroy] = addresses.rocksdb_pinnableslice_destroy;
    cells[Cell.clear] = addresses.rocksdb_writebatch_clear;
    cells[Cell.add] = addresses.rocksdb_writebatch_put_cf;
    cells[Cell.apply] = addresses.rocksdb_write;
    const self = addressOf(cells);
    this.get = { code: code.get, self };
    this.put = { code: code.put, self };
  }

  check(operation: "get" | "put"): void {
    this.#error.check(operation);
  }

  /** Gives the batch back. Nothing may call the operations any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#symbols.rocksdb_writebatch_destroy(this.#cells[Cell.batch]!);
  }
}

const SIGNATURE = { parameters: ["u64", "u64", "u64", "u64", "u64"], result: "i64" } as const;

/**
 * Does an operation from JavaScript, once: slower than the store's own.
 *
 * @param value What is put; what is got is copied there, where it fits.
 * @returns What the operation returns.
 */
export function performed({ code, self }: NativeOperation, key: Slice, value: Slice): number {
  const call = new Deno.UnsafeFnPointer(Deno.UnsafePointer.create(code)!, SIGNATURE);
  const bytes = call.call(self, key.address, key.size, value.address, BigInt(value.bytes.length));
  keepAlive(key, value);
  return Number(bytes);
}
