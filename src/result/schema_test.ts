import assert from "node:assert/strict";
import * as v from "valibot";
import { resultFromJournal } from "./from_journal.ts";
import { sampleRecords } from "./_testing/sample_journal.ts";
import { Result } from "./schema.ts";

const own = resultFromJournal({ path: "", records: sampleRecords, torn: false, end: 0 });

/** The result as an importer may have made it. */
function imported(): Result {
  const result: Result = structuredClone(own);
  result.imported = {
    format: "db_bench",
    tool: "db_bench",
    toolVersion: null,
    files: ["run1.txt"],
    times: "files",
  };
  result.runs[0]!.stated = { count: 2, mean: 12.5, p50: 12, p99: 20, max: 31 };
  return result;
}

Deno.test("Result has neither an import nor stated figures when bench made it", () => {
  assert.equal(own.imported, undefined);
  assert.ok(v.is(Result, own));
});

Deno.test("Result takes where an imported one is from, and what its tool stated", () => {
  const result = imported();
  assert.deepEqual(v.parse(Result, result), result);
});

const BAD: [name: string, change: (result: Result) => void][] = [
  ["a stated time below zero", (result) => result.runs[0]!.stated!.p99 = -1],
  ["a stated time that is no number", (result) => result.runs[0]!.stated!.mean = NaN],
  ["a stated count of half an operation", (result) => result.runs[0]!.stated!.count = 0.5],
  ["times from elsewhere", (result) => Object.assign(result.imported!, { times: "guess" })],
];
Deno.test.each(BAD)("Result refuses %s", (_name, change) => {
  const result = imported();
  change(result);
  assert.equal(v.is(Result, result), false);
});

Deno.test("Result takes null for what an imported one does not know", () => {
  const result = imported();
  Object.assign(result.environment, { os: null, kernel: null, arch: null, host: null });
  Object.assign(result.environment, { runtime: null });
  result.environment.cpu.logical = null;
  result.benchmarks[0]!.workload = {
    operation: null,
    keys: null,
    keyBytes: null,
    valueBytes: null,
    order: null,
    clients: null,
  };
  result.runs[0]!.store!.durability = null;
  result.runs[0]!.samples[0]!.atNs = null;
  assert.deepEqual(v.parse(Result, result), result);
});
