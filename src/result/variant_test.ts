import assert from "node:assert/strict";
import fc from "fast-check";
import { kindOfStore, settingsName, variantName, variantOf } from "./variant.ts";

Deno.test("settingsName() says what is another, a release by its value alone", () => {
  assert.equal(settingsName({}), "");
  assert.equal(settingsName({ release: "7.10.2" }), "7.10.2");
  assert.equal(settingsName({ release: "7.10.2", wal: "off" }), "7.10.2,wal=off");
  assert.equal(settingsName({ statistics: true }), "statistics=true");
});

Deno.test("a store's kind and what is another in it are found in every name of the two", () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z-]{1,9}$/), fc.string(), (kind, what) => {
    const name = variantName(kind, what);
    assert.equal(kindOfStore(name), kind);
    assert.equal(variantOf(name), what === "" ? null : what);
  }));
});
