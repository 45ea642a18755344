import assert from "node:assert/strict";
import { readFacts, storeKind } from "../store/mod.ts";
import { requireNoBackgroundErrors } from "./background_errors.ts";

Deno.test("requireNoBackgroundErrors() says how many there were, and passes what has none", () => {
  requireNoBackgroundErrors({});
  requireNoBackgroundErrors({ backgroundErrors: 0, estimatedKeys: 7 });
  for (
    const [backgroundErrors, words] of [
      [
        1,
        /^The engine failed in the background: a flush or compaction met an error \(background errors: 1\); is the device full/,
      ],
      [3, /flushes and compactions met an error \(background errors: 3\)/],
    ] as const
  ) {
    assert.throws(() => requireNoBackgroundErrors({ backgroundErrors }), { message: words });
  }
});

for (const store of ["raw", "kvstore", "level"]) {
  Deno.test(`a run over ${store} whose engine counts background errors has failed`, () => {
    const engine = {
      property: (name: string) => name === "rocksdb.background-errors" ? "2" : "0",
    };
    const state = readFacts(engine, storeKind(store).properties);
    assert.equal(state.facts.backgroundErrors, 2);
    assert.throws(() => requireNoBackgroundErrors(state.facts), /background errors: 2/);
  });
}
