import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { replaceBy, replaceFile, writeNew } from "./replace.ts";
import { mayMount, names, onSmallDevice } from "./_testing/folders.ts";

Deno.test(
  "replaceFile() writes a file or takes the place of one, and leaves nothing beside it",
  withFolder((folder) => {
    const path = `${folder}/file`;
    replaceFile(path, "first, and long");
    assert.equal(Deno.readTextFileSync(path), "first, and long");
    replaceFile(path, new Uint8Array([0x32]));
    assert.equal(Deno.readTextFileSync(path), "2");
    assert.deepEqual(names(folder), ["file"]);
  }),
);

Deno.test(
  "replaceFile() takes the place of a link, and not of what it leads to",
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/other`, "other");
    Deno.symlinkSync("other", `${folder}/file`);
    replaceFile(`${folder}/file`, "mine");
    assert.equal(Deno.readTextFileSync(`${folder}/other`), "other");
    assert.equal(Deno.readTextFileSync(`${folder}/file`), "mine");
  }),
);

Deno.test(
  "replaceFile() writes over what a killed process has left, where it is alone",
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file.tmp`, "half of something that is longer");
    replaceFile(`${folder}/file`, "whole", { alone: true });
    assert.equal(Deno.readTextFileSync(`${folder}/file`), "whole");
    assert.deepEqual(names(folder), ["file"]);
  }),
);

Deno.test(
  "replaceFile() leaves what was there as it was where it fails",
  withFolder((folder) => {
    Deno.mkdirSync(`${folder}/file/kept`, { recursive: true });
    assert.throws(() => replaceFile(`${folder}/file`, "mine"), { code: "EISDIR" });
    assert.deepEqual(names(folder), ["file"]);
    assert.throws(() => replaceFile(`${folder}/none/file`, "mine"), Deno.errors.NotFound);
  }),
);

Deno.test({
  name: "replaceFile() leaves the file that was there on a full device",
  ignore: !mayMount,
  fn: onSmallDevice((folder) => {
    const path = `${folder}/file`;
    replaceFile(path, "x".repeat(40_000));
    assert.throws(() => replaceFile(path, "y".repeat(40_000)), { code: "ENOSPC" });
    assert.equal(Deno.readTextFileSync(path), "x".repeat(40_000));
    assert.deepEqual(names(folder), ["file"]);
  }),
});

Deno.test(
  "replaceBy() places what was made, and nothing where making it failed",
  withFolder((folder) => {
    const path = `${folder}/file`;
    replaceBy(path, (temporary) => {
      assert.notEqual(temporary, path);
      Deno.writeTextFileSync(temporary, "made", { createNew: true });
    });
    assert.equal(Deno.readTextFileSync(path), "made");
    assert.throws(() =>
      replaceBy(path, (temporary) => {
        Deno.writeTextFileSync(temporary, "half");
        throw new Error("broken off");
      }), /broken off/);
    assert.equal(Deno.readTextFileSync(path), "made");
    assert.deepEqual(names(folder), ["file"]);
  }),
);

Deno.test(
  "writeNew() writes a file, and refuses a name that is taken, by a link too",
  withFolder((folder) => {
    writeNew(`${folder}/file`, "mine");
    assert.equal(Deno.readTextFileSync(`${folder}/file`), "mine");
    Deno.symlinkSync("nothing", `${folder}/link`);
    for (const name of ["file", "link"]) {
      assert.throws(() => writeNew(`${folder}/${name}`, "other"), Deno.errors.AlreadyExists);
    }
    assert.equal(Deno.readTextFileSync(`${folder}/file`), "mine");
    assert.deepEqual(names(folder), ["file", "link"]);
  }),
);
