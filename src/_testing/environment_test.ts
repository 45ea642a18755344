import assert from "node:assert/strict";
import { pretendVariable } from "./environment.ts";

Deno.test("pretendVariable() changes one variable until it is disposed of, and not the process's", () => {
  const path = Deno.env.get("PATH");
  {
    using _set = pretendVariable("TIDEMARK_NOTHING", "something");
    using _unset = pretendVariable("PATH", undefined);
    assert.equal(Deno.env.get("TIDEMARK_NOTHING"), "something");
    assert.equal(Deno.env.get("PATH"), undefined);
    assert.equal(Deno.env.toObject().PATH, path);
    assert.equal(Deno.env.toObject().TIDEMARK_NOTHING, undefined);
  }
  assert.equal(Deno.env.get("PATH"), path);
  assert.equal(Deno.env.get("TIDEMARK_NOTHING"), undefined);
});
