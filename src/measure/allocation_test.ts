import assert from "node:assert/strict";
import { run } from "../_testing/child.ts";
import { libraryIsThere } from "../store/raw/mod.ts";

/** Bytes an operation may leave: less than the smallest object that V8 makes, which has 16. */
const BOUND = 8;
const OPERATIONS = ["put", "get", "scan", "timed put", "timed get"];

for (const crossings of ["fused", "single"]) {
  Deno.test({
    name: `the synchronous loops over the raw store leave no garbage (${crossings} calls)`,
    timeout: 300_000,
    ignore: !libraryIsThere(),
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "tidemark-garbage-" });
      try {
        const rights = ["--allow-ffi", "--allow-read", "--allow-write", "--allow-env"];
        const nursery = "--v8-flags=--min-semi-space-size=256,--max-semi-space-size=256";
        const program = new URL("./_testing/loop_garbage.ts", import.meta.url).pathname;
        const { code, out, err } = await run(
          Deno.execPath(),
          ["run", "--no-prompt", ...rights, nursery, program, folder, crossings],
          { seconds: 240 },
        );
        assert.equal(code, 0, err);
        const garbage: Record<string, number> = JSON.parse(out);
        assert.deepEqual(Object.keys(garbage), OPERATIONS);
        for (const [operation, bytes] of Object.entries(garbage)) {
          assert.ok(bytes < BOUND, `${bytes} bytes for every ${operation}`);
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
