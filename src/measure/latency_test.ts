import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import { LatencyHistogram } from "./latency.ts";

/** The histogram of latencies, as a reader of the text has it. */
async function roundTrip(latencies: number[]) {
  const histogram = await LatencyHistogram.create();
  histogram.record(Float64Array.from(latencies));
  const encoded = histogram.encode();
  return { encoded, decoded: decodeFromCompressedBase64(encoded.histogram) };
}

/** Every latency of a histogram, as it has them, in ascending order. */
function valuesOf(histogram: Histogram): number[] {
  const count = histogram.totalCount;
  // In the middle of each rank, so that rounding decides nothing.
  return Array.from(
    { length: count },
    (_, i) => histogram.getValueAtPercentile(100 * (i + 0.5) / count),
  );
}

/** Whether two latencies are the same to three significant digits. */
function alike(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-3 * Math.max(a, b);
}

Deno.test("encode() is read back with every latency to three digits", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3600e9 }), { minLength: 1, maxLength: 200 }),
      async (latencies) => {
        const { encoded, decoded } = await roundTrip(latencies);
        const sorted = latencies.toSorted((a, b) => a - b);
        assert.deepEqual([encoded.unit, encoded.count], ["ns", latencies.length]);
        assert.equal(decoded.totalCount, latencies.length);
        for (const [i, value] of valuesOf(decoded).entries()) {
          assert.ok(alike(value, sorted[i]!), `${value} for ${sorted[i]}`);
        }
      },
    ),
    { seed: 8, numRuns: 50 },
  );
});

Deno.test("record() keeps small latencies exactly", async () => {
  const { decoded } = await roundTrip([0, 1, 27, 27, 1000, 2047]);
  assert.deepEqual(valuesOf(decoded), [0, 1, 27, 27, 1000, 2047]);
});

Deno.test("record() counts what took more than an hour as an hour", async () => {
  const { decoded } = await roundTrip([3600e9, 3601e9, 1e18, Number.MAX_SAFE_INTEGER]);
  assert.equal(decoded.totalCount, 4);
  assert.ok(alike(decoded.maxValue, 3600e9), `${decoded.maxValue}`);
  assert.ok(alike(decoded.getValueAtPercentile(1), 3600e9));
});

Deno.test("record() adds to what was recorded before", async () => {
  const histogram = await LatencyHistogram.create();
  for (let i = 0; i < 3; i++) histogram.record(Float64Array.of(10, 20));
  assert.equal(histogram.encode().count, 6);
  histogram.record(new Float64Array(0));
  const { count, histogram: text } = histogram.encode();
  assert.equal(count, 6);
  assert.deepEqual(valuesOf(decodeFromCompressedBase64(text)), [10, 10, 10, 20, 20, 20]);
});

Deno.test("create() makes histograms that are empty and apart", async () => {
  const [a, b] = [await LatencyHistogram.create(), await LatencyHistogram.create()];
  a.record(Float64Array.of(5));
  assert.equal(b.encode().count, 0);
  assert.equal(decodeFromCompressedBase64(b.encode().histogram).totalCount, 0);
});
