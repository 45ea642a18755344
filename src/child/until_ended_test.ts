import assert from "node:assert/strict";
import { firstText } from "./first_text.ts";
import { untilEnded } from "./until_ended.ts";

function shell(script: string) {
  const child = new Deno.Command("sh", { args: ["-c", script], stdin: "null", stdout: "piped" })
    .spawn();
  return { child, text: firstText(untilEnded(child.stdout, child)) };
}

Deno.test("untilEnded() has all that a child prints", { timeout: 60_000 }, async () => {
  const { child, text } = shell("printf one; sleep 0.2; printf two");
  assert.equal(await text, "onetwo");
  await child.status;
});

Deno.test(
  "untilEnded() does not wait for what a child has started",
  { timeout: 60_000 },
  async () => {
    const begun = performance.now();
    const { child, text } = shell("sleep 20 & echo $!");
    const printed = await text;
    assert.match(printed, /^\d+\n$/);
    assert.ok(performance.now() - begun < 15_000);
    await child.status;
    Deno.kill(Number(printed), "SIGKILL");
  },
);
