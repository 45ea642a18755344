import assert from "node:assert/strict";
import { Random } from "./random.ts";
import { runPatterns } from "./run_patterns.ts";

const NONE = { farOff: null, modes: null, drift: null };

Deno.test("runPatterns() sees one run far off, either way", () => {
  const { farOff, modes, drift } = runPatterns([100, 101, 300, 99, 102]);
  assert.deepEqual([farOff!.place, modes, drift], [2, null, null]);
  assert.ok(Math.abs(farOff!.factor - 300 / 102) < 1e-9);
  const fast = runPatterns([100, 101, 40, 99, 102]).farOff!;
  assert.ok(Math.abs(fast.factor - 40 / 99) < 1e-9);
  // Of three runs it takes much.
  assert.equal(runPatterns([100, 101, 120]).farOff, null);
  assert.equal(runPatterns([100, 100.1, 300]).farOff!.place, 2);
});

Deno.test("runPatterns() sees two modes", () => {
  const { farOff, modes } = runPatterns([100, 131, 101, 130, 99, 132, 102, 100]);
  assert.equal(farOff, null);
  assert.deepEqual([modes!.lower, modes!.upper], [5, 3]);
  assert.ok(Math.abs(modes!.factor - 130 / 102) < 1e-9);
});

Deno.test("runPatterns() sees a drift in the order of the session, and none in another", () => {
  const values = [100, 103, 107, 109, 113, 117, 119, 124];
  const { drift } = runPatterns(values);
  assert.ok(drift!.factor > 1.2 && drift!.factor < 1.27 && drift!.p < 0.005);
  assert.equal(runPatterns([117, 100, 124, 107, 103, 119, 109, 113]).drift, null);
});

Deno.test("runPatterns() says nothing of what is small, few or no time", () => {
  assert.deepEqual(runPatterns([100, 100.01, 100.02, 104]), NONE);
  assert.deepEqual(runPatterns([1, 50]), NONE);
  assert.deepEqual(runPatterns([0, 50, 60, 70, 80]), NONE);
  assert.deepEqual(runPatterns([]), NONE);
});

Deno.test("runPatterns() is wrong of normal runs as rarely as it says", () => {
  const random = new Random(1);
  for (const runs of [3, 5, 10, 20]) {
    const found = { farOff: 0, modes: 0, drift: 0 };
    const repetitions = 4_000;
    for (let i = 0; i < repetitions; i++) {
      const values = Array.from({ length: runs }, () => Math.exp(0.2 * random.normal()));
      const patterns = runPatterns(values);
      for (const name of ["farOff", "modes", "drift"] as const) {
        if (patterns[name] !== null) found[name]++;
      }
    }
    // 1 %, 1 % and 0.5 %, and four standard errors.
    assert.ok(found.farOff <= repetitions * 0.0163, `${runs}: ${found.farOff} far off`);
    assert.ok(found.modes <= repetitions * 0.0163, `${runs}: ${found.modes} with modes`);
    assert.ok(found.drift <= repetitions * 0.0095, `${runs}: ${found.drift} with a drift`);
  }
});
