import assert from "node:assert/strict";
import { detectableChange, runsToDetect } from "./power.ts";
import { Random } from "./random.ts";
import { testOverRuns } from "./runs.ts";

const OPTIONS = { spread: 0.03, threshold: 0, level: 0.05, power: 0.8 };

Deno.test("runsToDetect() gives what R's power.t.test gives when there is no threshold", () => {
  // power.t.test(delta = 0.05, sd = 0.03, sig.level = 0.05, power = 0.8): n = 6.76.
  assert.equal(runsToDetect(0.05, OPTIONS), 7);
  assert.equal(runsToDetect(-0.05, OPTIONS), 7);
});

Deno.test("detectableChange() falls with the runs, and never below the threshold", () => {
  const options = { ...OPTIONS, threshold: 0.04 };
  let before = Infinity;
  for (const runs of [3, 4, 5, 10, 100, 1000]) {
    const change = detectableChange(runs, options);
    assert.ok(change < before && change > 0.04);
    before = change;
  }
  assert.equal(detectableChange(3, { ...options, spread: 0 }), 0.04);
  assert.equal(runsToDetect(0.04, options), null);
});

Deno.test("runsToDetect() advises runs that do see the change when it is simulated", () => {
  const options = { spread: 0.05, threshold: Math.log(1.05), level: 0.01, power: 0.95 };
  const change = Math.log(1.1);
  const runs = runsToDetect(change, options)!;
  const random = new Random(1);
  const side = (shift: number) =>
    Array.from({ length: runs }, () => Math.exp(shift + options.spread * random.normal()));
  let called = 0;
  for (let i = 0; i < 2_000; i++) {
    const { ratio, p } = testOverRuns(side(change), side(0));
    if (p < options.level && Math.log(ratio.value) >= options.threshold) called++;
  }
  assert.ok(called / 2_000 >= 0.935, `called ${called} of 2,000 with ${runs} runs`);
  assert.ok(called / 2_000 <= 0.985, "advises far more runs than it takes");
});

Deno.test("detectableChange() throws RangeError when an option is out of range", () => {
  assert.throws(() => detectableChange(2, OPTIONS), RangeError);
  assert.throws(() => detectableChange(3, { ...OPTIONS, spread: -1 }), RangeError);
  assert.throws(() => detectableChange(3, { ...OPTIONS, threshold: NaN }), RangeError);
  assert.throws(() => detectableChange(3, { ...OPTIONS, level: 0 }), RangeError);
  assert.throws(() => detectableChange(3, { ...OPTIONS, power: 1 }), RangeError);
});
