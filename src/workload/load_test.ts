import assert from "node:assert/strict";
import { LOAD_CODES, LOAD_OPERATION_NAMES, LOAD_OPERATIONS } from "./load.ts";

Deno.test("an operation's code is its place among the names", () => {
  assert.deepEqual(Object.keys(LOAD_CODES), LOAD_OPERATION_NAMES);
  assert.deepEqual(Object.values(LOAD_CODES), LOAD_OPERATION_NAMES.map((_, i) => i));
});

Deno.test("no two operations of a load have the same word", () => {
  const words = Object.values(LOAD_OPERATIONS).map(({ plural }) => plural);
  assert.equal(new Set(words).size, words.length);
});
