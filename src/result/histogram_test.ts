import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { decodeHistogram } from "./histogram.ts";

/** A histogram in V2 whose counts are these bytes. */
function encoded(counts: readonly number[], most = 3_600_000_000n): string {
  const bytes = Buffer.alloc(40 + counts.length);
  bytes.writeInt32BE(0x1c849303 | 0x10, 0);
  bytes.writeInt32BE(counts.length, 4);
  bytes.writeInt32BE(3, 12);
  bytes.writeBigInt64BE(1n, 16);
  bytes.writeBigInt64BE(most, 24);
  bytes.writeDoubleBE(1, 32);
  bytes.set(counts, 40);
  const body = deflateSync(bytes);
  const whole = Buffer.alloc(8 + body.length);
  whole.writeInt32BE(0x1c849304 | 0x10, 0);
  whole.writeInt32BE(body.length, 4);
  whole.set(body, 8);
  return whole.toString("base64");
}

Deno.test("decodeHistogram() reads what the library writes", () => {
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  for (const value of [1, 50, 50, 123_456]) histogram.recordValue(value);
  const read = decodeHistogram(encodeIntoCompressedBase64(histogram));
  assert.equal(read.totalCount, 4);
  assert.equal(read.getValueAtPercentile(50), 50);
  // 5 (ZigZag of −3) passes over three counts, 4 is a count of 2.
  assert.equal(decodeHistogram(encoded([5, 4])).getValueAtPercentile(50), 3);
});

const bad: [name: string, text: string][] = [
  // A run of 2^40 zeros, which the library would count one by one.
  [
    "a run of zeros without end",
    "HISTFAAAACZ4nJNpmSzMwMDAzgABzFCaEch0M9ixgMH+A0TgPwjYcwEAhs0Jlg==",
  ],
  ["a run of zeros beyond its bounds", encoded([0xff, 0xff, 0xff, 0x7f, 2])],
  ["a count that is cut off", encoded([0x80])],
  ["more counts than its bounds have", encoded(new Array(60_000).fill(2))],
  ["300 MB of zeros", bomb()],
  ["no base64", "HISTFAAA%%%"],
  ["nothing", ""],
];

/** A payload that unpacks to far more than any histogram has. */
function bomb(): string {
  const body = deflateSync(Buffer.alloc(300 * 1024 * 1024), { level: 9 });
  const whole = Buffer.alloc(8 + body.length);
  whole.writeInt32BE(0x1c849304 | 0x10, 0);
  whole.writeInt32BE(body.length, 4);
  whole.set(body, 8);
  return whole.toString("base64");
}

Deno.test.each(bad)("decodeHistogram() refuses %s", (_name, text) => {
  assert.throws(() => decodeHistogram(text), {
    name: "RangeError",
    message: /^it cannot be unpacked$|^its header is none, or its counts are not what it says$/,
  });
});
