import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { resultFromJournal } from "./from_journal.ts";
import { readResult } from "./read.ts";
import { sampleRecords } from "./_testing/sample_journal.ts";
import { writeResult } from "./write.ts";

const result = resultFromJournal({ path: "", records: sampleRecords, torn: false, end: 0 });

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name);
}

Deno.test(
  "writeResult() leaves the file alone when it exists already",
  withFolder((folder) => {
    const path = `${folder}/result.json`;
    writeResult(path, result);
    assert.throws(() => writeResult(path, { ...result, seed: 7 }), {
      name: "ResultError",
      message: /: the file exists already; choose another name, or remove it$/,
    });
    assert.equal(readResult(path).seed, result.seed);
  }),
);

Deno.test(
  "writeResult() replaces the file when it is told to, and leaves nothing else behind",
  withFolder((folder) => {
    const path = `${folder}/result.json`;
    writeResult(path, result);
    writeResult(path, { ...result, seed: 7 }, { replace: true });
    assert.equal(readResult(path).seed, 7);
    assert.deepEqual(names(folder), ["result.json"]);
  }),
);

Deno.test(
  "writeResult() leaves nothing behind when the name cannot be taken",
  withFolder((folder) => {
    Deno.mkdirSync(`${folder}/result.json`);
    assert.throws(() => writeResult(`${folder}/result.json`, result, { replace: true }), {
      name: "ResultError",
      message: /: it is a folder; name a file in it$/,
    });
    assert.deepEqual(names(folder), ["result.json"]);
  }),
);

Deno.test(
  "writeResult() says so when the folder does not exist",
  withFolder((folder) => {
    assert.throws(() => writeResult(`${folder}/none/result.json`, result), {
      name: "ResultError",
      message: /: there is no such file or folder; check the path$/,
    });
  }),
);

Deno.test(
  "writeResult() refuses a figure that is not finite",
  withFolder((folder) => {
    const broken = structuredClone(result);
    broken.runs[0]!.samples[0]!.ns = Infinity;
    assert.throws(() => writeResult(`${folder}/result.json`, broken), {
      name: "TypeError",
      message: /runs\.0\.samples\.0\.ns: /,
    });
    assert.deepEqual(names(folder), []);
  }),
);
