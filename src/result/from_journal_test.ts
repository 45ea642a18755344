import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { missingRuns, resultFromJournal } from "./from_journal.ts";
import type { JournalRecord, RunEndedLine, RunStartedLine } from "./journal.ts";
import { samplePlan, sampleRecords, sampleSession } from "./_testing/sample_journal.ts";
import { Result } from "./schema.ts";

function resultOf(records: JournalRecord[]): Result {
  return resultFromJournal({ path: "journal.jsonl", records, torn: false, end: 0 });
}

const started: RunStartedLine = {
  kind: "run-started",
  benchmark: "raw/get",
  run: 0,
  position: 0,
  startedAt: "2026-01-02T03:04:06.000Z",
};

function sample(ns: number): JournalRecord {
  return { kind: "sample", iterations: 1, ns, atNs: 0 };
}

function ended(state: RunEndedLine["state"]): RunEndedLine {
  return {
    kind: "run-ended",
    state,
    endedAt: "2026-01-02T03:04:07.000Z",
    pressure: null,
    properties: {},
    peakRssBytes: null,
  };
}

Deno.test("resultFromJournal() makes the golden result", async (t) => {
  await t.assertSnapshot(resultOf(sampleRecords));
});

Deno.test("resultFromJournal() finds the facts of a journal from before there were any", () => {
  const properties = { "rocksdb.live-sst-files-size": 4096, "rocksdb.is-write-stopped": "0" };
  const [run] = resultOf([samplePlan, started, { ...ended("ended"), properties }]).runs;
  assert.deepEqual(run?.facts, { liveFileBytes: 4096, writesStopped: 0 });
  assert.deepEqual(run?.properties, properties);
});

Deno.test("resultFromJournal() makes a valid result of every prefix that has a plan", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: sampleRecords.length }), (length) => {
      const records = sampleRecords.slice(0, length);
      const result = resultOf(records);
      assert.deepEqual(v.parse(Result, result), result);
      const samples = records.filter((record) => record.kind === "sample").length;
      assert.equal(result.runs.flatMap((run) => run.samples).length, samples);
      assert.equal(result.complete, false, "the second benchmark's run failed");
    }),
    { seed: 1 },
  );
});

Deno.test("resultFromJournal() keeps what a run without an end had measured", () => {
  const [run] = resultOf(sampleRecords.slice(0, 6)).runs;
  assert.equal(run?.state, "interrupted");
  assert.equal(run.endedAt, null);
  assert.equal(run.samples.length, 2);
  assert.equal(run.latency?.histogram, "HISTFAAAabc");
  assert.equal(run.store?.engine, "RocksDB");
  assert.equal(run.superseded, undefined);
});

Deno.test("resultFromJournal() keeps an interrupted attempt beside the one that counts", () => {
  const records = [samplePlan, started, sample(1), sampleSession, started, sample(2)];
  const result = resultOf([...records, ended("ended")]);
  assert.deepEqual(
    result.runs.map((run) => [run.state, run.superseded, run.samples[0]?.ns]),
    [["interrupted", true, 1], ["ended", undefined, 2]],
  );
  assert.deepEqual(result.sessions?.map((session) => session.command), [["bench", "--resume"]]);
});

Deno.test("resultFromJournal() lets the last ended attempt count, or the last where none ended", () => {
  const states = fc.array(fc.constantFrom<RunEndedLine["state"]>("ended", "interrupted", "failed"));
  fc.assert(
    fc.property(states, (states) => {
      const attempts = states.flatMap((state) => [started, ended(state)]);
      const runs = resultOf([samplePlan, ...attempts]).runs;
      const lastEnded = states.lastIndexOf("ended");
      const counts = lastEnded >= 0 ? lastEnded : states.length - 1;
      assert.deepEqual(
        runs.map((run) => run.superseded),
        states.map((_, index) => index === counts ? undefined : true),
      );
    }),
    { seed: 2 },
  );
});

Deno.test("resultFromJournal() is complete when every planned run ended", () => {
  const runs = samplePlan.benchmarks.flatMap(({ id }) => [
    { ...started, benchmark: id },
    ended("ended"),
  ]);
  const finished: JournalRecord = { kind: "finished", endedAt: "2026-01-02T03:05:00.000Z" };
  const result = resultOf([samplePlan, ...runs, finished]);
  assert.equal(result.complete, true);
  assert.equal(result.endedAt, finished.endedAt);
  assert.deepEqual(missingRuns(result), []);
});

Deno.test("resultFromJournal() has no end when a resume did not finish", () => {
  assert.equal(resultOf([...sampleRecords, sampleSession]).endedAt, null);
});

Deno.test("resultFromJournal() warns when the machine changed before a resume", () => {
  const { environment } = sampleSession;
  const changed = {
    ...sampleSession,
    environment: {
      ...environment,
      kernel: "6.1.0-19-amd64",
      cpu: { ...environment.cpu, governor: "powersave" },
      data: { ...environment.data, freeBytes: 1 },
    },
  };
  assert.deepEqual(resultOf([samplePlan, changed]).warnings.slice(1), [
    "The machine of the session from 2026-01-02T04:00:00.000Z differs from the first one's: " +
    "kernel, cpu.governor.",
  ]);
  assert.deepEqual(resultOf([samplePlan, sampleSession]).warnings.slice(1), []);
});

Deno.test("resultFromJournal() refuses a journal without a plan", () => {
  assert.throws(() => resultOf([]), {
    name: "ResultError",
    message: "Cannot make a result of the journal journal.jsonl: it holds no plan; measure anew",
  });
});

Deno.test("missingRuns() names interrupted, failed and absent runs in the plan's order", () => {
  const plan = { ...samplePlan, profile: { ...samplePlan.profile, runs: 2 } };
  const result = resultOf([plan, { ...started, run: 1 }, ended("ended"), started, ended("failed")]);
  assert.deepEqual(missingRuns(result), [
    { benchmark: "raw/put/100", run: 0 },
    { benchmark: "raw/put/100", run: 1 },
    { benchmark: "raw/get", run: 0 },
  ]);
});

Deno.test("resultFromJournal() needs no memory for planned runs that were not measured", () => {
  const [benchmark] = samplePlan.benchmarks;
  const benchmarks = Array.from(
    { length: 10_000 },
    (_, at) => ({ ...benchmark!, id: `raw/${at}` }),
  );
  const plan = { ...samplePlan, benchmarks, profile: { ...samplePlan.profile, runs: 100_000 } };
  const { complete } = resultFromJournal({ path: "", records: [plan], torn: false, end: 0 });
  assert.equal(complete, false);
});

Deno.test("resultFromJournal() has the runs that looks have added, and wants them for its end", () => {
  const look = (runs: number): JournalRecord => ({
    kind: "look",
    at: samplePlan.startedAt,
    open: ["raw/get p99"],
    more: [{ benchmark: "raw/get", runs }],
  });
  const run = (run: number, benchmark = "raw/get"): JournalRecord[] => [
    { ...started, benchmark, run },
    { ...sample(100 + run) },
    ended("ended"),
  ];
  const planned = [samplePlan, ...run(0, "raw/put/100"), ...run(0)];
  assert.equal(resultOf(planned).complete, true);
  const added = resultOf([...planned, look(2), ...run(1), look(4), ...run(2)]);
  const [put, get] = added.benchmarks;
  assert.deepEqual([put!.runs, put!.added], [undefined, undefined]);
  assert.deepEqual([get!.runs, get!.added], [4, 3]);
  assert.equal(added.complete, false, "a run that was added is missing");
  assert.deepEqual(missingRuns(added), [{ benchmark: "raw/get", run: 3 }]);
  assert.deepEqual(added.untilSure!.looks!.map(({ more }) => more[0]!.runs), [2, 4]);
  const whole = resultOf([...planned, look(2), ...run(1), look(4), ...run(2), ...run(3)]);
  assert.equal(whole.complete, true);
});
