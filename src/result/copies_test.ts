import assert from "node:assert/strict";
import { sampleRecords } from "./_testing/sample_journal.ts";
import { copyOf } from "./copies.ts";
import { resultFromJournal } from "./from_journal.ts";
import { parseResult } from "./read.ts";
import type { RunRecord, SampleRecord } from "./schema.ts";

const result = resultFromJournal({ path: "j", records: sampleRecords, torn: false, end: 0 });
const times = (...ns: number[]): SampleRecord[] =>
  ns.map((ns, i) => ({ iterations: 10, ns, atNs: i * 1e6 }));
const run = (run: number, samples: SampleRecord[]): RunRecord => ({
  ...result.runs[0]!,
  run,
  samples,
});

Deno.test("copyOf() finds the run that is there twice", () => {
  const runs = [run(0, times(1, 2, 3)), run(1, times(3, 2, 1)), run(0, times(4, 5, 6))];
  assert.equal(copyOf({ runs }), 'run 0 of "raw/put/100" is there twice; keep one of them');
  assert.equal(copyOf({ runs: [{ ...runs[0]!, superseded: true }, ...runs.slice(1)] }), undefined);
});

Deno.test("copyOf() finds a run's samples under another number, whenever they began", () => {
  const later = times(1, 2, 3).map((sample) => ({ ...sample, atNs: sample.atNs! + 5 }));
  assert.equal(
    copyOf({ runs: [run(0, times(1, 2, 3)), run(4, later)] }),
    'runs 0 and 4 of "raw/put/100" have the same samples; keep one of them',
  );
  assert.equal(copyOf({ runs: [run(0, times(1, 2, 3)), run(1, times(1, 2, 4))] }), undefined);
  const other = { ...run(0, times(1, 2, 3)), benchmark: "kvstore/put/100" };
  assert.equal(copyOf({ runs: [run(0, times(1, 2, 3)), other] }), undefined);
});

Deno.test("copyOf() takes few samples that are the same for a tool's rounding", () => {
  assert.equal(copyOf({ runs: [run(0, times(1000)), run(1, times(1000))] }), undefined);
});

Deno.test("parseResult() refuses what is there twice, and values that no clock gives, with the place", () => {
  const refusal = (changed: object) => {
    try {
      parseResult(JSON.stringify({ ...result, ...changed }), "r.json");
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };
  const runs = [run(0, times(1, 2, 3)), run(1, times(1, 2, 3))];
  assert.match(refusal({ runs })!, /^Cannot read the result r\.json: runs 0 and 1 of "raw\/put/);
  assert.match(
    refusal({ benchmarks: [...result.benchmarks, result.benchmarks[0]] })!,
    /^Cannot read the result r\.json: benchmarks: have each benchmark's id once; make it again/,
  );
  assert.match(
    refusal({ runs: [run(0, times(1e308))] })!,
    /^Cannot read the result r\.json: runs\.0\.samples\.0\.ns: give a time that a clock can measure/,
  );
  assert.match(refusal({ startedAt: "x" })!, /: startedAt: give a time in UTC such as 2026-01-02T/);
  assert.equal(refusal({}), undefined);
});
