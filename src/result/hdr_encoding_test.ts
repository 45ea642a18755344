import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { asV2 } from "./hdr_encoding.ts";

const MOST = 1 << 20;

/** A histogram in an older encoding, as HdrHistogram (Java) wrote it: counts as words. */
function older(version: 0 | 1, wordBytes: 2 | 4 | 8, counts: number[], digits = 3): string {
  const header = version === 0 ? 32 : 40;
  const bytes = new DataView(new ArrayBuffer(header + counts.length * wordBytes));
  bytes.setInt32(0, (version === 0 ? 0x1c849308 : 0x1c849301) | wordBytes << 4);
  if (version === 1) bytes.setInt32(4, counts.length * wordBytes);
  bytes.setInt32(version === 0 ? 4 : 12, digits);
  bytes.setBigInt64(version === 0 ? 8 : 16, 1n);
  bytes.setBigInt64(version === 0 ? 16 : 24, 3_600_000_000n);
  if (version === 1) bytes.setFloat64(32, 1);
  for (const [i, count] of counts.entries()) {
    const at = header + i * wordBytes;
    if (wordBytes === 2) bytes.setInt16(at, count);
    else if (wordBytes === 4) bytes.setInt32(at, count);
    else bytes.setBigInt64(at, BigInt(count));
  }
  const body = deflateSync(new Uint8Array(bytes.buffer));
  const whole = Buffer.alloc(8 + body.length);
  whole.writeInt32BE(version === 0 ? 0x1c849309 : 0x1c849302, 0);
  whole.writeInt32BE(body.length, 4);
  whole.set(body, 8);
  return whole.toString("base64");
}

Deno.test("asV2() writes V0 and V1 anew, count for count", () => {
  const counts = fc.array(fc.oneof(fc.constant(0), fc.nat(30_000)), { maxLength: 300 });
  fc.assert(
    fc.property(
      fc.constantFrom(0, 1),
      fc.constantFrom(2, 4, 8),
      counts,
      (version, wordBytes, counts) => {
        const text = asV2(older(version as 0 | 1, wordBytes as 2 | 4 | 8, counts), MOST);
        const histogram = decodeFromCompressedBase64(text!, 64);
        assert.equal(histogram.totalCount, counts.reduce((sum, count) => sum + count, 0));
        // The first 2048 values of three digits have a bucket each.
        const found = counts.map(() => 0);
        const values = (histogram as unknown as {
          recordedValuesIterator: {
            reset(): void;
            hasNext(): boolean;
            next(): { valueIteratedTo: number; countAtValueIteratedTo: number };
          };
        }).recordedValuesIterator;
        values.reset();
        while (values.hasNext()) {
          const { valueIteratedTo, countAtValueIteratedTo } = values.next();
          found[valueIteratedTo] = countAtValueIteratedTo;
        }
        assert.deepEqual(found, counts);
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("asV2() has large counts of 64 bits", () => {
  const counts = [0, 2 ** 40, 0, 0, Number.MAX_SAFE_INTEGER - 2 ** 40];
  const histogram = decodeFromCompressedBase64(asV2(older(1, 8, counts), MOST)!, 64);
  assert.equal(histogram.totalCount, Number.MAX_SAFE_INTEGER);
});

Deno.test("asV2() leaves V2 as it is, and refuses what is none", () => {
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  histogram.recordValue(100);
  const text = encodeIntoCompressedBase64(histogram);
  assert.equal(asV2(text, MOST), text);
  assert.equal(asV2(older(1, 8, [1, -1]), MOST), null, "a count below zero");
  assert.equal(asV2(older(1, 8, [1], 9), MOST), null, "nine digits");
  assert.equal(
    asV2(Buffer.concat([Buffer.alloc(8), deflateSync(Buffer.alloc(64))]).toString("base64"), MOST),
    null,
  );
  assert.throws(() => asV2(older(1, 8, new Array(MOST).fill(0)), MOST));
});
