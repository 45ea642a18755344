import assert from "node:assert/strict";
import type { RunRecord } from "../result/mod.ts";
import { gapOf, isGap } from "./gap.ts";

/** Servers that answered nothing for so long, whose operations take 2 ms. */
function servers(ns: number, retries = 0, leaderChanges?: number) {
  const counts = leaderChanges === undefined ? {} : { leaderChanges };
  return {
    gap: { ns, atNs: 1e9 },
    meanNs: 2e6,
    retries,
    members: [{ counts: {} }, { counts }],
  } as unknown as NonNullable<RunRecord["servers"]>;
}

Deno.test("gapOf() is what is longer than operations take, and nothing ordinary", () => {
  assert.deepEqual(gapOf(servers(1.2e9, 16, 1)), {
    atNs: 1e9,
    ns: 1.2e9,
    leaderChanges: 1,
    retries: 16,
  });
  // A stopped member costs its time, whatever is counted of it.
  assert.deepEqual(gapOf(servers(3e9)), { atNs: 1e9, ns: 3e9, leaderChanges: 0, retries: 0 });
  for (const short of [0, 30e6, 499e6]) assert.equal(gapOf(servers(short, 16, 1)), null);
});

Deno.test("isGap() leaves slow operations alone, unless something happened meanwhile", () => {
  assert.equal(isGap(0.6e9, 0.1e9, false), false);
  assert.equal(isGap(0.6e9, 0.1e9, true), true);
  assert.equal(isGap(2.1e9, 0.1e9, false), true);
});
