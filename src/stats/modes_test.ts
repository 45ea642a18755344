import assert from "node:assert/strict";
import { splitModes } from "./modes.ts";
import { Random } from "./random.ts";

function mixture(n: number, distance: number, share: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from(
    { length: n },
    () => 20 + random.normal() + (random.uniform() < share ? distance : 0),
  );
}

Deno.test("splitModes() gives what is computed by hand when there are two values", () => {
  const values = Float64Array.from({ length: 40 }, (_, i) => i % 4 === 0 ? 30 : 10);
  assert.deepEqual(splitModes(values), {
    lower: { center: 10, share: 0.75 },
    upper: { center: 30, share: 0.25 },
    separation: 1,
    bimodal: true,
  });
});

Deno.test("splitModes() finds centers and shares when two modes are eight deviations apart", () => {
  for (const share of [0.15, 0.5, 0.85]) {
    const modes = splitModes(mixture(2_000, 8, share, 1))!;
    assert.equal(modes.bimodal, true);
    assert.ok(Math.abs(modes.lower.center - 20) < 0.3 && Math.abs(modes.upper.center - 28) < 0.3);
    assert.ok(Math.abs(modes.upper.share - share) < 0.03);
  }
});

Deno.test("splitModes() explains 2/π of the variance and sees one mode when data are normal", () => {
  const modes = splitModes(mixture(5_000, 0, 0, 2))!;
  assert.ok(Math.abs(modes.separation - 2 / Math.PI) < 0.02);
  assert.equal(modes.bimodal, false);
});

Deno.test("splitModes() does not take a few stalls or a clock's step for a mode", () => {
  const stalls = mixture(1_000, 400, 0.03, 3);
  assert.equal(splitModes(stalls)!.bimodal, false);
  const steps = Float64Array.from({ length: 100 }, (_, i) => 1000 + i % 2);
  assert.deepEqual([splitModes(steps)!.separation, splitModes(steps)!.bimodal], [1, false]);
});

Deno.test("splitModes() is null when samples are too few or all equal", () => {
  assert.equal(splitModes(mixture(29, 8, 0.5, 4)), null);
  assert.equal(splitModes(new Float64Array(100).fill(5)), null);
});
