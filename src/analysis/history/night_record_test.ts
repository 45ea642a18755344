import assert from "node:assert/strict";
import type { Result } from "../../result/schema.ts";
import { analyse } from "../analyse.ts";
import { sampleResult, sampleStore } from "../_testing/sample_result.ts";
import { nightRecord } from "./night_record.ts";

function sample(runs = 3): Result {
  return sampleResult({ stores: [sampleStore("raw", 1), sampleStore("kvstore", 2)], runs });
}

function recordOf(result: Result, place = {}) {
  return nightRecord(result, analyse(result, { resamples: 100 }), place);
}

/** The conditions of each benchmark after a change of the result. */
function conditionsAfter(change: (result: Result) => void): (string | null)[] {
  const result = sample();
  change(result);
  return recordOf(result).benchmarks.map(({ conditions }) => conditions);
}

Deno.test("nightRecord() has every metric of every measured benchmark as the analysis has it", () => {
  const result = sample();
  const analysis = analyse(result, { resamples: 100 });
  const record = nightRecord(result, analysis);
  assert.deepEqual(
    record.benchmarks.map(({ id, metrics }) => [id, metrics.map(({ metric }) => metric)]),
    analysis.benchmarks.map(({ id, metrics }) => [id, metrics.map(({ metric }) => metric)]),
  );
  const estimate = analysis.benchmarks[0]!.metrics[0]!.estimate!;
  const [throughput] = record.benchmarks[0]!.metrics;
  assert.partialDeepStrictEqual(throughput, {
    metric: "throughput",
    better: "higher",
    value: estimate.value,
    method: "runs",
    runs: 3,
    reason: null,
  });
  assert.ok(throughput!.low! < throughput!.value! && throughput!.value! < throughput!.high!);
  assert.equal(record.benchmarks[0]!.metrics[1]!.better, "lower");
});

Deno.test("nightRecord() takes night and node from the result unless they are given", () => {
  const own = recordOf(sample());
  assert.deepEqual([own.night, own.node], ["2025-12-10", "node-a"]);
  const given = recordOf(sample(), { night: "2025-12-09", node: "node01" });
  assert.deepEqual([given.night, given.node], ["2025-12-09", "node01"]);
  const result = sample();
  // The day in UTC, whatever the clock on the wall said.
  result.startedAt = "2025-12-10T23:30:00.000-05:00";
  assert.equal(recordOf(result).night, "2025-12-11");
});

Deno.test("nightRecord() refuses to guess a node where the result names no host", () => {
  const result = sample();
  result.environment.host = null;
  assert.throws(() => recordOf(result), {
    name: "RangeError",
    message: /Cannot say which node .* is of: the result names no host; name the node/,
  });
  assert.equal(recordOf(result, { node: "node01" }).node, "node01");
});

Deno.test("nightRecord() takes no file's time for a night", () => {
  const result = sample();
  const imported = { format: "db_bench", tool: "db_bench", toolVersion: null, files: ["a.txt"] };
  result.imported = { ...imported, times: "files" };
  assert.throws(() => recordOf(result), {
    name: "RangeError",
    message:
      /Cannot say which night .* is of: when it was measured is not known.*; name the night$/,
  });
  assert.equal(recordOf(result, { night: "2025-12-09" }).night, "2025-12-09");
  result.imported = { ...imported, times: "output" };
  assert.equal(recordOf(result).night, "2025-12-10");
});

Deno.test("nightRecord() is the same of an analysis without what only a report has", () => {
  for (const runs of [1, 2, 3, 5]) {
    const result = sample(runs);
    const whole = nightRecord(result, analyse(result, { resamples: 100 }));
    const analysis = analyse(result, { resamples: 100, criterion: false });
    assert.deepEqual(nightRecord(result, analysis), whole);
  }
});

Deno.test("nightRecord() keeps a metric that was not measured with its reason", () => {
  const result = sample();
  result.runs = result.runs.filter(({ benchmark }) => benchmark !== "raw/write_throughput/10000");
  const { metrics } = recordOf(result).benchmarks[0]!;
  for (const metric of metrics) {
    assert.partialDeepStrictEqual(metric, { value: null, low: null, high: null, runs: 0 });
    assert.match(metric.reason!, /^[a-z].*[^.]$/);
  }
});

Deno.test("nightRecord() keeps a value without an interval as one", () => {
  const result = sample();
  const id = "raw/write_throughput/10000";
  result.runs = result.runs.filter(({ benchmark, run }) => benchmark !== id || run === 0);
  const only = result.runs.find(({ benchmark }) => benchmark === id)!;
  only.samples = only.samples.slice(0, 1);
  const [throughput] = recordOf(result).benchmarks[0]!.metrics;
  assert.ok(throughput!.value! > 0);
  assert.partialDeepStrictEqual(throughput, { low: null, high: null, runs: 1, reason: null });
});

Deno.test("nightRecord() names engine and version of each store, and null where no run opened it", () => {
  const result = sample();
  for (const run of result.runs) if (run.benchmark.startsWith("kvstore/")) run.store = null;
  assert.deepEqual(
    recordOf(result).stores.map(({ store, library }) => [store, library]),
    [["raw", "RocksDB 7.8.3"], ["kvstore", null]],
  );
});

Deno.test("nightRecord() has no commit of an import, or of a result that changed it on the way", () => {
  assert.equal(recordOf(sample()).commit, "0123456789abcdef");
  const resumed = sample();
  const { startedAt, command, environment } = resumed;
  const tool = { version: "0.1.0", commit: "fedcba9876543210" };
  resumed.sessions = [{ startedAt, command, environment, tool }];
  assert.equal(recordOf(resumed).commit, null);
  const imported = sample();
  imported.imported = {
    format: "criterion",
    tool: "criterion.rs",
    toolVersion: null,
    files: [],
    times: "files",
  };
  assert.equal(recordOf(imported, { night: "2025-12-09" }).commit, null);
});

Deno.test("nightRecord()'s conditions hold machine, kernel, options, suite and amount, and no more", () => {
  const same = conditionsAfter(() => {});
  const differ: [string, (result: Result) => void][] = [
    ["kernel", ({ environment }) => environment.kernel = "6.2.0"],
    ["processor", ({ environment }) => environment.cpu.model = "Other"],
    ["suite", ({ suite }) => suite.name = "other"],
    ["profile", ({ profile }) => profile.measureMs = 3000],
    ["tool", ({ tool }) => tool.version = "0.2.0"],
    ["options", ({ runs }) => {
      for (const { store } of runs) store!.options = { ...store!.options, wal: "synced" };
    }],
  ];
  for (const [what, change] of differ) {
    const changed = conditionsAfter(change);
    changed.forEach((digest, i) => assert.notEqual(digest, same[i], what));
  }
  const remain: [string, (result: Result) => void][] = [
    ["free space", ({ environment }) => environment.data.freeBytes = 1],
    ["commit", ({ tool }) => tool.commit = "fedcba9876543210"],
    ["library", ({ runs }) => runs.forEach(({ store }) => store!.version = "9.0.0")],
    ["values", ({ runs }) => runs.forEach(({ samples }) => samples.forEach((s) => s.ns *= 2))],
    ["order of options", ({ runs }) => {
      for (const { store } of runs) {
        store!.options = Object.fromEntries(Object.entries(store!.options).reverse());
      }
    }],
  ];
  for (const [what, change] of remain) assert.deepEqual(conditionsAfter(change), same, what);
});

Deno.test("nightRecord() tells results of other content apart by their digest", () => {
  const { digest } = recordOf(sample());
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.equal(recordOf(sample()).digest, digest);
  const other = sample();
  other.complete = false;
  assert.notEqual(recordOf(other).digest, digest);
});

Deno.test("nightRecord() is JSON: nothing is lost when it is written and read", () => {
  const record = recordOf(sample(1));
  assert.deepEqual(JSON.parse(JSON.stringify(record)), record);
});

Deno.test("nightRecord() keeps the ratio to a control, of a rate's mean time too, which is its inverse", () => {
  const result = sample();
  const analysis = analyse(result, { resamples: 100 });
  const [{ id }] = analysis.benchmarks as [typeof analysis.benchmarks[0]];
  const ratio = { ...analysis.benchmarks[0]!.metrics[0]!.estimate!, value: 0.8, low: 0.5, high: 1 };
  const rate = { id, metric: "throughput", ratio, pairs: 20, reason: null } as const;
  const { benchmarks } = nightRecord(result, { ...analysis, controls: [rate] });
  const controls = Object.fromEntries(
    benchmarks[0]!.metrics.map(({ metric, control }) => [metric, control]),
  );
  assert.partialDeepStrictEqual(controls.throughput, { ratio: 0.8, low: 0.5, high: 1, pairs: 20 });
  assert.partialDeepStrictEqual(controls.mean, { ratio: 1.25, low: 1, high: 2, pairs: 20 });
  assert.equal(benchmarks[1]!.metrics[0]!.control, undefined);
  const none = { ...rate, ratio: null, pairs: 0, reason: "no pair ended" };
  const missing = nightRecord(result, { ...analysis, controls: [none] }).benchmarks[0]!.metrics;
  assert.equal(missing[1]!.control!.reason, "no pair ended");
});
