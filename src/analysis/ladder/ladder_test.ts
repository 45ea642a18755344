import assert from "node:assert/strict";
import { withOptionsOf } from "./explain.ts";
import { isLadder, judgeLadder } from "./ladder.ts";
import { optionsOfOlder } from "./options.ts";
import { sampleLadder, sampleLadderInTurns, type SampleRung } from "./_testing/sample_ladder.ts";

/** Rungs that take these multiples of the first one's time. */
function rungs(...factors: number[]): SampleRung[] {
  return factors.map((factor, i) => ({ name: `${i + 6}.0.1`, factor }));
}

Deno.test("judgeLadder() holds each rung against its neighbour and the first, once each", () => {
  const { rows, series, rungs: found } = judgeLadder(sampleLadder(rungs(1, 1, 1, 1), 4));
  assert.deepEqual(found.map(({ name, engine }) => [name, engine]), [
    ["6.0.1", "RocksDB 6.0.1"],
    ["7.0.1", "RocksDB 7.0.1"],
    ["8.0.1", "RocksDB 8.0.1"],
    ["9.0.1", "RocksDB 9.0.1"],
  ]);
  // Three rates, and mean and p99 of two latencies.
  assert.equal(series.length, 7);
  const pairs = rows.filter(({ name, metric }) =>
    name === "scan_throughput/1000" && metric === "throughput"
  ).map(({ older, newer }) => [older, newer]);
  assert.deepEqual(pairs, [[0, 1], [1, 2], [0, 2], [2, 3], [0, 3]]);
  assert.equal(rows.length, series.length * pairs.length);
});

Deno.test("isLadder() takes a result that says so and has no two releases for an ordinary one", () => {
  const result = sampleLadder(rungs(1, 1), 3);
  assert.ok(isLadder(result));
  const one = result.benchmarks.filter(({ store }) => store !== "raw@7.0.1");
  for (const benchmarks of [one, []]) {
    assert.ok(!isLadder({ ...result, benchmarks }));
    assert.throws(() => judgeLadder({ ...result, benchmarks }), RangeError);
  }
});

Deno.test("judgeLadder() says a sentence for each step that is real, and none for another", () => {
  const ladder = judgeLadder(sampleLadder(rungs(1, 1, 1.3, 1.3), 6));
  assert.ok(ladder.steps.length >= 5, `${ladder.steps.length}`);
  assert.ok(ladder.steps.every(({ older, newer }) => older === 1 && newer === 2));
  assert.ok(ladder.steps.every(({ verdict }) => verdict === "regressed"));
  const told = ladder.remarks.filter(({ id }) => id === "step");
  assert.equal(told.length, ladder.steps.length);
  const scans = told.find(({ text }) => text.includes("scan_throughput"))!;
  assert.match(
    scans.text,
    /^Scans over a memtable \(scan_throughput\/1000, throughput\): −2\d(\.\d+)?% \(.*\) from 7\.0\.1 to 8\.0\.1, worse\.$/,
  );
  assert.equal(scans.severity, "warn");
  const whole = ladder.remarks.find(({ id }) => id === "whole-ladder");
  assert.match(whole!.text, /^From 6\.0\.1 to 9\.0\.1: /);
  const between = ladder.remarks.filter(({ id }) => id === "against-first");
  assert.ok(between.length > 0);
  for (const { text } of between) {
    assert.match(text, /^Against 6\.0\.1, .* surely worse in 8\.0\.1: [−+]\d+(\.\d+)?%\.$/);
  }
});

Deno.test("judgeLadder() finds nothing in a rung against itself, in 5 ladders of 5 rungs", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { steps, rows, remarks } = judgeLadder(sampleLadder(rungs(1, 1, 1, 1, 1), 5, seed));
    assert.deepEqual(steps, [], `seed ${seed}`);
    assert.ok(rows.every(({ verdict }) => verdict !== "improved" && verdict !== "regressed"));
    assert.deepEqual(remarks, []);
  }
});

Deno.test("judgeLadder() judges nothing of fewer than three runs, and says why", () => {
  const { rows, steps, series } = judgeLadder(sampleLadder(rungs(1, 2), 2));
  assert.deepEqual(steps, []);
  assert.ok(rows.every(({ change, reason }) => change === null && reason !== null));
  assert.ok(series.every(({ places }) => places.every(({ estimate }) => estimate === null)));
});

Deno.test("judgeLadder() counts only the blocks that every rung measured", () => {
  const result = sampleLadder(rungs(1, 1, 1), 6);
  const lost = result.runs.filter(({ benchmark, run }) =>
    !(benchmark === "raw@7.0.1/scan_throughput/1000" && run === 2)
  );
  const { series } = judgeLadder({ ...result, runs: lost });
  const runsOf = (name: string) =>
    series.find((one) => one.name === name)!.places.map(({ runs }) => runs);
  assert.deepEqual(runsOf("scan_throughput/1000"), [5, 5, 5]);
  assert.deepEqual(runsOf("read_throughput/10000"), [6, 6, 6]);
});

Deno.test("judgeLadder() refuses a result of one release", () => {
  assert.throws(() => judgeLadder(sampleLadder(rungs(1), 3)), RangeError);
});

const OPTIONS = [
  {
    max_open_files: "-1",
    level0: "4",
    gone: "1",
    "block_based_table_factory.block_cache": "8388608",
  },
  {
    max_open_files: "-1",
    level0: "8",
    came: "1",
    "block_based_table_factory.block_cache": "33554432",
  },
];

/** A step whose releases differ in options and compiler. */
function stepped(): SampleRung[] {
  return [
    { name: "8.9.1", factor: 1, options: OPTIONS[0]! },
    { name: "8.10.2", factor: 0.7, options: OPTIONS[1]!, compiler: "GCC 11.2.1" },
  ];
}

Deno.test("judgeLadder() shows which options differ, and tells of compilers and of the cache", () => {
  const { options, remarks } = judgeLadder(sampleLadder(stepped(), 4));
  assert.deepEqual(options, [{
    older: 0,
    newer: 1,
    differences: [
      { option: "block_based_table_factory.block_cache", older: "8388608", newer: "33554432" },
      { option: "came", older: null, newer: "1" },
      { option: "gone", older: "1", newer: null },
      { option: "level0", older: "4", newer: "8" },
    ],
  }]);
  const texts = remarks.map(({ id, text }) => `${id}: ${text}`).join("\n");
  assert.match(texts, /compilers: .*GCC 7\.3\.1 in 8\.9\.1 and GCC 11\.2\.1 in 8\.10\.2/);
  assert.match(texts, /step: .* The compiler changed with it, from GCC 7\.3\.1 to GCC 11\.2\.1\./);
  assert.match(texts, /default-cache: In 8\.10\.2 the default block cache is 400% of/);
  assert.match(texts, /not-explained: Code or defaults: skipped; /);
});

Deno.test("optionsOfOlder() gives what both have in the engine's own form", () => {
  const { options } = judgeLadder(sampleLadder(stepped(), 4));
  assert.equal(
    optionsOfOlder(options[0]!),
    "level0=4;block_based_table_factory={block_cache=8388608;};",
  );
  assert.equal(optionsOfOlder({ differences: [] }), "");
});

Deno.test("judgeLadder() says how much of a step is the options' when it was measured again", () => {
  const result = sampleLadder(stepped(), 6);
  const mixed = withOptionsOf("8.10.2", "8.9.1");
  // With the older's options half of the step is gone.
  const again = sampleLadder([...stepped(), { name: mixed, factor: Math.sqrt(0.7) }], 6, 2);
  const ladder = judgeLadder(result, again);
  const row = ladder.explanations!.find(({ name, metric }) =>
    name === "scan_throughput/1000" && metric === "throughput"
  )!;
  assert.deepEqual([row.older, row.newer, row.reason], [0, 1, null]);
  assert.ok(Math.abs(row.share! - 0.5) < 0.15, `${row.share}`);
  assert.ok(row.code!.value > 0.1 && row.options!.value > 0.1);
  const told = ladder.remarks.filter(({ id }) => id === "explained-step").map(({ text }) => text);
  assert.ok(told.some((text) => text.startsWith("Scans over a memtable (scan_throughput/1000")));
  assert.ok(!ladder.remarks.some(({ id }) => id === "not-explained"));
});

Deno.test("judgeLadder() counts no step that is not found when it is measured again", () => {
  const [older, newer] = stepped();
  const mixed = { ...newer!, name: withOptionsOf(newer!.name, older!.name) };
  const alike = [older!, newer!, mixed].map((rung) => ({ ...rung, factor: 1 }));
  const first = judgeLadder(sampleLadder(stepped(), 6));
  const ladder = judgeLadder(sampleLadder(stepped(), 6), sampleLadder(alike, 6, 3));
  assert.ok(first.steps.length > 0 && first.gone.length === 0);
  assert.deepEqual(ladder.gone, first.steps);
  assert.deepEqual(ladder.steps, []);
  const told = ladder.remarks.filter(({ id }) => id === "step-gone").map(({ text }) => text);
  assert.equal(told.length, first.steps.length);
  assert.match(
    told[0]!,
    /^No step: .* from 8\.9\.1 to 8\.10\.2, and .* when both were measured again/,
  );
  assert.ok(!ladder.remarks.some(({ id }) => id === "step" || id === "explained-step"));
});

Deno.test("judgeLadder() says that a step is the code's where no common option is another", () => {
  const [older, newer] = stepped();
  const alike = [older!, { ...newer!, options: { ...OPTIONS[0]!, came: "1" } }];
  const { remarks, steps } = judgeLadder(sampleLadder(alike, 6));
  const told = remarks.filter(({ id }) => id === "step-of-the-code");
  assert.equal(told.length, steps.length);
  assert.match(told[0]!.text, /8\.9\.1 to 8\.10\.2: no option that both have is another/);
  const other = judgeLadder(sampleLadder(stepped(), 6)).remarks;
  assert.ok(!other.some(({ id }) => id === "step-of-the-code"));
});

/** Four rungs that play by threes, the first always among them. */
const GROUPS = [["6.0.1", "7.0.1", "8.0.1"], ["6.0.1", "8.0.1", "9.0.1"]];

Deno.test("judgeLadder() of rungs in turns sees a step through a machine that is ten times noisier", () => {
  const ladder = judgeLadder(
    sampleLadderInTurns(rungs(1, 1, 1.15, 1.15), 4, { groups: GROUPS, machine: 0.4 }),
  );
  assert.deepEqual(ladder.turns, { together: 3, batchMs: 1.5 });
  const found = ladder.steps.filter(({ metric }) => metric !== "p99");
  assert.equal(found.length, 5, "three rates and two mean times");
  for (const { older, newer, verdict, change } of found) {
    assert.deepEqual([older, newer, verdict], [1, 2, "regressed"]);
    assert.ok(change!.high - change!.low < 0.15, `${change!.low} to ${change!.high}`);
  }
  const scans = ladder.series.find(({ name }) => name === "scan_throughput/1000")!;
  assert.deepEqual(scans.places.map(({ runs }) => runs), [8, 4, 8, 4]);
  assert.ok(scans.spread!.paired < 0.06 && scans.spread!.unpaired > 0.2, `${scans.spread}`);
  // Each run by itself, the same machine hides it.
  const { turns: _, ...alone } = sampleLadderInTurns(rungs(1, 1, 1.15, 1.15), 4, {
    groups: [["6.0.1", "7.0.1", "8.0.1", "9.0.1"]],
    machine: 0.4,
  });
  const apart = alone.runs.map((run, i) => ({
    ...run,
    samples: run.samples.map((sample) => ({
      ...sample,
      ns: sample.ns * Math.exp((i % 7 - 3) / 8),
    })),
  }));
  const { steps } = judgeLadder({ ...alone, runs: apart });
  assert.deepEqual(steps.filter(({ metric }) => metric !== "p99"), []);
});

Deno.test("judgeLadder() finds nothing in a rung against itself in turns, in 5 ladders of 4 rungs", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const { steps, rows } = judgeLadder(
      sampleLadderInTurns(rungs(1, 1, 1, 1), 4, { groups: GROUPS, seed }),
    );
    assert.deepEqual(steps, [], `seed ${seed}`);
    assert.ok(rows.every(({ verdict }) => verdict !== "improved" && verdict !== "regressed"));
  }
});

Deno.test("judgeLadder() holds against one another only runs that began at the same time", () => {
  const result = sampleLadderInTurns(rungs(1, 1, 1, 1), 4, { groups: GROUPS });
  // One of the neighbours' four times together is lost, with all that played.
  const name = "raw@9.0.1/scan_throughput/1000";
  const { startedAt } = result.runs.find(({ benchmark, run }) => benchmark === name && run === 1)!;
  const lost = { ...result, runs: result.runs.filter((run) => run.startedAt !== startedAt) };
  const ladder = judgeLadder(lost);
  const row = ladder.rows.find((row) =>
    row.name === "scan_throughput/1000" && row.older === 2 && row.newer === 3
  )!;
  assert.notEqual(row.change, null);
  const scans = ladder.series.find((one) => one.name === "scan_throughput/1000")!;
  assert.deepEqual(scans.places.map(({ runs }) => runs), [7, 4, 7, 3]);
  // Attempts that did not begin together are nobody's others.
  const torn = result.runs.map((run) =>
    run.benchmark === name ? { ...run, startedAt: `2026-01-01T00:00:0${run.run}.000Z` } : run
  );
  const alone = judgeLadder({ ...result, runs: torn }).rows.find((row) =>
    row.name === "scan_throughput/1000" && row.older === 2 && row.newer === 3
  )!;
  assert.deepEqual([alone.change, alone.verdict], [null, "inconclusive"]);
});

Deno.test("judgeLadder() explains a step that was measured again in turns", () => {
  const mixed = withOptionsOf("8.10.2", "8.9.1");
  const names = ["8.9.1", "8.10.2"];
  const result = sampleLadderInTurns(stepped(), 5, { groups: [names] });
  const again = sampleLadderInTurns(
    [...stepped(), { name: mixed, factor: Math.sqrt(0.7) }],
    5,
    { groups: [[...names, mixed]], seed: 2 },
  );
  const row = judgeLadder(result, again).explanations!.find(({ name, metric }) =>
    name === "scan_throughput/1000" && metric === "throughput"
  )!;
  assert.ok(Math.abs(row.share! - 0.5) < 0.15, `${row.share}`);
});
