import assert from "node:assert/strict";
import fc from "fast-check";
import { type OutlierLabel, tukeyOutliers } from "./outliers.ts";

const LABELS: OutlierLabel[] = ["low severe", "low mild", "none", "high mild", "high severe"];

Deno.test("tukeyOutliers() puts the fences 1.5 and 3 IQR beyond the type-7 quartiles", () => {
  // Sorted: −2.1, 10, 12, 12, 12, 12, 14, 20, 20.1. Q1 = 12 and Q3 = 14 at ranks 2 and 6 from 0.
  const { fences, labels, counts, total } = tukeyOutliers([
    -2.1,
    12,
    10,
    20,
    14,
    12,
    12,
    12,
    20.1,
  ]);
  assert.deepEqual(fences, { lowSevere: 6, lowMild: 9, highMild: 17, highSevere: 20 });
  assert.equal(labels[0], "low severe");
  assert.equal(labels[3], "high mild");
  assert.equal(labels[8], "high severe");
  assert.deepEqual(counts, {
    "low severe": 1,
    "low mild": 0,
    "none": 6,
    "high mild": 1,
    "high severe": 1,
  });
  assert.equal(total, 3);
});

Deno.test("tukeyOutliers() takes a value on a fence for the milder class", () => {
  // Q1 = 10 and Q3 = 14 whatever the outer values: the fences are −2, 4, 20 and 26.
  const label = (low: number, high: number) =>
    tukeyOutliers([low, 8, 10, 11, 12, 13, 14, 16, high]).labels;
  assert.deepEqual([label(4, 20)[0], label(4, 20)[8]], ["none", "none"]);
  assert.deepEqual([label(3.9, 20.1)[0], label(3.9, 20.1)[8]], ["low mild", "high mild"]);
  assert.deepEqual([label(-2, 26)[0], label(-2, 26)[8]], ["low mild", "high mild"]);
  assert.deepEqual([label(-2.1, 26.1)[0], label(-2.1, 26.1)[8]], ["low severe", "high severe"]);
});

Deno.test("outlier labels partition the sample and follow it when it is reordered or scaled", () => {
  const sample = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(sample, (values) => {
      const { labels, counts, total, fences } = tukeyOutliers(values);
      assert.equal(labels.length, values.length);
      assert.equal(LABELS.reduce((sum, label) => sum + counts[label], 0), values.length);
      for (const label of LABELS) {
        assert.equal(labels.filter((each) => each === label).length, counts[label]);
      }
      assert.equal(total, values.length - counts.none);
      assert.ok(fences.lowSevere <= fences.lowMild && fences.lowMild <= fences.highMild);
      assert.ok(fences.highMild <= fences.highSevere);
      assert.deepEqual(tukeyOutliers(values.toReversed()).labels, labels.toReversed());
      assert.deepEqual(tukeyOutliers(values.map((value) => value * 4)).labels, labels);
    }),
    { seed: 1 },
  );
});

Deno.test("tukeyOutliers() throws RangeError when there is nothing to label or no number", () => {
  assert.throws(() => tukeyOutliers([]), RangeError);
  assert.throws(() => tukeyOutliers([1, NaN]), RangeError);
});
