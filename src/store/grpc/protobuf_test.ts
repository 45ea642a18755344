import assert from "node:assert/strict";
import fc from "fast-check";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";

Deno.test("ProtoReader reads what ProtoWriter writes", () => {
  const field = fc.integer({ min: 1, max: 2 ** 29 - 1 });
  const one = fc.oneof(
    fc.tuple(fc.constant("number" as const), field, fc.integer({ min: 1, max: 2 ** 53 - 1 })),
    fc.tuple(fc.constant("id" as const), field, fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })),
    fc.tuple(fc.constant("bytes" as const), field, fc.uint8Array({ maxLength: 2000 })),
    fc.tuple(fc.constant("text" as const), field, fc.string()),
  );
  fc.assert(fc.property(fc.array(one, { maxLength: 20 }), (fields) => {
    const writer = new ProtoWriter();
    for (const [kind, field, value] of fields) {
      if (kind === "bytes") writer.bytes(field, value);
      else if (kind === "text") writer.text(field, value);
      else writer.number(field, value);
    }
    const outer = new ProtoWriter().message(3, writer);
    const read = new ProtoReader(outer.view);
    assert.equal(read.next(), 3);
    const inner = read.message();
    for (const [kind, field, value] of fields) {
      assert.equal(inner.next(), field);
      if (kind === "bytes") assert.deepEqual([...inner.bytes()], [...value]);
      else assert.equal(inner[kind](), value);
    }
    assert.equal(inner.next(), 0);
    assert.equal(read.next(), 0);
  }));
});

Deno.test("varints() reads numbers that are packed, and those that stand by themselves", () => {
  const number = fc.integer({ min: 0, max: 2 ** 53 - 1 });
  fc.assert(fc.property(fc.array(number), fc.array(number), (packed, single) => {
    const writer = new ProtoWriter().varints(2, packed);
    for (const value of single) writer.number(2, value);
    const reader = new ProtoReader(writer.view);
    const read: number[] = [];
    while (reader.next() === 2) reader.varints(read);
    // A 0 by itself is an absent field.
    assert.deepEqual(read, [...packed, ...single.filter((value) => value !== 0)]);
  }));
  assert.throws(() => {
    const reader = new ProtoReader(Uint8Array.of(0x12, 2, 0x80, 0x80));
    reader.next();
    reader.varints([]);
  }, RangeError);
});

Deno.test("ProtoWriter writes as Protocol Buffers do, and leaves out what is nothing", () => {
  // The examples of its own documentation.
  assert.deepEqual([...new ProtoWriter().number(1, 150).view], [0x08, 0x96, 0x01]);
  assert.deepEqual([...new ProtoWriter().text(2, "testing").view].slice(0, 3), [0x12, 7, 0x74]);
  assert.equal(new ProtoWriter().number(1, 0).number(2, 0n).flag(3, false).view.length, 0);
  assert.deepEqual([...new ProtoWriter().flag(1, true).view], [0x08, 1]);
  const writer = new ProtoWriter().bytes(1, Uint8Array.of(1, 2, 3), 2);
  assert.deepEqual([...writer.view], [0x0a, 2, 1, 2]);
  assert.equal(writer.clear().view.length, 0);
});

Deno.test("ProtoReader goes through any bytes, or says that they are no message", () => {
  const skipAll = (reader: ProtoReader) => {
    while (reader.next() !== 0) reader.skip();
  };
  // A number of two bytes, four bytes, eight bytes, and what is skipped.
  skipAll(new ProtoReader(Uint8Array.of(8, 150, 1, 13, 1, 2, 3, 4, 9, 1, 2, 3, 4, 5, 6, 7, 8)));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    try {
      skipAll(new ProtoReader(bytes));
    } catch (error) {
      assert.ok(error instanceof RangeError, `${error}`);
    }
  }));
});
