import assert from "node:assert/strict";
import fc from "fast-check";
import { fnvHash64 } from "./fnv.ts";
import { KEY_FORMS } from "./key_forms.ts";

function keyOf(form: keyof typeof KEY_FORMS, index: number): string {
  const { bytes, write } = KEY_FORMS[form];
  const into = new Uint8Array(bytes);
  write(into, index);
  return new TextDecoder().decode(into);
}

Deno.test("hashed keys are YCSB's, with zeros before short ones", () => {
  assert.deepEqual([0, 1, 2, 3].map((index) => keyOf("hashed", index)), [
    "user6284781860667377211",
    "user8517097267634966620",
    "user1820151046732198393",
    "user4052466453699787802",
  ]);
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (index) => {
      const hash = { high: 0, low: 0 };
      fnvHash64(index, hash);
      const whole = BigInt(hash.high) << 32n | BigInt(hash.low >>> 0);
      assert.equal(keyOf("hashed", index), `user${String(whole).padStart(19, "0")}`);
    }),
    { seed: 17, numRuns: 3000 },
  );
});

Deno.test("numbered keys sort as their numbers do", () => {
  assert.equal(keyOf("numbered", 7), "key-000000000007");
  assert.ok(KEY_FORMS.numbered.sorted);
});

Deno.test("binary keys are db_bench's: eight bytes of the number, then zeros as text", () => {
  const { bytes, sorted, write } = KEY_FORMS.binary;
  assert.ok(sorted);
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (index) => {
      const [key, expected] = [new Uint8Array(bytes), new Uint8Array(bytes).fill(48)];
      write(key, index);
      new DataView(expected.buffer).setBigUint64(0, BigInt(index));
      assert.deepEqual(key, expected);
    }),
    { seed: 17, numRuns: 1000 },
  );
});
