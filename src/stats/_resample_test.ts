import assert from "node:assert/strict";
import fc from "fast-check";
import { Resampler } from "./_resample.ts";
import { medianAbsDev } from "./_testing/median_abs_dev.ts";
import { MAD_TO_STD_DEV, mean, median, sampleStdDev, slopeThroughOrigin } from "./estimators.ts";
import { Random } from "./random.ts";

/** The obvious implementation: collect what was drawn, and apply the estimators to it. */
function slowly(
  values: Float64Array,
  pairs: { x: Float64Array; y: Float64Array },
  random: Random,
): number[] {
  const order = [...values.keys()].sort((i, j) => values[i]! - values[j]!);
  const drawn = Array.from(values, () => order[random.below(values.length)]!);
  const resample = drawn.map((i) => values[i]!);
  return [
    mean(resample),
    median(resample),
    sampleStdDev(resample),
    medianAbsDev(resample),
    slopeThroughOrigin(drawn.map((i) => pairs.x[i]!), drawn.map((i) => pairs.y[i]!)),
  ];
}

// Few different values make ties, which is where counting ranks could go wrong.
const tied = fc.integer({ min: 1, max: 6 });
const spread = fc.double({ min: 0.1, max: 1e6, noNaN: true });
const sample = fc.oneof(
  fc.array(tied, { minLength: 2, maxLength: 40 }),
  fc.array(spread, { minLength: 2, maxLength: 40 }),
);

Deno.test("Resampler.compute() equals the obvious implementation when both draw the same", () => {
  fc.assert(
    fc.property(sample, fc.nat(), (array, seed) => {
      const values = Float64Array.from(array);
      const x = values.map((_, i) => i + 1);
      const y = values.map((value, i) => value * (i + 1));
      const resampler = new Resampler(values, { x, y });
      const fast = new Random(seed);
      const slow = new Random(seed);
      const scale = Math.max(...values);
      for (let resample = 0; resample < 20; resample++) {
        resampler.draw(fast);
        resampler.compute(values.length);
        const expected = slowly(values, { x, y }, slow);
        // No arithmetic but the last step: exact.
        assert.equal(resampler.results[1], expected[1]);
        assert.equal(resampler.results[3], expected[3]);
        // The root of a variance that is zero but for rounding is the root of that rounding.
        for (const [statistic, tolerance] of [[0, 1e-13], [2, 1e-7], [4, 1e-13]] as const) {
          const error = Math.abs(resampler.results[statistic]! - expected[statistic]!);
          assert.ok(error <= tolerance * scale, `${statistic}: off by ${error}`);
        }
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("Resampler.compute() keeps the spread's digits when the values share a large offset", () => {
  const resampler = new Resampler(Float64Array.of(1e12 + 1, 1e12 + 3, 1e12 + 5), null);
  resampler.counts.set([1, 1, 1]);
  resampler.compute(3);
  assert.deepEqual([...resampler.results.subarray(0, 4)], [
    1e12 + 3,
    1e12 + 3,
    2,
    2 * MAD_TO_STD_DEV,
  ]);
});

Deno.test("Resampler.compute() gives leave-one-out values when a rank is counted zero times", () => {
  const resampler = new Resampler(Float64Array.of(9, 1, 4, 2), null);
  resampler.counts.set([1, 1, 1, 0]);
  resampler.compute(3);
  assert.ok(Math.abs(resampler.results[0]! - 7 / 3) < 1e-15);
  assert.equal(resampler.results[1], 2);
  assert.equal(resampler.results[3], MAD_TO_STD_DEV);
  assert.ok(Number.isNaN(resampler.results[4]));
});
