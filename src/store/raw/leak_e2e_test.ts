import assert from "node:assert/strict";
import { run } from "../../_testing/child.ts";
import { libraryIsThere } from "./mod.ts";
import type { Holdings } from "./_testing/open_many.ts";

/** Opens that fail, and opens that succeed: these make files and take fifty times as long. */
const FAILING = 10_000;
const SUCCESSFUL = 500;
/** Growth that is let pass, KiB a failing open: what resident memory moves by itself. */
const BOUND_KIB = 1;

Deno.test({
  name: "openRaw() and close() give back memory and files, ten thousand times over",
  timeout: 600_000,
  ignore: Deno.build.os !== "linux" || !libraryIsThere(),
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "tidemark-leak-" });
    try {
      const rights = ["--allow-ffi", "--allow-read", "--allow-write", "--allow-env"];
      // A small nursery: how large V8 lets it grow is not the question.
      const deno = ["run", "--no-prompt", ...rights, "--v8-flags=--max-semi-space-size=1"];
      const program = new URL("./_testing/open_many.ts", import.meta.url).pathname;
      const { code, out, err } = await run(
        Deno.execPath(),
        [...deno, program, folder, `${SUCCESSFUL}`, `${FAILING}`],
        { seconds: 480 },
      );
      assert.equal(code, 0, err);
      const [before, after]: [Holdings, Holdings] = JSON.parse(out);
      const grown = after.residentKib - before.residentKib;
      assert.equal(after.files, before.files);
      assert.ok(grown < BOUND_KIB * FAILING, `Resident memory grew by ${grown} KiB`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
