import assert from "node:assert/strict";
import fc from "fast-check";
import * as oracle from "simple-statistics";
import { medianAbsDev } from "./_testing/median_abs_dev.ts";
import {
  geometricMean,
  MAD_TO_STD_DEV,
  mean,
  median,
  quantileSorted,
  sampleStdDev,
  slopeThroughOrigin,
  sortedCopy,
} from "./estimators.ts";

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 2,
  maxLength: 50,
});

function near(actual: number, expected: number, scale = 1): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * scale, `${actual} is not ${expected}`);
}

Deno.test("estimators give what is computed by hand when the sample is 1, 2, 4, 9", () => {
  const values = [4, 1, 9, 2];
  assert.equal(mean(values), 4);
  assert.equal(median(values), 3);
  // Squares of −3, −2, 0, 5 are 38; 38 / 3.
  near(sampleStdDev(values), Math.sqrt(38 / 3));
  // Deviations from 3: 1, 1, 2, 6; their median is 1.5.
  near(medianAbsDev(values), 1.5 * MAD_TO_STD_DEV);
  // Ranks 0.75 and 2.25 from 0.
  near(quantileSorted([1, 2, 4, 9], 0.25), 1.75);
  near(quantileSorted([1, 2, 4, 9], 0.75), 5.25);
  // (1·2 + 2·5) / (1 + 4)
  near(slopeThroughOrigin([1, 2], [2, 5]), 2.4);
});

Deno.test("estimators agree with simple-statistics when the sample is arbitrary", () => {
  fc.assert(
    fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const scale = Math.max(1, ...values.map(Math.abs));
      near(mean(values), oracle.mean(values), scale);
      near(sampleStdDev(values), oracle.sampleStandardDeviation(values), scale);
      near(median(values), oracle.median(values), scale);
      near(medianAbsDev(values), oracle.medianAbsoluteDeviation(values) * MAD_TO_STD_DEV, scale);
      near(quantileSorted(sortedCopy(values), q), oracle.quantile(values, q), scale);
    }),
    { seed: 1 },
  );
});

Deno.test("estimators scale with the data and ignore its order", () => {
  fc.assert(
    fc.property(samples, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (values, factor) => {
      const scale = Math.max(1, ...values.map(Math.abs)) * Math.max(1, factor);
      const scaled = values.map((value) => value * factor);
      const reversed = values.toReversed();
      for (const estimator of [mean, median, sampleStdDev, medianAbsDev]) {
        near(estimator(scaled), factor * estimator(values), scale);
        near(estimator(reversed), estimator(values), scale);
      }
    }),
    { seed: 2 },
  );
});

Deno.test("mean() and sampleStdDev() keep their digits when the values share a large offset", () => {
  const values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16];
  assert.equal(mean(values), 1e9 + 10);
  assert.equal(sampleStdDev(values), Math.sqrt(30));
  assert.equal(mean([1e100, 1, -1e100, 1]), 0.5);
});

Deno.test("estimators throw RangeError when the sample is too small or not finite", () => {
  assert.throws(() => mean([]), RangeError);
  assert.throws(() => median([]), RangeError);
  assert.throws(() => sampleStdDev([1]), RangeError);
  assert.throws(() => median([1, NaN]), RangeError);
  assert.throws(() => quantileSorted([1], 1.1), RangeError);
  assert.throws(() => slopeThroughOrigin([1, 2], [1]), RangeError);
});

Deno.test("geometricMean() is the middle of logarithms, and refuses no values", () => {
  assert.ok(Math.abs(geometricMean([1, 10, 100]) - 10) < 1e-12);
  assert.throws(() => geometricMean([]), RangeError);
});
