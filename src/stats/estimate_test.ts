import assert from "node:assert/strict";
import fc from "fast-check";
import { type Estimate, invert } from "./estimate.ts";

const time: Estimate = {
  value: 250,
  low: 200,
  high: 500,
  confidence: 0.95,
  standardError: 5,
  n: 3,
  method: "runs",
};

Deno.test("invert() turns nanoseconds into operations a second and swaps the bounds", () => {
  assert.deepEqual(invert(time, 1e9), {
    ...time,
    value: 4_000_000,
    low: 2_000_000,
    high: 5_000_000,
    // 1e9 · 5 / 250²
    standardError: 80_000,
  });
});

Deno.test("invert() gives the first estimate back when applied twice", () => {
  const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(positive, positive, positive, positive, (low, up, more, scale) => {
      const estimate = { ...time, low, value: low + up, high: low + up + more };
      const twice = invert(invert(estimate, scale), scale);
      for (const key of ["low", "value", "high", "standardError"] as const) {
        assert.ok(Math.abs(twice[key] / estimate[key] - 1) < 1e-12);
      }
    }),
    { seed: 1 },
  );
});

Deno.test("invert() throws RangeError when the interval touches zero", () => {
  assert.throws(() => invert({ ...time, low: 0 }, 1), RangeError);
  assert.throws(() => invert(time, 0), RangeError);
});
