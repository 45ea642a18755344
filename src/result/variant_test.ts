import assert from "node:assert/strict";
import fc from "fast-check";
import { kindOfStore, variantName, variantOf } from "./variant.ts";

Deno.test("variantName() says what is another, a release by its value alone", () => {
  assert.equal(variantName("raw", {}), "raw");
  assert.equal(variantName("raw", { release: "7.10.2" }), "raw@7.10.2");
  assert.equal(variantName("raw", { release: "7.10.2", wal: "off" }), "raw@7.10.2,wal=off");
  assert.equal(variantName("kvstore", { statistics: true }), "kvstore@statistics=true");
});

Deno.test("a store's kind is found in every name that was made of it", () => {
  const options = fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,9}$/), fc.string({ maxLength: 9 }));
  fc.assert(fc.property(fc.stringMatching(/^[a-z-]{1,9}$/), options, (kind, variant) => {
    const name = variantName(kind, variant);
    assert.equal(kindOfStore(name), kind);
    assert.equal(variantOf(name) === null, Object.keys(variant).length === 0);
  }));
});
