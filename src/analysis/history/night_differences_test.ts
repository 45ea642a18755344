import assert from "node:assert/strict";
import { analyse } from "../analyse.ts";
import { sampleResult, sampleStore } from "../_testing/sample_result.ts";
import { nightDifferences, otherEstimators } from "./night_differences.ts";
import { nightRecord } from "./night_record.ts";

function recordOf(change: (result: ReturnType<typeof sampleResult>) => void = () => {}) {
  const result = sampleResult({
    stores: [sampleStore("raw", 1), sampleStore("kvstore", 2)],
    runs: 1,
  });
  change(result);
  return nightRecord(result, analyse(result, { resamples: 100 }));
}

Deno.test("nightDifferences() names what differs, and only of the benchmark's own store", () => {
  const before = recordOf();
  const after = recordOf(({ environment, profile, runs }) => {
    environment.kernel = "6.2.0";
    environment.cpu.governor = null;
    profile.name = "nightly";
    for (const { store } of runs) {
      if (store?.store === "raw") store.options = { ...store.options, wal: "synced" };
    }
  });
  const governor = before.machine["governor"] as string;
  const common = [
    `profile ${before.profile} → nightly`,
    `kernel ${before.machine["kernel"]} → 6.2.0`,
    ...(governor === null ? [] : [`governor ${governor} → not recorded`]),
  ];
  const wal = before.stores[0]!.description!.options["wal"] ?? "not recorded";
  assert.deepEqual(nightDifferences(before, after, { id: "raw/read", store: "raw" }), [
    ...common,
    `option wal ${wal} → synced`,
  ]);
  assert.deepEqual(
    nightDifferences(before, after, { id: "kvstore/read", store: "kvstore" }),
    common,
  );
  assert.deepEqual(nightDifferences(before, before, { id: "raw/read", store: "raw" }), []);
});

Deno.test("nightDifferences() tells that a benchmark's times are of another estimator", () => {
  const before = recordOf();
  const { id, store } = before.benchmarks[0]!;
  const after = recordOf(({ benchmarks }) => {
    benchmarks.find((benchmark) => benchmark.id === id)!.estimator = "median";
  });
  assert.notEqual(after.benchmarks[0]!.conditions, before.benchmarks[0]!.conditions);
  assert.deepEqual(nightDifferences(before, after, { id, store }), [
    "estimator of its times mean → median",
  ]);
  assert.deepEqual(otherEstimators(before, after), [id]);
  assert.deepEqual(otherEstimators(after, before), [id]);
  assert.deepEqual(otherEstimators(after, after), []);
});
