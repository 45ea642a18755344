import assert from "node:assert/strict";
import fc from "fast-check";
import { run } from "../_testing/child.ts";
import { shellWord } from "./shell_word.ts";

Deno.test("shellWord() comes out of a shell as it went in", { timeout: 300_000 }, async () => {
  const texts = fc.sample(fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")), {
    seed: 5,
    numRuns: 50,
  });
  texts.push("", "'", "''", "$(id)", "`id`", "a\nb", "-n", "\\", "!", "~", "*", '"');
  // One shell for all of them: each word ends with a NUL that no text holds.
  const script = `printf '%s\\0' ${texts.map(shellWord).join(" ")}`;
  const { out } = await run("sh", ["-c", script]);
  const back = out.split("\0");
  assert.deepEqual(back.slice(0, -1), texts.map((text) => text.toWellFormed()));
});

Deno.test("shellWord() refuses a NUL", { timeout: 300_000 }, () => {
  assert.throws(() => shellWord("a\0b"), TypeError);
});
