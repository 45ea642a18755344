import assert from "node:assert/strict";
import fc from "fast-check";
import { ResultError } from "./error.ts";
import { resultFromJournal } from "./from_journal.ts";
import { parseResult, readResult } from "./read.ts";
import { sampleRecords } from "./_testing/sample_journal.ts";
import { writeResult } from "./write.ts";

const result = resultFromJournal({ path: "", records: sampleRecords, torn: false, end: 0 });

/** Runs a test with the name of a result that does not exist yet, in a folder of its own. */
function withPath(test: (path: string) => void) {
  return () => {
    const folder = Deno.makeTempDirSync();
    try {
      test(`${folder}/result.json`);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

Deno.test(
  "readResult() returns what writeResult() wrote, with the fields that it does not know",
  { timeout: 300_000 },
  withPath((path) => {
    // JSON has no negative zero, and "known" fields must not be overwritten by generated ones.
    const unknown = fc.dictionary(
      fc.string().map((name) => `later ${name}`),
      fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(unknown, unknown, unknown, (top, cpu, sample) => {
        const later = structuredClone(result);
        Object.assign(later, top);
        Object.assign(later.environment.cpu, cpu);
        Object.assign(later.runs[0]!.samples[0]!, sample);
        writeResult(path, later, { replace: true });
        assert.equal(JSON.stringify(readResult(path)), JSON.stringify(later));
        assert.deepEqual(readResult(path), later);
      }),
      { seed: 1 },
    );
  }),
);

Deno.test("parseResult() takes version 1: facts by their meaning, properties as they were", {
  timeout: 300_000,
}, () => {
  const old = Deno.readTextFileSync(`${import.meta.dirname}/_testing/result_v1.json`);
  const [ended, failed] = parseResult(old, "old.json").runs;
  // One is there as text, and one is no number.
  assert.deepEqual(ended?.facts, {
    estimatedKeys: 100,
    memtableBytes: 2048,
    liveFileBytes: 4096,
  });
  assert.deepEqual(ended?.properties, JSON.parse(old).runs[0].properties);
  assert.deepEqual(failed?.facts, {});
});

const text = JSON.stringify(result);
const old = text.replace(`"version":2`, `"version":1`);
const bad: [name: string, text: string, reason: RegExp][] = [
  ["a torn file", text.slice(0, -1), /it is not JSON; name a result.json, or make it again/],
  ["another JSON file", `{"name":"x"}`, /it is not a Tidemark result; name a result.json/],
  ["no object", "null", /it is not a Tidemark result/],
  ["a version that is no number", text.replace(`"version":2`, `"version":"2"`), /not a Tidemark/],
  [
    "a newer version",
    text.replace(`"version":2`, `"version":7`),
    /its version is 7, and this Tidemark knows versions up to 2; use a newer Tidemark$/,
  ],
  [
    "a field of the wrong type",
    text.replace(`"iterations":10`, `"iterations":null`),
    /runs\.0\.samples\.0\.iterations: .*; make it again from its journal$/,
  ],
  ["runs of version 1 that are none", old.replace(/"runs":\[.*\]/, `"runs":7`), /: runs: /],
  ["a run of version 1 that is none", old.replace(`"runs":[`, `"runs":[null,`), /: runs\.0: /],
  [
    "properties of version 1 that are none",
    old.replaceAll(`"facts":{},"properties":{}`, `"properties":7`),
    /: runs\.1\.(facts|properties): /,
  ],
];
Deno.test.each(bad)(
  "parseResult() says what and where when it meets %s",
  { timeout: 300_000 },
  (_name, text, reason) => {
    assert.throws(() => parseResult(text, "r.json"), (error) => {
      assert.ok(error instanceof ResultError);
      assert.ok(error.message.startsWith("Cannot read the result r.json: "));
      assert.match(error.message, reason);
      assert.doesNotMatch(error.message, /\n|\.$/);
      assert.equal(error.path, "r.json");
      return true;
    });
  },
);

Deno.test(
  "readResult() says so when there is no such file",
  { timeout: 300_000 },
  withPath((path) => {
    assert.throws(() => readResult(path), {
      name: "ResultError",
      message: `Cannot read the result ${path}: there is no such file or folder; check the path`,
    });
  }),
);

Deno.test(
  "readResult() waits for no pipe and reads no device",
  { timeout: 300_000 },
  withPath((path) => {
    new Deno.Command("mkfifo", { args: [path] }).outputSync();
    for (const each of [path, "/dev/zero"]) {
      assert.throws(() => readResult(each), {
        name: "ResultError",
        message: `Cannot read the result ${each}: it is not a regular file; copy it to one`,
      });
    }
  }),
);

Deno.test("parseResult() says the first thing that is wrong of a million, and keeps no others", {
  timeout: 300_000,
}, () => {
  const text = JSON.stringify({ ...result, runs: Array(1e6).fill(null) });
  assert.throws(() => parseResult(text, "r.json"), {
    message: /^Cannot read the result r\.json: runs\.0: it is null, and has to be an object; make/,
  });
});
