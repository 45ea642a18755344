import assert from "node:assert/strict";
import * as fc from "fast-check";
import * as v from "valibot";
import { Result } from "../result/schema.ts";
import { analyse } from "./analyse.ts";
import { anyResult } from "./_testing/arbitrary_result.ts";
import {
  sampleResult,
  sampleStore,
  threeStores,
  troubledResult,
} from "./_testing/sample_result.ts";

const OPTIONS = { resamples: 50 };

/** Every number in some data. */
function numbersIn(data: unknown): number[] {
  if (typeof data === "number") return [data];
  return typeof data === "object" && data !== null ? Object.values(data).flatMap(numbersIn) : [];
}

Deno.test("sample and arbitrary results are results", () => {
  v.assert(Result, threeStores());
  v.assert(Result, troubledResult());
  fc.assert(fc.property(anyResult, (result) => v.assert(Result, result)), { seed: 1 });
});

Deno.test("analyse() takes any result, and gives plain data that survives JSON", () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      const analysis = analyse(result, OPTIONS);
      for (const number of numbersIn(analysis)) assert.ok(Number.isFinite(number));
      // A clone, because the generator's own objects have no prototype.
      assert.deepEqual(JSON.parse(JSON.stringify(analysis)), structuredClone(analysis));
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("analyse() gives an estimate or a reason for every metric, never both", () => {
  fc.assert(
    fc.property(anyResult, (result) => {
      for (const { metrics } of analyse(result, OPTIONS).benchmarks) {
        for (const { estimate, reason } of metrics) {
          assert.notEqual(estimate === null, reason === null);
          if (estimate) {
            assert.ok(estimate.low <= estimate.value && estimate.value <= estimate.high);
          }
        }
      }
    }),
    { seed: 2 },
  );
});

Deno.test("analyse() is pure: the same result gives the same analysis, and stays as it was", () => {
  for (const result of [threeStores(), troubledResult()]) {
    const before = structuredClone(result);
    assert.deepEqual(analyse(result, OPTIONS), analyse(result, OPTIONS));
    assert.deepEqual(result, before);
  }
});

Deno.test("analyse() does not depend on the order of the runs", () => {
  const result = threeStores();
  const shuffled = { ...result, runs: result.runs.toReversed() };
  const { stores: _, ...analysis } = analyse(result, OPTIONS);
  const { stores: __, ...reversed } = analyse(shuffled, OPTIONS);
  assert.deepEqual(reversed, analysis);
});

Deno.test("analyse() keeps calibration out of the stores", () => {
  const analysis = analyse(threeStores(), OPTIONS);
  assert.deepEqual(analysis.stores.map(({ store }) => store), ["raw", "kvstore", "level"]);
  assert.ok(analysis.benchmarks.every(({ store }) => !store.startsWith("null")));
  assert.deepEqual(
    [...new Set(analysis.calibration.map(({ store }) => store))],
    ["null", "null-async"],
  );
  assert.ok(analysis.targets.every(({ store }) => !store.startsWith("null")));
});

Deno.test("analyse() covers the true mean about as often as it says", () => {
  // 200 results with a spread between runs that is ten times the one inside: intervals from single
  // runs would hold the truth in a few of a hundred.
  let held = 0;
  for (let seed = 0; seed < 200; seed++) {
    const store = sampleStore("raw", 1);
    const result = sampleResult({
      runs: 3,
      seed,
      observations: 1,
      stores: [{
        ...store,
        costs: { "write_throughput/10000": { ns: 1000, between: 0.1, within: 0.01 } },
      }],
    });
    const { estimate } = analyse(result, OPTIONS).benchmarks[0]!.metrics
      .find(({ metric }) => metric === "mean")!;
    if (estimate!.low <= 1000 && 1000 <= estimate!.high) held++;
  }
  // Binomial(200, 0.95): 3.1 standard deviations below its mean is 180.4.
  assert.ok(held >= 180, `${held} of 200`);
});

Deno.test("analyse() refuses options that mean nothing", () => {
  assert.throws(() => analyse(threeStores(), { confidence: 1 }), {
    name: "RangeError",
    message: "Cannot analyse: the confidence is 1, and must lie between 0 and 1, e.g. 0.95",
  });
  assert.throws(() => analyse(threeStores(), { resamples: 1 }), {
    name: "RangeError",
    message: "Cannot analyse: the number of resamples is 1, and must be a whole number from 2",
  });
});
