import assert from "node:assert/strict";
import { compareResults } from "../compare/compare.ts";
import { sampleResult, sampleStore } from "../_testing/sample_result.ts";
import {
  type ComparisonRecord,
  comparisonRecord,
  judgeNoise,
  judgeSlowDown,
  parseSessions,
} from "./sessions.ts";

const { environment, tool, profile } = sampleResult({ runs: 1, stores: [sampleStore("raw", 1)] });
const head = {
  startedAt: "2025-12-10T01:00:00.000Z",
  endedAt: "2025-12-10T01:12:00.000Z",
  tool,
  environment,
  profile,
  stores: ["raw"],
};

type Row = ComparisonRecord["rows"][number];

function row(id: string, metric: Row["metric"], changes: Partial<Row> = {}): Row {
  return {
    id,
    metric,
    runs: 10,
    verdict: "unchanged",
    change: { value: 0.01, low: -0.01, high: 0.03 },
    adjustedP: 0.5,
    spread: 0.02,
    advised: 5,
    ...changes,
  };
}

function comparison(...rows: Row[]): ComparisonRecord {
  return { base: "a", candidate: "b", startedAt: head.startedAt, seed: 1, rows };
}

Deno.test("judgeNoise() counts a benchmark once, however many of its rows are wrong", () => {
  const wrong = { verdict: "improved", change: { value: -0.2, low: -0.3, high: -0.1 } } as const;
  const [separate, interleaved] = judgeNoise({
    ...head,
    separate: [
      comparison(row("raw/a", "mean"), row("raw/a", "p50"), row("raw/b", "throughput")),
      comparison(
        row("raw/a", "mean", wrong),
        row("raw/a", "p50", wrong),
        row("raw/b", "throughput", { verdict: "inconclusive" }),
      ),
    ],
    interleaved: [comparison(row("raw/a", "mean", { verdict: "too small to matter" }))],
  });
  assert.deepEqual([separate!.pairs, separate!.comparisons, separate!.wrong], [2, 4, 1]);
  assert.deepEqual(separate!.calls, [
    { pair: 1, id: "raw/a", metric: "mean", change: -0.2 },
    { pair: 1, id: "raw/a", metric: "p50", change: -0.2 },
  ]);
  assert.deepEqual([interleaved!.comparisons, interleaved!.wrong], [1, 0]);
});

Deno.test("judgeSlowDown() counts headlines alone, and says which were known to need more runs", () => {
  const slow = { verdict: "regressed", change: { value: 0.1, low: 0.08, high: 0.12 } } as const;
  const [steady, noisy, ...others] = judgeSlowDown({
    ...head,
    burn: 0.1,
    pilot: comparison(
      row("raw/a", "throughput"),
      row("raw/b", "mean", { advised: 11 }),
      row("raw/b", "p50", { advised: null }),
    ),
    sessions: [
      comparison(row("raw/a", "throughput", slow), row("raw/b", "mean")),
      comparison(row("raw/a", "throughput", slow), row("raw/b", "mean", slow)),
    ],
  });
  assert.deepEqual(others, []);
  assert.deepEqual([steady!.regressed, steady!.sessions, steady!.told], [2, 2, false]);
  assert.equal(steady!.change, 0.1);
  assert.deepEqual([noisy!.regressed, noisy!.sessions, noisy!.told], [1, 2, true]);
});

Deno.test("comparisonRecord() keeps of every row what the report needs, and is read back", () => {
  const night = (seed: number, factor: number) =>
    sampleResult({ seed, runs: 5, stores: [sampleStore("raw", factor)], observations: 2_000 });
  const record = comparisonRecord(
    compareResults({ label: "A", result: night(1, 1) }, { label: "B", result: night(2, 1.3) }),
    7,
  );
  assert.equal(record.rows.find(({ metric }) => metric === "mean")!.verdict, "regressed");
  const sessions = {
    schema: "tidemark.quality-sessions",
    version: 1,
    noise: { ...head, separate: [record], interleaved: [] },
  };
  assert.deepEqual(parseSessions(JSON.stringify(sessions)).noise!.separate, [record]);
});

Deno.test("parseSessions() throws RangeError that says where the file is wrong", () => {
  assert.throws(() => parseSessions("{"), /^RangeError: it is not JSON$/);
  assert.throws(() => parseSessions("[]"), RangeError);
  assert.throws(
    () => parseSessions('{"schema":"tidemark.quality-sessions","version":2}'),
    /^RangeError: version: /,
  );
});
