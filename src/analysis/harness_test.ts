import assert from "node:assert/strict";
import type { LoadRecord } from "../result/mod.ts";
import { analyse } from "./analyse.ts";
import { threeStores, troubledResult } from "./_testing/sample_result.ts";

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

Deno.test("analyse() holds a load by machine code against both loops, and any other against JavaScript's", () => {
  const [ours, floor] = ["raw/read_latency/single_read", "null/read_latency/single_read"];
  /** The share of a store whose loop was machine code or not, where nothing's was. */
  const share = (native: boolean) => {
    const result = threeStores();
    const clients = [{ group: 0, counted: true, operations: 1, ...(native && { native }) }];
    const load = { clients, operations: [] } as unknown as LoadRecord;
    const runs = result.runs.map((run) =>
      run.benchmark === ours
        ? { ...run, load }
        : run.benchmark === floor
        ? { ...run, load: { ...load, javascriptNs: 123 } }
        : run
    );
    const { harness, benchmarks, calibration } = analyse({ ...result, runs }, OPTIONS);
    const mean = (id: string) =>
      [...benchmarks, ...calibration].find((benchmark) => benchmark.id === id)!.metrics
        .find(({ metric }) => metric === "mean")!.estimate!.value;
    return {
      ...harness.find(({ benchmark }) => benchmark === ours)!,
      floor: mean(floor),
      mean: mean(ours),
    };
  };
  const native = share(true);
  assert.equal(native.floorNs, native.floor);
  assert.equal(native.javascriptNs, 123);
  assert.equal(native.javascriptShare, 123 / native.mean);
  const javascript = share(false);
  assert.equal(javascript.floorNs, 123);
  assert.equal(javascript.share, 123 / javascript.mean);
  assert.ok(!("javascriptNs" in javascript));
});

Deno.test("analyse() holds an asynchronous store against an asynchronous loop", () => {
  const { harness, calibration } = analyse(threeStores(), OPTIONS);
  assert.equal(calibration.length, 10);
  for (const { benchmark, calibration, sameLoop } of harness) {
    const [store, ...name] = benchmark.split("/");
    const floor = store === "level" ? "null-async" : "null";
    assert.equal(calibration, [floor, ...name].join("/"));
    assert.ok(sameLoop);
  }
});

Deno.test("analyse() holds stores of servers each against its own client before nothing", () => {
  const result = threeStores();
  // The asynchronous store as two, with a floor each; that of TiKV's comes second.
  const as = (from: string, to: string) => ({
    benchmarks: result.benchmarks.filter(({ store }) => store === from)
      .map((one) => ({ ...one, store: to, id: one.id.replace(from, to) })),
    runs: result.runs.filter(({ benchmark }) => benchmark.startsWith(`${from}/`))
      .map((one) => ({ ...one, benchmark: one.benchmark.replace(from, to) })),
  });
  const parts = [
    as("level", "etcd"),
    as("level", "tikv@api=2"),
    as("null-async", "null-etcd"),
    as("null-async", "null-tikv"),
  ];
  const { harness } = analyse({
    ...result,
    benchmarks: parts.flatMap(({ benchmarks }) => benchmarks),
    runs: parts.flatMap(({ runs }) => runs),
  }, OPTIONS);
  assert.ok(harness.length > 0);
  for (const { benchmark, calibration } of harness) {
    const [store, ...name] = benchmark.split("/");
    const floor = store === "etcd" ? "null-etcd" : "null-tikv";
    assert.equal(calibration, [floor, ...name].join("/"));
  }
});

Deno.test("analyse() says so when the only loop there is has another form", () => {
  const result = threeStores();
  const { harness, findings } = analyse({
    ...result,
    benchmarks: result.benchmarks.filter(({ store }) => store !== "null-async"),
  }, OPTIONS);
  const level = harness.filter(({ benchmark }) => benchmark.startsWith("level/"));
  assert.ok(level.every(({ calibration, sameLoop }) => calibration !== null && !sameLoop));
  assert.match(
    findings.find(({ id }) => id === "harness-share")!.text,
    /For all benchmarks of level the loop over the store that does nothing was not known to be/,
  );
});

Deno.test("analyse() knows no share when there is no calibration", () => {
  const { harness, findings, caveats } = analyse(troubledResult(), OPTIONS);
  assert.ok(harness.every(({ share, calibration }) => share === null && calibration === null));
  assert.ok(!findings.some(({ id }) => id === "harness-share"));
  assert.ok(caveats.some(({ id }) => id === "no-calibration"));
});
