/**
 * How often the intervals hold the truth, by simulation with fixed seeds. The figures in the
 * docstrings come from the same simulations with more repetitions.
 */
import assert from "node:assert/strict";
import { type BootstrapInterval, criterionEstimates } from "./bootstrap.ts";
import type { Estimate } from "./estimate.ts";
import { orderStatisticEstimate, orderStatisticRanks } from "./order_statistic.ts";
import { Random } from "./random.ts";
import { intervalOverRuns, ratioOverRuns } from "./runs.ts";

function coverage(repetitions: number, truth: number, estimate: (i: number) => Estimate): number {
  let held = 0;
  for (let i = 0; i < repetitions; i++) {
    const { low, high } = estimate(i);
    if (low <= truth && truth <= high) held++;
  }
  return held / repetitions;
}

/** Four standard errors of a coverage from so many repetitions. */
function tolerance(expected: number, repetitions: number): number {
  return 4 * Math.sqrt(expected * (1 - expected) / repetitions);
}

function assertCovers(actual: number, expected: number, repetitions: number): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance(expected, repetitions),
    `covers ${actual}, not ${expected}`,
  );
}

Deno.test("intervalOverRuns() covers as its docstring says when runs are lognormal or normal", () => {
  const random = new Random(1);
  const lognormal = () => Math.exp(0.2 * random.normal());
  const normal = () => 1 + 0.05 * random.normal();
  const cases: [runs: number, draw: () => number, expected: number][] = [
    [3, lognormal, 0.952],
    [5, lognormal, 0.956],
    [10, lognormal, 0.966],
    [3, normal, 0.948],
    [5, normal, 0.951],
    [10, normal, 0.956],
  ];
  for (const [runs, draw, expected] of cases) {
    const held = coverage(4_000, 1, () => intervalOverRuns(Array.from({ length: runs }, draw)));
    assertCovers(held, expected, 4_000);
  }
});

Deno.test("intervalOverRuns() holds the mean when the runs' means are few and skewed", () => {
  const random = new Random(4);
  // Means of ten samples, lognormal with σ = 1, whose mean is e^½.
  const draw = () =>
    Array.from({ length: 10 }, () => Math.exp(random.normal())).reduce((a, b) => a + b) / 10;
  const held = coverage(
    4_000,
    Math.exp(0.5),
    () => intervalOverRuns(Array.from({ length: 10 }, draw)),
  );
  assertCovers(held, 0.955, 4_000);
});

Deno.test("ratioOverRuns() covers as its docstring says when sides spread alike or not", () => {
  const random = new Random(2);
  const side = (runs: number, spread: number) =>
    Array.from({ length: runs }, () => Math.exp(spread * random.normal()));
  const cases: [runs: number, spreadA: number, spreadB: number, expected: number][] = [
    [3, 0.05, 0.05, 0.968],
    [3, 0.02, 0.1, 0.942],
    [5, 0.05, 0.05, 0.957],
    [5, 0.02, 0.1, 0.949],
    [10, 0.05, 0.05, 0.954],
    [10, 0.02, 0.1, 0.95],
  ];
  for (const [runs, spreadA, spreadB, expected] of cases) {
    const held = coverage(
      3_000,
      1,
      () => ratioOverRuns(side(runs, spreadA), side(runs, spreadB)),
    );
    assertCovers(held, expected, 3_000);
  }
});

Deno.test("orderStatisticEstimate() covers exactly what its ranks promise", () => {
  const random = new Random(3);
  for (const [n, q] of [[30, 0.5], [200, 0.9], [1000, 0.99]] as const) {
    const promised = orderStatisticRanks(n, q)!.coverage;
    assert.ok(promised >= 0.95);
    const held = coverage(1_000, -Math.log(1 - q), () => {
      const sorted = Float64Array.from({ length: n }, () => -Math.log(1 - random.uniform())).sort();
      return orderStatisticEstimate({ n, valueAt: (rank) => sorted[rank - 1]! }, q)!;
    });
    assertCovers(held, promised, 1_000);
  }
});

Deno.test("criterionEstimates() under-covers as documented when samples are few and skewed", () => {
  const cases: [n: number, interval: BootstrapInterval, expected: number][] = [
    [10, "percentile", 0.805],
    [10, "bca", 0.827],
    [30, "percentile", 0.879],
    [30, "bca", 0.892],
  ];
  for (const [n, interval, expected] of cases) {
    const random = new Random(4);
    const iterations = new Float64Array(n).fill(1);
    // The mean of the standard lognormal distribution is √e.
    const held = coverage(1_000, Math.sqrt(Math.E), (seed) => {
      const ns = Float64Array.from({ length: n }, () => Math.exp(random.normal()));
      return criterionEstimates({ iterations, ns, mode: "flat", interval, resamples: 500, seed })
        .mean;
    });
    assertCovers(held, expected, 1_000);
    assert.ok(held < 0.93, "the docstring's warning would be wrong");
  }
});
