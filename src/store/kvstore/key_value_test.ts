import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type KeyValue,
  KeyValueReader,
  KeyValueWriter,
  recordOverhead,
  valueLengthIn,
} from "./key_value.ts";

const text = (s: string) => new TextEncoder().encode(s);

function write(writer: KeyValueWriter, kv: KeyValue): Uint8Array {
  return writer.writePut(
    kv.key,
    kv.key.length,
    kv.createRevision,
    kv.modRevision,
    kv.version,
    kv.value,
    kv.value.length,
    kv.lease,
  ).view();
}

Deno.test("writePut() writes the bytes of etcd's generated code", () => {
  const record = write(new KeyValueWriter(), {
    key: text("foo"),
    createRevision: 2,
    modRevision: 300,
    version: 5,
    value: text("bar"),
    lease: 7n,
  });
  assert.equal(record.toHex(), "0a03666f6f100218ac022005" + "2a03626172" + "3007");
});

Deno.test("writePut() leaves an empty value and lease 0 out", () => {
  const record = write(new KeyValueWriter(), {
    key: text("k"),
    createRevision: 1,
    modRevision: 1,
    version: 1,
    value: text(""),
    lease: 0n,
  });
  assert.equal(record.toHex(), "0a016b100118012001");
});

Deno.test("writeTombstone() writes the key alone", () => {
  const key = text("gone");
  const record = new KeyValueWriter().writeTombstone(key, key.length);
  assert.equal(record.view().toHex(), "0a04676f6e65");
});

const whole = fc.oneof(
  fc.nat(300),
  fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  fc.constantFrom(0x7fff_ffff, 0x8000_0000, 2 ** 35, Number.MAX_SAFE_INTEGER),
);
const keyValue: fc.Arbitrary<KeyValue> = fc.record({
  key: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  createRevision: whole,
  modRevision: whole,
  version: whole,
  value: fc.uint8Array({ maxLength: 6000 }),
  lease: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
}, { noNullPrototype: true });

Deno.test("KeyValueReader reads what KeyValueWriter wrote, one record after the other", () => {
  const writer = new KeyValueWriter();
  const reader = new KeyValueReader();
  fc.assert(
    fc.property(keyValue, (kv) => {
      const record = write(writer, kv);
      assert.ok(reader.parse(record, record.length));
      assert.deepEqual(reader.copy(record), kv);
    }),
    { seed: 3, numRuns: 300 },
  );
});

Deno.test("valueLengthIn() tells what the reader finds, of every record without a lease", () => {
  const writer = new KeyValueWriter();
  const lengths = fc.oneof(fc.nat(400), fc.constantFrom(127, 128, 16_383, 16_384));
  fc.assert(
    fc.property(keyValue, lengths, (kv, length) => {
      const record = write(writer, { ...kv, value: new Uint8Array(length), lease: 0n });
      const { createRevision, modRevision, version } = kv;
      const overhead = recordOverhead(kv.key.length, createRevision, modRevision, version);
      const told = (bytes: number) => valueLengthIn(bytes - overhead);
      assert.equal(told(record.length), length);
      // No value makes a record one byte longer than an empty one does.
      if (length === 0) assert.equal(told(record.length + 1), -1);
    }),
    { seed: 7 },
  );
});

Deno.test("parse() refuses every cut record whose cut is inside a field, and never reads past the end", () => {
  const reader = new KeyValueReader();
  fc.assert(
    fc.property(keyValue, fc.nat(10_000), (kv, at) => {
      const record = write(new KeyValueWriter(), kv).slice();
      const cut = at % record.length;
      if (!reader.parse(record, cut)) return;
      assert.ok(reader.keyOffset + reader.keyLength <= cut);
      assert.ok(reader.valueOffset + reader.valueLength <= cut);
    }),
    { seed: 4 },
  );
  const short = write(new KeyValueWriter(), {
    key: text("foo"),
    createRevision: 2,
    modRevision: 2,
    version: 1,
    value: text("value"),
    lease: 0n,
  });
  assert.ok(!reader.parse(short, short.length - 1));
});

Deno.test("parse() refuses records without a key, with unknown fields, or with endless numbers", () => {
  const reader = new KeyValueReader();
  for (const hex of ["", "1001", "0a00", "0a016b7801", "0a016b10" + "ff".repeat(12), "0a05"]) {
    const bytes = Uint8Array.fromHex(hex);
    assert.ok(!reader.parse(bytes, bytes.length), hex);
  }
});
