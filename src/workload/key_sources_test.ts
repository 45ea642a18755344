import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../stats/mod.ts";
import { chiSquareExcess, zipfSum } from "./_testing/zipf_law.ts";
import { keySource, rangeWeights } from "./key_sources.ts";
import type { KeyDistribution } from "./load.ts";

const FACEBOOK = {
  kind: "mixgraph",
  ranges: 30,
  rangeHotness: [14.18, -2.917, 0.0164, -0.08082],
  keyHotness: [0.002312, 0.3467],
} as const;

const ALL: KeyDistribution[] = [
  { kind: "sequential" },
  { kind: "uniform" },
  { kind: "zipfian", theta: 0.99 },
  { kind: "scrambledZipfian" },
  { kind: "latest", theta: 0.99 },
  { kind: "hotspot", keyShare: 0.2, operationShare: 0.8 },
  FACEBOOK,
];

function sourceOf(distribution: KeyDistribution, keys: number, seed = 1, client = 0, clients = 1) {
  const random = new Random(seed);
  return keySource(distribution, keys, { random, shared: 5, client, clients });
}

/** How often each key is drawn. */
function counts(distribution: KeyDistribution, keys: number, draws: number, seed = 1) {
  const source = sourceOf(distribution, keys, seed);
  const drawn = new Float64Array(1);
  const found = new Float64Array(keys);
  for (let i = 0; i < draws; i++) {
    source.draw(keys, drawn, 0);
    found[drawn[0]!]!++;
  }
  return found;
}

for (const distribution of ALL) {
  Deno.test(`${distribution.kind} draws keys that there are, the same from the same seed`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 2e9 }), fc.nat(), (keys, seed) => {
        const [one, other] = [
          sourceOf(distribution, keys, seed),
          sourceOf(distribution, keys, seed),
        ];
        const drawn = new Float64Array(2);
        for (let i = 0; i < 40; i++) {
          one.draw(keys + i, drawn, 0);
          other.draw(keys + i, drawn, 1);
          assert.equal(drawn[0], drawn[1]);
          assert.ok(Number.isInteger(drawn[0]) && drawn[0]! >= 0 && drawn[0]! < keys + i);
        }
      }),
      { seed: 14, numRuns: 50 },
    );
  });
}

Deno.test("sequential goes through all keys from each client's own place on, and begins anew", () => {
  for (const [client, first] of [[0, 0], [1, 3], [2, 6]]) {
    const source = sourceOf({ kind: "sequential" }, 10, 1, client, 3);
    const drawn = new Float64Array(12);
    for (let i = 0; i < drawn.length; i++) source.draw(10, drawn, i);
    assert.deepEqual([...drawn], Array.from({ length: 12 }, (_, i) => (first! + i) % 10));
  }
});

Deno.test("uniform takes each key as often as the others", () => {
  const found = counts({ kind: "uniform" }, 1000, 200_000);
  assert.ok(chiSquareExcess(found, new Float64Array(1000).fill(200)) < 4);
});

Deno.test("latest takes the newest key most, and the others as Zipf's law says", () => {
  const found = counts({ kind: "latest", theta: 0.99 }, 100, 200_000).reverse();
  const expected = found.map((_, i) => 200_000 * (i + 1) ** -0.99 / zipfSum(1, 100, 0.99));
  assert.ok(chiSquareExcess(found, expected) < 4);
});

Deno.test("latest takes keys from which there are more and more", () => {
  const source = sourceOf({ kind: "latest", theta: 0.99 }, 1000);
  const drawn = new Float64Array(1);
  let newest = 0;
  for (let keys = 1001; keys <= 21_000; keys++) {
    source.draw(keys, drawn, 0);
    if (drawn[0] === keys - 1) newest++;
  }
  // 1/ζ(n) of them: 0.13 at the beginning, 0.10 at the end.
  assert.ok(newest > 1900 && newest < 2400, String(newest));
});

Deno.test("a hotspot has its share of the keys and of the operations", () => {
  const found = counts({ kind: "hotspot", keyShare: 0.2, operationShare: 0.8 }, 1000, 200_000);
  const expected = found.map((_, i) => i < 200 ? 800 : 50);
  assert.ok(chiSquareExcess(found, expected) < 4);
});

Deno.test("a scrambled zipfian over a million keys has YCSB's head, which is not a zipfian's", () => {
  const draws = 300_000;
  const top = (distribution: KeyDistribution) => {
    const found = counts(distribution, 1_000_000, draws).sort().reverse();
    const head = found.subarray(0, 10_000).reduce((sum, count) => sum + count, 0);
    return [found[0]! / draws, head / draws];
  };
  const [scrambledTop, scrambledHead] = top({ kind: "scrambledZipfian" });
  assert.ok(Math.abs(scrambledTop! - 0.0378) < 0.002, String(scrambledTop));
  // Of draws, the most frequent ones: those of the tail that came twice are among them.
  assert.ok(scrambledHead! > 0.39 && scrambledHead! < 0.45, String(scrambledHead));
  const [zipfianTop, zipfianHead] = top({ kind: "zipfian", theta: 0.99 });
  assert.ok(Math.abs(zipfianTop! - 0.065) < 0.002, String(zipfianTop));
  assert.ok(zipfianHead! > 0.65 && zipfianHead! < 0.7, String(zipfianHead));
});

Deno.test("rangeWeights() counts as db_bench does", () => {
  const [a, b, c, d] = FACEBOOK.rangeHotness;
  const weights = rangeWeights(30, FACEBOOK.rangeHotness);
  const hotness = (x: number) => a * Math.exp(b * x) + c * Math.exp(d * x);
  const amplify = Math.floor(1 / hotness(30)) + 1;
  assert.equal(weights.length, 30);
  assert.equal(weights[0], 1);
  assert.equal(weights[29], Math.floor(amplify * hotness(1)));
  // The hottest range of Facebook's has more than half of all.
  assert.ok(weights[29]! > weights.reduce((sum, weight) => sum + weight, 0) / 2);
});

Deno.test("mixgraph's hottest range is the same for all clients, and has its share", () => {
  const draws = 100_000;
  const ranges = (seed: number) => {
    const found = counts(FACEBOOK, 30_000, draws, seed);
    return Array.from(
      { length: 30 },
      (_, range) =>
        found.subarray(range * 1000, (range + 1) * 1000).reduce((sum, count) => sum + count, 0),
    );
  };
  const [one, other] = [ranges(1), ranges(2)];
  assert.notDeepEqual(one, other);
  const hottest = one.indexOf(Math.max(...one));
  assert.equal(other.indexOf(Math.max(...other)), hottest);
  const weights = [...rangeWeights(30, FACEBOOK.rangeHotness)];
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const sorted = weights.sort((x, y) => y - x).map((weight) => draws * weight / sum);
  assert.ok(chiSquareExcess(one.sort((x, y) => y - x), sorted) < 4);
});
