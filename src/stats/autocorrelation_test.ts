import assert from "node:assert/strict";
import { autocorrelation } from "./autocorrelation.ts";
import { Random } from "./random.ts";

/** A first-order autoregressive series, whose effective size is n (1 − φ) / (1 + φ). */
function autoregressive(n: number, phi: number, seed: number): Float64Array {
  const random = new Random(seed);
  let x = random.normal();
  return Float64Array.from({ length: n }, () => {
    x = phi * x + Math.sqrt(1 - phi * phi) * random.normal();
    return 10 + x;
  });
}

Deno.test("autocorrelation() gives what is computed by hand when the series alternates", () => {
  const values = Float64Array.from({ length: 20 }, (_, i) => i % 2);
  // Nineteen products of −¼ over twenty of ¼.
  assert.deepEqual(autocorrelation(values), { lag1: -0.95, effectiveSampleSize: 20 });
});

Deno.test("autocorrelation() finds the effective size of an autoregressive series", () => {
  for (const [phi, expected] of [[0, 20_000], [0.5, 20_000 / 3], [0.9, 20_000 / 19]] as const) {
    const { lag1, effectiveSampleSize } = autocorrelation(autoregressive(20_000, phi, 1))!;
    assert.ok(Math.abs(lag1 - phi) < 0.03);
    assert.ok(Math.abs(effectiveSampleSize / expected - 1) < 0.2, `${effectiveSampleSize}`);
  }
});

Deno.test("autocorrelation() stays between one and n, and is null when samples are too few", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { effectiveSampleSize } = autocorrelation(autoregressive(30, 0.95, seed))!;
    assert.ok(effectiveSampleSize >= 1 && effectiveSampleSize <= 30);
  }
  assert.equal(autocorrelation(new Float64Array(19)), null);
  assert.deepEqual(autocorrelation(new Float64Array(20)), { lag1: 0, effectiveSampleSize: 20 });
});
