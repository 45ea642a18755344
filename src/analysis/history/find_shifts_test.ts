import assert from "node:assert/strict";
import fc from "fast-check";
import { derive, Random } from "../../stats/mod.ts";
import { findShifts, type FoundShift, LEAST_SEGMENT, locateShifts } from "./find_shifts.ts";
import { shiftOptions } from "./shift_options.ts";

const OPTIONS = shiftOptions(60);

/** Logarithms of nights around 0 that spread by 2 %. */
function nights(seed: number, n: number, at: (t: number, random: Random) => number = () => 0) {
  const random = new Random(seed);
  return Float64Array.from({ length: n }, (_, t) => 0.02 * random.normal() + at(t, random));
}

/** Any history: quiet, spiky, stepping, creeping, constant, wild. */
const anyHistory = fc.record({
  seed: fc.nat(),
  length: fc.integer({ min: 0, max: 160 }),
  spread: fc.constantFrom(0, 0.001, 0.02, 0.3),
  spikes: fc.constantFrom(0, 0.05, 0.3),
  spike: fc.constantFrom(0.2, -0.2, 50),
  steps: fc.array(
    fc.record({ at: fc.nat(160), size: fc.double({ min: -1, max: 1, noNaN: true }) }),
    {
      maxLength: 3,
    },
  ),
  creep: fc.constantFrom(0, 0.001, -0.01),
}).map(({ seed, length, spread, spikes, spike, steps, creep }) => {
  const random = new Random(seed);
  return Float64Array.from({ length }, (_, t) => {
    let value = spread * random.normal() + creep * t;
    for (const { at, size } of steps) if (t >= at) value += size;
    return random.uniform() < spikes ? value + spike : value;
  });
});

Deno.test("findShifts() says on a night what it says of that night later", () => {
  fc.assert(
    fc.property(anyHistory, fc.nat(160), (values, cut) => {
      const whole = findShifts(values, OPTIONS);
      const until = findShifts(values.slice(0, cut), OPTIONS);
      assert.deepEqual(until, whole.filter(({ foundAt }) => foundAt < cut));
    }),
    { numRuns: 60 },
  );
});

Deno.test("findShifts() and locateShifts() leave three nights to every level", () => {
  const leaves = (places: number[], length: number) => {
    const bounds = [0, ...places, length];
    for (let i = 1; i < bounds.length && places.length > 0; i++) {
      assert.ok(bounds[i]! - bounds[i - 1]! >= LEAST_SEGMENT, String(bounds));
    }
  };
  fc.assert(
    fc.property(anyHistory, (values) => {
      const found = findShifts(values, OPTIONS);
      leaves(found.map(({ at }) => at), values.length);
      leaves(locateShifts(values, found), values.length);
      for (const { at, foundAt } of found) assert.ok(foundAt - at + 1 >= LEAST_SEGMENT);
    }),
    { numRuns: 100 },
  );
});

Deno.test("findShifts() does not depend on the level, and mirrors a mirrored history", () => {
  fc.assert(
    fc.property(anyHistory, fc.integer({ min: -40, max: 40 }), (values, level) => {
      // Rounding moves a night by a tiny part of a spread, which could matter on a knife's edge only.
      const at = (found: FoundShift[]) => found.map(({ foundAt }) => foundAt);
      const found = at(findShifts(values, OPTIONS));
      assert.deepEqual(at(findShifts(values.map((value) => value + level), OPTIONS)), found);
      assert.deepEqual(at(findShifts(values.map((value) => -value), OPTIONS)), found);
    }),
    { numRuns: 60 },
  );
});

Deno.test("findShifts() finds steps soon, and locates them", () => {
  for (const size of [0.3, -0.3, 0.1, -0.1]) {
    const values = nights(3, 120, (t) => t < 70 ? 0 : size);
    const found = findShifts(values, OPTIONS);
    assert.equal(found.length, 1);
    assert.ok(found[0]!.foundAt <= 73, `${size}: ${found[0]!.foundAt}`);
    assert.deepEqual(locateShifts(values, found), [70]);
  }
});

Deno.test("findShifts() of a young series finds a clean step in days, and seldom one that is not there", () => {
  for (const size of [Math.log(0.83), Math.log(1.17)]) {
    for (let before = 12; before <= 30; before++) {
      const delays = Array.from({ length: 20 }, (_, i) => {
        const values = nights(derive(before, "step", String(i)), 60, (t) => t < before ? 0 : size);
        const found = findShifts(values, OPTIONS);
        return found.length === 1 ? found[0]!.foundAt - before + 1 : Infinity;
      }).toSorted((a, b) => a - b);
      assert.ok(delays[10]! <= 4 && delays[18]! <= 7, `${before}: ${delays}`);
    }
  }
  const series = 1000;
  let wrong = 0;
  for (let i = 0; i < series; i++) {
    if (findShifts(nights(derive(2, "young", String(i)), 50), OPTIONS).length > 0) wrong++;
  }
  // One in a thousand; six would be six times that.
  assert.ok(wrong < 6, `${wrong} of ${series}`);
});

Deno.test("findShifts() finds that a level came back", () => {
  const values = nights(4, 150, (t) => t >= 60 && t < 75 ? 0.15 : 0);
  assert.deepEqual(locateShifts(values, findShifts(values, OPTIONS)), [60, 75]);
});

Deno.test("findShifts() takes neither one wild night nor two for a level", () => {
  for (const wild of [0.2, 5, -5, 700]) {
    const values = nights(5, 150, (t) => t === 60 || t === 100 || t === 101 ? wild : 0);
    assert.deepEqual(findShifts(values, OPTIONS), []);
  }
});

Deno.test("findShifts() of a history that has spikes asks for more than three nights like them", () => {
  const spiky = (t: number) => t % 20 === 7 ? 0.18 : 0;
  const three = (t: number) => t >= 110 && t < 113 ? 0.18 : spiky(t);
  assert.deepEqual(findShifts(nights(6, 180, three), OPTIONS), []);
  const six = (t: number) => t >= 110 ? 0.18 : spiky(t);
  assert.equal(findShifts(nights(6, 180, six), OPTIONS)[0]?.at, 110);
  // Without spikes before, three such nights are a new level.
  assert.equal(findShifts(nights(6, 113, (t) => t >= 110 ? 0.18 : 0), OPTIONS)[0]?.at, 110);
});

Deno.test("findShifts() of constant values finds what changed, and nothing below one percent", () => {
  const step = (size: number) => Float64Array.from({ length: 60 }, (_, t) => t < 40 ? 0 : size);
  assert.deepEqual(findShifts(step(0), OPTIONS), []);
  assert.deepEqual(findShifts(step(0.009), OPTIONS), []);
  assert.equal(findShifts(step(0.02), OPTIONS)[0]!.at, 40);
  // Levels whose sums round.
  const levels = [Math.log(7), Math.log(8), Math.log(7.3)];
  const thrice = Float64Array.from({ length: 180 }, (_, t) => levels[Math.floor(t / 60)]!);
  assert.deepEqual(findShifts(thrice, OPTIONS), [
    { at: 60, foundAt: 62 },
    { at: 120, foundAt: 122 },
  ]);
});

Deno.test("findShifts() of two values in turn takes neither for a level", () => {
  const random = new Random(9);
  for (const share of [0.2, 0.5]) {
    const values = Float64Array.from({ length: 365 }, () => random.uniform() < share ? 0.1 : 0);
    assert.deepEqual(findShifts(values, OPTIONS), [], `${share}`);
  }
});

Deno.test("findShifts() gives false shifts to at most 1 % of quiet years, 2 % of spiky ones", () => {
  const years = 400;
  for (const [spikes, most] of [[0, 0.01], [0.05, 0.02]] as const) {
    let wrong = 0;
    for (let i = 0; i < years; i++) {
      const values = nights(
        derive(1, "years", String(spikes), String(i)),
        365,
        (_, random) => random.uniform() < spikes ? Math.log(1.2) : 0,
      );
      if (findShifts(values, OPTIONS).length > 0) wrong++;
    }
    // Two standard errors above the bound; at twice the bound this fails more often than not.
    const limit = most + 2 * Math.sqrt(most * (1 - most) / years);
    assert.ok(wrong / years <= limit, `${spikes}: ${wrong} of ${years}`);
  }
});

Deno.test("shiftOptions() asks for more where there are more series", () => {
  assert.equal(shiftOptions(1).threshold, shiftOptions(60).threshold);
  assert.ok(shiftOptions(600).threshold > shiftOptions(60).threshold + 2);
});
