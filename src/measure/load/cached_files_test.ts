import assert from "node:assert/strict";
import type { PageCache } from "../../native/mod.ts";
import { DatabaseFiles } from "./cached_files.ts";

/** A page cache that has the first byte of each file, and forgets what it is told to. */
function fakeCache(): PageCache & { dropped: string[] } {
  const dropped: string[] = [];
  return {
    call: "mincore",
    dropped,
    of: (path) => ({
      bytes: Deno.statSync(path).size,
      cachedBytes: dropped.includes(path) ? 0 : 1,
    }),
    drop: (path) => dropped.push(path) > 0,
  };
}

Deno.test("DatabaseFiles counts all files of a folder, and lets go of each", () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${folder}/below`);
    Deno.writeTextFileSync(`${folder}/one`, "12345");
    Deno.writeTextFileSync(`${folder}/below/two`, "678");
    const cache = fakeCache();
    const files = new DatabaseFiles(folder, cache);
    assert.equal(files.call, "mincore");
    assert.deepEqual(files.cached(), { fileBytes: 8, cachedBytes: 2 });
    files.drop();
    assert.deepEqual(cache.dropped.toSorted(), [`${folder}/below/two`, `${folder}/one`]);
    assert.deepEqual(files.cached(), { fileBytes: 8, cachedBytes: 0 });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("DatabaseFiles has nothing of a store without a folder", () => {
  const files = new DatabaseFiles("/nonexistent/database", fakeCache());
  assert.deepEqual(files.cached(), { fileBytes: 0, cachedBytes: 0 });
  files.drop();
});
