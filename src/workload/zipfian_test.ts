import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../stats/mod.ts";
import { chiSquareExcess, rankBins, zipfSum } from "./_testing/zipf_law.ts";
import { ycsbRank, Zipfian } from "./zipfian.ts";

const DRAWS = 400_000;

/** How far draws of ranks are from Zipf's law, over bins. */
function excess(ranks: number, theta: number, draw: () => number): number {
  const ends = rankBins(ranks, 40, 4);
  const observed = new Float64Array(ends.length);
  const binOf = new Map<number, number>();
  for (let i = 0; i < DRAWS; i++) {
    const rank = draw();
    assert.ok(Number.isInteger(rank) && rank >= 0 && rank < ranks, String(rank));
    let bin = binOf.get(rank);
    if (bin === undefined) {
      bin = ends.findIndex((end) => rank < end);
      if (rank < 1000) binOf.set(rank, bin);
    }
    observed[bin]!++;
  }
  const all = zipfSum(1, ranks, theta);
  const expected = ends.map((end, i) => DRAWS * zipfSum((ends[i - 1] ?? 0) + 1, end, theta) / all);
  return chiSquareExcess(observed, expected);
}

for (
  const [ranks, theta] of [[1e6, 0.99], [1e9, 0.99], [1e8, 0.5], [1e7, 1], [1e6, 1.5], [3, 0.99]]
) {
  Deno.test(`${ranks} ranks of θ ${theta} are drawn as Zipf's law says`, () => {
    const zipfian = new Zipfian(new Random(7), ranks!, theta!);
    const far = excess(ranks!, theta!, () => zipfian.next());
    assert.ok(far < 4, `chi-square is ${far} standard deviations above its mean`);
  });
}

Deno.test("the test tells an exponent from one that is a hundredth off, and YCSB's formula from the law", () => {
  const zipfian = new Zipfian(new Random(7), 1e6, 0.98);
  assert.ok(excess(1e6, 0.99, () => zipfian.next()) > 10);
  const random = new Random(7);
  assert.ok(excess(10_000_000_001, 0.99, () => ycsbRank(random.uniform())) > 10);
});

Deno.test("a generator that has grown draws as one that was as large from the beginning", () => {
  for (const [from, to] of [[1000, 1001], [1000, 5000], [100, 1_000_000]]) {
    const zipfian = new Zipfian(new Random(9), from!, 0.99);
    for (let i = 0; i < 10; i++) zipfian.next();
    zipfian.resize(to!);
    assert.ok(excess(to!, 0.99, () => zipfian.next()) < 4, `${from} to ${to}`);
  }
});

Deno.test("ranks are never beyond the last, for any number of them and any exponent", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000_000 }),
      fc.double({ min: 0.01, max: 5, noNaN: true }),
      fc.nat(),
      (ranks, theta, seed) => {
        const zipfian = new Zipfian(new Random(seed), ranks, theta);
        for (let i = 0; i < 50; i++) {
          const rank = zipfian.next();
          assert.ok(Number.isInteger(rank) && rank >= 0 && rank < ranks);
        }
      },
    ),
    { seed: 11, numRuns: 100 },
  );
});

Deno.test("the sums are those that others computed", () => {
  assert.ok(Math.abs(zipfSum(1, 1e6, 0.99) - 15.391849746) < 1e-9);
  // YCSB's own constant, which it added up term by term.
  assert.ok(Math.abs(zipfSum(1, 1e10, 0.99) - 26.46902820178302) < 1e-7);
  let plain = 0;
  for (let k = 1; k <= 50_000; k++) plain += 1 / k ** 0.7;
  assert.ok(Math.abs(zipfSum(1, 50_000, 0.7) - plain) < 1e-8);
});

Deno.test("ycsbRank() gives the first two ranks their exact shares, and all others as Gray's formula does", () => {
  const zeta = 26.46902820178302;
  assert.equal(ycsbRank(0), 0);
  assert.equal(ycsbRank(0.999 / zeta), 0);
  assert.equal(ycsbRank(1.001 / zeta), 1);
  assert.equal(ycsbRank((1 + 0.5 ** 0.99 - 1e-9) / zeta), 1);
  const items = 10_000_000_001;
  const eta = (1 - Math.pow(2 / items, 1 - 0.99)) / (1 - (1 + Math.pow(0.5, 0.99)) / zeta);
  for (const u of [0.06, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 0.9999999]) {
    assert.equal(ycsbRank(u), Math.floor(items * Math.pow(eta * u - eta + 1, 1 / (1 - 0.99))));
  }
  // As there, the last number before 1 may be rounded to the item after the last.
  assert.ok(ycsbRank(1 - 2 ** -53) <= items);
});
