import assert from "node:assert/strict";
import { sampleResult, sampleStore } from "./_testing/sample_result.ts";
import { analyse } from "./analyse.ts";
import { openQuestions, unmeasuredBenchmarks } from "./open_questions.ts";

const open = (runs: number) =>
  openQuestions(
    analyse(sampleResult({ runs, stores: [sampleStore("raw", 1)] }), { resamples: 100 }),
  );

Deno.test("openQuestions() is none where every target is met or missed", () => {
  assert.deepEqual(open(3), []);
});

Deno.test("openQuestions() has what is met in one run alone, and nothing that was not planned", () => {
  assert.ok(open(1).includes("raw/read_latency/single_read p99"));
  const { targets, ...rest } = analyse(
    sampleResult({ runs: 1, stores: [sampleStore("raw", 1)] }),
    { resamples: 100 },
  );
  const unplanned = targets.map((target) => ({ ...target, planned: false }));
  assert.deepEqual(openQuestions({ ...rest, claims: [], targets: unplanned }), []);
});

Deno.test("unmeasuredBenchmarks() has what no run gave a number of, and not what lacks a quantile alone", () => {
  const { benchmarks } = analyse(
    sampleResult({ runs: 3, stores: [sampleStore("raw", 1)] }),
    { resamples: 100 },
  );
  const [one, two, ...rest] = benchmarks;
  const lacking = one!.metrics.map((row) =>
    row.metric === "p99"
      ? { ...row, estimate: null, reason: "overloaded", missing: "refused" as const }
      : row
  );
  const none = { ...two!.runs, use: "none" as const, used: [] };
  const idle = two!.metrics.map((row) => ({
    ...row,
    estimate: null,
    reason: "no operation ended",
  }));
  const changed = [
    { ...one!, metrics: lacking },
    { ...two!, runs: none, metrics: idle },
    ...rest,
  ];
  assert.deepEqual(unmeasuredBenchmarks({ benchmarks: changed }), [
    { id: two!.id, reason: "no operation ended" },
  ]);
});
