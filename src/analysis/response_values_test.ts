import assert from "node:assert/strict";
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import type { BenchmarkRecord, RunRecord } from "../result/mod.ts";
import { responseValues } from "./response_values.ts";

const SCHEDULED = {
  workload: { load: { groups: [{ counted: true, pace: { loop: "open", rate: 1000 } }] } },
} as unknown as BenchmarkRecord;

/** Times of which 9,800 are short and 200 take so long, ns: the p99 is one of these. */
function latency(slowNs: number) {
  const histogram = build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000_000,
    numberOfSignificantValueDigits: 3,
  });
  histogram.recordValueWithCount(10_000, 9800);
  histogram.recordValueWithCount(slowNs, 200);
  return { histogram: encodeIntoCompressedBase64(histogram), count: 10_000 };
}

/** A run whose slowest took so long, with the client's lateness and without. */
function runOf(responseNs: number, unhinderedNs: number, unstarted = 0): RunRecord {
  return {
    load: {
      ns: 10e9,
      response: latency(responseNs),
      unhindered: latency(unhinderedNs),
      unstarted,
    },
  } as unknown as RunRecord;
}

const runs = (...args: Parameters<typeof runOf>) => Array.from({ length: 3 }, () => runOf(...args));

Deno.test("a quantile that is mostly the generator's own lateness is refused, and the others are not", () => {
  const { metrics, refused } = responseValues(SCHEDULED, runs(10e6, 4e6), null);
  assert.deepEqual([...refused.keys()], ["responseP99", "responseP999"]);
  for (const [, why] of refused) assert.match(why, /^60% of it is the generator's own lateness/);
  for (const { metric, values, reason } of metrics) {
    assert.equal(values.length === 0, refused.has(metric), metric);
    if (refused.has(metric)) assert.equal(reason, refused.get(metric));
  }
});

Deno.test("a quantile of which less than half is the generator's own stands", () => {
  const { metrics, refused } = responseValues(SCHEDULED, runs(10e6, 6e6), null);
  assert.equal(refused.size, 0);
  const { values } = metrics.find(({ metric }) => metric === "responseP99")!;
  assert.equal(values.length, 3);
  for (const value of values) assert.ok(Math.abs(value / 10e6 - 1) < 0.01, `${value}`);
});

Deno.test("where one run does not keep its rate, every quantile is refused as overloaded", () => {
  const all = [...runs(10e6, 10e6), runOf(10e6, 10e6, 5000)];
  const { metrics, refused } = responseValues(SCHEDULED, all, null);
  assert.equal(refused.size, metrics.length);
  assert.match(
    refused.get("responseP50")!,
    /^overloaded: 10,000 of the 15,000 operations that were due were done$/,
  );
  // One operation that went on for as long again makes neither another number.
  const [longer] = runs(10e6, 10e6, 5000).map((run) => ({
    ...run,
    load: { ...run.load!, ns: 2 * run.load!.ns },
  }));
  assert.equal(
    responseValues(SCHEDULED, [longer!], null).refused.get("responseP50"),
    refused.get("responseP50"),
  );
  // What is in flight as the time ends is no overload.
  assert.equal(responseValues(SCHEDULED, runs(10e6, 10e6, 100), null).refused.size, 0);
});

Deno.test("a closed loop has no response times", () => {
  const closed = {
    workload: { load: { groups: [{ counted: true, pace: { loop: "closed" } }] } },
  } as unknown as BenchmarkRecord;
  assert.deepEqual(responseValues(closed, runs(10e6, 4e6), null).metrics, []);
});
