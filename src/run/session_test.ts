import assert from "node:assert/strict";
import { benchId } from "./session.ts";

Deno.test("benchId() sorts by time and can be a file's name on any system", () => {
  const early = benchId("baseline", new Date("2026-11-22T09:08:07.654Z"));
  assert.equal(early, "2026-11-22T090807Z-baseline");
  assert.ok(early < benchId("a", new Date("2026-11-22T09:08:08Z")));
});
