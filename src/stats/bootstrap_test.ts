import assert from "node:assert/strict";
import fc from "fast-check";
import { criterionEstimates, type CriterionOptions, totalsOverSamples } from "./bootstrap.ts";
import { normalCdf, normalQuantile } from "./distributions.ts";
import type { Estimate } from "./estimate.ts";
import { medianAbsDev } from "./_testing/median_abs_dev.ts";
import { mean, median, quantileSorted, sampleStdDev, slopeThroughOrigin } from "./estimators.ts";
import { Random } from "./random.ts";

const NAMES = ["mean", "median", "stdDev", "medianAbsDev", "slope"] as const;

function lognormal(n: number, seed: number, spread = 0.5): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: n }, () => 100 * Math.exp(spread * random.normal()));
}

function linear(n: number, seed: number): CriterionOptions {
  const iterations = Float64Array.from({ length: n }, (_, i) => 10 * (i + 1));
  const ns = lognormal(n, seed).map((time, i) => time * iterations[i]!);
  return { iterations, ns, mode: "linear", resamples: 500, seed };
}

Deno.test("criterionEstimates() gives the estimators of the times for one iteration", () => {
  const options = linear(25, 1);
  const averages = Float64Array.from(options.ns, (time, i) => time / options.iterations[i]!);
  const estimates = criterionEstimates(options);
  const expected = {
    mean: mean(averages),
    median: median(averages),
    stdDev: sampleStdDev(averages),
    medianAbsDev: medianAbsDev(averages),
    slope: slopeThroughOrigin(options.iterations, options.ns),
  };
  for (const name of NAMES) {
    assert.ok(Math.abs(estimates[name]!.value / expected[name] - 1) < 1e-12, name);
    assert.equal(estimates[name]!.n, 25);
    assert.equal(estimates[name]!.method, "samples");
  }
  assert.equal(estimates.typical, estimates.slope);
  assert.equal(estimates.tukey.labels.length, 25);
});

Deno.test("criterionEstimates() has no slope and the mean as headline when the mode is flat", () => {
  const estimates = criterionEstimates({ ...linear(10, 2), mode: "flat" });
  assert.equal(estimates.slope, null);
  assert.equal(estimates.typical, estimates.mean);
});

Deno.test("criterionEstimates() takes type-7 quantiles and the deviation of the resampled means", () => {
  const iterations = Float64Array.of(1, 1, 1);
  const ns = Float64Array.of(1, 2, 6);
  const { mean: estimate } = criterionEstimates({
    iterations,
    ns,
    mode: "flat",
    resamples: 41,
    confidence: 0.9,
    seed: 3,
  });
  const random = new Random(3);
  const means = Float64Array.from({ length: 41 }, () => {
    return (ns[random.below(3)]! + ns[random.below(3)]! + ns[random.below(3)]!) / 3;
  }).sort();
  assert.ok(Math.abs(estimate.low - quantileSorted(means, 0.05)) < 1e-12);
  assert.ok(Math.abs(estimate.high - quantileSorted(means, 0.95)) < 1e-12);
  assert.ok(Math.abs(estimate.standardError - sampleStdDev(means)) < 1e-12);
});

Deno.test("criterionEstimates() approaches the normal theory of the mean when n is large", () => {
  const random = new Random(4);
  const ns = Float64Array.from({ length: 400 }, () => 1_000 + 50 * random.normal());
  const iterations = new Float64Array(400).fill(1);
  for (const interval of ["percentile", "bca"] as const) {
    const estimate = criterionEstimates({
      iterations,
      ns,
      mode: "flat",
      interval,
      resamples: 20_000,
      seed: 5,
    }).mean;
    const error = sampleStdDev(ns) / Math.sqrt(400);
    assert.ok(Math.abs(estimate.standardError / error - 1) < 0.03);
    assert.ok(Math.abs(estimate.low - (estimate.value - 1.96 * error)) < 0.15 * error);
    assert.ok(Math.abs(estimate.high - (estimate.value + 1.96 * error)) < 0.15 * error);
  }
});

Deno.test("criterionEstimates() takes the quantiles that Efron's formula asks for when BCa", () => {
  const ns = [1, 2, 4, 7, 11, 17];
  const random = new Random(3);
  const means = Float64Array.from({ length: 4_001 }, () => {
    return ns.reduce((sum) => sum + ns[random.below(6)]!, 0) / 6;
  }).sort();
  const below = means.filter((value) => value < 7).length;
  const ties = means.filter((value) => value === 7).length;
  assert.ok(ties > 100, "ties are counted by halves");
  const bias = normalQuantile((below + ties / 2) / 4_001);
  // Leave-one-out means 8.2, 8, 7.6, 7, 6.2, 5; differences from their mean 7: −1.2, −1, −0.6, 0,
  // 0.8, 2; their squares add up to 7.44 and their cubes to 5.568.
  const acceleration = 5.568 / (6 * 7.44 ** 1.5);
  const bound = (z: number) =>
    quantileSorted(means, normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z))));
  // The means take few values, so that a bound shows a wrong level at some confidences only.
  for (let percent = 20; percent < 100; percent++) {
    const { mean: estimate } = criterionEstimates({
      iterations: [1, 1, 1, 1, 1, 1],
      ns,
      mode: "flat",
      interval: "bca",
      resamples: 4_001,
      confidence: percent / 100,
      seed: 3,
    });
    const reach = normalQuantile((1 + percent / 100) / 2);
    assert.ok(Math.abs(estimate.low - bound(-reach)) < 1e-9, `low at ${percent} %`);
    assert.ok(Math.abs(estimate.high - bound(reach)) < 1e-9, `high at ${percent} %`);
  }
});

Deno.test("criterionEstimates() with BCa shifts the mean's interval up when the data are skewed", () => {
  const options = { ...linear(20, 6), ns: lognormal(20, 6, 1), resamples: 5_000 };
  options.iterations = new Float64Array(20).fill(1);
  const percentile = criterionEstimates({ ...options, mode: "flat" }).mean;
  const bca = criterionEstimates({ ...options, mode: "flat", interval: "bca" }).mean;
  assert.ok(bca.low > percentile.low && bca.high > percentile.high);
  assert.equal(bca.value, percentile.value);
});

Deno.test("criterionEstimates() scales with the times and is the same for the same seed", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 30 }),
      fc.nat(),
      fc.constantFrom(0.25, 2, 1024),
      fc.constantFrom("percentile" as const, "bca" as const),
      (n, seed, factor, interval) => {
        const options = { ...linear(n, seed), resamples: 100, interval };
        const estimates = criterionEstimates(options);
        assert.deepEqual(criterionEstimates(options), estimates);
        const scaled = criterionEstimates({
          ...options,
          ns: Float64Array.from(options.ns, (time) => time * factor),
        });
        for (const name of NAMES) {
          for (const key of ["value", "low", "high", "standardError"] as const) {
            // Powers of two scale exactly.
            assert.equal(scaled[name]![key], estimates[name]![key] * factor);
          }
          assert.ok(estimates[name]!.low <= estimates[name]!.high);
        }
      },
    ),
    { seed: 7, numRuns: 50 },
  );
});

Deno.test("criterionEstimates() ignores the order of the samples when no two are equal", () => {
  const options = linear(15, 8);
  const order = new Random(9).shuffle([...Array(15).keys()]);
  const shuffled = criterionEstimates({
    ...options,
    iterations: order.map((i) => options.iterations[i]!),
    ns: order.map((i) => options.ns[i]!),
  });
  const estimates = criterionEstimates(options);
  for (const name of NAMES) assert.deepEqual(shuffled[name], estimates[name]);
});

Deno.test("criterionEstimates() gives intervals of no width when all samples are equal", () => {
  for (const interval of ["percentile", "bca"] as const) {
    const estimates = criterionEstimates({
      iterations: [2, 2, 2],
      ns: [10, 10, 10],
      mode: "linear",
      interval,
      resamples: 50,
      seed: 1,
    });
    for (const [name, value] of [["mean", 5], ["stdDev", 0], ["slope", 5]] as const) {
      const estimate = estimates[name] as Estimate;
      assert.deepEqual([estimate.low, estimate.value, estimate.high], [value, value, value]);
    }
  }
});

Deno.test("criterionEstimates() throws RangeError when the samples or the options make no sense", () => {
  const good: CriterionOptions = { iterations: [1, 1], ns: [1, 2], mode: "flat", seed: 1 };
  const bad: Partial<CriterionOptions>[] = [
    { ns: [1] },
    { ns: [1], iterations: [1] },
    { iterations: [1, 0] },
    { ns: [1, NaN] },
    { confidence: 1 },
    { resamples: 1 },
    { seed: -1 },
  ];
  for (const part of bad) {
    assert.throws(() => criterionEstimates({ resamples: 10, ...good, ...part }), RangeError);
  }
});

Deno.test("totalsOverSamples() is criterion's mean when the samples weigh alike", () => {
  const ns = lognormal(40, 1);
  const options = { iterations: new Float64Array(40).fill(5), ns, resamples: 2_000, seed: 1 };
  const [totals, { mean }] = [
    totalsOverSamples(options),
    criterionEstimates({ ...options, mode: "flat" }),
  ];
  assert.ok(Math.abs(totals.value / mean.value - 1) < 1e-12);
  assert.ok(Math.abs(totals.low / mean.low - 1) < 0.02);
  assert.ok(Math.abs(totals.high / mean.high - 1) < 0.02);
  assert.equal(totals.n, 40);
});

Deno.test("totalsOverSamples() divides all time by all iterations when samples weigh unlike", () => {
  // A thousand of 100 µs and one of 100 ms: 199.8 µs, and not 50 ms.
  const samples = { iterations: [1000, 1], ns: [1000 * 100e3, 100e6], resamples: 500, seed: 1 };
  const { value, low, high } = totalsOverSamples(samples);
  assert.ok(Math.abs(value - 200e6 / 1001) < 1e-6);
  assert.ok(low <= value && value <= high);
  assert.throws(() => totalsOverSamples({ ...samples, ns: [1] }), RangeError);
});
