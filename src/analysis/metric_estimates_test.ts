import assert from "node:assert/strict";
import { build, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import { orderStatisticRanks, Random } from "../stats/mod.ts";
import {
  decodeHistograms,
  mergeHistograms,
  quantileRank,
  unbiasedQuantile,
  valueAtRank,
} from "./histogram.ts";
import { estimateQuantiles } from "./metric_estimates.ts";
import { quantileValues } from "./run_values.ts";
import { threeStores } from "./_testing/sample_result.ts";

/** A histogram of the whole numbers from one to another, each once: exact below 2048. */
function oneToN(from: number, to: number): Histogram {
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  for (let value = from; value <= to; value++) histogram.recordValue(value);
  return histogram;
}

Deno.test("valueAtRank() gives every observation by its rank", () => {
  const histogram = oneToN(1, 1999);
  for (let rank = 1; rank <= 1999; rank++) assert.equal(valueAtRank(histogram, rank), rank);
});

Deno.test("quantileRank() is the smallest rank that reaches the quantile", () => {
  assert.equal(quantileRank(1000, 0.99), 990);
  assert.equal(quantileRank(1001, 0.99), 991);
  assert.equal(quantileRank(10, 0.9), 9);
  assert.equal(quantileRank(1, 0.5), 1);
});

Deno.test("mergeHistograms() keeps every observation when ranges differ", () => {
  const merged = mergeHistograms([oneToN(1, 500), oneToN(501, 1500), oneToN(1501, 1999)]);
  assert.equal(merged.totalCount, 1999);
  assert.equal(valueAtRank(merged, 1000), 1000);
});

Deno.test("decodeHistograms() reports what cannot be read, and reads the rest", () => {
  const run = threeStores().runs.find(({ latency }) => latency !== null)!;
  const broken = { ...run, run: 7, latency: { ...run.latency!, histogram: "HISTFAAAnothing" } };
  const { histograms, problems } = decodeHistograms([run, broken]);
  assert.equal(histograms.length, 1);
  assert.deepEqual(problems.map(({ run }) => run), [7]);
});

/** The estimates of the quantiles of some runs. */
function quantiles(histograms: Histogram[], options: Parameters<typeof quantileValues>[1] = {}) {
  const values = quantileValues(histograms, options);
  const metrics = estimateQuantiles(values, histograms, 0.95);
  const of = (name: string) => metrics.find(({ metric }) => metric === name)!;
  const runs = (name: string) => values.find(({ metric }) => metric === name)!.values;
  return { metrics, of, runs };
}

Deno.test("estimateQuantiles() gives the exact order-statistic interval when there is one run", () => {
  const { estimate, basis, pooled } = quantiles([oneToN(1, 1999)]).of("p99");
  const ranks = orderStatisticRanks(1999, 0.99, 0.95)!;
  // Rank (n + ⅓) q + ⅓ of whole numbers from 1 on, on the logarithms.
  assert.ok(Math.abs(estimate!.value - 1979.6733) < 1e-3);
  assert.deepEqual([estimate!.low, estimate!.high], [ranks.lowRank, ranks.highRank]);
  assert.equal(estimate!.method, "order-statistic");
  assert.equal(basis, "inside one run only");
  assert.equal(pooled, undefined);
});

Deno.test("estimateQuantiles() leaves a quantile out when its tail is too thin in a run, and says why", () => {
  const { of } = quantiles([oneToN(1, 1999)]);
  assert.equal(of("p999").estimate, null);
  assert.equal(of("p999").reason, "1,999 operations leave 1 beyond it, and 10 are needed");
  assert.equal(of("p999").missing, "too few operations");
  assert.equal(of("p99").missing, undefined);
  // Together they have ten operations beyond it, and by itself no run has.
  const several = quantiles(Array.from({ length: 6 }, () => oneToN(1, 1999)));
  assert.equal(
    several.of("p999").reason,
    "a run has 1,999 operations, which leave 1 beyond it, and 10 are needed",
  );
  assert.equal(several.of("p999").estimate, null);
  assert.equal(several.of("p999").pooled, 1998);
});

Deno.test("estimateQuantiles() has the geometric mean of three runs with its own interval", () => {
  const { of, runs } = quantiles([oneToN(1, 1000), oneToN(500, 1500), oneToN(900, 1900)]);
  const { estimate, basis, pooled } = of("p50");
  assert.deepEqual(runs("p50").map(Math.floor), [500, 1000, 1400]);
  const logs = runs("p50").map(Math.log);
  const center = logs.reduce((a, b) => a + b) / 3;
  const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - center) ** 2, 0) / 2);
  // Student's t with two degrees of freedom at 97.5 %.
  const reach = 4.302652729749462 * spread / Math.sqrt(3);
  assert.ok(Math.abs(estimate!.value / Math.exp(center) - 1) < 1e-12);
  assert.ok(Math.abs(estimate!.low / Math.exp(center - reach) - 1) < 1e-9);
  assert.ok(Math.abs(estimate!.high / Math.exp(center + reach) - 1) < 1e-9);
  assert.deepEqual([estimate!.method, estimate!.n, basis], ["runs", 3, "over 3 runs"]);
  assert.equal(pooled, 967);
});

Deno.test("estimateQuantiles() shows the runs when they differ too much for an interval", () => {
  const scaled = (factor: number) => {
    const histogram = build({ numberOfSignificantValueDigits: 3 });
    for (let value = 1; value <= 1000; value++) histogram.recordValue(value * factor);
    return histogram;
  };
  const { of, runs } = quantiles([scaled(1), scaled(8), scaled(40)]);
  assert.deepEqual(of("p50").estimate!.apart, runs("p50"));
  // No quantile is below the fastest operation.
  assert.ok(of("p50").estimate!.low >= 1);
  assert.equal(
    quantiles([scaled(10), scaled(11), scaled(12)]).of("p50").estimate!.apart,
    undefined,
  );
});

Deno.test("estimateQuantiles() is no surer than the clock when three runs agree wholly", () => {
  const same = () => [oneToN(1, 1999), oneToN(1, 1999), oneToN(1, 1999)];
  const exact = quantiles(same()).of("p50").estimate!;
  // A bucket of the histogram holds whole nanoseconds here.
  assert.deepEqual([exact.low, exact.value, exact.high].map(Math.round), [999, 1000, 1001]);
  const coarse = quantiles(same(), { stepNs: 29 }).of("p50").estimate!;
  assert.deepEqual([coarse.low, coarse.high].map(Math.round), [971, 1029]);
});

Deno.test("estimateQuantiles() combines the intervals inside two runs, and says that it does", () => {
  const [a, b] = [quantiles([oneToN(1, 1000)]), quantiles([oneToN(1, 1900)])];
  const { estimate, basis } = quantiles([oneToN(1, 1000), oneToN(1, 1900)]).of("p90");
  const ends = [a, b].map(({ of }) => of("p90").estimate!);
  assert.ok(Math.abs(estimate!.value - Math.sqrt(ends[0]!.value * ends[1]!.value)) < 1e-9);
  const reach = Math.hypot(...ends.map(({ value, high }) => Math.log(high / value))) / 2;
  assert.ok(Math.abs(estimate!.high / (estimate!.value * Math.exp(reach)) - 1) < 1e-12);
  assert.equal(basis, "inside 2 runs only");
});

Deno.test("estimateQuantiles() has a reason for every quantile when there is no histogram", () => {
  const { metrics } = quantiles([], { reason: "nothing was timed" });
  assert.deepEqual(metrics.map(({ metric }) => metric), ["p50", "p90", "p99", "p999"]);
  for (const { estimate, reason } of metrics) {
    assert.deepEqual([estimate, reason], [null, "nothing was timed"]);
  }
});

Deno.test("decodeHistograms() reads what hdr-histogram-js writes without loss", () => {
  const original = oneToN(1, 1999);
  const run = threeStores().runs.find(({ latency }) => latency !== null)!;
  const text = encodeIntoCompressedBase64(original);
  const { histograms } = decodeHistograms([
    { ...run, latency: { unit: "ns", count: 1999, histogram: text } },
  ]);
  for (const rank of [1, 10, 1000, 1999]) {
    assert.equal(valueAtRank(histograms[0]!, rank), valueAtRank(original, rank));
  }
});

Deno.test("a run's quantile is off to neither side, though ten operations lie beyond it", () => {
  const random = new Random(1);
  const logs = Array.from({ length: 400 }, () => {
    const histogram = build({ numberOfSignificantValueDigits: 3 });
    for (let i = 0; i < 1000; i++) {
      histogram.recordValue(Math.round(1e6 * Math.exp(0.4 * random.normal())));
    }
    return Math.log(unbiasedQuantile(histogram, 0.99) / 1e6);
  });
  // 0.4 · Φ⁻¹(0.99), and four standard errors of 400 runs.
  const mean = logs.reduce((a, b) => a + b) / logs.length;
  assert.ok(Math.abs(mean - 0.4 * 2.3263) < 4 * 0.048 / 20, String(mean));
});
