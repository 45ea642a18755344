/** A latency histogram in its compressed text form. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { deflateSync, inflateSync } from "node:zlib";
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { decodeHistogram, ResultError } from "../../result/mod.ts";
import { type Random } from "../../stats/mod.ts";
import { chance, flipBits, pick } from "../mutate.ts";
import type { FuzzTarget } from "../target.ts";

/** Bytes before the compressed body: a cookie and the body's length. */
const HEAD = 8;

function seeds(): string[] {
  // Of five digits one has 25 MB, and takes the time of a hundred others.
  return [2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 5].map((numberOfSignificantValueDigits) => {
    const histogram = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: 10_000_000,
      numberOfSignificantValueDigits: numberOfSignificantValueDigits as 2 | 3 | 5,
      autoResize: true,
    });
    for (let i = 1; i < 400; i++) histogram.recordValueWithCount(i * i * 7, 1 + i % 5);
    return encodeIntoCompressedBase64(histogram);
  });
}

/** One whose text is sound and whose bytes inside are not: what a mutated text hardly ever is. */
function repacked(random: Random, texts: readonly string[]): Uint8Array {
  const bytes = Buffer.from(pick(random, texts), "base64");
  const inside = new Uint8Array(inflateSync(bytes.subarray(HEAD)));
  let body: Uint8Array = inside;
  switch (random.below(5)) {
    case 0:
      flipBits(body, random);
      break;
    case 1:
      body = body.subarray(0, random.below(body.length));
      break;
    case 2: {
      // A field of the header, as a whole.
      const view = new DataView(body.buffer, body.byteOffset);
      const at = random.below(10) * 4;
      view.setInt32(at, pick(random, [0, -1, 1, 2 ** 31 - 1, -(2 ** 31), random.next() | 0]));
      break;
    }
    case 3: {
      const at = 40 + random.below(body.length - 40);
      body.fill(pick(random, [0, 0xff, 0x80, 0x7f, 1]), at, at + 1 + random.below(12));
      break;
    }
    default:
      body = new Uint8Array([...body, ...body.subarray(random.below(body.length))]);
  }
  // Now and then one that unpacks to far more than any histogram has.
  if (chance(random, 0.001)) body = new Uint8Array(100_000_000);
  const packed = deflateSync(body);
  const head = bytes.subarray(0, HEAD);
  if (chance(random, 0.9)) head.writeInt32BE(packed.length, 4);
  return Buffer.from(Buffer.concat([head, packed]).toString("base64"));
}

/** The target. */
export const histogram: FuzzTarget = {
  name: "histogram",
  what: "`HISTFAAA…` in a result, a journal or a log: its text, and its bytes inside",
  seeds,
  make: (random, texts) => chance(random, 0.7) ? repacked(random, texts) : undefined,
  read(input) {
    const text = new TextDecoder().decode(input);
    let decoded;
    try {
      decoded = decodeHistogram(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Who reads one says so of its run.
      throw new ResultError(`Cannot read the histogram: ${error.message}`);
    }
    const { totalCount } = decoded;
    assert.ok(Number.isSafeInteger(totalCount) && totalCount >= 0, `${totalCount} observations`);
    if (totalCount === 0) return;
    let before = 0;
    for (const percentile of [0, 50, 90, 99, 99.9, 100]) {
      const value = decoded.getValueAtPercentile(percentile);
      assert.ok(Number.isFinite(value) && value >= before, `${percentile} %: ${value}`);
      before = value;
    }
    const { mean, maxValue } = decoded;
    assert.ok(mean >= 0 && mean <= maxValue * 1.1 + 1, `mean ${mean}, most ${maxValue}`);
    assert.equal(decodeHistogram(encodeIntoCompressedBase64(decoded)).totalCount, totalCount);
  },
};
