import assert from "node:assert/strict";
import fc from "fast-check";
import { HeaderDecoder, HeaderEncoder } from "./hpack.ts";

const bytes = (hex: string) =>
  Uint8Array.from(hex.replaceAll(" ", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));

Deno.test("decode() reads the requests of RFC 7541, plain and by Huffman's code", () => {
  const plain = [
    "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
    "8286 84be 5808 6e6f 2d63 6163 6865",
    "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
  ];
  const coded = [
    "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
    "8286 84be 5886 a8eb 1064 9cbf",
    "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
  ];
  for (const blocks of [plain, coded]) {
    const decoder = new HeaderDecoder();
    const [first, second, third] = blocks.map((block) => decoder.decode(bytes(block)));
    assert.deepEqual([...first!], [
      [":method", "GET"],
      [":scheme", "http"],
      [":path", "/"],
      [":authority", "www.example.com"],
    ]);
    assert.equal(second!.get("cache-control"), "no-cache");
    assert.equal(second!.get(":authority"), "www.example.com");
    assert.equal(third!.get("custom-key"), "custom-value");
    assert.equal(third!.get(":path"), "/index.html");
  }
});

Deno.test("decode() reads what encode() writes, the second time by numbers alone", () => {
  const text = fc.string({ unit: "binary-ascii", maxLength: 300 });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 12 }), (headers) => {
      const [encoder, decoder] = [new HeaderEncoder(), new HeaderDecoder()];
      const expected = [...new Map(headers)];
      for (let round = 0; round < 3; round++) {
        assert.deepEqual([...decoder.decode(encoder.encode(headers))], expected);
      }
    }),
  );
  const encoder = new HeaderEncoder();
  const headers = [[":path", "/etcdserverpb.KV/Range"], ["te", "trailers"]] as const;
  assert.ok(encoder.encode(headers).length > 30);
  assert.equal(encoder.encode(headers).length, 2);
  assert.equal(encoder.written, 2);
});

Deno.test("decode() refuses what are no headers, and nothing else happens", () => {
  for (
    const hex of ["80", "ff ff ff ff ff ff", "40", "40 05 61", "c8", "00 81 00 00", "3f e2 7f"]
  ) {
    assert.throws(() => new HeaderDecoder().decode(bytes(hex)), RangeError, hex);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (block) => {
    try {
      new HeaderDecoder().decode(block);
    } catch (error) {
      assert.ok(error instanceof RangeError, `${error}`);
    }
  }));
});

Deno.test("decode() reads a block anew when the table has changed since", () => {
  const decoder = new HeaderDecoder();
  assert.deepEqual([...decoder.decode(bytes("40 01 61 01 31"))], [["a", "1"]]);
  assert.deepEqual([...decoder.decode(bytes("be"))], [["a", "1"]]);
  assert.deepEqual([...decoder.decode(bytes("40 01 62 01 32"))], [["b", "2"]]);
  assert.deepEqual([...decoder.decode(bytes("be"))], [["b", "2"]]);
});
