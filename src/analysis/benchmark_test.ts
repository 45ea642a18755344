import assert from "node:assert/strict";
import { textsOf } from "../remark/mod.ts";
import { criterionEstimates, derive, intervalOverRuns, invert } from "../stats/mod.ts";
import { analyseBenchmark } from "./benchmark.ts";
import { resamplesFor } from "./criterion_run.ts";
import { estimateOf } from "./estimate_of.ts";
import { timePerOperation } from "./run_use.ts";
import { withoutInterval } from "./words.ts";
import { sampleResult, sampleStore, troubledResult } from "./_testing/sample_result.ts";

const OPTIONS = { resamples: 500, confidence: 0.95, seed: 1 };

function analysed(runs: number, id = "raw/write_throughput/10000") {
  const result = sampleResult({ runs, stores: [sampleStore("raw", 1)], observations: 2000 });
  const record = result.benchmarks.find((benchmark) => benchmark.id === id)!;
  return {
    result,
    record,
    runs: result.runs.filter((run) => run.benchmark === id),
    analysis: analyseBenchmark(record, result, OPTIONS).analysis,
  };
}

Deno.test("analyseBenchmark() makes intervals over runs when there are three", () => {
  const { record, runs, analysis } = analysed(3);
  const expected = intervalOverRuns(runs.map((run) => timePerOperation(record, run)), 0.95);
  assert.deepEqual(estimateOf(analysis, "mean"), expected);
  assert.deepEqual(estimateOf(analysis, "throughput"), invert(expected, 1e9));
  assert.equal(analysis.metrics[0]!.basis, "over 3 runs");
});

Deno.test("analyseBenchmark() says that an interval is from inside one run when there is one", () => {
  const { record, runs, analysis } = analysed(1);
  const expected = criterionEstimates({
    iterations: runs[0]!.samples.map(({ iterations }) => iterations),
    ns: runs[0]!.samples.map(({ ns }) => ns),
    mode: "flat",
    resamples: 500,
    confidence: 0.95,
    seed: derive(1, "analysis", record.id, "0"),
  });
  assert.equal(estimateOf(analysis, "mean")!.high, expected.mean.high / 10_000);
  assert.equal(estimateOf(analysis, "throughput")!.method, "samples");
  assert.equal(analysis.metrics[0]!.basis, "inside one run only");
  assert.deepEqual(analysis.criterion!.time, expected.typical);
});

Deno.test("analyseBenchmark() takes the samples of both runs when there are two", () => {
  const { runs, analysis } = analysed(2);
  const mean = estimateOf(analysis, "mean")!;
  assert.equal(mean.n, runs[0]!.samples.length + runs[1]!.samples.length);
  assert.equal(analysis.metrics[0]!.basis, "inside 2 runs only");
});

Deno.test("resamplesFor() has as many as asked for, up to where they would take minutes", () => {
  const options = { ...OPTIONS, resamples: 100_000 };
  assert.equal(resamplesFor(2000, options), 100_000);
  assert.equal(resamplesFor(20_000, { ...options, resamples: 10_000 }), 10_000);
  assert.equal(resamplesFor(20_000, options), 10_000);
  assert.equal(resamplesFor(400_000, options), 500);
});

Deno.test("analyseBenchmark() says where a run has too many samples for as many resamples", () => {
  const { result, record, analysis } = analysed(1);
  const few = ({ remarks }: typeof analysis) => remarks.find(({ id }) => id === "fewer-resamples");
  assert.equal(few(analysis), undefined);
  const options = { ...OPTIONS, resamples: 1000, draws: 6000 };
  const remark = few(analyseBenchmark(record, result, options).analysis)!;
  assert.deepEqual(remark.numbers, { samples: 10, resamples: 600 });
});

Deno.test("analyseBenchmark() takes criterion's estimates from the run with the median mean", () => {
  const { record, runs, analysis } = analysed(3);
  const times = runs.map((run) => timePerOperation(record, run));
  const middle = times.toSorted((a, b) => a - b)[1]!;
  assert.equal(analysis.criterion!.run, runs[times.indexOf(middle)]!.run);
  assert.equal(analysis.criterion!.of, 3);
  assert.equal(analysis.criterion!.outliers.samples, 10);
  assert.equal(analysis.outliers.samples, 30);
});

Deno.test("analyseBenchmark() has the mean and the quantiles of a latency benchmark", () => {
  const { analysis } = analysed(3, "raw/read_latency/single_read");
  assert.deepEqual(analysis.metrics.map(({ metric }) => metric), [
    "mean",
    "p50",
    "p90",
    "p99",
    "p999",
  ]);
  assert.equal(analysis.observations, 6000);
  assert.equal(estimateOf(analysis, "p99")!.method, "runs");
  // 6,000 operations leave 6 beyond the p99.9.
  assert.equal(estimateOf(analysis, "p999"), null);
});

Deno.test("analyseBenchmark() gives every metric a reason when no run can be used", () => {
  const result = troubledResult();
  const record = result.benchmarks.find(({ id }) => id === "kvstore/read_latency/single_read")!;
  const { analysis } = analyseBenchmark(record, result, OPTIONS);
  assert.equal(analysis.runs.use, "none");
  assert.equal(analysis.criterion, null);
  for (const { estimate, reason } of analysis.metrics) {
    assert.equal(estimate, null);
    assert.equal(reason, "none of its runs was started");
  }
});

Deno.test("analyseBenchmark() says so when its numbers come from an interrupted run", () => {
  const result = troubledResult();
  const record = result.benchmarks.find(({ id }) => id === "kvstore/write_throughput/10000")!;
  const { analysis } = analyseBenchmark(record, result, OPTIONS);
  assert.deepEqual(textsOf(analysis.remarks), [
    "No run of kvstore/write_throughput/10000 ended; its numbers come from 1 interrupted run.",
  ]);
  assert.notEqual(estimateOf(analysis, "throughput"), null);
});

Deno.test("analyseBenchmark() needs two samples for an interval inside a run", () => {
  const { result, record, runs } = analysed(1);
  const one = { ...runs[0]!, samples: runs[0]!.samples.slice(0, 1) };
  const { analysis } = analyseBenchmark(record, { ...result, runs: [one] }, OPTIONS);
  assert.equal(analysis.metrics[0]!.reason, "it has 1 sample, too few for an interval");
});

Deno.test("analyseBenchmark() tells of a run far off, and not of runs that are alike", () => {
  const { result, record, runs, analysis } = analysed(5);
  assert.deepEqual(textsOf(analysis.remarks), []);
  const slow = runs.map((run) =>
    run.run !== 3 ? run : {
      ...run,
      samples: run.samples.map((sample) => ({ ...sample, ns: 3 * sample.ns })),
    }
  );
  const told = analyseBenchmark(record, { ...result, runs: slow }, OPTIONS).analysis.remarks;
  assert.deepEqual(told.map(({ id }) => id), ["run-far-off"]);
  assert.match(
    told[0]!.text,
    /^Run 3 of raw\/write_throughput\/10000 took 2\.\d+× the time of the run/,
  );
});

/** The same with so many samples in each run, of these times for one operation, ns. */
function ofSamples(runs: number, times: readonly number[]) {
  const { result, record } = analysed(runs);
  for (const run of result.runs.filter(({ benchmark }) => benchmark === record.id)) {
    run.samples = times.map((ns) => ({ iterations: 1, ns: ns * 10_000, atNs: 0 }));
  }
  return analyseBenchmark(record, result, OPTIONS).analysis;
}

Deno.test("analyseBenchmark() gives a handful of samples themselves, and no interval", () => {
  const { metrics, criterion } = ofSamples(1, [3400, 27_000, 130_000]);
  const [rate, mean] = metrics;
  assert.equal(mean!.estimate, null);
  assert.equal(mean!.reason, "it has 3 samples, too few for an interval");
  assert.deepEqual(mean!.made, { of: "samples", values: [3400, 27_000, 130_000] });
  assert.equal(
    withoutInterval(mean),
    "53.47 µs, no interval: samples 3.4, 27 and 130 µs",
  );
  assert.deepEqual(rate!.made!.values, [1e9 / 3400, 1e9 / 27_000, 1e9 / 130_000]);
  assert.equal(criterion, null);
  // Six are enough, of two runs as of one.
  const six = [1000, 1010, 1020, 1000, 1030, 1010];
  for (const runs of [1, 2]) {
    const [, mean] = ofSamples(runs, six).metrics;
    assert.equal(mean!.estimate!.method, "samples");
    assert.equal(mean!.made, undefined);
  }
  const [, both] = ofSamples(2, six.slice(1)).metrics;
  assert.equal(both!.reason, "a run has 5 samples, too few for an interval");
  assert.match(withoutInterval(both), /no interval: 10 samples from 1\.0 to 1\.0 µs$/);
  // Three runs have an interval, however few their samples are.
  assert.equal(ofSamples(3, [1000, 1001]).metrics[1]!.estimate!.method, "runs");
});

Deno.test("analyseBenchmark() gives no interval inside a run whose ends are tenfold apart", () => {
  const wild = [10, 10, 10, 10, 10, 10, 10, 50_000];
  const [, mean] = ofSamples(1, wild).metrics;
  assert.equal(mean!.estimate, null);
  assert.equal(mean!.reason, "its samples differ too much for an interval to say anything");
  assert.equal(withoutInterval(mean), "6.259 µs, no interval: 8 samples from 10 ns to 50 µs");
});
