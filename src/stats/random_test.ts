import assert from "node:assert/strict";
import fc from "fast-check";
import { derive, Random } from "./random.ts";

const take = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

Deno.test("Random.next() follows the reference implementation when the state is 1, 2, 3, 4", () => {
  // From xoshiro128starstar.c 1.1, as rand_xoshiro tests it.
  assert.deepEqual(take(Random.fromState([1, 2, 3, 4]), 10), [
    11520,
    0,
    5927040,
    70819200,
    2031721883,
    1637235492,
    1287239034,
    3734860849,
    3729100597,
    4258142804,
  ]);
});

Deno.test("new Random() takes its state from splitmix64 when seeded with 0", () => {
  // splitmix64's first two words for the seed 0, as its author gives them: e220a8397b1dcdaf and
  // 6e789e6aa1b965f4; the low half comes first.
  const state = [0x7b1dcdaf, 0xe220a839, 0xa1b965f4, 0x6e789e6a] as const;
  assert.deepEqual(take(new Random(0), 8), take(Random.fromState(state), 8));
});

Deno.test("new Random() throws RangeError when the seed is not a whole number of 53 bits", () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
    assert.throws(() => new Random(seed), RangeError);
  }
  assert.throws(() => Random.fromState([0, 0, 0, 2 ** 32]), RangeError);
});

Deno.test("Random.uniform() stays in [0, 1) and has the moments of the uniform distribution", () => {
  const random = new Random(3);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < 100_000; i++) {
    const x = random.uniform();
    assert.ok(x >= 0 && x < 1);
    sum += x;
    squares += x * x;
  }
  // Five standard errors: 5 · 0.289 / √100,000 = 0.0046.
  assert.ok(Math.abs(sum / 100_000 - 0.5) < 0.0046);
  assert.ok(Math.abs(squares / 100_000 - 1 / 3) < 0.0048);
});

Deno.test("Random.below() draws every number as often when n divides 2^32 or not", () => {
  const random = new Random(4);
  for (const n of [1, 2, 7, 10]) {
    const counts = new Int32Array(n);
    for (let i = 0; i < 10_000 * n; i++) counts[random.below(n)]!++;
    for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, `${count} of 10000`);
  }
});

Deno.test("Random.below() is the high word of bits × n, and rejects as Lemire says when n is large", () => {
  const n = 3_000_000_019;
  const threshold = (2n ** 32n - BigInt(n)) % BigInt(n);
  const bits = new Random(5);
  const draws = new Random(5);
  let rejected = 0;
  for (let i = 0; i < 2_000; i++) {
    let product: bigint;
    while ((product = BigInt(bits.next()) * BigInt(n)) % 2n ** 32n < threshold) rejected++;
    assert.equal(draws.below(n), Number(product >> 32n));
  }
  assert.ok(rejected > 100, "the loop that rejects was reached");
});

Deno.test("Random.normal() has mean 0, variance 1 and normal tails", () => {
  const random = new Random(6);
  const n = 100_000;
  let sum = 0;
  let squares = 0;
  let beyond = 0;
  for (let i = 0; i < n; i++) {
    const z = random.normal();
    sum += z;
    squares += z * z;
    if (Math.abs(z) > 1.959963984540054) beyond++;
  }
  assert.ok(Math.abs(sum / n) < 5 / Math.sqrt(n));
  assert.ok(Math.abs(squares / n - 1) < 5 * Math.SQRT2 / Math.sqrt(n));
  assert.ok(Math.abs(beyond / n - 0.05) < 0.0035);
});

Deno.test("Random.shuffle() keeps the elements and reaches all orders as often", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(), (array, seed) => {
      const shuffled = new Random(seed).shuffle([...array]);
      assert.deepEqual(shuffled.sort((a, b) => a - b), array.sort((a, b) => a - b));
    }),
    { seed: 1 },
  );
  const random = new Random(7);
  const orders = new Map<string, number>();
  for (let i = 0; i < 6_000; i++) {
    const order = random.shuffle(Int32Array.of(1, 2, 3)).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 6);
  for (const count of orders.values()) assert.ok(Math.abs(count - 1_000) < 150);
});

Deno.test("derive() gives one seed for the same labels and others when anything differs", () => {
  assert.equal(derive(1, "raw/write", "bootstrap"), derive(1, "raw/write", "bootstrap"));
  const seeds = [
    derive(0),
    derive(1),
    derive(1, ""),
    derive(1, "abc"),
    derive(1, "a", "bc"),
    derive(1, "ab", "c"),
    derive(1, "c", "ab"),
    derive(2, "abc"),
  ];
  assert.equal(new Set(seeds).size, seeds.length);
  for (const seed of seeds) assert.ok(Number.isSafeInteger(seed) && seed >= 0);
});

Deno.test("derive() keeps its values, so that published intervals can be computed again", () => {
  assert.equal(derive(0), 7956156453446585);
  assert.equal(derive(1, "a"), 1061202383244167);
});
