import assert from "node:assert/strict";
import { DEFAULT_PROFILE, PROFILES } from "./profile.ts";

Deno.test("PROFILES know themselves by their names, and the default is one of them", () => {
  for (const [name, profile] of Object.entries(PROFILES)) assert.equal(profile.name, name);
  assert.ok(Object.hasOwn(PROFILES, DEFAULT_PROFILE));
});

Deno.test("PROFILES measure ever longer, and from baseline on in three processes or more", () => {
  const order = ["smoke", "quick", "baseline", "nightly"];
  assert.deepEqual(Object.keys(PROFILES), order);
  const times = order.map((name) => {
    const { runs, warmupMs, measureMs } = PROFILES[name]!;
    return runs * (warmupMs + measureMs);
  });
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  assert.ok(PROFILES.baseline!.runs >= 3 && PROFILES.nightly!.runs >= 3);
});
