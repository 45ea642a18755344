import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "./random.ts";
import { steadiness } from "./steadiness.ts";

/** Samples with 2 % of noise around a shape, the place in the run going from 0 to 1. */
function shaped(n: number, shape: (place: number) => number, seed = 1): Float64Array {
  const random = new Random(seed);
  return Float64Array.from(
    { length: n },
    (_, i) => shape(i / (n - 1)) * (1 + 0.02 * random.normal()),
  );
}

const SIZES = [10, 40, 1000];

Deno.test("steadiness() calls a run steady when it only has noise", () => {
  for (const n of SIZES) {
    const result = steadiness(shaped(n, () => 100));
    assert.equal(result.steady, true);
    assert.equal(result.n, n);
    assert.ok(result.drift!.change.low < 0 && result.drift!.change.high > 0);
  }
});

Deno.test("steadiness() measures the drift when a run slows down by a third", () => {
  for (const n of SIZES) {
    const { drift, steady } = steadiness(shaped(n, (place) => 100 * (1 + place / 3)));
    // 100 to 133.3 over a median of 116.7 is 0.286; block means cut off half a block at each end.
    assert.ok(Math.abs(drift!.change.value - 0.28) < 0.04, `${drift!.change.value}`);
    assert.ok(drift!.change.low > 0.15);
    assert.equal(drift!.drifting, true);
    assert.equal(steady, false);
  }
});

Deno.test("steadiness() finds warm-up left in when the first tenth is a third slower", () => {
  for (const n of SIZES) {
    const { warmUp, steady } = steadiness(shaped(n, (place) => place < 0.1 ? 400 / 3 : 100));
    assert.equal(warmUp!.samples, n / 10);
    assert.ok(Math.abs(warmUp!.excess - 1 / 3) < 0.05);
    assert.equal(warmUp!.present, true);
    assert.equal(steady, false);
  }
});

Deno.test("steadiness() does not flag a drift that is significant but small", () => {
  const { drift } = steadiness(shaped(1000, (place) => 100 * (1 + 0.03 * place)));
  assert.ok(drift!.p < 1e-6);
  assert.equal(drift!.drifting, false);
  assert.equal(
    steadiness(shaped(1000, (place) => 100 * (1 + 0.03 * place)), { leastChange: 0.01 }).drift!
      .drifting,
    true,
  );
});

Deno.test("steadiness() computes SNIA's criteria from five rounds", () => {
  // Round means 9, 10, 11, 10, 10: mean 10, range 0.2, best-fit slope 0.2 a round, movement 0.08.
  const samples = [8.9, 9.1, 9.9, 10.1, 10.9, 11.1, 9.9, 10.1, 9.9, 10.1];
  const { rounds } = steadiness(samples);
  assert.deepEqual([...rounds!.means].map((value) => Math.round(value * 1e9) / 1e9), [
    9,
    10,
    11,
    10,
    10,
  ]);
  assert.ok(Math.abs(rounds!.range - 0.2) < 1e-12);
  assert.ok(Math.abs(rounds!.movement - 0.08) < 1e-12);
});

Deno.test("steadiness() gives the F test of the rounds", () => {
  // Means 1.5, 2.5, 3.5, 1.5, 5: F = 11 with 4 and 5 degrees of freedom, p = 0.0107928.
  const { rounds } = steadiness([1, 2, 2, 3, 3, 4, 2, 1, 5, 5]);
  assert.ok(Math.abs(rounds!.p - 0.010792842888) < 1e-9);
  assert.equal(rounds!.steady, null);
});

Deno.test("steadiness() does not say whether a run was steady when ten samples are too noisy", () => {
  const random = new Random(5);
  let unknown = 0;
  for (let repetition = 0; repetition < 100; repetition++) {
    const { steady } = steadiness(
      Float64Array.from({ length: 10 }, () => Math.exp(0.4 * random.normal())),
    );
    if (steady === null) unknown++;
  }
  assert.ok(unknown > 85, `${unknown} of 100`);
});

Deno.test("steadiness() says nothing of nine samples", () => {
  assert.deepEqual(steadiness(shaped(9, () => 100)), {
    n: 9,
    rounds: null,
    drift: null,
    warmUp: null,
    steady: null,
  });
});

Deno.test("steadiness() handles a run whose samples are all equal", () => {
  const { rounds, drift, warmUp, steady } = steadiness(new Float64Array(100).fill(7));
  assert.equal(steady, true);
  assert.deepEqual([rounds!.range, rounds!.p, drift!.p, warmUp!.p, warmUp!.excess], [
    0,
    1,
    1,
    1,
    0,
  ]);
});

Deno.test("steadiness() gives the same answer when the unit changes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 10, maxLength: 60 }),
      (samples) => {
        const result = steadiness(samples);
        const scaled = steadiness(samples.map((sample) => sample * 1024));
        assert.equal(scaled.steady, result.steady);
        assert.equal(scaled.drift!.change.value, result.drift!.change.value);
        assert.equal(scaled.rounds!.range, result.rounds!.range);
      },
    ),
    { seed: 1 },
  );
});

Deno.test("steadiness() keeps its false alarms near the level when samples are independent", () => {
  const random = new Random(6);
  for (const n of [10, 100]) {
    let drifting = 0;
    let warmingUp = 0;
    for (let repetition = 0; repetition < 1_000; repetition++) {
      const result = steadiness(
        Float64Array.from({ length: n }, () => Math.exp(0.5 * random.normal())),
      );
      if (result.drift!.drifting) drifting++;
      if (result.warmUp!.present) warmingUp++;
    }
    // At a level of 1 %: ten expected, and five standard deviations are sixteen.
    assert.ok(drifting <= 26 && warmingUp <= 26, `${drifting} and ${warmingUp} of 1000`);
  }
});

Deno.test("steadiness() throws RangeError when a sample is not above zero", () => {
  assert.throws(() => steadiness([1, 2, 0]), RangeError);
});
