import assert from "node:assert/strict";
import fc from "fast-check";
import { plannedLooks, testOverLooks } from "./paired_looks.ts";
import { LEAST_SWAPPED_PAIRS, testOverPairs } from "./pairs.ts";
import { Random } from "./random.ts";
import type { RunsTest } from "./runs.ts";

const numbered = (logs: readonly number[]) =>
  logs.map((log, run) => ({ run, ratio: Math.exp(log) }));
const normals = (n: number, mean: number, spread: number, seed: number) => {
  const random = new Random(seed);
  return Array.from({ length: n }, () => mean + spread * random.normal());
};

Deno.test("plannedLooks() begins with what a permutation test needs, and takes ever longer steps", () => {
  assert.deepEqual(plannedLooks(16), [16, 22, 30, 40, 54, 72, 96, 128, 171, 228]);
  assert.deepEqual(plannedLooks(1), plannedLooks(LEAST_SWAPPED_PAIRS));
});

Deno.test("testOverLooks() takes the smallest p of the looks, times those that are planned", () => {
  const looks = plannedLooks(16);
  // Sure at the first look, and less so at the next one.
  const logs = [...normals(16, 0.1, 0.05, 1), ...normals(6, -0.2, 0.02, 2)];
  const ratios = logs.map(Math.exp);
  const first = testOverPairs(ratios.slice(0, 16)).p;
  assert.ok(first < testOverPairs(ratios).p);
  const test = testOverLooks(numbered(logs), looks);
  assert.equal(test.p, 10 * first);
  assert.equal(test.looks, 2);
  const newest = testOverPairs(ratios, { confidence: 0.995 });
  assert.deepEqual(test.ratio, { ...newest.ratio, confidence: 0.95 });
});

Deno.test("testOverLooks() takes pairs beyond the last look for one more, and no more than there are", () => {
  const pairs = numbered(normals(19, 0, 0.05, 3));
  assert.equal(testOverLooks(pairs, [16, 22]).looks, 2);
  assert.equal(testOverLooks(pairs.slice(0, 7), [16, 22]).looks, 1);
  assert.throws(() => testOverLooks(pairs, [16]), /a pair 18, and the last look is after 16 pairs/);
  // A pair that failed is missing, and its look is there all the same.
  assert.equal(testOverLooks(pairs.filter(({ run }) => run !== 15), [16, 22]).looks, 2);
});

Deno.test("testOverLooks() is never surer than its surest look, and its p never rises", () => {
  const looks = plannedLooks(14).slice(0, 3);
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 19, maxLength: 26 }),
      (logs) => {
        const pairs = numbered(logs);
        const [first, single] = [pairs.slice(0, 14), pairs].map((seen) =>
          testOverPairs(seen.map(({ ratio }) => ratio))
        ) as [RunsTest, RunsTest];
        const all = testOverLooks(pairs, looks);
        assert.ok(all.p >= Math.min(first.p, single.p) * (1 - 1e-9));
        assert.ok(all.ratio.low <= single.ratio.low * (1 + 1e-3));
        assert.ok(all.ratio.high >= single.ratio.high * (1 - 1e-3));
        assert.ok(all.p <= testOverLooks(pairs.slice(0, 14), looks).p);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("testOverLooks() keeps its level and its intervals over all looks", () => {
  const looks = plannedLooks(16).slice(0, 6);
  const random = new Random(4);
  const repetitions = 150;
  let [sure, missed, naive] = [0, 0, 0];
  for (let i = 0; i < repetitions; i++) {
    // One process in ten is three times slower.
    const slow = () => random.below(10) === 0 ? Math.log(3) : 0;
    const pairs = numbered(
      Array.from({ length: looks.at(-1)! }, () => 0.05 * random.normal() + slow() - slow()),
    );
    const seen = looks.map((look) => testOverLooks(pairs.slice(0, look), looks));
    if (seen.some(({ p }) => p < 0.05)) sure++;
    if (seen.some(({ ratio }) => ratio.low > 1 || ratio.high < 1)) missed++;
    const single = looks.map((look) => testOverPairs(pairs.slice(0, look).map((own) => own.ratio)));
    if (single.some(({ p }) => p < 0.05)) naive++;
  }
  const most = 0.05 + 3 * Math.sqrt(0.05 * 0.95 / repetitions);
  assert.ok(sure / repetitions <= most, `${sure}`);
  assert.ok(missed / repetitions <= most, `${missed}`);
  assert.ok(naive > 2 * sure + 5, `or looks would cost nothing: ${naive}`);
});
