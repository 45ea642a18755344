import assert from "node:assert/strict";
import fc from "fast-check";
import { shellWord } from "./shell_word.ts";

Deno.test("shellWord() comes out of a shell as it went in", () => {
  const texts = fc.sample(fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", "")), {
    seed: 5,
    numRuns: 50,
  });
  texts.push("", "'", "''", "$(id)", "`id`", "a\nb", "-n", "\\", "!", "~", "*", '"');
  // One shell for all of them: each word ends with a NUL that no text holds.
  const script = `printf '%s\\0' ${texts.map(shellWord).join(" ")}`;
  const { stdout } = new Deno.Command("sh", { args: ["-c", script] }).outputSync();
  const back = new TextDecoder("utf-8", { ignoreBOM: true }).decode(stdout).split("\0");
  assert.deepEqual(back.slice(0, -1), texts.map((text) => text.toWellFormed()));
});

Deno.test("shellWord() refuses a NUL", () => {
  assert.throws(() => shellWord("a\0b"), TypeError);
});
