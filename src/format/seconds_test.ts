import assert from "node:assert/strict";
import { formatSeconds } from "./seconds.ts";

Deno.test("formatSeconds() rounds to seconds, and says 0s when it is less than half a second", () => {
  assert.equal(formatSeconds(0), "0s");
  assert.equal(formatSeconds(499), "0s");
  assert.equal(formatSeconds(1500), "2s");
  assert.equal(formatSeconds(80_000), "1m 20s");
});
