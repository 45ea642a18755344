import assert from "node:assert/strict";
import { makeFolder } from "./make_folder.ts";

function inFolder(check: (folder: string) => void): () => void {
  return () => {
    const folder = Deno.makeTempDirSync();
    try {
      check(folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

Deno.test(
  "makeFolder() makes a folder and those above it, and takes one that is there",
  inFolder((folder) => {
    for (let i = 0; i < 2; i++) makeFolder(`${folder}/a/b/c`);
    assert.ok(Deno.statSync(`${folder}/a/b/c`).isDirectory);
  }),
);

Deno.test(
  "makeFolder() leaves none of the folders above where the last one cannot be made",
  inFolder((folder) => {
    Deno.mkdirSync(`${folder}/there`);
    assert.throws(() => makeFolder(`${folder}/there/new/newer/${"a".repeat(300)}`), {
      code: "ENAMETOOLONG",
    });
    Deno.writeTextFileSync(`${folder}/file`, "mine");
    assert.throws(() => makeFolder(`${folder}/file/new`));
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "file",
      "there",
    ]);
    assert.deepEqual([...Deno.readDirSync(`${folder}/there`)], []);
  }),
);
