import assert from "node:assert/strict";
import { SLOW_CAUSES } from "../../../result/mod.ts";
import { priorityInWords, TRIALS } from "./trials.ts";

Deno.test("each cause that the table of slow operations has is injected, and what is no real one says so", () => {
  const injected = new Set(TRIALS.flatMap(({ causes }) => causes));
  assert.deepEqual(SLOW_CAUSES.filter((cause) => !injected.has(cause)), []);
  assert.equal(new Set(TRIALS.map(({ name }) => name)).size, TRIALS.length);
  const untrue = TRIALS.filter(({ ownStat }) => ownStat);
  assert.ok(untrue.length > 0 && untrue.every(({ standIn }) => standIn !== undefined));
});

Deno.test("priorityInWords() says which trials go before all else, and why none does", () => {
  const shared = TRIALS.filter(({ sharesProcessor }) => sharesProcessor);
  const others = TRIALS.filter(({ sharesProcessor }) => !sharesProcessor);
  assert.match(priorityInWords(TRIALS, true), /real-time priority .*, but for run queue, to share/);
  assert.match(priorityInWords(others, true), /real-time priority .* that has none$/);
  assert.match(priorityInWords(shared, true), /ordinary priority, since they are to share/);
  assert.match(priorityInWords(TRIALS, false), /ordinary priority, since none at real time/);
});
