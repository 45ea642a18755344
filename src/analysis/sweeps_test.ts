import assert from "node:assert/strict";
import type { BenchmarkRecord } from "../result/mod.ts";
import { defineSuite, type LoadBenchmarkSource } from "../suite/mod.ts";
import { sweepsOf } from "./sweeps.ts";

/** The benchmarks of a suite of loads, as a result has them. */
function recordsOf(loads: LoadBenchmarkSource[]): BenchmarkRecord[] {
  const suite = defineSuite({
    name: "s",
    title: "S",
    summary: "S.",
    stores: ["raw"],
    loads,
    nextSteps: [],
  });
  return suite.loads!.map(({ name, load, shape }) => ({
    id: `raw/${name}`,
    store: "raw",
    name,
    workload: { load, ...(shape !== undefined && { shape }) },
  } as unknown as BenchmarkRecord));
}

const load = { keys: "100k", valueSize: 100, mix: { get: 1 } } as const;
const byClients = (counts: number[], more = {}) =>
  counts.map((clients) => ({ name: `get/${clients}`, load: { ...load, ...more, clients } }));

Deno.test("sweepsOf() finds loads that differ in one number, in its order", () => {
  assert.deepEqual(sweepsOf(recordsOf(byClients([4, 1, 2]))), [{
    of: "clients",
    store: "raw",
    name: "get",
    points: [1, 2, 4].map((value) => ({ value, id: `raw/get/${value}` })),
  }]);
});

const OTHERS: [
  of: string,
  values: (number | string)[],
  change: (value: number | string) => object,
][] = [
  ["rate", [1000, 2000, 4000], (rate) => ({ rate })],
  ["keys", ["1k", "10k", "1M"], (keys) => ({ keys })],
  ["valueBytes", [10, 100, 1000], (valueSize) => ({ valueSize })],
  ["theta", [0.5, 0.9, 0.99], (theta) => ({ keyDistribution: { kind: "zipfian", theta } })],
];

for (const [of, values, change] of OTHERS) {
  Deno.test(`sweepsOf() finds a sweep over ${of}`, () => {
    const loads = values.map((value, i) => ({
      name: `a/${i}`,
      load: { ...load, ...change(value) },
    })) as LoadBenchmarkSource[];
    assert.deepEqual(sweepsOf(recordsOf(loads)).map(({ of, points }) => [of, points.length]), [
      [of, 3],
    ]);
  });
}

Deno.test("sweepsOf() finds none of two, of loads that differ in more, and of the same twice", () => {
  assert.deepEqual(sweepsOf(recordsOf(byClients([1, 2]))), []);
  const mixed = [...byClients([1, 2]), { name: "x/4", load: { ...load, keys: "1k", clients: 4 } }];
  assert.deepEqual(sweepsOf(recordsOf(mixed as LoadBenchmarkSource[])), []);
  const twice = [...byClients([1, 2, 4]), { name: "again", load: { ...load, clients: 4 } }];
  assert.deepEqual(sweepsOf(recordsOf(twice as LoadBenchmarkSource[])), []);
});

Deno.test("sweepsOf() keeps sweeps of two mixes apart", () => {
  const loads = [
    ...byClients([1, 2, 4]),
    ...[1, 2, 4].map((clients) => ({
      name: `put/${clients}`,
      load: { ...load, mix: { update: 1 }, clients },
    })),
  ];
  assert.deepEqual(sweepsOf(recordsOf(loads)).map(({ name }) => name), ["get", "put"]);
});
