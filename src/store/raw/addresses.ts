/** Where the functions are that machine code calls by itself. */
import { openLibc, runsMachineCode } from "../../native/mod.ts";

const address = { type: "pointer" } as const;
const ROCKSDB = {
  rocksdb_iter_seek_to_first: address,
  rocksdb_iter_seek_to_last: address,
  rocksdb_iter_next: address,
  rocksdb_iter_prev: address,
  rocksdb_iter_valid: address,
  rocksdb_iter_key: address,
  rocksdb_iter_value: address,
  rocksdb_get_pinned_cf: address,
  rocksdb_pinnableslice_value: address,
  rocksdb_pinnableslice_destroy: address,
  rocksdb_writebatch_clear: address,
  rocksdb_writebatch_put_cf: address,
  rocksdb_write: address,
} as const;
const LIBC = { memcpy: address } as const;

/** Addresses by the function's name. */
export type FunctionAddresses = Record<keyof typeof ROCKSDB | keyof typeof LIBC, bigint>;

/**
 * The addresses in a librocksdb and in the C library, for machine code that calls several of them
 * in one crossing.
 *
 * @param path Librocksdb's file.
 * @returns `undefined` where this machine runs no machine code of ours: each is called by itself.
 */
export function functionAddresses(path: string): FunctionAddresses | undefined {
  if (!runsMachineCode()) return undefined;
  const pointers = { ...Deno.dlopen(path, ROCKSDB).symbols, ...openLibc(LIBC).symbols };
  return Object.fromEntries(
    Object.entries(pointers).map(([name, at]) => [name, Deno.UnsafePointer.value(at)]),
  ) as FunctionAddresses;
}
