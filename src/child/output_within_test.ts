import assert from "node:assert/strict";
import { outputWithin } from "./output_within.ts";

Deno.test("outputWithin() gives what a program printed", { timeout: 120_000 }, async () => {
  const output = await outputWithin(Deno.execPath(), ["eval", "console.log(1); Deno.exit(3)"], 60);
  assert.deepEqual(output, { code: 3, success: false, out: "1\n", err: "" });
});

Deno.test("outputWithin() ends what takes too long", { timeout: 120_000 }, async () => {
  assert.equal(await outputWithin(Deno.execPath(), ["eval", "for (;;);"], 1), undefined);
});

Deno.test(
  "outputWithin() throws where there is no such program",
  { timeout: 120_000 },
  async () => {
    await assert.rejects(outputWithin("/nonexistent/program", [], 1), Deno.errors.NotFound);
  },
);
