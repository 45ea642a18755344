import assert from "node:assert/strict";
import fc from "fast-check";
import { LEAST_SWAPPED_PAIRS, testOverPairs } from "./pairs.ts";
import { Random } from "./random.ts";
import { testOverBlocks } from "./runs.ts";

const logsToRatios = (logs: number[]) => logs.map(Math.exp);
const close = (a: number, b: number, error = 1e-9) =>
  assert.ok(Math.abs(a - b) <= error, `${a} ${b}`);

Deno.test("testOverPairs() is Student's t on the logarithms of few pairs", () => {
  const ratios = [1.1, 1.2, 0.98, 1.07, 1.15];
  assert.deepEqual(testOverPairs(ratios), testOverBlocks(ratios, [1, 1, 1, 1, 1]));
  assert.throws(() => testOverPairs([1, 1]), RangeError);
});

Deno.test("testOverPairs() counts the swappings that are as far off", () => {
  // All on one side: of 2^16 ways, only this one and its mirror image.
  const { p, ratio } = testOverPairs(Array.from({ length: 16 }, (_, i) => 1.05 + i / 1000));
  close(p, 2 ** -15);
  assert.ok(ratio.low > 1.05 && ratio.high < 1.066 && ratio.low < ratio.value);
  // One on the other side, the smallest: two ways more at least.
  const one = testOverPairs(Array.from({ length: 16 }, (_, i) => i === 0 ? 1 / 1.01 : 1.05));
  close(one.p, 2 ** -14);
  assert.equal(testOverPairs(new Array(16).fill(1)).p, 1);
});

Deno.test("testOverPairs() takes what only rounding tells from 1 for 1", () => {
  const ratios = new Array(16).fill(1);
  ratios[3] = ratios[7] = 1 - Number.EPSILON / 2;
  assert.equal(testOverPairs(ratios).p, 1);
});

Deno.test("testOverPairs() says the same of both directions, and in any order", () => {
  // The logarithm of a ratio so near to 1 is mostly the ratio's rounding.
  const log = fc.double({ min: -1, max: 1, noNaN: true })
    .map((value) => Math.abs(value) > 1e-12 ? value : 0);
  fc.assert(
    fc.property(
      fc.array(log, { minLength: LEAST_SWAPPED_PAIRS, maxLength: 18 }),
      fc.nat(),
      (logs, seed) => {
        const there = testOverPairs(logsToRatios(logs));
        const back = testOverPairs(logsToRatios(logs.map((value) => -value)));
        close(there.p, back.p);
        close(Math.log(there.ratio.value), -Math.log(back.ratio.value));
        close(Math.log(there.ratio.low), -Math.log(back.ratio.high), 1e-3);
        const mixed = testOverPairs(logsToRatios(new Random(seed).shuffle([...logs])));
        close(there.p, mixed.p);
        assert.ok(there.ratio.low <= there.ratio.value && there.ratio.value <= there.ratio.high);
        assert.ok(there.p > 0 && there.p <= 1);
      },
    ),
    {
      numRuns: 50,
      // All that is not zero lies at the reach, where scores are the rounding's.
      examples: [[[
        0,
        0,
        0.9999999999999984,
        0,
        0,
        0,
        0,
        0,
        0,
        0.9999999999999973,
        0,
        0,
        0,
        0,
        -0.9999999999999999,
        0,
        0,
        0,
      ], 0]],
    },
  );
});

Deno.test("testOverPairs() is not moved by single pairs that are far off", () => {
  const random = new Random(3);
  const logs = Array.from({ length: 18 }, () => 0.0953 + 0.04 * random.normal());
  const clean = testOverPairs(logsToRatios(logs));
  logs[4] = -1.1;
  logs[11] = 1.1;
  const { ratio, p } = testOverPairs(logsToRatios(logs));
  assert.ok(Math.abs(ratio.value - clean.ratio.value) < 0.015, `${ratio.value}`);
  assert.ok(p < 0.001, `${p}`);
  assert.ok(testOverBlocks(logsToRatios(logs), new Array(18).fill(1)).p > 0.1);
});

/** One log ratio of identical code. */
const NULLS: Record<string, (random: Random) => number> = {
  "normal": (random) => 0.06 * random.normal(),
  "two modes": (random) =>
    (random.uniform() < 0.5 ? 0 : 0.1) - (random.uniform() < 0.5 ? 0 : 0.1) +
    0.014 * random.normal(),
  "one run in ten 3 times slower": (random) =>
    (random.uniform() < 0.1 ? 1.1 : 0) - (random.uniform() < 0.1 ? 1.1 : 0) +
    0.05 * random.normal(),
};
for (const [name, draw] of Object.entries(NULLS)) {
  Deno.test(`testOverPairs() is wrong as often as it says, and its interval right: ${name}`, () => {
    const random = new Random(11);
    const repetitions = 600;
    let [wrong, held] = [0, 0];
    for (let i = 0; i < repetitions; i++) {
      const { p, ratio } = testOverPairs(
        logsToRatios(Array.from({ length: 14 }, () => draw(random))),
      );
      if (p < 0.05) wrong++;
      if (ratio.low <= 1 && ratio.high >= 1) held++;
    }
    // 5 % ± 3 standard errors.
    assert.ok(wrong / repetitions < 0.077, `${wrong}`);
    assert.ok(held / repetitions > 0.915, `${held}`);
  });
}

Deno.test("testOverPairs() of many pairs goes on where the swappings end", () => {
  const random = new Random(5);
  for (let i = 0; i < 20; i++) {
    const logs = Array.from({ length: 21 }, () => 0.03 + 0.06 * random.normal());
    const [many, all] = [logs, logs.slice(0, 20)].map((own) => testOverPairs(logsToRatios(own)).p);
    assert.ok(Math.abs(Math.log(many! / all!)) < 2.5, `${many} ${all}`);
  }
});
