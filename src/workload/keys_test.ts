import assert from "node:assert/strict";
import fc from "fast-check";
import { KEY_BYTES, SequentialKeys, writeKey } from "./keys.ts";

function keyOf(index: number): string {
  const bytes = new Uint8Array(KEY_BYTES);
  writeKey(bytes, index);
  return new TextDecoder().decode(bytes);
}

const index = fc.oneof(fc.nat(100_000), fc.maxSafeNat().map((n) => n % 1e12));

Deno.test("writeKey() writes key- and twelve digits", () => {
  assert.equal(keyOf(0), "key-000000000000");
  assert.equal(keyOf(1_234_567), "key-000001234567");
  assert.equal(keyOf(999_999_999_999), "key-999999999999");
});

Deno.test("writeKey() makes keys that sort as their numbers do", () => {
  fc.assert(
    fc.property(index, index, (a, b) => {
      const [first, second] = [keyOf(a), keyOf(b)];
      assert.equal(first < second, a < b);
      assert.equal(first === second, a === b);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

Deno.test("SequentialKeys counts as writeKey() does, over every carry and every wrap", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2500 }), fc.nat(6000), (count, steps) => {
      const bytes = new Uint8Array(KEY_BYTES);
      const expected = new Uint8Array(KEY_BYTES);
      const keys = new SequentialKeys(bytes, count);
      for (let step = 0; step < steps; step++) {
        keys.next();
        writeKey(expected, step % count);
        assert.ok(bytes.every((byte, i) => byte === expected[i]), `${count} keys, step ${step}`);
      }
    }),
    { seed: 4, numRuns: 50 },
  );
});

Deno.test("restart() goes back to the first key from anywhere", () => {
  const bytes = new Uint8Array(KEY_BYTES);
  const keys = new SequentialKeys(bytes, 30);
  for (const steps of [0, 1, 12, 30, 31]) {
    for (let i = 0; i < steps; i++) keys.next();
    keys.restart();
    keys.next();
    assert.equal(new TextDecoder().decode(bytes), keyOf(0));
    keys.next();
    assert.equal(new TextDecoder().decode(bytes), keyOf(1));
    keys.restart();
  }
});

Deno.test("SequentialKeys refuses a count that is no positive integer", () => {
  for (const count of [0, -1, 1.5, NaN, Infinity]) {
    assert.throws(() => new SequentialKeys(new Uint8Array(KEY_BYTES), count), {
      name: "RangeError",
      message: `Cannot order ${count} keys: it must be a positive integer`,
    });
  }
});
