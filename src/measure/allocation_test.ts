import assert from "node:assert/strict";
import { run } from "../_testing/child.ts";
import { rocksdbPlugin } from "../_testing/plugin_library.ts";
import { runsMachineCode } from "../native/mod.ts";
import { libraryIsThere } from "../store/raw/mod.ts";

/** Bytes an operation may leave: less than the smallest object that V8 makes, which has 16. */
const BOUND = 8;
const OPERATIONS = ["put", "get", "scan", "timed put", "timed get"];

const plugin = await rocksdbPlugin();
const CASES = [
  { over: "the raw store", how: "fused calls", crossings: "fused", ignore: !libraryIsThere() },
  { over: "the raw store", how: "single calls", crossings: "single", ignore: !libraryIsThere() },
  {
    over: "a plug-in",
    how: plugin.reason ?? "a call each",
    crossings: plugin.path ?? "",
    ignore: plugin.path === undefined,
  },
];

for (const { over, how, crossings, ignore } of CASES) {
  Deno.test({
    name: `the synchronous loops over ${over} leave no garbage (${how})`,
    timeout: 300_000,
    ignore,
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
        const native = crossings === "fused" && runsMachineCode() ? ["native loop"] : [];
        assert.deepEqual(Object.keys(garbage), [...OPERATIONS, ...native]);
        for (const [operation, bytes] of Object.entries(garbage)) {
          assert.ok(bytes < BOUND, `${bytes} bytes for every ${operation}`);
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
