import assert from "node:assert/strict";
import fc from "fast-check";
import { type Estimate, invert } from "./estimate.ts";
import { Random } from "./random.ts";
import {
  insideRuns,
  intervalOverRuns,
  quantileOverRuns,
  ratioOfEstimates,
  ratioOverRuns,
  sharedSpread,
  testOverBlocks,
  testOverRuns,
} from "./runs.ts";

function near(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual / expected - 1) < tolerance, `${actual} is not ${expected}`);
}

function sameEstimate(actual: Estimate, expected: Estimate): void {
  for (const key of ["value", "low", "high"] as const) near(actual[key], expected[key]);
  assert.equal(actual.n, expected.n);
}

Deno.test("intervalOverRuns() is t on the logarithms when the runs are 10, 11, 12", () => {
  // Geometric mean ∛1320; t(0.975, 2) = 4.302653; the interval as R's t.test gives it on the logs,
  // and half of their variance more on either side.
  const estimate = intervalOverRuns([10, 11, 12]);
  near(estimate.value, Math.cbrt(1320));
  const more = Math.exp(0.0083156 / 2);
  near(estimate.low, 8.74598637 / more, 1e-6);
  near(estimate.high, 13.75858669 * more, 1e-6);
  near(estimate.standardError, 0.5775487130276945);
  assert.equal(estimate.n, 3);
  assert.equal(estimate.method, "runs");
});

Deno.test("intervalOverRuns() has no width when all runs are equal", () => {
  const { value, low, high, standardError } = intervalOverRuns([7, 7, 7]);
  for (const bound of [value, low, high]) near(bound, 7, 1e-14);
  assert.ok(standardError < 1e-14);
});

Deno.test("intervalOverRuns() throws RangeError when there are fewer than three runs", () => {
  assert.throws(() => intervalOverRuns([1, 2]), {
    name: "RangeError",
    message: "Cannot make an interval over runs: there are 2, and it needs 3; measure more runs " +
      "or give the interval of the samples",
  });
  assert.throws(() => intervalOverRuns([1, 2, 0]), RangeError);
  assert.throws(() => intervalOverRuns([1, 2, Infinity]), RangeError);
  assert.throws(() => intervalOverRuns([1, 2, 3], 0), RangeError);
});

Deno.test("ratioOverRuns() is Welch's t on the logarithms", () => {
  // As SciPy's ttest_ind(equal_var=False) gives it: 4.586661740571 degrees of freedom.
  const ratio = ratioOverRuns([10, 11, 12], [20, 21, 25, 22]);
  near(ratio.value, 0.5003666036212011);
  near(ratio.low, 0.41458827, 1e-7);
  near(ratio.high, 0.60389249, 1e-7);
  assert.equal(ratio.n, 3);
});

Deno.test("ratioOverRuns() has no width when neither side spreads", () => {
  const { value, low, high } = ratioOverRuns([6, 6, 6], [3, 3, 3]);
  for (const bound of [value, low, high]) near(bound, 2, 1e-14);
});

const runs = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), {
  minLength: 3,
  maxLength: 12,
});

Deno.test("intervalOverRuns() holds its value, scales, ignores the order, and agrees with rates", () => {
  fc.assert(
    fc.property(runs, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (times, factor) => {
      const estimate = intervalOverRuns(times);
      assert.ok(0 <= estimate.low && estimate.low <= estimate.value);
      assert.ok(estimate.value <= estimate.high);
      // Hopelessly spread runs overflow, and have no reciprocal.
      if (!(estimate.low > 1e-100 && estimate.high < 1e100)) return;
      sameEstimate(intervalOverRuns(times.toReversed()), estimate);
      const scaled = intervalOverRuns(times.map((time) => time * factor));
      near(scaled.value, estimate.value * factor);
      near(scaled.low, estimate.low * factor);
      sameEstimate(intervalOverRuns(times.map((time) => 1e9 / time)), invert(estimate, 1e9));
      const wider = intervalOverRuns(times, 0.99);
      assert.ok(wider.low <= estimate.low && wider.high >= estimate.high);
    }),
    { seed: 1 },
  );
});

Deno.test("ratioOverRuns() inverts when the sides change places", () => {
  fc.assert(
    fc.property(runs, runs, (a, b) => {
      const ratio = ratioOverRuns(a, b);
      if (!(ratio.low > 1e-100 && ratio.high < 1e100)) return;
      sameEstimate(ratioOverRuns(b, a), invert(ratio));
    }),
    { seed: 2 },
  );
});

Deno.test("testOverRuns() is Welch's test on the logarithms, and agrees with its own interval", () => {
  const { p, degrees, ratio, spread } = testOverRuns([10, 11, 12], [13, 14, 16, 15]);
  const swapped = testOverRuns([13, 14, 16, 15], [10, 11, 12]);
  near(swapped.p, p);
  near(swapped.ratio.value, 1 / ratio.value);
  const logs = (values: number[]) => values.map(Math.log);
  const variance = (values: number[]) => {
    const center = values.reduce((sum, value) => sum + value) / values.length;
    return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  };
  const [a, b] = [variance(logs([10, 11, 12])), variance(logs([13, 14, 16, 15]))];
  near(spread, Math.sqrt((a + b) / 2));
  near(degrees, (a / 3 + b / 4) ** 2 / ((a / 3) ** 2 / 2 + (b / 4) ** 2 / 3));
  // A level at which the interval just touches 1 is 1 − p.
  near(testOverRuns([10, 11, 12], [13, 14, 16, 15], { confidence: 1 - p }).ratio.high, 1, 1e-8);
});

Deno.test("testOverRuns() takes runs that agree by rounding for no surer than the rounding", () => {
  const sure = testOverRuns([100, 100, 100], [101, 101, 101]);
  assert.equal(sure.p, 0);
  const rounded = testOverRuns([100, 100, 100], [101, 101, 101], { resolution: 0.02 });
  assert.ok(rounded.p > 0.01 && rounded.p < 0.2, String(rounded.p));
  near(rounded.spread, 0.02 / Math.sqrt(12));
  assert.equal(testOverRuns([7, 7, 7], [7, 7, 7]).p, 1);
  assert.throws(() => testOverRuns([7, 7, 7], [7, 7, 7], { resolution: -1 }), RangeError);
});

Deno.test("testOverBlocks() is Student's t on the logarithms of the blocks' ratios", () => {
  // Ratios e, e², e³: mean 2, standard deviation 1, error 1/√3, t = 2√3 with 2 degrees of freedom.
  const b = [5, 70, 0.1];
  const { ratio, p, degrees, spread } = testOverBlocks(
    b.map((value, i) => value * Math.exp(i + 1)),
    b,
  );
  near(ratio.value, Math.exp(2));
  near(Math.log(ratio.high) - 2, 4.302652729911275 / Math.sqrt(3), 1e-9);
  near(p, 0.0741799, 1e-5);
  assert.equal(degrees, 2);
  near(spread, 1 / Math.SQRT2);
});

Deno.test("testOverBlocks() is not moved by what both runs of a block share", () => {
  const random = new Random(3);
  const a = Array.from({ length: 10 }, () => Math.exp(0.02 * random.normal()));
  const b = Array.from({ length: 10 }, () => Math.exp(0.02 * random.normal()));
  const drift = a.map((_, i) => 1 + i / 3);
  const moved = (side: number[]) => side.map((value, i) => value * drift[i]!);
  const [still, drifting] = [testOverBlocks(a, b), testOverBlocks(moved(a), moved(b))];
  near(drifting.p, still.p, 1e-9);
  near(drifting.ratio.low, still.ratio.low, 1e-9);
  assert.ok(testOverRuns(moved(a), moved(b)).ratio.high > 1.2 * still.ratio.high);
});

Deno.test("testOverBlocks() throws RangeError when a run lacks its other one", () => {
  assert.throws(() => testOverBlocks([1, 2, 3, 4], [1, 2, 3]), RangeError);
  assert.throws(() => testOverBlocks([1, 2], [1, 2]), RangeError);
});

Deno.test("quantileOverRuns() is symmetric about the geometric mean, and shows runs far apart", () => {
  const close = quantileOverRuns([90, 100, 111], { step: 1, least: 50 });
  assert.ok(Math.abs(close.high / close.value - close.value / close.low) < 1e-12);
  assert.equal(close.apart, undefined);
  const apart = quantileOverRuns([3.4, 27, 130], { least: 2 });
  assert.deepEqual(apart.apart, [3.4, 27, 130]);
  assert.equal(apart.low, 2);
  assert.throws(() => quantileOverRuns([1, 2]), RangeError);
});

Deno.test("insideRuns() takes one run as it is, and narrows with two", () => {
  const one = { ...intervalOverRuns([98, 100, 102]), method: "samples" as const };
  assert.equal(insideRuns([one]), one);
  const two = insideRuns([one, one]);
  assert.ok(Math.abs(two.value / one.value - 1) < 1e-12);
  const width = ({ value, high }: Estimate) => Math.log(high / value);
  assert.ok(Math.abs(width(two) / (width(one) / Math.SQRT2) - 1) < 1e-9);
  assert.throws(() => insideRuns([]), RangeError);
});

Deno.test("ratioOfEstimates() inverts when its sides change places", () => {
  const [a, b] = [intervalOverRuns([98, 100, 103]), intervalOverRuns([48, 50, 53])];
  const [there, back] = [ratioOfEstimates(a, b), ratioOfEstimates(b, a)];
  assert.ok(Math.abs(there.value * back.value - 1) < 1e-12);
  assert.ok(Math.abs(there.low * back.high - 1) < 1e-12);
  assert.throws(() => ratioOfEstimates(a, { ...b, low: 0 }), RangeError);
});

/** Values of sides that share blocks: each side's own level, each block's, and noise. */
function sidesInBlocks(levels: readonly number[], blocks: number, noise: number, seed: number) {
  const random = new Random(seed);
  const ofBlocks = Array.from({ length: blocks }, () => 0.2 * random.normal());
  return levels.map((level) =>
    ofBlocks.map((block) => Math.exp(level + block + noise * random.normal()))
  );
}

Deno.test("sharedSpread() leaves levels and blocks out, and has the degrees of the rest", () => {
  const still = sidesInBlocks([0, 1, -2], 5, 0, 1);
  const { variance, degrees } = sharedSpread(still)!;
  assert.ok(variance < 1e-25, `${variance}`);
  assert.equal(degrees, 8);
  assert.equal(sharedSpread([[1, 2, 3]]), null);
  assert.equal(sharedSpread([[1], [2]]), null);
  assert.throws(() => sharedSpread([[1, 2], [1]]), RangeError);
});

Deno.test("sharedSpread() of two sides is what their ratios have by themselves", () => {
  const [a, b] = sidesInBlocks([0, 0.1], 9, 0.05, 2);
  const alone = testOverBlocks(a!, b!);
  const shared = testOverBlocks(a!, b!, { shared: sharedSpread([a!, b!])! });
  assert.ok(Math.abs(alone.p - shared.p) < 1e-12);
  assert.equal(alone.degrees, shared.degrees);
});

Deno.test("testOverBlocks() by a shared spread holds its level, and sees what two sides alone do not", () => {
  let [alarms, seen, alone] = [0, 0, 0];
  const times = 1500;
  for (let seed = 0; seed < times; seed++) {
    const sides = sidesInBlocks([0, 0, 0.06, 0, 0, 0, 0, 0], 6, 0.03, 100 + seed);
    const shared = sharedSpread(sides)!;
    if (testOverBlocks(sides[1]!, sides[0]!, { shared }).p < 0.01) alarms++;
    if (testOverBlocks(sides[2]!, sides[1]!, { shared }).p < 0.005) seen++;
    if (testOverBlocks(sides[2]!, sides[1]!).p < 0.005) alone++;
  }
  // 1 % ± three standard errors.
  assert.ok(alarms / times < 0.018 && alarms / times > 0.003, `${alarms}`);
  assert.ok(seen / times > 0.6 && alone / times < seen / times - 0.2, `${seen} ${alone}`);
});

Deno.test("testOverBlocks() takes two sides' own spread where it is surely larger than the shared one", () => {
  const calm = sidesInBlocks([0, 0, 0, 0, 0, 0], 8, 0.01, 3);
  const [wild] = sidesInBlocks([0], 8, 0.5, 4);
  const shared = sharedSpread([...calm, calm[0]!])!;
  const test = testOverBlocks(wild!, calm[0]!, { shared });
  assert.equal(test.degrees, 7);
  assert.equal(testOverBlocks(calm[1]!, calm[0]!, { shared }).degrees, shared.degrees);
});
