import assert from "node:assert/strict";
import fc from "fast-check";
import { listWithSuggestion, suggest } from "./suggest.ts";

const NAMES = ["smoke", "quick", "baseline", "nightly"];

Deno.test("suggest() finds the name behind a slip, a swap and capitals", () => {
  assert.equal(suggest("basline", NAMES), "baseline");
  assert.equal(suggest("qucik", NAMES), "quick");
  assert.equal(suggest("NIGHTLY", NAMES), "nightly");
});

Deno.test("suggest() keeps quiet when no name is near, or there is none", () => {
  assert.equal(suggest("production", NAMES), undefined);
  assert.equal(suggest("", NAMES), undefined);
  assert.equal(suggest("quick", []), undefined);
});

Deno.test("suggest() gives every name for itself, and only names that there are", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.string(), (names, word) => {
      const lower = [...new Set(names.map((name) => name.toLowerCase()))];
      for (const name of lower) assert.equal(suggest(name, lower), name);
      const suggested = suggest(word, lower);
      assert.ok(suggested === undefined || lower.includes(suggested));
    }),
    { seed: 1 },
  );
});

Deno.test("listWithSuggestion() lists what there is, the likely one first", () => {
  assert.equal(
    listWithSuggestion("smok", NAMES),
    "did you mean smoke? (there is smoke, quick, baseline, nightly)",
  );
  assert.equal(listWithSuggestion("x", NAMES), "there is smoke, quick, baseline, nightly");
});
