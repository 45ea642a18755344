import assert from "node:assert/strict";
import { SLOW_CAUSES } from "../../../result/mod.ts";
import { TRIALS } from "./trials.ts";

Deno.test("each cause that the table of slow operations has is injected, and what is no real one says so", () => {
  const injected = new Set(TRIALS.flatMap(({ causes }) => causes));
  assert.deepEqual(SLOW_CAUSES.filter((cause) => !injected.has(cause)), []);
  assert.equal(new Set(TRIALS.map(({ name }) => name)).size, TRIALS.length);
  const untrue = TRIALS.filter(({ ownStat }) => ownStat);
  assert.ok(untrue.length > 0 && untrue.every(({ standIn }) => standIn !== undefined));
});
