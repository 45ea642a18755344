import assert from "node:assert/strict";
import fc from "fast-check";
import { fnvHash64, type HashHalves, MOST_DIVISOR, remainderOf } from "./fnv.ts";

/** As YCSB computes it, in integers of 64 bits. */
function plainly(value: number): bigint {
  let hash = 0xcbf29ce484222325n;
  let bytes = BigInt(value);
  for (let i = 0; i < 8; i++) {
    hash = BigInt.asUintN(64, (hash ^ (bytes & 0xffn)) * 0x100000001b3n);
    bytes >>= 8n;
  }
  const signed = BigInt.asIntN(64, hash);
  return signed < 0n ? -signed : signed;
}

function hashOf(value: number): { hash: HashHalves; whole: bigint } {
  const hash = { high: 0, low: 0 };
  fnvHash64(value, hash);
  return { hash, whole: BigInt(hash.high) << 32n | BigInt(hash.low >>> 0) };
}

Deno.test("fnvHash64() gives YCSB's hashes of 0 to 3", () => {
  assert.deepEqual([0, 1, 2, 3].map((value) => hashOf(value).whole), [
    6284781860667377211n,
    8517097267634966620n,
    1820151046732198393n,
    4052466453699787802n,
  ]);
});

Deno.test("fnvHash64() gives what integers of 64 bits give, to the bit", () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (value) => {
      assert.equal(hashOf(value).whole, plainly(value));
    }),
    { seed: 12, numRuns: 2000 },
  );
});

Deno.test("remainderOf() gives the exact remainder", () => {
  const divisor = fc.oneof(
    fc.integer({ min: 1, max: 100 }),
    fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    fc.maxSafeNat().map((n) => 1 + n % MOST_DIVISOR),
    fc.constantFrom(1, 2 ** 16, 2 ** 32, MOST_DIVISOR),
  );
  fc.assert(
    fc.property(fc.maxSafeNat(), divisor, (value, by) => {
      const { hash, whole } = hashOf(value);
      assert.equal(remainderOf(hash, by, 1 / by), Number(whole % BigInt(by)));
    }),
    { seed: 13, numRuns: 5000 },
  );
});
