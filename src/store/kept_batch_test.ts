import assert from "node:assert/strict";
import { KeptBatch } from "./kept_batch.ts";
import { Slice } from "./slice.ts";

function sliceOf(bytes: Uint8Array): Slice {
  const slice = new Slice(bytes.length);
  slice.fill(bytes);
  return slice;
}

Deno.test("last() tells all keys apart by their bytes, and takes those of 1 MiB", () => {
  const batch = new KeptBatch((key) => key.view().slice());
  const value = sliceOf(Uint8Array.of(1));
  const keys = Array.from({ length: 256 }, (_, byte) => sliceOf(Uint8Array.of(byte)));
  for (const key of keys) batch.put(key, value);
  const long = sliceOf(new Uint8Array(1024 * 1024).fill(0x80));
  batch.put(long, value);
  batch.delete(long);
  batch.delete(keys[7]!);
  const writes = batch.last();
  assert.equal(writes.length, 257);
  assert.deepEqual(writes.map(({ key }) => key.length === 1 ? key[0]! : -1).sort((a, b) => a - b), [
    -1,
    ...keys.keys(),
  ]);
  const deleted = writes.filter((write) => write.value === null);
  assert.deepEqual(deleted.map(({ key }) => key.length), [1, 1024 * 1024]);
});
