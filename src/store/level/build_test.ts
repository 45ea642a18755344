import assert from "node:assert/strict";
import { StoreError } from "../error.ts";
import { levelIsThere, requireBuild } from "./build.ts";

Deno.test("requireBuild() takes the package as npm has installed it", () => {
  // The package has builds for the usual machines but ARM under Linux and Windows.
  const built = Deno.build.arch === "x86_64" || Deno.build.os === "darwin";
  assert.equal(levelIsThere(), built);
  if (built) requireBuild();
  else assert.throws(() => requireBuild(), StoreError);
});

Deno.test("requireBuild() says what to do on a machine that the package has no build for", async () => {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-build-" });
  try {
    for (const prebuilds of [[], ["sunos-sparc", "plan9-mips"]]) {
      for (const each of prebuilds) {
        await Deno.mkdir(`${folder}/prebuilds/${each}`, { recursive: true });
        await Deno.writeTextFile(`${folder}/prebuilds/${each}/node.napi.node`, "");
      }
      assert.throws(() => requireBuild(folder), (error) => {
        assert.ok(error instanceof StoreError && error.kind === "usage");
        assert.match(error.message, /^Cannot use npm:rocksdb: it has no build for .*; install /);
        return true;
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
