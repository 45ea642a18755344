import assert from "node:assert/strict";
import fc from "fast-check";
import type { BenchmarkRecord, ProfileRecord } from "../result/mod.ts";
import { benchmarkRecord, PROFILES } from "../suite/mod.ts";
import { type PlannedRun, shuffledBlocks, shuffledGroups } from "./order.ts";

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

/** The runs of one plan: every block is a run. */
const runsOf = (plan: BenchmarkRecord[], profile: ProfileRecord, seed: number) =>
  shuffledBlocks([plan], profile, seed).flat();

const names = (runs: readonly PlannedRun[]) =>
  runs.map(({ benchmark, run }) => `${benchmark.id} ${run}`);

Deno.test("shuffledBlocks() has every run once, at positions that count up", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(),
      (count, runs, seed) => {
        const order = runsOf(benchmarks(count), { ...PROFILES.smoke!, runs }, seed);
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

Deno.test("shuffledBlocks() gives the same order for the same seed, and others for others", () => {
  const profile = PROFILES.nightly!;
  const order = (seed: number) => names(runsOf(benchmarks(5), profile, seed));
  assert.deepEqual(order(7), order(7));
  assert.equal(new Set([1, 2, 3, 4].map((seed) => order(seed).join())).size, 4);
  assert.notDeepEqual(order(7), order(7).toSorted(), "runs of a benchmark lie apart");
});

Deno.test("shuffledBlocks() takes a benchmark's own number of runs over the profile's", () => {
  const [first, second] = benchmarks(2);
  const order = runsOf([{ ...first!, runs: 1 }, second!], PROFILES.baseline!, 1);
  const count = (id: string) => order.filter(({ benchmark }) => benchmark.id === id).length;
  assert.deepEqual([count("raw/b0"), count("raw/b1")], [1, PROFILES.baseline!.runs]);
});

Deno.test("shuffledBlocks() puts the same run of every plan side by side, in either order", () => {
  const plans = [benchmarks(4), benchmarks(4).map((own) => ({ ...own, id: `other/${own.name}` }))];
  const order = shuffledBlocks(plans, { ...PROFILES.smoke!, runs: 10 }, 3).flat();
  assert.deepEqual(order.map(({ position }) => position), [...order.keys()]);
  const first = [0, 0];
  for (let i = 0; i < order.length; i += 2) {
    const [a, b] = [order[i]!, order[i + 1]!];
    assert.deepEqual([a.benchmark.name, a.run], [b.benchmark.name, b.run]);
    assert.deepEqual([a.lane, b.lane].sort(), [0, 1]);
    assert.equal(plans[a.lane]!.includes(a.benchmark), true);
    first[a.lane]!++;
  }
  assert.equal(order.length, 80);
  assert.ok(Math.min(...first) >= 10, `either side comes first: ${first}`);
});

Deno.test("shuffledBlocks() keeps the order of seeds that reports have printed", () => {
  const order = runsOf(benchmarks(2), { ...PROFILES.smoke!, runs: 3 }, 7);
  assert.deepEqual(names(order), [
    "raw/b0 2",
    "raw/b1 0",
    "raw/b1 2",
    "raw/b0 0",
    "raw/b0 1",
    "raw/b1 1",
  ]);
});

Deno.test("shuffledBlocks() puts the same run over every variant of a store side by side", () => {
  const releases = ["7.10.2", "9.10.0", "10.4.2"];
  const plan = [
    ...releases.flatMap((release) =>
      benchmarks(2).map((own) => ({
        ...own,
        id: `raw@${release}/${own.name}`,
        store: `raw@${release}`,
        variant: { release },
      }))
    ),
    ...benchmarks(1).map((own) => ({ ...own, id: `null/${own.name}`, store: "null", runs: 1 })),
  ];
  const blocks = shuffledBlocks([plan], { ...PROFILES.smoke!, runs: 12 }, 3);
  assert.deepEqual(blocks.flat().map(({ position }) => position), [...blocks.flat().keys()]);
  assert.equal(blocks.length, 2 * 12 + 1);
  const first = new Set<string>();
  for (const block of blocks.filter((block) => block.length > 1)) {
    assert.equal(new Set(block.map(({ benchmark, run }) => `${benchmark.name} ${run}`)).size, 1);
    assert.deepEqual(
      block.map(({ benchmark }) => benchmark.store).sort(),
      releases.map((release) => `raw@${release}`).sort(),
    );
    first.add(block[0]!.benchmark.store);
  }
  assert.equal(first.size, 3, "each of them comes first at times");
});

Deno.test("shuffledGroups() has every group's run of each benchmark as one block, run by run", () => {
  const stores = ["raw@A", "raw@B", "raw@C"];
  const plan = stores.flatMap((store) =>
    benchmarks(2).map((own) => ({ ...own, id: `${store}/${own.name}`, store }))
  );
  const alone = benchmarks(1).map((own) => ({ ...own, id: "null/b0", store: "null", runs: 1 }));
  const groups = [["raw@A", "raw@B"], ["raw@A", "raw@C"]];
  const profile = { ...PROFILES.smoke!, runs: 5 };
  const blocks = shuffledGroups([...plan, ...alone], profile, 3, groups);
  assert.deepEqual(blocks.flat().map(({ position }) => position), [...blocks.flat().keys()]);
  assert.equal(blocks.length, 2 * 2 * 5 + 1);
  const runsOf = (id: string) =>
    blocks.flat().filter(({ benchmark }) => benchmark.id === id).map(({ run }) => run).toSorted();
  assert.deepEqual(runsOf("raw@A/b1"), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "it is in both groups");
  assert.deepEqual(runsOf("raw@C/b1"), [0, 1, 2, 3, 4]);
  assert.deepEqual(runsOf("null/b0"), [0]);
  const together = blocks.filter((block) => block.length > 1);
  const first = new Set<string>();
  for (const block of together) {
    assert.equal(new Set(block.map(({ benchmark }) => benchmark.name)).size, 1);
    const own = block.map(({ benchmark }) => benchmark.store);
    assert.ok(groups.some((group) => own.toSorted().join() === group.join()), own.join());
    first.add(own[0]!);
  }
  assert.equal(first.size, 3, "each is started first at times");
  assert.deepEqual(shuffledGroups([...plan, ...alone], profile, 3, groups), blocks);
});

Deno.test("shuffledGroups() lets a group play only what all of its stores have", () => {
  const [a, b] = ["raw@A", "raw@B"].map((store) =>
    benchmarks(2).map((own) => ({ ...own, id: `${store}/${own.name}`, store }))
  );
  const blocks = shuffledGroups([...a!, b![0]!], { ...PROFILES.smoke!, runs: 2 }, 3, [[
    "raw@A",
    "raw@B",
  ]]);
  const sizes = blocks.map((block) => `${block[0]!.benchmark.name} ${block.length}`).toSorted();
  assert.deepEqual(sizes, ["b0 2", "b0 2", "b1 1", "b1 1"]);
});
