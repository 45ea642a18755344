import assert from "node:assert/strict";
import fc from "fast-check";
import { monotonicTrend } from "./trend.ts";

Deno.test("monotonicTrend() finds slope and p when the values rise with one step back", () => {
  // Score 28 − 2 = 26 (one pair of 28 is in the wrong order); variance 8·7·21/18 = 65.333.
  const trend = monotonicTrend([1, 2, 3, 5, 4, 6, 7, 8]);
  assert.equal(trend.slope, 1);
  // z = 25 / √65.333 = 3.0930; two-sided p = 0.0019816
  assert.ok(Math.abs(trend.p - 0.0019816) < 1e-6, `${trend.p}`);
  assert.ok(trend.low <= 1 && 1 <= trend.high && trend.low > 0);
});

Deno.test("monotonicTrend() corrects the variance for ties", () => {
  // Score: 16 pairs rise, the others tie. Variance (8·7·21 − 2·4·3·13) / 18 = 48.
  const trend = monotonicTrend([1, 1, 1, 1, 2, 2, 2, 2]);
  // z = 15 / √48 = 2.1651; p = 0.03038
  assert.ok(Math.abs(trend.p - 0.0303828) < 1e-6, `${trend.p}`);
});

Deno.test("monotonicTrend() sees none when the values are equal", () => {
  const trend = monotonicTrend(new Float64Array(10).fill(3));
  assert.deepEqual([trend.slope, trend.low, trend.high, trend.p], [0, 0, 0, 1]);
});

Deno.test("monotonicTrend() is not moved by one stall", () => {
  const values = Float64Array.from({ length: 20 }, (_, i) => 100 + i);
  const slope = monotonicTrend(values).slope;
  values[18] = 1e6;
  assert.equal(monotonicTrend(values).slope, slope);
});

Deno.test("monotonicTrend() turns round with time and scales with the values", () => {
  const sample = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 8, maxLength: 25 });
  fc.assert(
    fc.property(sample, (values) => {
      const trend = monotonicTrend(values);
      assert.ok(trend.low <= trend.slope && trend.slope <= trend.high);
      const back = monotonicTrend(values.toReversed());
      assert.equal(back.p, trend.p);
      assert.ok(Math.abs(back.slope + trend.slope) < 1e-9);
      assert.ok(Math.abs(back.low + trend.high) < 1e-9);
      const scaled = monotonicTrend(values.map((value) => value * 8));
      assert.equal(scaled.low, trend.low * 8);
      assert.equal(scaled.p, trend.p);
    }),
    { seed: 1 },
  );
});

Deno.test("monotonicTrend() throws RangeError when there are fewer than eight values", () => {
  assert.throws(() => monotonicTrend([1, 2, 3, 4, 5, 6, 7]), RangeError);
});
