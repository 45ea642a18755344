import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { openLocked } from "./lock.ts";

const OPTIONS = { write: true, create: true };

Deno.test(
  "openLocked() gives a file to one at a time, until it is closed",
  withFolder((folder) => {
    const path = `${folder}/lock`;
    const first = openLocked(path, OPTIONS);
    assert.ok(first);
    assert.equal(openLocked(path, OPTIONS), null);
    const before = performance.now();
    assert.equal(openLocked(path, OPTIONS, 400), null);
    assert.ok(performance.now() - before >= 395, "it waits as long as it is told");
    first.close();
    const second = openLocked(path, OPTIONS);
    assert.ok(second);
    second.close();
  }),
);

Deno.test(
  "openLocked() throws where the file cannot be opened",
  withFolder((folder) => {
    assert.throws(() => openLocked(`${folder}/none/lock`, OPTIONS), Deno.errors.NotFound);
    Deno.writeTextFileSync(`${folder}/lock`, "");
    const createNew = { write: true, createNew: true };
    assert.throws(() => openLocked(`${folder}/lock`, createNew), Deno.errors.AlreadyExists);
  }),
);
