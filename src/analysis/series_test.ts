import assert from "node:assert/strict";
import { analyse } from "./mod.ts";
import {
  sampleResult,
  sampleStore,
  threeStores,
  troubledResult,
} from "./_testing/sample_result.ts";
import { benchmarkSeries } from "./series.ts";

const OPTIONS = { resamples: 20 };

Deno.test("benchmarkSeries() has every sample of the runs that the estimates come from, in order", () => {
  const result = threeStores();
  const { benchmarks } = analyse(result, OPTIONS);
  const series = benchmarkSeries(result, benchmarks);
  assert.deepEqual(series.map(({ id }) => id), benchmarks.map(({ id }) => id));
  for (const [index, { id, runs }] of series.entries()) {
    const { elements } = benchmarks[index]!;
    assert.deepEqual(runs.map(({ run }) => run), benchmarks[index]!.runs.used);
    for (const { run, times } of runs) {
      const { samples } = result.runs.find((each) => each.benchmark === id && each.run === run)!;
      assert.deepEqual(times, samples.map(({ ns, iterations }) => ns / iterations / elements));
    }
  }
});

Deno.test("benchmarkSeries() gives quartiles and fences of each run by itself", () => {
  const result = sampleResult({ runs: 1, stores: [sampleStore("raw", 1)] });
  const times = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  result.runs[0]!.samples = times.map((ns, i) => ({ iterations: 1, ns: ns * 10_000, atNs: i }));
  const { box } = benchmarkSeries(result, analyse(result, OPTIONS).benchmarks)[0]!.runs[0]!;
  assert.deepEqual(box, {
    q1: 3,
    median: 5,
    q3: 7,
    lowSevere: -9,
    lowMild: -3,
    highMild: 13,
    highSevere: 19,
  });
});

Deno.test("benchmarkSeries() ends quantile curves where ten operations lie beyond", () => {
  const result = sampleResult({ runs: 2, stores: [sampleStore("raw", 1)], observations: 1000 });
  const { benchmarks } = analyse(result, OPTIONS);
  const latency = benchmarkSeries(result, benchmarks)
    .find(({ id }) => id === "raw/read_latency/single_read")!.latencies!;
  const ends = [latency.merged, ...latency.runs].map(({ observations, points }) => ({
    observations,
    beyond: Math.round((1 - points.at(-1)!.q) * observations),
    first: points[0]!.q,
  }));
  assert.deepEqual(ends, [
    { observations: 2000, beyond: 10, first: 0 },
    { observations: 1000, beyond: 10, first: 0 },
    { observations: 1000, beyond: 10, first: 0 },
  ]);
  assert.deepEqual(latency.merged.named.map(({ q }) => q), [0.5, 0.9, 0.99]);
  for (const { points } of [latency.merged, ...latency.runs]) {
    assert.deepEqual(points, points.toSorted((a, b) => a.q - b.q || a.ns - b.ns));
  }
  // The named quantiles are those of the report's tables.
  const p99 = benchmarks.find(({ id }) => id === "raw/read_latency/single_read")!
    .metrics.find(({ metric }) => metric === "p99")!;
  assert.equal(latency.merged.named.at(-1)!.ns, p99.pooled);
});

Deno.test("benchmarkSeries() has no runs and no latencies where none was measured", () => {
  const result = troubledResult();
  const series = benchmarkSeries(result, analyse(result, OPTIONS).benchmarks);
  const of = (id: string) => series.find((each) => each.id === id)!;
  assert.deepEqual(of("kvstore/read_latency/single_read").runs, []);
  assert.equal(of("kvstore/read_latency/single_read").latencies, null);
  assert.equal(of("raw/write_throughput/10000").latencies, null);
});
