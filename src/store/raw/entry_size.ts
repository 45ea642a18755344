/** How large a key and its value may be. */
import { failure, type StoreCall } from "../error.ts";

/**
 * The most bytes of a key and its value together. RocksDB refuses only a put of a key or a value of
 * 4 GiB or more by itself; but it counts an entry of a memtable in 32 bits (`encoded_len` in
 * db/memtable.cc: both, 8 bytes of sequence number, and two lengths of up to 5 bytes), and looks for
 * a key by a length of 32 bits (`LookupKey`): an entry just below 4 GiB ends the process, and a get
 * of a key of 2^32 + 3 bytes finds that of 3.
 */
export const MOST_ENTRY_BYTES = 2 ** 32 - 1 - 8 - 5 - 5;

/**
 * Refuses what RocksDB cannot keep.
 *
 * @param path The database's directory.
 * @param key Bytes of the key.
 * @param value Bytes of the value; 0 where there is none.
 * @throws {StoreError} Where they are more than {@linkcode MOST_ENTRY_BYTES}.
 */
export function requireEntrySize(call: StoreCall, path: string, key: number, value: number): void {
  if (key + value > MOST_ENTRY_BYTES) refuse(call, path, key, value);
}

function refuse(call: StoreCall, path: string, key: number, value: number): never {
  const what = value === 0
    ? `a key of ${key} bytes is`
    : `a key of ${key} bytes and a value of ${value} are`;
  const words = `${what} more than RocksDB keeps; give at most ${MOST_ENTRY_BYTES} together`;
  throw failure(call, path, words, "usage");
}
