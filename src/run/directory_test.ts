import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { claimDirectory, DataDirectory } from "./directory.ts";
import { RunError } from "./error.ts";

const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

function refused(action: () => unknown, message: RegExp): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof RunError, String(error));
    assert.equal(error.kind, "usage");
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
}

/** As a process that is killed leaves it: the databases are there, and the lock is gone. */
function killed(path: string, id: string, made: boolean): void {
  Deno.mkdirSync(`${path}/run-raw-get-0`, { recursive: true });
  Deno.writeTextFileSync(`${path}/run-raw-get-0/000004.log`, "data");
  Deno.writeTextFileSync(`${path}/tidemark-data.json`, JSON.stringify({ tidemark: id, made }));
}

Deno.test(
  "claimDirectory() makes a directory with those above it, and takes an empty one",
  withFolder((folder) => {
    assert.equal(claimDirectory(`${folder}/a/b`, "data directory"), true);
    assert.equal(claimDirectory(`${folder}/a/b`, "data directory"), false);
  }),
);

Deno.test(
  "claimDirectory() refuses one that is not empty, and touches nothing",
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/thesis.txt`, "years of work");
    refused(
      () => claimDirectory(folder, "data directory"),
      /^Cannot use .* as the data directory: it is not empty; name an empty or a new directory$/,
    );
    assert.equal(Deno.readTextFileSync(`${folder}/thesis.txt`), "years of work");
  }),
);

Deno.test(
  "claimDirectory() refuses a file, and a place below one",
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "text");
    refused(() => claimDirectory(`${folder}/file`, "data directory"), /is not a folder/);
    refused(() => claimDirectory(`${folder}/file/a`, "data directory"), /is not a folder/);
    assert.equal(Deno.readTextFileSync(`${folder}/file`), "text");
  }),
);

Deno.test(
  "DataDirectory leaves nothing of a directory that it made",
  withFolder((folder) => {
    const data = DataDirectory.claim(`${folder}/data`, "id");
    const database = data.database("raw/write/10", 2);
    assert.equal(database, `${folder}/data/run-raw-write-10-2`);
    Deno.mkdirSync(database);
    data.remove(database);
    data.remove(database);
    Deno.mkdirSync(data.database("raw/read", 0));
    data.release();
    assert.deepEqual(names(folder), []);
  }),
);

Deno.test(
  "DataDirectory leaves an empty directory that was there, and what others put into one",
  withFolder((folder) => {
    DataDirectory.claim(folder, "id").release();
    assert.deepEqual(names(folder), []);
    const data = DataDirectory.claim(`${folder}/data`, "id");
    Deno.writeTextFileSync(`${folder}/data/notes.txt`, "mine");
    data.release();
    assert.deepEqual(names(`${folder}/data`), ["notes.txt"]);
  }),
);

Deno.test(
  "DataDirectory is released when somebody has removed it meanwhile",
  withFolder((folder) => {
    const data = DataDirectory.claim(`${folder}/data`, "id");
    Deno.removeSync(`${folder}/data`, { recursive: true });
    data.release();
    assert.deepEqual(names(folder), []);
  }),
);

Deno.test(
  "DataDirectory.claim() refuses a directory that is in use, whichever bench asks",
  withFolder((folder) => {
    const data = DataDirectory.claim(folder, "id");
    const before = names(folder);
    refused(() => DataDirectory.claim(folder, "id"), /another bench is using it/);
    refused(() => DataDirectory.claim(folder, "other"), /the bench id uses it/);
    assert.deepEqual(names(folder), before);
    data.release();
    DataDirectory.claim(folder, "other").release();
  }),
);

Deno.test(
  "DataDirectory.claim() takes what a killed bench of the same id left, and clears it",
  withFolder((folder) => {
    for (const made of [true, false]) {
      killed(`${folder}/data`, "id", made);
      const data = DataDirectory.claim(`${folder}/data`, "id");
      assert.deepEqual(names(`${folder}/data`), ["tidemark-data.json"]);
      data.release();
      assert.deepEqual(names(folder), made ? [] : ["data"], "as it was before the first bench");
    }
  }),
);

Deno.test(
  "DataDirectory.claim() refuses what a killed bench of another id left, and keeps it",
  withFolder((folder) => {
    killed(`${folder}/data`, "2026-11-22T010203Z-tiny", true);
    refused(
      () => DataDirectory.claim(`${folder}/data`, "other"),
      /the bench 2026-11-22T010203Z-tiny uses it, or was killed there; wait for it or resume it/,
    );
    assert.deepEqual(names(`${folder}/data`), ["run-raw-get-0", "tidemark-data.json"]);
  }),
);

Deno.test(
  "DataDirectory.claim() does not take a foreign file for its mark",
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/tidemark-data.json`, "[]");
    refused(() => DataDirectory.claim(folder, "id"), /it is not empty/);
  }),
);
