import assert from "node:assert/strict";
import { hasEnded, kill } from "./end.ts";

Deno.test("hasEnded() waits for a child, and not for one that takes no signal", async () => {
  let left = 0;
  const unref = () => void left++;
  const status = (ms: number) =>
    new Promise<Deno.CommandStatus>((resolve) => {
      const ended: Deno.CommandStatus = { success: true, code: 0, signal: null };
      if (ms < Infinity) setTimeout(() => resolve(ended), ms);
    });
  assert.equal(await hasEnded({ status: status(5), unref }, 60_000), true);
  assert.equal(left, 0);
  assert.equal(await hasEnded({ status: status(Infinity), unref }, 20), false);
  assert.equal(left, 1, "nobody waits for it any more");
});

Deno.test("kill() takes no offence at a child that has ended", () => {
  kill({
    kill() {
      throw new TypeError("Child process has already terminated");
    },
  });
});
