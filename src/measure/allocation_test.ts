import assert from "node:assert/strict";
import { libraryIsThere } from "../store/raw/mod.ts";

/** Bytes an operation may leave: less than the smallest object that V8 makes, which has 16. */
const BOUND = 8;
const OPERATIONS = ["put", "get", "scan", "timed put", "timed get"];

for (const crossings of ["fused", "single"]) {
  Deno.test({
    name: `the synchronous loops over the raw store leave no garbage (${crossings} calls)`,
    ignore: !libraryIsThere(),
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "tidemark-garbage-" });
      try {
        const { success, stdout } = await new Deno.Command(Deno.execPath(), {
          args: [
            "run",
            "--no-prompt",
            "--allow-ffi",
            "--allow-read",
            "--allow-write",
            "--allow-env",
            "--v8-flags=--min-semi-space-size=256,--max-semi-space-size=256",
            new URL("./_testing/loop_garbage.ts", import.meta.url).pathname,
            folder,
            crossings,
          ],
          stderr: "inherit",
        }).output();
        assert.ok(success);
        const garbage: Record<string, number> = JSON.parse(new TextDecoder().decode(stdout));
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
