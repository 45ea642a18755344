import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "./random.ts";
import { changeOfMeans, slopeOverTime } from "./slope.ts";

/** A first-order autoregression with a trend. */
function series(
  random: Random,
  n: number,
  likeness: number,
  slope: number,
  start = 1000,
): number[] {
  let noise = 0;
  return Array.from({ length: n }, (_, i) => {
    noise = likeness * noise + Math.sqrt(1 - likeness ** 2) * random.normal();
    return start + slope * i + noise;
  });
}

Deno.test("slopeOverTime() finds a line's slope in the unit of time", () => {
  const line = Array.from({ length: 20 }, (_, i) => 5e9 + 3 * i);
  const { value, low, high, effective } = slopeOverTime(line, 0.5)!;
  assert.ok(Math.abs(value - 6) < 1e-9);
  assert.ok(low <= value && value <= high && high - low < 1e-6);
  assert.equal(effective, 20);
});

Deno.test("slopeOverTime() covers the true slope of independent and of like neighbours", () => {
  const random = new Random(11);
  for (const [likeness, least] of [[0, 0.92], [0.5, 0.9], [0.8, 0.86]] as const) {
    const trials = 500;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const found = slopeOverTime(series(random, 60, likeness, 0.05), 1);
      // Nothing is claimed where there is too little to tell.
      if (found === null || found.low <= 0.05 && found.high >= 0.05) covered++;
    }
    assert.ok(covered / trials >= least, `${covered} of ${trials} at ${likeness}`);
    assert.ok(likeness > 0 || covered / trials <= 0.98, `${covered} of ${trials}`);
  }
});

Deno.test("slopeOverTime() finds a leak, and none where there is none", () => {
  const random = new Random(5);
  const leaks = slopeOverTime(series(random, 60, 0.5, 0.2), 1)!;
  assert.ok(leaks.low > 0, JSON.stringify(leaks));
  const still = slopeOverTime(series(random, 60, 0.5, 0), 1)!;
  assert.ok(still.low < 0 && still.high > 0, JSON.stringify(still));
  assert.ok(still.effective < 40, "neighbours that are alike count less");
});

Deno.test("slopeOverTime() says nothing of what wanders, and refuses what is none", () => {
  // Half a sine is no line with noise: its residuals are all alike.
  const arch = Array.from({ length: 60 }, (_, i) => Math.sin(Math.PI * i / 59));
  assert.equal(slopeOverTime(arch, 1), null);
  assert.throws(() => slopeOverTime([1, 2, 3], 1), /^RangeError: Cannot fit a slope: there are 3/);
  assert.throws(() => slopeOverTime([...Array(20).fill(1), NaN], 1), /a value is not finite/);
  const flat = slopeOverTime(new Array<number>(20).fill(7), 1)!;
  assert.deepEqual([flat.value, flat.low, flat.high], [0, 0, 0]);
});

Deno.test("slopeOverTime() scales with values and time, and moves with neither", () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 10, maxLength: 40 }), (values) => {
      const own = slopeOverTime(values, 1);
      const moved = slopeOverTime(values.map((value) => value * 2 + 64), 4);
      assert.equal(own === null, moved === null);
      if (own === null || moved === null) return;
      const close = (a: number, b: number) =>
        assert.ok(Math.abs(a - b) <= 1e-6 * (1 + Math.abs(a)), `${a} and ${b}`);
      close(own.value / 2, moved.value);
      close(own.low / 2, moved.low);
    }),
    { seed: 3, numRuns: 200 },
  );
});

Deno.test("changeOfMeans() covers the true change of like neighbours, and tells a real one", () => {
  const random = new Random(7);
  let covered = 0;
  const trials = 200;
  for (let trial = 0; trial < trials; trial++) {
    const [earlier, later] = [series(random, 100, 0.5, 0, 20), series(random, 100, 0.5, 0, 20)];
    const { low, high } = changeOfMeans(earlier, later, random)!;
    if (low <= 1 && high >= 1) covered++;
  }
  assert.ok(covered / trials >= 0.88 && covered / trials < 1, `${covered} of ${trials}`);
  const slower = changeOfMeans(
    series(random, 100, 0.5, 0, 20),
    series(random, 100, 0.5, 0, 16),
    random,
  )!;
  assert.ok(slower.high < 0.9 && slower.low > 0.7, JSON.stringify(slower));
});

Deno.test("changeOfMeans() is by its seed, and of nothing there is none", () => {
  const [a, b] = [[1, 2, 3, 4], [2, 4, 6, 8]];
  assert.deepEqual(changeOfMeans(a, b, new Random(1)), changeOfMeans(a, b, new Random(1)));
  assert.equal(changeOfMeans(a, b, new Random(1))!.value, 2);
  assert.equal(changeOfMeans([], b, new Random(1)), null);
  assert.equal(changeOfMeans([0, 0], b, new Random(1)), null);
});
