import assert from "node:assert/strict";
import fc from "fast-check";
import {
  binomialCdf,
  binomialUpperTail,
  incompleteBeta,
  logGamma,
  normalCdf,
  normalQuantile,
  studentTCdf,
  studentTQuantile,
} from "./distributions.ts";

function near(actual: number, expected: number, tolerance = 1e-10): void {
  const error = Math.abs(actual - expected) / Math.abs(expected);
  assert.ok(error <= tolerance, `${actual} is not ${expected}`);
}

Deno.test("normalCdf() gives published values when x is in the middle and in the tails", () => {
  near(normalCdf(0), 0.5);
  near(normalCdf(1), 0.8413447460685429);
  near(normalCdf(-1.96), 0.024997895148220435);
  near(normalCdf(3), 0.9986501019683699);
  near(normalCdf(-10), 7.619853024160527e-24);
  near(normalCdf(-38), 2.8854283e-316, 1e-6);
});

Deno.test("normalCdf() has no step when its series hands over to the fraction", () => {
  for (const x of [-2.5, 2.5]) near(normalCdf(x - 1e-13), normalCdf(x + 1e-13), 1e-11);
});

Deno.test("normalQuantile() gives published values and inverts the cdf", () => {
  near(normalQuantile(0.975), 1.959963984540054, 1e-14);
  near(normalQuantile(0.995), 2.5758293035489004, 1e-14);
  near(normalQuantile(1e-10), -6.361340902404056, 1e-14);
  assert.equal(normalQuantile(0.5), 0);
  assert.equal(normalQuantile(0), -Infinity);
  assert.equal(normalQuantile(1), Infinity);
  assert.throws(() => normalQuantile(1.5), RangeError);
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 0.5, noNaN: true }), (p) => {
      near(normalCdf(normalQuantile(p)), p, 1e-11);
    }),
    { seed: 1 },
  );
});

Deno.test("studentTQuantile() gives the closed forms of one and two degrees of freedom", () => {
  for (const p of [1e-9, 0.01, 0.3, 0.6, 0.975, 0.9999]) {
    near(studentTQuantile(p, 1), -1 / Math.tan(Math.PI * p), 1e-9);
    near(studentTQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)), 1e-9);
  }
});

Deno.test("studentTQuantile() gives the values of the published table", () => {
  const table: [degrees: number, p: number, t: number][] = [
    [2, 0.975, 4.3027],
    [4, 0.995, 4.6041],
    [9, 0.975, 2.2622],
    [30, 0.9, 1.3104],
    [120, 0.975, 1.9799],
  ];
  for (const [degrees, p, t] of table) {
    assert.equal(studentTQuantile(p, degrees).toFixed(4), t.toFixed(4));
  }
  near(studentTQuantile(0.975, 1e9), 1.959963984540054, 1e-8);
});

Deno.test("studentTQuantile() inverts the cdf when the degrees of freedom are not whole", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.3, max: 1e4, noNaN: true }),
      fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
      (degrees, p) => {
        near(studentTCdf(studentTQuantile(p, degrees), degrees), p);
        assert.equal(studentTQuantile(0.5, degrees), 0);
      },
    ),
    { seed: 2 },
  );
  assert.throws(() => studentTQuantile(0.9, 0), RangeError);
});

Deno.test("logGamma() gives the logarithms of factorials and of √π", () => {
  near(logGamma(0.5), 0.5 * Math.log(Math.PI), 1e-14);
  near(logGamma(11), Math.log(3628800), 1e-14);
  near(logGamma(171), 706.5730622457874, 1e-14);
});

Deno.test("incompleteBeta() gives its closed forms and its symmetry", () => {
  // I_x(1, b) = 1 − (1 − x)^b, I_x(a, 1) = x^a, I_x(½, ½) = 2/π · asin √x.
  near(incompleteBeta(0.3, 1, 3), 1 - 0.7 ** 3);
  near(incompleteBeta(0.3, 2.5, 1), 0.3 ** 2.5);
  near(incompleteBeta(0.3, 0.5, 0.5), 2 / Math.PI * Math.asin(Math.sqrt(0.3)));
  const shape = fc.double({ min: 0.1, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), shape, shape, (x, a, b) => {
      const y = 1 - x;
      const sum = incompleteBeta(x, a, b, y) + incompleteBeta(y, b, a, x);
      assert.ok(Math.abs(sum - 1) < 1e-10, `${sum} at ${x}, ${a}, ${b}`);
    }),
    { seed: 3 },
  );
});

/** P(X ≤ k) from whole binomial coefficients, for p = numerator / 1000. */
function exactBinomialCdf(k: number, n: number, numerator: number): number {
  let coefficient = 1n;
  let sum = 0n;
  for (let i = 0; i <= k; i++) {
    sum += coefficient * BigInt(numerator) ** BigInt(i) * BigInt(1000 - numerator) ** BigInt(n - i);
    coefficient = coefficient * BigInt(n - i) / BigInt(i + 1);
  }
  return Number(sum * 10n ** 18n / 1000n ** BigInt(n)) / 1e18;
}

Deno.test("binomialCdf() agrees with whole-number arithmetic when n is small", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 120 }),
      fc.nat(120),
      fc.integer({ min: 1, max: 999 }),
      (n, k, numerator) => {
        k = Math.min(k, n - 1);
        const exact = exactBinomialCdf(k, n, numerator);
        assert.ok(Math.abs(binomialCdf(k, n, numerator / 1000) - exact) < 1e-12);
        assert.ok(Math.abs(binomialUpperTail(k, n, numerator / 1000) - (1 - exact)) < 1e-12);
      },
    ),
    { seed: 4 },
  );
});

Deno.test("binomialCdf() keeps ten digits when n is 1e9", () => {
  // Summed term by term with 60 digits.
  near(binomialCdf(499_990_000, 1e9, 0.5), 0.2635549573773349);
  near(binomialCdf(989_995_000, 1e9, 0.99), 0.05604529306156159);
  near(
    binomialCdf(499_990_000, 1e9, 0.5) + binomialUpperTail(499_990_000, 1e9, 0.5),
    1,
  );
});

Deno.test("distributions throw RangeError when their arguments are out of range", () => {
  assert.throws(() => incompleteBeta(-0.1, 1, 1), RangeError);
  assert.throws(() => incompleteBeta(0.5, 0, 1), RangeError);
  assert.throws(() => binomialCdf(1, 2, 1.1), RangeError);
  assert.throws(() => studentTCdf(1, -1), RangeError);
});

Deno.test("distributions reach their ends when the argument does", () => {
  assert.deepEqual([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)], [0, 1]);
  assert.deepEqual([binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5)], [0, 1]);
  assert.deepEqual([binomialUpperTail(-1, 5, 0.5), binomialUpperTail(5, 5, 0.5)], [1, 0]);
  assert.deepEqual([studentTQuantile(0, 4), studentTQuantile(1, 4)], [-Infinity, Infinity]);
  assert.equal(studentTCdf(-1e300, 2), 0);
});
