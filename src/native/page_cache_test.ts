import assert from "node:assert/strict";
import { openPageCache, type PageCacheCall } from "./page_cache.ts";

const BYTES = 1_000_000;
const linux = { ignore: Deno.build.os !== "linux" };

/** A file of some pages, on a device that has a page cache to be dropped. */
function withFile(use: (path: string) => void): void {
  const path = Deno.makeTempFileSync({ prefix: "tidemark-pages-" });
  try {
    Deno.writeFileSync(path, new Uint8Array(BYTES).fill(7));
    use(path);
  } finally {
    Deno.removeSync(path);
  }
}

for (const call of ["cachestat", "mincore"] as PageCacheCall[]) {
  Deno.test(`openPageCache() tells what of a file is cached, by ${call}`, linux, () => {
    const cache = openPageCache([call]);
    // Before Linux 6.5 there is no cachestat.
    if (cache === undefined) return assert.equal(call, "cachestat");
    assert.equal(cache.call, call);
    withFile((path) => {
      assert.deepEqual(cache.of(path), { bytes: BYTES, cachedBytes: BYTES });
      assert.equal(cache.drop(path), true);
      // A file system in memory keeps what it has nowhere else.
      const { cachedBytes } = cache.of(path)!;
      assert.ok(cachedBytes === 0 || cachedBytes === BYTES, String(cachedBytes));
      Deno.readFileSync(path);
      assert.equal(cache.of(path)!.cachedBytes, BYTES);
      Deno.truncateSync(path);
      assert.deepEqual(cache.of(path), { bytes: 0, cachedBytes: 0 });
    });
    assert.equal(cache.of("/nonexistent/file"), undefined);
    assert.equal(cache.drop("/nonexistent/file"), false);
  });
}

Deno.test("openPageCache() is not there where the kernel has no call for it", linux, () => {
  assert.equal(openPageCache([]), undefined);
  assert.ok(openPageCache());
});
