import assert from "node:assert/strict";
import fc from "fast-check";
import { makeValues } from "./values.ts";

/** A small generator of 32-bit integers (Numerical Recipes' LCG), from a seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
}

Deno.test("makeValues() makes values whose second half repeats the first, all printable", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(3000), fc.nat(), (count, bytes, seed) => {
      const values = makeValues(count, bytes, generator(seed));
      assert.equal(values.length, count);
      for (const value of values) {
        assert.equal(value.length, bytes);
        const half = Math.ceil(bytes / 2);
        assert.ok(value.every((byte) => byte >= 32 && byte <= 126));
        assert.ok(value.subarray(half).every((byte, i) => byte === value[i]));
      }
    }),
    { seed: 5, numRuns: 50 },
  );
});

Deno.test("makeValues() makes the same values from the same seed, and others from another", () => {
  const values = (seed: number) => makeValues(4, 64, generator(seed));
  assert.deepEqual(values(1), values(1));
  assert.notDeepEqual(values(1), values(2));
});

Deno.test("makeValues() makes values that differ, and no more random bytes than half", () => {
  let calls = 0;
  const random = generator(9);
  const values = makeValues(64, 1024, () => {
    calls++;
    return random();
  });
  assert.equal(calls, 64 * 512);
  assert.equal(new Set(values.map((value) => value.join())).size, 64);
  assert.equal(new Set(values.map((value) => value.buffer)).size, 64);
});

Deno.test("makeValues() makes values that compress to about half", async () => {
  const [value] = makeValues(1, 1024, generator(11));
  // One value after the other would compress far better: each is looked at by itself.
  const stream = new Blob([value!.slice()]).stream().pipeThrough(new CompressionStream("gzip"));
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer()).length;
  assert.ok(compressed > 0.35 * 1024 && compressed < 0.6 * 1024, `${compressed} of 1024`);
});
