import assert from "node:assert/strict";
import fc from "fast-check";
import { confidenceAtLook, runsAtNextLook } from "./looks.ts";
import { Random } from "./random.ts";
import { intervalOverRuns } from "./runs.ts";

Deno.test("confidenceAtLook() spends no more than the error rate over any number of looks", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.integer({ min: 1, max: 500 }),
      (c, n) => {
        let spent = 0;
        for (let look = 1; look <= n; look++) {
          const share = 1 - confidenceAtLook(c, look);
          assert.ok(share > 0 && share <= (1 - c) / 2 + 1e-12);
          spent += share;
        }
        assert.ok(Math.abs(spent - (1 - c) * n / (n + 1)) < 1e-9);
      },
    ),
  );
  for (const look of [0, -1, 1.5, NaN]) assert.throws(() => confidenceAtLook(0.95, look));
});

Deno.test("runsAtNextLook() has twice the runs, three at least and never more than the most", () => {
  let runs = 1;
  const all = [runs];
  while (runs < 50) all.push(runs = runsAtNextLook(runs, 50));
  assert.deepEqual(all, [1, 3, 6, 12, 24, 48, 50]);
  assert.equal(runsAtNextLook(50, 50), 50);
});

/** Share of sessions that decide something where the truth is on the bound. */
function wrong(confidence: (look: number) => number): number {
  const random = new Random(3);
  const sessions = 1000;
  let decided = 0;
  for (let session = 0; session < sessions; session++) {
    const runs: number[] = [];
    for (let look = 1, n = 5; n <= 160; n = runsAtNextLook(n, 1000), look++) {
      while (runs.length < n) runs.push(Math.exp(0.1 * random.normal()));
      const { low, high } = intervalOverRuns(runs, confidence(look));
      if (low <= 1 && high >= 1) continue;
      decided++;
      break;
    }
  }
  return decided / sessions;
}

Deno.test("confidenceAtLook() keeps the error rate that looking at plain intervals does not", () => {
  const plain = wrong(() => 0.95);
  assert.ok(plain > 0.09, `plain intervals are wrong in ${plain}`);
  const spent = wrong((look) => confidenceAtLook(0.95, look));
  assert.ok(spent < 0.05, `spent ones are wrong in ${spent}`);
});
