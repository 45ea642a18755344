import assert from "node:assert/strict";
import { textsOf } from "../../remark/mod.ts";
import fc from "fast-check";
import type { Result } from "../../result/schema.ts";
import { anyResult } from "../_testing/arbitrary_result.ts";
import { sampleResult, sampleStore, troubledResult } from "../_testing/sample_result.ts";
import { compareResults } from "./compare.ts";
import type { CompareOptions } from "./model.ts";

/** A night of ten runs; `factor` multiplies every time of raw. */
function night(seed: number, factor = 1, runs = 10): Result {
  return {
    ...sampleResult({ runs, seed, stores: [sampleStore("raw", factor)], observations: 2_000 }),
    id: `night-${seed}`,
    startedAt: `2025-12-${10 + seed}T01:00:00.000Z`,
  };
}

const compare = (base: Result, candidate: Result, options?: CompareOptions) =>
  compareResults({ label: "before", result: base }, { label: "after", result: candidate }, options);

Deno.test("compareResults() calls a store that became 20 % slower regressed in every metric", () => {
  const { rows, counts, remarks, base } = compare(night(1), night(2, 1.2));
  assert.deepEqual(rows.map(({ id, metric }) => `${id} ${metric}`), [
    "raw/write_throughput/10000 throughput",
    "raw/read_throughput/10000 throughput",
    "raw/scan_throughput/1000 throughput",
    ...["write_latency/single_write", "read_latency/single_read"].flatMap((name) =>
      ["mean", "p50", "p90", "p99", "p999"].map((metric) => `raw/${name} ${metric}`)
    ),
  ]);
  for (const { metric, verdict, change, better, adjustedP } of rows) {
    if (metric === "p999") continue;
    assert.equal(verdict, "regressed", metric);
    assert.equal(better, metric === "throughput" ? "higher" : "lower");
    assert.ok(metric === "throughput" ? change!.high < 0 : change!.low > 0);
    assert.ok(adjustedP! < 0.01);
  }
  // Of 2,000 operations in a run, two are beyond the p99.9.
  const tail = rows.find(({ metric }) => metric === "p999")!;
  assert.equal(
    tail.reason,
    "on both sides, a run has 2,000 operations, which leave 2 beyond it, and 10 are needed",
  );
  assert.equal(counts.regressed, 11);
  assert.equal(counts.inconclusive, 2);
  assert.deepEqual(textsOf(remarks), [
    "The base was measured from 2025-12-11 01:00 UTC and the candidate from 2025-12-12 01:00 UTC: " +
    "what changed on the machine in between shows as a change, and no number of runs tells the two " +
    "apart.",
  ]);
  assert.deepEqual(base, {
    label: "before",
    result: "night-1",
    suite: "storage_baseline",
    profile: "baseline",
    startedAt: "2025-12-11T01:00:00.000Z",
    complete: true,
  });
});

Deno.test("compareResults() gives no verdict when nothing changed", () => {
  const { counts } = compare(night(3), night(4));
  assert.equal(counts.improved + counts.regressed, 0);
  assert.ok(counts.unchanged >= 8, JSON.stringify(counts));
});

Deno.test("compareResults() is inconclusive when one process measured a side", () => {
  const { rows, counts } = compare(night(1), night(2, 3, 1));
  assert.equal(counts.inconclusive, rows.length);
  const [first] = rows;
  assert.match(first!.reason!, /^the base has 10 runs and the candidate 1, /);
  assert.equal(first!.change, null);
  assert.equal(first!.candidate.runs, 1);
  assert.ok(first!.candidate.value! > 0 && first!.candidate.estimate === null);
});

Deno.test("compareResults() takes the thresholds that are asked for", () => {
  const verdictOf = (thresholds: CompareOptions["thresholds"]) =>
    compare(night(1), night(2, 1.2), { thresholds: thresholds ?? {} }).rows[0]!;
  assert.equal(verdictOf({ throughput: 0.5 }).verdict, "too small to matter");
  assert.equal(verdictOf({ throughput: 0.5 }).threshold, 0.5);
  assert.equal(verdictOf({}).verdict, "regressed");
});

Deno.test("compareResults() says what is on one side only", () => {
  const [base, candidate] = [night(1), night(2)];
  candidate.benchmarks = candidate.benchmarks.filter(({ id }) => id !== "raw/scan_throughput/1000");
  base.benchmarks = base.benchmarks.filter(({ id }) => id !== "raw/read_throughput/10000");
  const { onlyInBase, onlyInCandidate, rows } = compare(base, candidate);
  assert.deepEqual(onlyInBase, ["raw/scan_throughput/1000"]);
  assert.deepEqual(onlyInCandidate, ["raw/read_throughput/10000"]);
  assert.ok(rows.every(({ name }) => !name.startsWith("scan") && !name.startsWith("read_through")));
});

Deno.test("compareResults() refuses to judge means against medians", () => {
  const candidate = night(2);
  for (const benchmark of candidate.benchmarks) benchmark.estimator = "median";
  const { rows, outcome } = compare(night(1), candidate);
  assert.equal(
    rows[0]!.reason,
    "the two are of different estimators: the base's times are means, the candidate's medians",
  );
  assert.equal(outcome, "not decided");
  assert.ok(compare(candidate, candidate).rows.every(({ reason }) => !reason?.includes("medians")));
});

Deno.test("compareResults() refuses to judge two benchmarks that only share an id", () => {
  const candidate = night(2);
  for (const { workload } of candidate.benchmarks) workload.valueBytes = 256;
  const { rows } = compare(night(1), candidate);
  assert.equal(
    rows[0]!.reason,
    "the two are not the same benchmark: valueBytes is 1024 in the base and 256 in the candidate",
  );
  assert.ok(rows.every(({ verdict }) => verdict === "inconclusive"));
});

Deno.test("compareResults() lists differences of machine, store, profile, program and seed", () => {
  const candidate = night(2);
  candidate.environment = { ...candidate.environment, kernel: "6.2.0", host: "node-b" };
  candidate.profile = { ...candidate.profile, name: "nightly" };
  candidate.tool = { ...candidate.tool, commit: "fedcba" };
  for (const run of candidate.runs) {
    if (run.store?.store === "raw") {
      run.store = {
        ...run.store,
        version: "8.0.0",
        options: { compression: "zstd", wal: "synced" },
      };
    }
  }
  const { differences, remarks } = compare(night(1), candidate);
  assert.deepEqual(
    differences.map(({ topic, what, base, candidate }) => [topic, what, base, candidate]),
    [
      ["machine", "host", "node-a", "node-b"],
      ["machine", "kernel", "6.1.0", "6.2.0"],
      ["store", "version of raw", "7.8.3", "8.0.0"],
      ["store", "option compression of raw", "snappy", "zstd"],
      ["store", "option wal of raw", "not known", "synced"],
      ["store", "option writeBufferBytes of raw", "67108864", "not known"],
      ["profile", "profile", "baseline", "nightly"],
      ["program", "commit of Tidemark", "0123456789abcdef", "fedcba"],
      ["seed", "seed", "1", "2"],
    ],
  );
  assert.equal(
    remarks[0]?.text,
    "The two sides ran on different machines or on one that was changed (host and kernel): a verdict " +
      "may be about the machine.",
  );
});

Deno.test("compareResults() lists that one side has more runs of some benchmarks", () => {
  const candidate = night(2);
  const { runs } = candidate.profile;
  candidate.benchmarks = candidate.benchmarks.map((own) =>
    own.name === "write_latency/single_write" ? { ...own, runs: runs + 4 } : own
  );
  const { differences } = compare(night(1), candidate);
  assert.deepEqual(differences.filter(({ topic }) => topic === "profile"), [{
    topic: "profile",
    what: "benchmarks with other numbers of runs",
    base: "none",
    candidate: `${runs + 4} of write_latency/single_write`,
  }]);
});

Deno.test("compareResults() warns when runs are few, disturbed, interrupted, or the calibration moved", () => {
  const candidate = night(2, 1, 3);
  candidate.complete = false;
  for (const run of candidate.runs) {
    run.pressure = { load1: 2, steal: 0, busyOthers: 0.3 };
    if (run.benchmark.startsWith("null/")) { for (const sample of run.samples) sample.ns *= 2; }
    if (run.benchmark === "raw/read_throughput/10000") run.state = "interrupted";
  }
  const warnings = textsOf(compare(night(1), candidate).remarks);
  const has = (pattern: RegExp) =>
    assert.ok(warnings.some((text) => pattern.test(text)), `${pattern} in ${warnings.join("\n")}`);
  has(
    /^Over the store that does nothing the time of the candidate's loops differs by \+(9\d|10\d)% from/,
  );
  has(/^Other processes took up to 30% of the processors' time during the candidate's runs\.$/);
  has(/^The candidate is not complete/);
  has(
    /^No run of raw\/read_throughput\/10000 ended in the candidate; interrupted ones stand in\.$/,
  );
  has(/^11 rows of the comparison have fewer than 5 runs on a side/);
});

Deno.test("compareResults() says nothing of Little's law, whose two sides are other processes'", () => {
  const candidate = night(2);
  for (const run of candidate.runs) {
    if (run.benchmark !== "raw/read_latency/single_read") continue;
    for (const sample of run.samples) sample.ns *= 2;
  }
  for (const text of textsOf(compare(night(1), candidate).remarks)) {
    assert.doesNotMatch(text, /Little/);
  }
});

Deno.test("compareResults() leaves superseded attempts out", () => {
  const candidate = night(2);
  const first = candidate.runs.find(({ benchmark }) => benchmark === "raw/write_throughput/10000")!;
  candidate.runs.push({
    ...first,
    run: 10,
    superseded: true,
    samples: first.samples.map((sample) => ({ ...sample, ns: sample.ns * 100 })),
  });
  assert.equal(compare(night(1), candidate).rows[0]!.candidate.runs, 10);
});

Deno.test("compareResults() gets through troubled results, and says why there is no verdict", () => {
  const { rows } = compare(troubledResult(), troubledResult());
  assert.ok(rows.length > 0);
  for (const { verdict, reason } of rows) {
    assert.equal(verdict, "inconclusive");
    assert.match(reason!, /[^.]$/);
  }
  const failed = rows.find(({ id }) => id === "kvstore/read_throughput/10000")!;
  assert.match(failed.reason!, /^on both sides, run 0 failed: Cannot open the store/);
});

Deno.test("compareResults() compares whatever can be read, without an error", () => {
  fc.assert(
    fc.property(anyResult, anyResult, (base, candidate) => {
      const { rows, counts } = compare(base, candidate);
      assert.equal(Object.values(counts).reduce((sum, count) => sum + count), rows.length);
      for (const { verdict, reason, change, adjustedP } of rows) {
        assert.equal(reason === null, verdict !== "inconclusive");
        if (verdict !== "inconclusive") assert.ok(change !== null && adjustedP !== null);
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("compareResults() tells a comparison that decides nothing from one that passes", () => {
  const measured = (runs: number) => sampleResult({ runs, stores: [sampleStore("raw", 1)] });
  const outcome = (result: Result, other: Result) =>
    compareResults({ label: "a", result }, { label: "b", result: { ...other, id: "other" } })
      .outcome;
  const three = measured(5);
  assert.equal(outcome(three, three), "passed");
  assert.equal(outcome(measured(1), measured(1)), "not decided");
  assert.equal(outcome(three, { ...three, benchmarks: [] }), "nothing in common");
});

Deno.test("compareResults() takes no file's time for when a side was measured", () => {
  const own = sampleResult({ runs: 3, stores: [sampleStore("raw", 1)] });
  const imported = {
    ...own,
    id: "imported",
    startedAt: "2020-01-01T00:00:00.000Z",
    imported: {
      format: "go",
      tool: "go test -bench",
      toolVersion: null,
      files: ["a.txt"],
      times: "files" as const,
    },
  };
  const { base, remarks } = compareResults(
    { label: "a", result: imported },
    { label: "b", result: own },
  );
  assert.equal(base.startedAt, null);
  const { text } = remarks.find(({ id }) => id === "separate-sessions")!;
  assert.match(text, /^When the base was measured is not known: /);
  assert.doesNotMatch(text, /2020/);
  const stated = { ...imported, imported: { ...imported.imported, times: "output" as const } };
  const dated = compareResults({ label: "a", result: stated }, { label: "b", result: own });
  assert.match(
    dated.remarks.find(({ id }) => id === "separate-sessions")!.text,
    /^The base was measured from 2020-01-01 00:00 UTC and the candidate from 2025/,
  );
});
