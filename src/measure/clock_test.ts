import assert from "node:assert/strict";
import { type Clock, monotonicClock } from "../native/mod.ts";
import { clockCost, crossingCost } from "./clock.ts";

Deno.test("clockCost() finds a cost and a step in the system's clock", () => {
  const { costNs, stepNs } = clockCost(monotonicClock(), 10_000);
  assert.ok(costNs > 0 && Number.isFinite(costNs), `${costNs}`);
  assert.ok(stepNs >= 1 && Number.isInteger(stepNs), `${stepNs}`);
});

Deno.test("crossingCost() is the shortest round's time by its calls", () => {
  let calls = 0;
  let rounds = 0;
  const clock = { now: () => calls * 7 + (rounds > 3 ? rounds * 1000 : 0) };
  const cost = crossingCost(clock, (count) => {
    calls += count;
    rounds++;
  });
  assert.equal(cost, 7);
});

Deno.test("clockCost() is the mean of the readings and the smallest step", () => {
  // 25 ns a reading, shown in steps of 100 ns, and once of 300.
  let readings = 0;
  const coarse: Clock = {
    now() {
      const ns = ++readings * 25 + (readings > 3000 ? 200 : 0);
      return ns - ns % 100;
    },
  };
  assert.deepEqual(clockCost(coarse, 1000), { costNs: 25, stepNs: 100 });
});
