import assert from "node:assert/strict";
import { openRunQueue, secondNumber } from "./run_queue.ts";

Deno.test("secondNumber() reads the second of several numbers", () => {
  const read = (text: string) => secondNumber(new TextEncoder().encode(text), text.length);
  assert.equal(read("123 4567 89\n"), 4567);
  assert.equal(read("123 0 89\n"), 0);
  assert.equal(read("123"), -1);
  assert.equal(read(""), -1);
});

Deno.test("openRunQueue() tells what this thread waited, which only grows", () => {
  using queue = openRunQueue();
  if (queue === undefined) return;
  const before = queue.waited();
  const end = performance.now() + 5;
  while (performance.now() < end);
  const after = queue.waited();
  assert.ok(before >= 0 && after >= before, `${before} ${after}`);
});
