import assert from "node:assert/strict";
import { sampleRecords } from "./_testing/sample_journal.ts";
import { benchResult, isFinished, saveBenchResult } from "./bench_files.ts";
import { ResultError } from "./error.ts";
import { readResult } from "./read.ts";

/** Gives a test the directory of a bench that has written these records, and removes it. */
function withBench(records: readonly unknown[], test: (directory: string) => void): () => void {
  return () => {
    const directory = Deno.makeTempDirSync();
    try {
      const lines = records.map((record) => JSON.stringify(record) + "\n").join("");
      Deno.writeTextFileSync(`${directory}/journal.jsonl`, lines);
      test(directory);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  };
}

const names = (directory: string) => [...Deno.readDirSync(directory)].map(({ name }) => name);

Deno.test(
  "saveBenchResult() writes what benchResult() makes of the journal, again and again",
  withBench(sampleRecords.slice(0, -1), (directory) => {
    const before = benchResult(directory);
    assert.deepEqual(names(directory), ["journal.jsonl"]);
    assert.deepEqual(saveBenchResult(directory), before);
    assert.equal(readResult(`${directory}/result.json`).endedAt, null);
    const last = JSON.stringify(sampleRecords.at(-1)) + "\n";
    Deno.writeTextFileSync(`${directory}/journal.jsonl`, last, { append: true });
    const after = saveBenchResult(directory);
    assert.deepEqual(readResult(`${directory}/result.json`), after);
    assert.notEqual(after.endedAt, null);
    assert.deepEqual(names(directory).sort(), ["journal.jsonl", "result.json"]);
  }),
);

Deno.test(
  "saveBenchResult() writes nothing of a journal that holds no plan",
  withBench([], (directory) => {
    assert.throws(() => saveBenchResult(directory), ResultError);
    assert.deepEqual(names(directory), ["journal.jsonl"]);
  }),
);

Deno.test("isFinished() wants every run ended, and the bench too", () => {
  const endedAt = "2026-01-02T03:04:08.500Z";
  assert.equal(isFinished({ complete: true, endedAt }), true);
  assert.equal(isFinished({ complete: true, endedAt: null }), false, "killed before its last line");
  assert.equal(isFinished({ complete: false, endedAt }), false, "a run failed");
});
