import assert from "node:assert/strict";
import { analyse } from "./analyse.ts";
import {
  describe,
  sampleResult,
  sampleStore,
  threeStores,
  troubledResult,
} from "./sample_result.ts";

const OPTIONS = { resamples: 500 };

Deno.test("analyse() holds a benchmark against the same loop over the store that does nothing", () => {
  const { harness, benchmarks, calibration } = analyse(threeStores(), OPTIONS);
  const share = harness.find(({ benchmark }) => benchmark === "raw/read_latency/single_read")!;
  const mean = (id: string) =>
    [...benchmarks, ...calibration].find((benchmark) => benchmark.id === id)!.metrics
      .find(({ metric }) => metric === "mean")!.estimate!.value;
  assert.equal(share.calibration, "null/read_latency/single_read");
  assert.equal(share.floorNs, mean("null/read_latency/single_read"));
  assert.equal(share.share, mean("null/read_latency/single_read") / mean(share.benchmark));
  assert.equal(share.sameLoop, true);
  assert.equal(share.clockNs, 31);
  assert.equal(share.clockShare, 31 / mean(share.benchmark));
});

Deno.test("analyse() says that the loop is of another form when the store is asynchronous", () => {
  const { harness } = analyse(threeStores(), OPTIONS);
  const level = harness.filter(({ benchmark }) => benchmark.startsWith("level/"));
  assert.equal(level.length, 5);
  assert.ok(level.every(({ sameLoop }) => !sameLoop));
});

Deno.test("analyse() prefers a calibration of the same form when there are two", () => {
  const result = sampleResult({
    runs: 3,
    stores: [sampleStore("level", 5, { api: "async" })],
    observations: 100,
  });
  const name = "write_throughput/10000";
  const sync = result.benchmarks.find(({ id }) => id === `null/${name}`)!;
  const other = { ...sync, id: `null/async/${name}` };
  const runs = result.runs.filter(({ benchmark }) => benchmark === sync.id).map((run) => ({
    ...run,
    benchmark: other.id,
    store: describe("null", { api: "async" }),
  }));
  const { harness } = analyse({
    ...result,
    benchmarks: [...result.benchmarks, other],
    runs: [...result.runs, ...runs],
  }, OPTIONS);
  assert.deepEqual(
    harness.filter(({ sameLoop }) => sameLoop).map(({ calibration }) => calibration),
    [other.id],
  );
});

Deno.test("analyse() knows no share when there is no calibration", () => {
  const { harness, findings, caveats } = analyse(troubledResult(), OPTIONS);
  assert.ok(harness.every(({ share, calibration }) => share === null && calibration === null));
  assert.ok(!findings.some(({ id }) => id === "harness-share"));
  assert.ok(caveats.some(({ id }) => id === "no-calibration"));
});
