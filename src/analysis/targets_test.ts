import assert from "node:assert/strict";
import * as fc from "fast-check";
import { verdictWords } from "./words.ts";
import { analyse } from "./analyse.ts";
import {
  judgedResult,
  sampleResult,
  sampleStore,
  troubledResult,
} from "./_testing/sample_result.ts";
import { isNamed, judgeBound } from "./targets.ts";

const OPTIONS = { resamples: 500 };

const bounds: [low: number, high: number, atLeast: string, atMost: string][] = [
  [11, 12, "met", "missed"],
  [8, 9, "missed", "met"],
  [9, 11, "inconclusive", "inconclusive"],
  [10, 11, "met", "inconclusive"],
  [9, 10, "inconclusive", "met"],
];
Deno.test("judgeBound() needs the whole interval on one side of 10", () => {
  for (const [low, high, atLeast, atMost] of bounds) {
    const interval = { value: (low + high) / 2, low, high };
    assert.equal(judgeBound({ bound: "atLeast", value: 10 }, interval), atLeast);
    assert.equal(judgeBound({ bound: "atMost", value: 10 }, interval), atMost);
  }
});

Deno.test("judgeBound() is inconclusive exactly when the bound lies inside of the interval", () => {
  const ends = fc.tuple(
    fc.double({ min: 1, max: 1e9, noNaN: true }),
    fc.double({ min: 1, max: 2, noNaN: true }),
  );
  fc.assert(
    fc.property(ends, fc.double({ min: 1, max: 2e9, noNaN: true }), ([low, factor], value) => {
      const interval = { value: low, low, high: low * factor };
      const [least, most] = (["atLeast", "atMost"] as const)
        .map((bound) => judgeBound({ bound, value }, interval));
      const inside = interval.low < value && value < interval.high;
      if (inside) assert.deepEqual([least, most], ["inconclusive", "inconclusive"]);
      else assert.ok(least === "met" || most === "met");
      // Nothing is both fast enough and too slow.
      assert.ok(!(least === "missed" && most === "missed"));
    }),
    { seed: 1 },
  );
});

Deno.test("analyse() judges a target for all stores unless it names some", () => {
  const { targets } = analyse(judgedResult(), OPTIONS);
  const judged = (benchmark: string) =>
    targets.filter(({ target }) => target.benchmark === benchmark)
      .map(({ store, verdict }) => [store, verdict]);
  assert.deepEqual(judged("write_throughput/10000"), [["raw", "met"], ["kvstore", "missed"]]);
  assert.deepEqual(judged("read_throughput/10000"), [["raw", "inconclusive"]]);
});

Deno.test("analyse() calls a target of fewer than three runs at most met in them, and never missed", () => {
  const { suite, ...whole } = judgedResult();
  for (const kept of [1, 2]) {
    const runs = whole.runs.filter(({ run }) => run < kept);
    const profile = { ...whole.profile, runs: kept };
    const { targets, findings } = analyse({ ...whole, suite, runs, profile }, OPTIONS);
    const of = (store: string) =>
      targets.find((row) => row.store === store && row.target.metric === "throughput")!;
    assert.deepEqual([of("raw").verdict, of("raw").runs], ["met in one run", kept]);
    assert.equal(verdictWords(of("raw")), kept === 1 ? "met in one run" : "met in 2 runs");
    assert.equal(of("kvstore").verdict, "inconclusive");
    assert.match(of("kvstore").reason!, /^it was missed in .*, and fewer than 3 say nothing/);
    assert.ok(targets.every(({ verdict }) => verdict !== "met" && verdict !== "missed"));
    const { text } = findings.find(({ id }) => id === "targets")!;
    assert.match(
      text,
      /^Of 8 targets, \d+ are met in fewer than 3 runs only and \d+ are inconclusive\./,
    );
    assert.doesNotMatch(text, /\b0 /);
  }
});

Deno.test("analyse() says of runs that stand in an interval's place how many of them meet the bound", () => {
  const factors = [1, 12, 150];
  const result = sampleResult({ runs: 3, stores: [sampleStore("raw", 1)] });
  const name = "read_throughput/10000";
  const apart = {
    ...result,
    runs: result.runs.map((run) =>
      run.benchmark === `raw/${name}`
        ? {
          ...run,
          samples: run.samples.map((sample) => ({ ...sample, ns: sample.ns * factors[run.run]! })),
        }
        : run
    ),
  };
  const judged = (bound: "atLeast" | "atMost", value: number) => {
    const targets = [{ benchmark: name, metric: "throughput" as const, bound, value }];
    const analysis = analyse({ ...apart, suite: { ...apart.suite, targets } }, OPTIONS);
    const [row] = analysis.targets;
    return {
      values: row!.estimate!.apart!.toSorted((a, b) => a - b),
      reason: row!.reason,
      verdict: analysis.findings.find(({ id }) => id === "verdict")!.text,
    };
  };
  const { values: [least, middle, most] } = judged("atLeast", 1000);
  const reason = (which: string) => `the runs differ too much for a verdict: ${which} the bound`;
  assert.equal(judged("atLeast", least! * 0.9).reason, reason("each of the 3 meets"));
  assert.equal(judged("atLeast", least! * 1.1).reason, reason("2 of the 3 meet"));
  assert.equal(judged("atMost", middle! * 0.9).reason, reason("1 of the 3 meets"));
  assert.equal(judged("atLeast", most! * 1.1).reason, reason("none of the 3 meets"));
  // The first screen says the same.
  assert.match(
    judged("atLeast", least! * 0.9).verdict,
    /^raw leaves open read throughput \(.* ops\/s, target ≥ [\d,.]+ ops\/s: the runs differ too much for a verdict: each of the 3 meets the bound\)\.$/,
  );
});

Deno.test("analyse() judges nothing of a bench that was interrupted", () => {
  const result = { ...judgedResult(), complete: false };
  const last = result.runs.at(-1)!;
  const stopped = analyse({ ...result, runs: result.runs.slice(0, -1) }, OPTIONS);
  for (const { verdict, reason, estimate } of stopped.targets) {
    assert.equal(verdict, "inconclusive");
    if (estimate !== null) assert.equal(reason, "the bench was interrupted, and judges nothing");
  }
  // A run that failed says that of itself, and leaves the others what they are.
  const failed = { ...last, state: "failed" as const, error: "no space", samples: [] };
  const { targets } = analyse({ ...result, runs: [...result.runs.slice(0, -1), failed] }, OPTIONS);
  assert.ok(targets.some(({ verdict }) => verdict === "met"));
  // Attempts that others stand in the place of are no runs.
  const attempts = result.runs.map((run) => ({ ...run, superseded: true }));
  const none = analyse({ ...result, runs: attempts }, OPTIONS);
  assert.ok(none.benchmarks.every(({ runs }) => runs.use === "none" && runs.ended === 0));
});

Deno.test("analyse() never calls a target met or missed when its metric was not measured", () => {
  const { targets } = analyse(troubledResult(), OPTIONS);
  const reasons = targets.filter(({ estimate }) => estimate === null)
    .map(({ benchmark, verdict, reason, factor }) => {
      assert.equal(verdict, "inconclusive");
      assert.equal(factor, null);
      return [benchmark, reason];
    });
  const thin = "1,500 operations leave 1 beyond it, and 10 are needed";
  assert.deepEqual(reasons, [
    ["kvstore/scan_throughput/1000", "the benchmark is not in this result's plan"],
    ["raw/write_latency/single_write", thin],
    ["kvstore/write_latency/single_write", thin],
    ["kvstore/read_latency/single_read", "none of its runs was started"],
  ]);
});

Deno.test("analyse() holds a p99 target against the p99 when the mean is on the other side", () => {
  const result = sampleResult({
    runs: 3,
    stores: [sampleStore("raw", 1)],
    suite: {
      targets: [
        { benchmark: "read_latency/single_read", metric: "mean", bound: "atMost", value: 1500 },
        { benchmark: "read_latency/single_read", metric: "p99", bound: "atMost", value: 1500 },
        { benchmark: "read_latency/single_read", metric: "throughput", bound: "atLeast", value: 1 },
      ],
    },
  });
  const { targets } = analyse(result, OPTIONS);
  assert.deepEqual(targets.map(({ verdict }) => verdict), ["met", "missed", "inconclusive"]);
  assert.equal(targets[2]!.reason, "a latency benchmark does not measure it");
});

Deno.test("analyse() gives the factor of a target with the interval's ends", () => {
  const { targets } = analyse(troubledResult(), OPTIONS);
  for (const { target, estimate, factor, margin } of targets) {
    if (estimate === null || factor === null || margin === null) continue;
    assert.equal(factor.value, estimate.value / target.value);
    assert.ok(factor.low <= factor.value && factor.value <= factor.high);
    assert.ok(margin.low <= margin.value && margin.value <= margin.high);
    assert.equal(margin.value, target.bound === "atLeast" ? factor.value : 1 / factor.value);
  }
});

Deno.test("isNamed() takes a store by its name or by its kind, and all where none is named", () => {
  assert.ok(isNamed(undefined, "raw@7.10.2"));
  assert.ok(isNamed(["raw"], "raw"));
  assert.ok(isNamed(["raw"], "raw@7.10.2"));
  assert.ok(isNamed(["raw@7.10.2"], "raw@7.10.2"));
  assert.ok(!isNamed(["raw@7.10.2"], "raw@10.4.2"));
  assert.ok(!isNamed(["raw@7.10.2"], "raw"));
});
