import assert from "node:assert/strict";
import fc from "fast-check";
import { median } from "./estimators.ts";
import { medcouple } from "./medcouple.ts";

/** All pairs, as the definition says. */
function slowly(sorted: Float64Array): number {
  const center = median(sorted);
  const lower = [...sorted].filter((value) => value <= center);
  const upper = [...sorted].filter((value) => value >= center);
  const ties = [...sorted].filter((value) => value === center).length;
  const kernels: number[] = [];
  lower.forEach((l, i) => {
    upper.forEach((u, j) => {
      // Ties count from the outside in, so that as many pairs are −1 as are 1.
      const place = (i - (lower.length - ties)) + j - (ties - 1);
      kernels.push(u === l ? Math.sign(place) : ((u - center) - (center - l)) / (u - l));
    });
  });
  return median(kernels);
}

Deno.test("medcouple() gives what is computed by hand when the sample is 1, 2, 5", () => {
  // l ∈ {1, 2}, u ∈ {2, 5}, m = 2: kernels −1, 0 (tie), 1/2, 1; the median is 1/4.
  assert.equal(medcouple(Float64Array.of(1, 2, 5)), 0.25);
  assert.equal(medcouple(Float64Array.of(7)), 0);
  assert.equal(medcouple(Float64Array.of(3, 3, 3, 3)), 0);
});

Deno.test("medcouple() equals the median over all pairs when the sample is arbitrary", () => {
  const sample = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 40 }),
    fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 }),
  );
  fc.assert(
    fc.property(sample, (array) => {
      const sorted = Float64Array.from(array).sort();
      assert.ok(Math.abs(medcouple(sorted) - slowly(sorted)) < 1e-12);
      const mirrored = sorted.map((value) => -value).sort();
      assert.ok(Math.abs(medcouple(mirrored) + medcouple(sorted)) < 1e-12);
    }),
    { seed: 1, numRuns: 300 },
  );
});
