import assert from "node:assert/strict";
import fc from "fast-check";
import { Slice } from "../slice.ts";
import {
  isRevisionKey,
  readMain,
  readSub,
  REVISION_BYTES,
  TOMBSTONE_BYTES,
  writeRevision,
} from "./revision.ts";

function keyOf(main: number, sub: number, tombstone = false): Uint8Array {
  const slice = new Slice(TOMBSTONE_BYTES);
  writeRevision(slice, main, sub, tombstone);
  return slice.view().slice();
}

Deno.test("writeRevision() writes etcd's bytes", () => {
  assert.equal(keyOf(0x0102030405, 6).toHex(), "00000001020304055f0000000000000006");
  assert.equal(keyOf(2, 0, true).toHex(), "00000000000000025f000000000000000074");
});

Deno.test("readMain() and readSub() read what writeRevision() wrote", () => {
  const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(whole, whole, fc.boolean(), (main, sub, tombstone) => {
      const key = keyOf(main, sub, tombstone);
      assert.equal(key.length, tombstone ? TOMBSTONE_BYTES : REVISION_BYTES);
      assert.ok(isRevisionKey(key, key.length));
      assert.deepEqual([readMain(key), readSub(key)], [main, sub]);
    }),
    { seed: 1 },
  );
});

Deno.test("writeRevision() makes keys whose bytewise order is revision order", () => {
  const part = fc.oneof(fc.nat(3), fc.nat({ max: Number.MAX_SAFE_INTEGER }));
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      const order = keyOf(a, b).toHex() < keyOf(c, d).toHex();
      assert.equal(order, a < c || a === c && b < d);
    }),
    { seed: 2 },
  );
});

Deno.test("isRevisionKey() refuses what is none", () => {
  const good = keyOf(7, 1);
  assert.ok(!isRevisionKey(good, 16));
  assert.ok(!isRevisionKey(good.with(8, 0x2d), REVISION_BYTES));
  assert.ok(!isRevisionKey(new Uint8Array([...good, 0x75]), TOMBSTONE_BYTES));
  assert.ok(!isRevisionKey(good.with(0, 0xff), REVISION_BYTES), "main beyond 2^53");
});
