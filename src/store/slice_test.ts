import assert from "node:assert/strict";
import fc from "fast-check";
import { lengthAsBigInt, Slice } from "./slice.ts";

Deno.test("lengthAsBigInt() is the same number, small and large", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.nat(70_000), fc.maxSafeNat()),
      (length) => assert.equal(lengthAsBigInt(length), BigInt(length)),
    ),
    { seed: 1 },
  );
  for (const length of [0, 65_535, 65_536, 2 ** 32]) {
    assert.equal(lengthAsBigInt(length), BigInt(length));
  }
});

Deno.test("Slice counts all of its bytes at first, and has them zeroed", () => {
  const slice = new Slice(5);
  assert.equal(slice.length, 5);
  assert.equal(slice.size, 5n);
  assert.deepEqual([...slice.view()], [0, 0, 0, 0, 0]);
  assert.equal(slice.bytes.length, 5);
});

Deno.test("Slice keeps size and view in step with its length", () => {
  const slice = Slice.fromText("abcdef");
  slice.length = 3;
  assert.deepEqual([slice.length, slice.size], [3, 3n]);
  assert.equal(new TextDecoder().decode(slice.view()), "abc");
  slice.length = 6;
  assert.equal(new TextDecoder().decode(slice.view()), "abcdef");
});

Deno.test("Slice refuses a length that native code would take beyond its bytes", () => {
  const slice = new Slice(4);
  slice.length = 2;
  for (const length of [5, -1, 1.5, NaN, Infinity, 2 ** 40]) {
    assert.throws(() => slice.length = length, {
      name: "RangeError",
      message: `Cannot set a slice to ${length} bytes: it has 4`,
    });
    assert.deepEqual([slice.length, slice.size], [2, 2n]);
  }
  for (const capacity of [-1, NaN]) assert.throws(() => new Slice(capacity));
});

Deno.test("Slice of no bytes has an address and takes none", () => {
  const slice = new Slice(0);
  assert.deepEqual([slice.length, slice.size, slice.bytes.length], [0, 0n, 0]);
  assert.notEqual(slice.address, 0n);
  assert.throws(() => slice.fill(new Uint8Array(1)), RangeError);
  slice.fill(new Uint8Array(0));
});

Deno.test("Slice.from() copies the bytes, also those of a part of a buffer", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
  const slice = Slice.from(bytes);
  bytes.fill(9);
  assert.deepEqual([...slice.view()], [2, 3]);
});

Deno.test("Slice.fromText() is UTF-8", () => {
  assert.deepEqual([...Slice.fromText("é").view()], [0xc3, 0xa9]);
});

Deno.test("fill() replaces the content, shorter or longer within the capacity", () => {
  const slice = new Slice(4);
  slice.fill(Uint8Array.of(1, 2));
  assert.deepEqual([...slice.view()], [1, 2]);
  slice.fill(Uint8Array.of(3, 4, 5, 6));
  assert.deepEqual([...slice.view()], [3, 4, 5, 6]);
  assert.throws(() => slice.fill(new Uint8Array(5)), RangeError);
  assert.deepEqual([...slice.view()], [3, 4, 5, 6]);
});

Deno.test("address is that of the bytes, always the same one", () => {
  const slice = Slice.fromText("text\0");
  const pointer = Deno.UnsafePointer.create(slice.address)!;
  assert.equal(Deno.UnsafePointerView.getCString(pointer), "text");
  slice.bytes[0] = "n".charCodeAt(0);
  assert.equal(Deno.UnsafePointerView.getCString(pointer), "next");
  assert.equal(slice.address, Deno.UnsafePointer.value(pointer));
});

Deno.test("address is refused when the buffer was transferred", () => {
  const used = Slice.fromText("text");
  assert.notEqual(used.address, 0n);
  for (const slice of [used, Slice.fromText("text")]) {
    slice.bytes.buffer.transfer();
    assert.throws(() => slice.address, {
      name: "RangeError",
      message: "Cannot use a slice of 4 bytes: its buffer was transferred",
    });
  }
});
