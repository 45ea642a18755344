import assert from "node:assert/strict";
import fc from "fast-check";
import {
  orderStatisticEstimate,
  orderStatisticRanks,
  supportsQuantile,
} from "./order_statistic.ts";

Deno.test("orderStatisticRanks() gives the published ranks when q is the median", () => {
  // The table of distribution-free intervals of the median at 95 % (sign test).
  const table: [n: number, low: number, high: number, coverage: number][] = [
    [6, 1, 6, 0.96875],
    [8, 1, 8, 0.9921875],
    [9, 2, 8, 0.9609375],
    [10, 2, 9, 0.978515625],
    [20, 6, 15, 0.9586105346679688],
  ];
  for (const [n, lowRank, highRank, coverage] of table) {
    const ranks = orderStatisticRanks(n, 0.5)!;
    assert.deepEqual([ranks.lowRank, ranks.highRank], [lowRank, highRank]);
    assert.ok(Math.abs(ranks.coverage - coverage) < 1e-12);
  }
});

Deno.test("orderStatisticRanks() is null when the sample cannot hold the quantile", () => {
  assert.equal(orderStatisticRanks(0, 0.5), null);
  assert.equal(orderStatisticRanks(5, 0.5), null);
  assert.notEqual(orderStatisticRanks(6, 0.5), null);
  // The largest of n is below the p99 with probability 0.99^n, which is 2.5 % at n = 367.04.
  assert.equal(orderStatisticRanks(367, 0.99), null);
  assert.notEqual(orderStatisticRanks(368, 0.99), null);
  assert.equal(orderStatisticRanks(367, 0.01), null);
});

Deno.test("orderStatisticRanks() follows the normal approximation when n is 1e9", () => {
  const { lowRank, highRank, coverage } = orderStatisticRanks(1e9, 0.99)!;
  const reach = 1.959963984540054 * Math.sqrt(1e9 * 0.99 * 0.01);
  assert.ok(Math.abs(lowRank - (0.99e9 - reach)) < 3);
  assert.ok(Math.abs(highRank - (0.99e9 + reach)) < 3);
  assert.ok(coverage >= 0.95 && coverage < 0.95002);
});

Deno.test("orderStatisticRanks() is the tightest equal-tailed interval, and mirrors q to 1 − q", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 6, max: 5000 }),
      fc.integer({ min: 1, max: 31 }),
      fc.constantFrom(0.8, 0.95, 0.99),
      (n, numerator, confidence) => {
        // Thirty-seconds, so that 1 − q is exact.
        const q = numerator / 32;
        const ranks = orderStatisticRanks(n, q, confidence);
        const mirrored = orderStatisticRanks(n, 1 - q, confidence);
        if (ranks === null) return assert.equal(mirrored, null);
        assert.ok(ranks.coverage >= confidence - 1e-12 && ranks.coverage <= 1);
        assert.ok(1 <= ranks.lowRank && ranks.lowRank < ranks.highRank && ranks.highRank <= n);
        assert.deepEqual(
          [mirrored!.lowRank, mirrored!.highRank],
          [n + 1 - ranks.highRank, n + 1 - ranks.lowRank],
        );
        const rank = Math.ceil(n * q);
        assert.ok(ranks.lowRank <= rank && rank <= ranks.highRank);
        const wider = orderStatisticRanks(n, q, (1 + confidence) / 2);
        assert.ok(wider === null || wider.coverage >= ranks.coverage);
      },
    ),
    { seed: 1 },
  );
});

Deno.test("orderStatisticEstimate() looks the ranks up and says what they are", () => {
  const estimate = orderStatisticEstimate({ n: 20, valueAt: (rank) => rank * 10 }, 0.5)!;
  assert.deepEqual(
    { ...estimate, standardError: 0 },
    {
      value: 100,
      low: 60,
      high: 150,
      confidence: 0.95,
      standardError: 0,
      n: 20,
      method: "order-statistic",
    },
  );
  assert.ok(Math.abs(estimate.standardError - 90 / (2 * 1.959963984540054)) < 1e-12);
  assert.equal(orderStatisticEstimate({ n: 5, valueAt: () => 1 }, 0.5), null);
});

Deno.test("supportsQuantile() needs ten observations beyond the quantile", () => {
  assert.equal(supportsQuantile(1000, 0.99), true);
  assert.equal(supportsQuantile(999, 0.99), false);
  // 100 · (1 − 0.9) is 9.999999999999998 in binary.
  assert.equal(supportsQuantile(100, 0.9), true);
  assert.equal(supportsQuantile(100, 0.1), true);
  assert.equal(supportsQuantile(99, 0.1), false);
  assert.equal(supportsQuantile(100, 0.99, 1), true);
});

Deno.test("order statistics throw RangeError when q, n or the confidence make no sense", () => {
  assert.throws(() => orderStatisticRanks(10, 1), RangeError);
  assert.throws(() => orderStatisticRanks(1.5, 0.5), RangeError);
  assert.throws(() => orderStatisticRanks(10, 0.5, 1), RangeError);
});
