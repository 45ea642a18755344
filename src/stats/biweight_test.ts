import assert from "node:assert/strict";
import fc from "fast-check";
import { biweight, biweightDegrees } from "./biweight.ts";
import { medianAbsDev } from "./_testing/median_abs_dev.ts";
import { mean, median, sampleVariance } from "./estimators.ts";
import { Random } from "./random.ts";

/** The formulas as they are printed, term by term. */
function byFormula(values: number[]) {
  const center = median(values);
  // Exact for whole numbers, so that one at the end of the reach is on the same side here as there.
  const mad = median(values.map((x) => Math.abs(x - center)));
  const within = (reach: number) => values.filter((x) => Math.abs(x - center) < reach * mad);
  const u = (x: number, reach: number) => (x - center) / (reach * mad);
  const sum = (terms: number[]) => terms.reduce((total, term) => total + term, 0);
  const near = within(6);
  const far = within(9);
  const location = center +
    sum(near.map((x) => (x - center) * (1 - u(x, 6) ** 2) ** 2)) /
      sum(near.map((x) => (1 - u(x, 6) ** 2) ** 2));
  const scale =
    Math.sqrt(far.length * sum(far.map((x) => (x - center) ** 2 * (1 - u(x, 9) ** 2) ** 4))) /
    Math.abs(sum(far.map((x) => (1 - u(x, 9) ** 2) * (1 - 5 * u(x, 9) ** 2))));
  return { location, scale };
}

Deno.test("biweight() is what its formulas say", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 5, maxLength: 40 }),
    (values) => {
      fc.pre(medianAbsDev(values) > 0);
      const { location, scale } = biweight(values);
      const expected = byFormula(values);
      assert.ok(Math.abs(location - expected.location) < 1e-6, `${location}`);
      assert.ok(Math.abs(scale / expected.scale - 1) < 1e-6, `${scale} ${expected.scale}`);
    },
  ));
});

Deno.test("biweight() does not count a value at the very end of the reach, on neither side", () => {
  const values = [0, -73, -5, 1, -5, -5, -338, 63, 63, -73, 63, -5];
  assert.ok(Math.abs(biweight(values).scale / byFormula(values).scale - 1) < 1e-9);
  const mirrored = values.map((x) => -x);
  assert.ok(Math.abs(biweight(mirrored).scale / biweight(values).scale - 1) < 1e-9);
});

Deno.test("biweight() is finite, and within the values", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 30 }),
    (values) => {
      const { location, scale } = biweight(values);
      const slack = 1e-6 * Math.max(...values.map(Math.abs), 1e-300);
      assert.ok(location >= Math.min(...values) - slack && location <= Math.max(...values) + slack);
      assert.ok(scale >= 0 && Number.isFinite(scale));
    },
  ));
});

Deno.test("biweight() of equal values has no spread", () => {
  assert.deepEqual(biweight([3]), { location: 3, scale: 0 });
  assert.deepEqual(biweight([3, 3, 3, 9]), { location: 3, scale: 0 });
  assert.throws(() => biweight([]), RangeError);
  assert.throws(() => biweight([1, NaN]), RangeError);
});

Deno.test("biweight() hardly moves with a tenth of the values far away", () => {
  const random = new Random(5);
  const clean = Array.from({ length: 200 }, () => random.normal());
  const spiked = clean.map((x, i) => i % 10 === 0 ? 1e6 : x);
  const [a, b] = [biweight(clean), biweight(spiked)];
  assert.ok(Math.abs(a.location - b.location) < 0.3, `${b.location}`);
  assert.ok(b.scale / a.scale > 0.8 && b.scale / a.scale < 1.3, `${b.scale}`);
});

Deno.test("biweight() has nearly the standard deviation, and is worth the degrees that it states", () => {
  const random = new Random(7);
  const repetitions = 3000;
  for (const n of [15, 60]) {
    const squares = Array.from(
      { length: repetitions },
      () => biweight(Array.from({ length: n }, () => random.normal())).scale ** 2,
    );
    const average = mean(squares);
    assert.ok(Math.abs(average - 1) < 0.06, `${average}`);
    // A squared spread with ν degrees of freedom has a variance of 2 / ν.
    const degrees = 2 * average ** 2 / sampleVariance(squares);
    assert.ok(degrees > biweightDegrees(n), `${degrees}`);
  }
});
