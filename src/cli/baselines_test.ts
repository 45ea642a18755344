import assert from "node:assert/strict";
import { newBaseline } from "./baselines.ts";
import { UsageError } from "./usage_error.ts";

for (
  const [name, words] of [
    ["a".repeat(245), /a name of 245 letters: give one of at most 200/],
    ["../a", /use letters, digits, dots, dashes/],
    ["-a", /begin with a letter or digit/],
    ["", /begin with a letter or digit/],
  ] as const
) {
  Deno.test(`newBaseline() refuses the name ${name.slice(0, 20)}`, () => {
    assert.throws(() => newBaseline(name), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, words);
      return true;
    });
  });
}
