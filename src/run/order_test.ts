import assert from "node:assert/strict";
import fc from "fast-check";
import type { BenchmarkRecord } from "../result/mod.ts";
import { benchmarkRecord, PROFILES } from "../suite/mod.ts";
import { shuffledRuns } from "./order.ts";

function benchmarks(count: number): BenchmarkRecord[] {
  return Array.from({ length: count }, (_, i) =>
    benchmarkRecord("raw", {
      name: `b${i}`,
      kind: "throughput",
      operation: "put",
      samples: 1,
      keys: 1,
      valueBytes: 1,
    }));
}

const names = (runs: ReturnType<typeof shuffledRuns>) =>
  runs.map(({ benchmark, run }) => `${benchmark.id} ${run}`);

Deno.test("shuffledRuns() has every run once, at positions that count up", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      (count, runs, seed) => {
        const order = shuffledRuns(benchmarks(count), { ...PROFILES.smoke!, runs }, seed);
        assert.deepEqual(order.map(({ position }) => position), [...order.keys()]);
        const expected = benchmarks(count).flatMap(({ id }) =>
          Array.from({ length: runs }, (_, run) => `${id} ${run}`)
        );
        assert.deepEqual(names(order).sort(), expected.sort());
      },
    ),
    { seed: 1 },
  );
});

Deno.test("shuffledRuns() gives the same order for the same seed, and others for others", () => {
  const profile = PROFILES.nightly!;
  const order = (seed: number) => names(shuffledRuns(benchmarks(5), profile, seed));
  assert.deepEqual(order(7), order(7));
  assert.equal(new Set([1, 2, 3, 4].map((seed) => order(seed).join())).size, 4);
  assert.notDeepEqual(order(7), order(7).toSorted(), "runs of a benchmark lie apart");
});

Deno.test("shuffledRuns() takes a benchmark's own number of runs over the profile's", () => {
  const [first, second] = benchmarks(2);
  const order = shuffledRuns([{ ...first!, runs: 1 }, second!], PROFILES.baseline!, 1);
  const count = (id: string) => order.filter(({ benchmark }) => benchmark.id === id).length;
  assert.deepEqual([count("raw/b0"), count("raw/b1")], [1, 3]);
});
