import assert from "node:assert/strict";
import fc from "fast-check";
import { compareBytes } from "../bytes.ts";
import { endOfPrefix, keyPrefix, plainKey, regionKey } from "./keys.ts";

const bytes = fc.uint8Array({ maxLength: 20 });

Deno.test("regionKey() keeps the order under API 2, and plainKey() takes it back", () => {
  fc.assert(fc.property(bytes, bytes, (a, b) => {
    assert.equal(
      Math.sign(compareBytes(regionKey(2, a), regionKey(2, b))),
      Math.sign(compareBytes(a, b)),
    );
    if (a.length > 0) assert.deepEqual(plainKey(2, regionKey(2, a)), a);
    assert.deepEqual(plainKey(1, regionKey(1, a)), a);
  }));
});

Deno.test("regionKey() has the form that TiKV's own code gives", () => {
  // From the comments of client-go's codec.EncodeBytes.
  const cases: [number[], number[]][] = [
    [[], [0, 0, 0, 0, 0, 0, 0, 0, 247]],
    [[1, 2, 3], [1, 2, 3, 0, 0, 0, 0, 0, 250]],
    [[1, 2, 3, 0], [1, 2, 3, 0, 0, 0, 0, 0, 251]],
    [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4, 5, 6, 7, 8, 255, 0, 0, 0, 0, 0, 0, 0, 0, 247],
    ],
  ];
  for (const [key, form] of cases) {
    assert.deepEqual([...regionKey(2, Uint8Array.from(key))], form);
  }
});

Deno.test("plainKey() refuses what has no such form, and leaves no key as none", () => {
  assert.equal(plainKey(2, new Uint8Array(0)).length, 0);
  for (const form of [[1], [1, 2, 3, 4, 5, 6, 7, 8, 255], [0, 0, 0, 0, 0, 0, 0, 0, 3]]) {
    assert.throws(() => plainKey(2, Uint8Array.from(form)), RangeError);
  }
});

Deno.test("keyPrefix() says raw and the keyspace; endOfPrefix() is past all that begin so", () => {
  assert.deepEqual([...keyPrefix(1, 0)], []);
  assert.deepEqual([...keyPrefix(2, 0)], [0x72, 0, 0, 0]);
  assert.deepEqual([...keyPrefix(2, 0x010203)], [0x72, 1, 2, 3]);
  assert.deepEqual([...endOfPrefix(keyPrefix(2, 0xffff))], [0x72, 1]);
  assert.deepEqual([...endOfPrefix(keyPrefix(2, 0))], [0x72, 0, 0, 1]);
});
