import assert from "node:assert/strict";
import { build, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import { intervalOverRuns, orderStatisticRanks } from "../stats/mod.ts";
import { decodeHistograms, mergeHistograms, quantileRank, valueAtRank } from "./histogram.ts";
import { estimateQuantiles } from "./quantile_metrics.ts";
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

Deno.test("estimateQuantiles() gives the exact order-statistic interval when there is one run", () => {
  const { metrics, observations } = estimateQuantiles([oneToN(1, 1999)], 0.95);
  assert.equal(observations, 1999);
  const p99 = metrics.find(({ metric }) => metric === "p99")!.estimate!;
  const ranks = orderStatisticRanks(1999, 0.99, 0.95)!;
  assert.equal(p99.value, 1980);
  assert.deepEqual([p99.low, p99.high], [ranks.lowRank, ranks.highRank]);
  assert.equal(p99.method, "order-statistic");
});

Deno.test("estimateQuantiles() leaves a quantile out when its tail is too thin, and says why", () => {
  const { metrics } = estimateQuantiles([oneToN(1, 1999)], 0.95);
  const p999 = metrics.find(({ metric }) => metric === "p999")!;
  assert.equal(p999.estimate, null);
  assert.equal(p999.reason, "1,999 operations leave 1 beyond it, and 10 are needed");
});

Deno.test("estimateQuantiles() takes the interval from the spread between three runs", () => {
  const { metrics, ofRuns } = estimateQuantiles(
    [oneToN(1, 1000), oneToN(500, 1500), oneToN(900, 1900)],
    0.95,
  );
  const p50 = metrics.find(({ metric }) => metric === "p50")!.estimate!;
  assert.deepEqual(ofRuns.p50, [500, 1000, 1400]);
  const over = intervalOverRuns(ofRuns.p50, 0.95);
  assert.equal(p50.method, "runs");
  assert.equal(p50.n, 3);
  assert.ok(Math.abs(p50.high - p50.value * over.high / over.value) < 1e-9);
  assert.ok(Math.abs(p50.low - p50.value * over.low / over.value) < 1e-9);
});

Deno.test("estimateQuantiles() takes the exact interval when three runs agree wholly", () => {
  const { metrics } = estimateQuantiles([oneToN(1, 1999), oneToN(1, 1999), oneToN(1, 1999)], 0.95);
  const p50 = metrics.find(({ metric }) => metric === "p50")!.estimate!;
  const ranks = orderStatisticRanks(3 * 1999, 0.5, 0.95)!;
  assert.ok(p50.low <= Math.ceil(ranks.lowRank / 3));
  assert.ok(p50.high >= Math.floor(ranks.highRank / 3));
  assert.ok(p50.low < p50.value && p50.value < p50.high);
});

Deno.test("estimateQuantiles() has a reason for every quantile when there is no histogram", () => {
  const { metrics, observations } = estimateQuantiles([], 0.95);
  assert.equal(observations, 0);
  assert.deepEqual(metrics.map(({ metric }) => metric), ["p50", "p90", "p99", "p999"]);
  for (const { reason } of metrics) {
    assert.equal(reason, "no run recorded the latencies of single operations");
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
