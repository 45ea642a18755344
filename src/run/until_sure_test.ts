import assert from "node:assert/strict";
import fc from "fast-check";
import type { JournalRecord } from "../result/mod.ts";
import { samplePlan } from "../result/_testing/sample_journal.ts";
import { measuredMs, planMore } from "./until_sure.ts";

const [record] = samplePlan.benchmarks;
const benchmarks = ["raw/a", "raw/b", "raw/c"].map((id) => ({ ...record!, id }));
const profile = { name: "quick", runs: 8, warmupMs: 1, measureMs: 1 };
/** Runs of 2 s each. */
const runs = ["raw/a", "raw/b"].map((benchmark) => ({
  benchmark,
  startedAt: "2026-01-02T03:04:05.000Z",
  endedAt: "2026-01-02T03:04:07.000Z",
})) as unknown as Parameters<typeof planMore>[0]["runs"];
const result = { benchmarks, profile, runs };

Deno.test("planMore() doubles the runs of what is open, in the time that is left", () => {
  const both = { benchmarks: ["raw/b", "raw/a"] };
  assert.deepEqual(planMore(result, both, 60_000), {
    more: [{ benchmark: "raw/a", runs: 16 }, { benchmark: "raw/b", runs: 16 }],
  });
  assert.deepEqual(planMore(result, { benchmarks: ["raw/b"] }, 60_000), {
    more: [{ benchmark: "raw/b", runs: 16 }],
  });
  const next = (runs: number) => runs + 3;
  assert.deepEqual(planMore(result, { benchmarks: ["raw/b"], next }, 60_000), {
    more: [{ benchmark: "raw/b", runs: 11 }],
  });
  // Half of the 32 s that twice 8 runs take.
  assert.deepEqual(planMore(result, both, 16_000), {
    more: [{ benchmark: "raw/a", runs: 12 }, { benchmark: "raw/b", runs: 12 }],
  });
});

Deno.test("planMore() says why it adds nothing", () => {
  assert.deepEqual(planMore(result, { benchmarks: [] }, 60_000), { more: [], ended: "sure" });
  assert.deepEqual(planMore(result, { benchmarks: ["raw/a"] }, 1500), { more: [], ended: "time" });
  assert.deepEqual(planMore(result, { benchmarks: ["raw/a"] }, -1), { more: [], ended: "time" });
  const many = { ...result, benchmarks: benchmarks.map((own) => ({ ...own, runs: 1000 })) };
  assert.deepEqual(planMore(many, { benchmarks: ["raw/a"] }, 1e9), { more: [], ended: "runs" });
});

Deno.test("planMore() never plans beyond the time that is left, or beyond twice the runs", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.nat(900), (leftMs, planned) => {
      const given = { ...result, profile: { ...profile, runs: planned + 1 } };
      const { more, ended } = planMore(given, { benchmarks: ["raw/a", "raw/b"] }, leftMs);
      const added = more.map(({ runs }) => runs - planned - 1);
      assert.equal(more.length === 0, ended !== undefined);
      assert.ok(added.reduce((sum, n) => sum + 2000 * n, 0) <= leftMs + 1e-6);
      assert.ok(added.every((n) => n >= 1 && n <= Math.max(planned + 1, 2)));
    }),
  );
});

Deno.test("measuredMs() counts what sessions measured, and not what lies between them", () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2, 3, 0, seconds)).toISOString();
  const records = [
    { ...samplePlan, startedAt: at(0) },
    { kind: "run-started", startedAt: at(1) },
    { kind: "sample", atNs: 5 },
    { kind: "run-ended", endedAt: at(4) },
    { kind: "look", at: at(5) },
    { kind: "session", startedAt: at(500) },
    { kind: "run-started", startedAt: at(502) },
    { kind: "finished", endedAt: at(510) },
    { kind: "session", startedAt: at(900) },
  ] as unknown as JournalRecord[];
  assert.equal(measuredMs(records), 15_000);
});
