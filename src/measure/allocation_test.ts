import assert from "node:assert/strict";
import { libraryIsThere } from "../store/raw/mod.ts";

/**
 * Bytes an operation may leave. Eight are less than the smallest object that V8 makes. A get leaves
 * 80, measured under Deno 2.9: the address that one call gives and the next takes becomes a bigint
 * between them, for the value's address and for the copy.
 */
const BOUNDS: Record<string, number> = {
  put: 8,
  get: 88,
  scan: 8,
  "timed put": 8,
  "timed get": 88,
};

Deno.test({
  name: "the synchronous loops over the raw store leave no garbage but a get's two addresses",
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
          new URL("loop_garbage.ts", import.meta.url).pathname,
          folder,
        ],
        stderr: "inherit",
      }).output();
      assert.ok(success);
      const garbage: Record<string, number> = JSON.parse(new TextDecoder().decode(stdout));
      assert.deepEqual(Object.keys(garbage), Object.keys(BOUNDS));
      for (const [operation, bytes] of Object.entries(garbage)) {
        assert.ok(bytes < BOUNDS[operation]!, `${bytes} bytes for every ${operation}`);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
