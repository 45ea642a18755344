import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "./random.ts";
import { type ShiftPairs, shiftPlace } from "./shift_place.ts";

const even = (places: number[]) => places.map(() => 1 / places.length);

/** Pairs that spread by 6 %, of states of which those from `step` on are slower by 10 %. */
function pairsOf(
  random: Random,
  step: number,
  base: number,
  candidate: number,
  n: number,
): ShiftPairs {
  const shift = base < step && step <= candidate ? Math.log(1.1) : 0;
  return { base, candidate, logs: Array.from({ length: n }, () => shift + 0.06 * random.normal()) };
}

Deno.test("shiftPlace() knows no more than before where only the two ends were measured", () => {
  const places = [1, 2, 3, 4];
  const prior = [0.1, 0.2, 0.3, 0.4];
  const ends = pairsOf(new Random(1), 3, 0, 4, 16);
  shiftPlace([ends], { places, prior }).forEach((chance, at) => {
    assert.ok(Math.abs(chance - prior[at]!) < 1e-9);
  });
});

Deno.test("shiftPlace() puts the step where the pairs put it", () => {
  const random = new Random(2);
  const places = [1, 2, 3, 4, 5, 6];
  const measured = [
    pairsOf(random, 4, 0, 6, 20),
    pairsOf(random, 4, 0, 3, 20),
    pairsOf(random, 4, 0, 4, 20),
    // One pair in which a process had another mode moves nothing.
    { base: 0, candidate: 3, logs: [Math.log(3)] },
  ];
  const chances = shiftPlace(measured, { places, prior: even(places) });
  assert.ok(chances[3]! > 0.95, chances.map((chance) => chance.toFixed(3)).join(" "));
  // It is symmetric: were everything faster instead, it would be in the same place.
  const turned = measured.map((pairs) => ({ ...pairs, logs: pairs.logs.map((log) => -log) }));
  shiftPlace(turned, { places, prior: even(places) }).forEach((chance, at) => {
    assert.ok(Math.abs(chance - chances[at]!) < 1e-9);
  });
});

Deno.test("shiftPlace() is never surer by pairs of two states than builds can differ", () => {
  const places = [1, 2];
  const logs = (middle: number) => Array.from({ length: 100 }, (_, i) => middle + 0.001 * (i % 3));
  const [first] = shiftPlace([
    { base: 0, candidate: 2, logs: logs(0.04) },
    { base: 0, candidate: 1, logs: logs(0.018) },
  ], { places, prior: even(places), between: 0.02 }) as [number];
  assert.ok(first > 0.05 && first < 0.95, `${first}`);
});

Deno.test("shiftPlace() gives chances, whatever was measured", () => {
  const log = fc.double({ min: -50, max: 50, noNaN: true });
  const logs = fc.array(log, { minLength: 1, maxLength: 8 });
  const some = fc.record({ base: fc.nat(4), candidate: fc.nat(5), logs });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 5 }), logs, (measured, ends) => {
      const places = [1, 2, 5];
      const all = [...measured, { base: 0, candidate: 5, logs: ends }];
      const chances = shiftPlace(all, { places, prior: [0.2, 0.2, 0.6], least: 0.01 });
      const sum = chances.reduce((sum, chance) => sum + chance, 0);
      assert.ok(Math.abs(sum - 1) < 1e-9 && chances.every((chance) => chance >= 0), `${chances}`);
    }),
    { numRuns: 50 },
  );
});

Deno.test("shiftPlace() refuses what has no pairs across all places", () => {
  const measured = [{ base: 0, candidate: 1, logs: [0.1] }];
  assert.throws(() => shiftPlace(measured, { places: [1, 2], prior: [0.5, 0.5] }), RangeError);
});
