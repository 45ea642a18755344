import assert from "node:assert/strict";
import { openRunQueue } from "./run_queue.ts";

Deno.test("openRunQueue() tells what this thread waited, which only grows", () => {
  using queue = openRunQueue();
  if (queue === undefined) return;
  const before = queue.waited();
  const end = performance.now() + 5;
  while (performance.now() < end);
  const after = queue.waited();
  assert.ok(before >= 0 && after >= before, `${before} ${after}`);
});
