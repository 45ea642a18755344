import assert from "node:assert/strict";
import { compareResults } from "../compare/compare.ts";
import { sampleResult, sampleStore } from "../_testing/sample_result.ts";
import {
  judgeIdentical,
  judgeSlowDown,
  parseSessions,
  type SessionRecord,
  sessionRecord,
} from "./sessions.ts";

type Row = SessionRecord["rows"][number];

function row(changes: Partial<Row> = {}): Row {
  return {
    id: "raw/a",
    metric: "mean",
    pairs: 20,
    verdict: "unchanged",
    change: { value: 0.01, low: -0.01, high: 0.03 },
    adjustedP: 0.5,
    spread: 0.02,
    unpaired: 0.2,
    ...changes,
  };
}

function session(rows: Row[], changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    part: "slow-10",
    startedAt: "2025-12-10T01:00:00.000Z",
    seconds: 50,
    mostSeconds: 60,
    seed: 1,
    version: "0.1.0",
    commit: null,
    machine: "node-a (Example CPU)",
    load: { load1: 1, others: 0.05, steal: 0 },
    rows,
    ...changes,
  };
}

Deno.test("judgeSlowDown() counts the part's sessions of each benchmark, and a rate as time", () => {
  const slow = { verdict: "regressed", change: { value: 0.1, low: 0.08, high: 0.12 } } as const;
  const [a, b, ...others] = judgeSlowDown([
    session([row({ id: "raw/b" })]),
    session([row(slow)], { seconds: 58 }),
    session([row({ ...slow, metric: "throughput", change: { value: -1 / 9, low: -1, high: 0 } })]),
    session([row({ verdict: "improved" })]),
    session([row({ change: null, spread: null, unpaired: null })]),
    session([row(slow)], { part: "slow-5" }),
  ], "slow-10");
  assert.deepEqual(others, []);
  assert.deepEqual([a!.id, a!.sessions, a!.regressed, a!.improved], ["raw/a", 4, 2, 1]);
  assert.equal(a!.change!.middle, 0.1);
  assert.ok(Math.abs(a!.change!.most - 0.125) < 1e-12);
  assert.deepEqual(a!.seconds, { least: 50, middle: 50, most: 58 });
  assert.deepEqual([a!.paired, a!.unpaired], [0.02, 0.2]);
  assert.deepEqual([b!.id, b!.sessions, b!.regressed], ["raw/b", 1, 0]);
});

Deno.test("judgeSlowDown() tells quiet, busy and overloaded machines apart, by their own processors", () => {
  const on = (processors: string, load1: number | null, others: number | null) =>
    judgeSlowDown([
      session([row()], {
        machine: `node-a (Example CPU, ${processors} logical processors, linux 6.8)`,
        load: { load1, others, steal: 0 },
      }),
    ], "slow-10")[0]!.busy;
  assert.equal(on("2", 9, 0.1), "quiet");
  assert.equal(on("2", 4, 0.11), "busy");
  assert.equal(on("2", 4.1, 0.11), "overloaded");
  assert.equal(on("16", 4.1, 0.11), "busy");
  assert.equal(on("unknown", 40, 0.9), "busy");
  assert.equal(on("2", null, 0.9), "busy");
  assert.equal(on("2", 9, null), "not known");
});

Deno.test("judgeSlowDown() counts as decided early what had a tenth of its time left and a verdict", () => {
  const early = (changes: Partial<SessionRecord>, rows = [row()]) =>
    judgeSlowDown([session(rows, changes)], "slow-10")[0]!.early;
  assert.equal(early({ seconds: 54 }), 1);
  assert.equal(early({ seconds: 54.1 }), 0);
  assert.equal(early({ seconds: 20, mostSeconds: null }), 0);
  assert.equal(early({ seconds: 20 }, [row({ verdict: "inconclusive" })]), 0);
});

Deno.test("judgeIdentical() counts a comparison once, however many of its rows are wrong", () => {
  const wrong = { verdict: "improved", change: { value: -0.2, low: -0.3, high: -0.1 } } as const;
  const of = (rows: Row[], others: number | null) =>
    session(rows, { part: "identical", load: { load1: 1, others, steal: 0 } });
  const verdicts = judgeIdentical([
    of([row(), row({ metric: "p50" })], 0.1),
    of([row(wrong), row({ ...wrong, metric: "p50" }), row({ verdict: "inconclusive" })], 0.7),
    of([row({ verdict: "too small to matter" })], 0.7),
    of([row()], null),
    session([row(wrong)]),
  ], "identical");
  assert.deepEqual(
    verdicts.map(({ busy, comparisons, rows, wrong, calls }) => [
      busy,
      comparisons,
      rows,
      wrong,
      calls.length,
    ]),
    [["quiet", 1, 2, 0, 0], ["busy", 2, 4, 1, 2], ["not known", 1, 1, 0, 0]],
  );
  assert.deepEqual(verdicts[1]!.calls[0]!.change, -0.2);
});

Deno.test("sessionRecord() keeps of every row what the report needs, and is read back", () => {
  const night = (seed: number, factor: number) =>
    sampleResult({ seed, runs: 5, stores: [sampleStore("raw", factor)], observations: 2_000 });
  const base = night(1, 1);
  const comparison = compareResults(
    { label: "A", result: base },
    { label: "B", result: night(2, 1.3) },
  );
  const record = sessionRecord(base, comparison, {
    part: "identical",
    seconds: 12.34,
    mostSeconds: null,
    seed: 7,
  });
  assert.equal(record.rows.find(({ metric }) => metric === "mean")!.verdict, "regressed");
  assert.deepEqual([record.seconds, record.seed, record.mostSeconds], [12.3, 7, null]);
  const line = `${JSON.stringify(record)}\n`;
  assert.deepEqual(parseSessions(line + line), { sessions: [record, record], cut: false });
});

Deno.test("parseSessions() leaves out a line that was cut off, and throws of others that are wrong", () => {
  const line = JSON.stringify(session([row()]));
  assert.deepEqual(parseSessions(""), { sessions: [], cut: false });
  const { sessions, cut } = parseSessions(`${line}\n${line.slice(0, 40)}`);
  assert.deepEqual([sessions.length, cut], [1, true]);
  assert.throws(() => parseSessions("{\n"), /^RangeError: line 1: it is not JSON$/);
  assert.throws(() => parseSessions(`${line}\n[]\n`), /^RangeError: line 2: /);
  assert.throws(
    () => parseSessions(line.replace("slow-10", "slow-11") + "\n"),
    /^RangeError: line 1: part: /,
  );
});
