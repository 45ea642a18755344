import assert from "node:assert/strict";
import { inFolder } from "../_testing/folder.ts";
import { addFile } from "./add.ts";
import { cachedLibrary, cachedReleases, removeRelease } from "./cache.ts";
import { digestOf } from "./digest.ts";
import { EngineError } from "./error.ts";
import { smallLibrary, zip } from "./_testing/archives.ts";

const machine = "linux-aarch64";
const library = smallLibrary("aarch64");
const name = `file-${digestOf(library).slice(0, 16)}`;

Deno.test("addFile() keeps a library, or an archive's, under a name made of its content", async () => {
  await inFolder(async (folder) => {
    Deno.writeFileSync(`${folder}/librocksdb.so.9.9.9`, library);
    Deno.symlinkSync("librocksdb.so.9.9.9", `${folder}/librocksdb.so`);
    const entry = "librocksdbjni-linux-aarch64.so";
    Deno.writeFileSync(`${folder}/a.jar`, zip([{ name: entry, content: library }]));
    const cache = `${folder}/cache`;
    const added = await addFile(`${folder}/librocksdb.so`, { machine, cache });
    assert.deepEqual(
      [added.release, added.file, added.source, added.pinned, added.engine],
      [name, "librocksdb.so.9.9.9", "the file librocksdb.so.9.9.9", false, null],
    );
    const again = await addFile(`${folder}/a.jar`, { machine, cache });
    assert.deepEqual([again.release, again.file, again.source], [name, entry, "the archive a.jar"]);
    assert.deepEqual(cachedLibrary(name, machine, cache), again);
    assert.deepEqual(cachedReleases(cache), [{ release: name, machines: [machine] }]);
    assert.equal(removeRelease(name, cache), true);
    assert.equal(removeRelease(name, cache), false);
    assert.deepEqual(cachedReleases(cache), []);
  });
});

Deno.test("cachedReleases() has no folder whose name is no release's", async () => {
  await inFolder((folder) => {
    const cache = `${folder}/cache`;
    for (const name of ["10.4.2", "a\u2028b", "\u001b[31m", "added", ".."]) {
      const own = `${cache}/engines/${name}/${machine}`;
      Deno.mkdirSync(own, { recursive: true });
      Deno.writeTextFileSync(`${own}/a.so`, "");
      const record = { release: name, entry: "a.so", sha256: "0".repeat(64), source: "x" };
      Deno.writeTextFileSync(`${own}/engine.json`, JSON.stringify(record));
    }
    assert.deepEqual(cachedReleases(cache), [{ release: "10.4.2", machines: [machine] }]);
    return Promise.resolve();
  });
});

Deno.test("addFile() says what is wrong with a file, and keeps nothing", async () => {
  await inFolder(async (folder) => {
    const cache = `${folder}/cache`;
    const says = async (path: string, message: RegExp) => {
      await assert.rejects(
        addFile(path, { machine, cache }),
        (error: Error) => error instanceof EngineError && message.test(error.message),
      );
      assert.deepEqual(cachedReleases(cache), []);
    };
    await says(`${folder}/none`, /Cannot read .*none: there is no such file/);
    await says(folder, /it is a folder/);
    Deno.writeTextFileSync(`${folder}/text`, "no library");
    await says(`${folder}/text`, /no shared library/);
    Deno.writeTextFileSync(`${folder}/cut.jar`, "PK\x03\x04");
    await says(`${folder}/cut.jar`, /: it is no archive, or a damaged one; get or build it again$/);
    Deno.writeFileSync(`${folder}/other.so`, smallLibrary("x86_64"));
    await says(
      `${folder}/other.so`,
      /a library for linux on x86_64, and this is for linux-aarch64/,
    );
    Deno.writeFileSync(`${folder}/a.jar`, zip([{ name: "x", content: library }]));
    await says(`${folder}/a.jar`, /has no library for linux-aarch64/);
  });
});
