import assert from "node:assert/strict";
import { type Clock, clockCost, monotonicClock } from "./clock.ts";

Deno.test("monotonicClock() never goes back", () => {
  const clock = monotonicClock();
  let last = clock.now();
  assert.ok(last >= 0);
  for (let i = 0; i < 100_000; i++) {
    const now = clock.now();
    assert.ok(now >= last && Number.isInteger(now));
    last = now;
  }
});

Deno.test("monotonicClock() agrees with performance.now()", () => {
  const clock = monotonicClock();
  // Readings inside and outside the clock's: however long this process is kept waiting between
  // two of them, the clock's span lies between theirs.
  const outerStart = performance.now();
  const start = clock.now();
  const innerStart = performance.now();
  while (performance.now() - innerStart < 50);
  const innerMs = performance.now() - innerStart;
  const ms = (clock.now() - start) / 1e6;
  const outerMs = performance.now() - outerStart;
  assert.ok(ms > innerMs * 0.99, `${ms} ms, where at least ${innerMs} ms went by`);
  assert.ok(ms < outerMs * 1.01, `${ms} ms, where at most ${outerMs} ms went by`);
});

Deno.test("clockCost() finds a cost and a step in the system's clock", () => {
  const { costNs, stepNs } = clockCost(monotonicClock(), 10_000);
  assert.ok(costNs > 0 && Number.isFinite(costNs), `${costNs}`);
  assert.ok(stepNs >= 1 && Number.isInteger(stepNs), `${stepNs}`);
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
