import assert from "node:assert/strict";
import { OPERATION_NAMES, OPERATIONS } from "./operations.ts";

Deno.test("no two operations have the same words, or one another's", () => {
  for (const field of ["word", "plural", "counted"] as const) {
    const words = Object.values(OPERATIONS).map((row) => row[field]);
    assert.equal(new Set(words).size, words.length, field);
    // They become a part of ids, and begin sentences.
    for (const word of words) assert.match(word, /^[a-z][a-z -]*$/);
  }
});

Deno.test("an operation is known by its own name only", () => {
  assert.deepEqual(OPERATION_NAMES, Object.keys(OPERATIONS));
  for (const name of OPERATION_NAMES) assert.match(name, /^[a-z]+$/i);
});
