import assert from "node:assert/strict";
import { judgeStep, type LoadStep, type StepWindow } from "./load_step.ts";

/** Windows that are all alike but for what a function says. */
function step(change: (i: number) => Partial<StepWindow> = () => ({}), count = 12): LoadStep {
  const windows = Array.from({ length: count }, (_, i) => ({
    operations: 10_000,
    // Neighbours differ a little.
    responseP50: 100_000 + i % 3 * 1000,
    responseP99: 1_000_000 + i % 5 * 50_000,
    debtBytes: 5_000_000 + i % 2 * 1000,
    bytesPut: 1_000_000,
    ...change(i),
  }));
  return { rate: 10_000, seconds: 1, windows };
}

Deno.test("what keeps up passes", () => {
  assert.deepEqual(judgeStep(step()), { verdict: "passed", by: null, achieved: 1 });
  assert.equal(judgeStep(step(), 2e6).verdict, "passed");
  assert.equal(judgeStep(step(() => ({ debtBytes: null }))).verdict, "passed");
});

Deno.test("what does less than 99 % of what is offered is behind", () => {
  assert.deepEqual(judgeStep(step(() => ({ operations: 9000 }))), {
    verdict: "behind",
    by: "achieved",
    achieved: 0.9,
  });
  const nothing = () => ({ operations: 0, responseP50: null, responseP99: null });
  assert.equal(judgeStep(step(nothing)).verdict, "behind");
});

Deno.test("a backlog that grows is behind, though nearly all was done", () => {
  // 20 ms more each second: 2 % more is offered than is done.
  const judged = judgeStep(step((i) => ({ operations: 9900, responseP50: 1e5 + i * 20e6 })));
  assert.deepEqual([judged.verdict, judged.by], ["behind", "backlog"]);
});

Deno.test("a debt that grows is behind, however fast the store is meanwhile", () => {
  const judged = judgeStep(step((i) => ({ debtBytes: 1e6 + i * 300_000 + i % 2 * 1000 })));
  assert.deepEqual([judged.verdict, judged.by], ["behind", "debt"]);
});

Deno.test("reads have no debt", () => {
  const reads = () => ({ bytesPut: 0, debtBytes: 0 });
  assert.equal(judgeStep(step(reads)).verdict, "passed");
});

Deno.test("what is later than it may be is slow, and unsure where noise hides the bound", () => {
  assert.deepEqual(judgeStep(step(), 0.5e6).verdict, "slow");
  const wild = step((i) => ({ responseP99: i % 2 === 0 ? 1e5 : 1e7 }));
  assert.deepEqual([judgeStep(wild, 1e6).verdict, judgeStep(wild, 1e6).by], ["unsure", "response"]);
});

Deno.test("one stall makes no step unsure", () => {
  const stalled = (i: number) => i === 6 ? { responseP50: 300e6, operations: 9500 } : {};
  assert.equal(judgeStep(step(stalled)).verdict, "passed");
});

Deno.test("too few windows are refused", () => {
  assert.throws(() => judgeStep(step(undefined, 7)), {
    name: "RangeError",
    message: "Cannot judge a rate: it has 7 windows, and needs 8",
  });
});
