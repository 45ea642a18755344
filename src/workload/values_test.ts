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

for (const [compressibility, least, most] of [[0.1, 0.05, 0.25], [0.5, 0.35, 0.6], [1, 0.8, 1]]) {
  Deno.test(`values of several lengths compress to about ${compressibility}, however short they are cut`, async () => {
    const shape = { compressibility: compressibility!, every: 100 };
    const values = makeValues(64, 4096, generator(13), shape);
    for (const length of [100, 400, 4096]) {
      // Many together: gzip has some twenty bytes of its own. Printable bytes are 0.82 of a byte.
      const together = new Uint8Array(64 * length);
      values.forEach((value, i) => together.set(value.subarray(0, length), i * length));
      const stream = new Blob([together]).stream().pipeThrough(new CompressionStream("gzip"));
      const compressed = new Uint8Array(await new Response(stream).arrayBuffer()).length;
      const share = compressed / (64 * length);
      assert.ok(share >= least! && share <= most!, `${share} of ${length} bytes`);
    }
  });
}

Deno.test("makeValues() makes values of no bytes, and of one", () => {
  assert.deepEqual(makeValues(2, 0, generator(1)).map((value) => value.length), [0, 0]);
  assert.equal(makeValues(1, 1, generator(1), { compressibility: 0.01 })[0]!.length, 1);
});
