import assert from "node:assert/strict";
import { analyse } from "../analyse.ts";
import { sampleResult, sampleStore } from "../_testing/sample_result.ts";
import { nightDifferences } from "./night_differences.ts";
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
  assert.deepEqual(nightDifferences(before, after, "raw"), [
    ...common,
    `option wal ${wal} → synced`,
  ]);
  assert.deepEqual(nightDifferences(before, after, "kvstore"), common);
  assert.deepEqual(nightDifferences(before, before, "raw"), []);
});
