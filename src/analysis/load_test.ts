import assert from "node:assert/strict";
import type { BenchmarkRecord, LoadRecord, RunRecord } from "../result/mod.ts";
import { analyseLoad } from "./load.ts";

const benchmark = { workload: { load: undefined } } as unknown as BenchmarkRecord;

/** A run of a load that lasted a second. */
function run(of: Partial<LoadRecord>): RunRecord {
  const load = { ns: 1e9, clients: [], operations: [], keysRead: 0, counts: {}, ...of };
  return { load, facts: {} } as unknown as RunRecord;
}

Deno.test("analyseLoad() has what engines told beside, as counts and as shares of the time", () => {
  const { events, eventsLost, multiGet } = analyseLoad(benchmark, [
    run({ events: { flush: { count: 2, ns: 1e8, bytes: 7 }, lost: 3 }, multiGet: "call" }),
    run({
      events: {
        flush: { count: 1, ns: 4e8, bytes: 7 },
        compaction: { count: 1, ns: 1.5e9, bytes: 0 },
      },
      multiGet: "call",
    }),
  ], 1);
  assert.deepEqual(events?.map(({ kind, count }) => [kind, count]), [
    ["flush", 3],
    ["compaction", 1],
  ]);
  const [flush, compaction] = events!.map(({ share }) => share);
  assert.ok(Math.abs(flush!.value - 0.2) < 1e-12, `${flush!.value}`);
  assert.deepEqual([flush!.least, flush!.most], [0.1, 0.4]);
  // Two went on at once in the one run, and none in the other.
  assert.deepEqual(compaction, { value: 0.75, least: 0, most: 1.5 });
  assert.equal(eventsLost, 3);
  assert.equal(multiGet, "call");
});

Deno.test("analyseLoad() has no events where one of the runs has none, and none that did not happen", () => {
  const told = run({ events: {} });
  assert.deepEqual(analyseLoad(benchmark, [told], 1).events, []);
  assert.ok(!("events" in analyseLoad(benchmark, [told, run({})], 1)));
  assert.ok(!("eventsLost" in analyseLoad(benchmark, [told], 1)));
});

Deno.test("analyseLoad() counts the clients whose loops were machine code in every run", () => {
  const client = { group: 0, counted: true, operations: 1 };
  const native = { ...client, native: true };
  const of = (...runs: LoadRecord["clients"][]) =>
    analyseLoad(benchmark, runs.map((clients) => run({ clients })), 1).native;
  assert.equal(of([native, native], [native, native]), 2);
  assert.equal(of([native, native], [native, client]), 1);
  assert.equal(of([native], [client]), undefined);
  assert.equal(of(), undefined);
});

Deno.test("analyseLoad() has the odds of being slow while something goes on, over the blocks of all runs", () => {
  const block = {
    operations: 1000,
    slow: 4,
    on: { compaction: { operations: 200, slow: 3 }, flush: { operations: 0, slow: 0 } },
  };
  const slow = {
    operations: 128,
    causes: (["compaction", "flush", "stall"] as const).map((cause) => ({
      cause,
      operations: 1,
      share: 0.2,
    })),
    slowest: [],
    blocks: Array(32).fill(block),
  };
  const odds = (of: typeof slow) =>
    analyseLoad(benchmark, [run({ slow: of }), run({ slow: of })], 1).slow!.causes.map((each) =>
      each.odds
    );
  const [compaction, flush, stall] = odds(slow);
  assert.ok(Math.abs(compaction!.value - (3 / 197) / (1 / 799)) < 0.1, `${compaction!.value}`);
  assert.equal(compaction!.blocks, 64);
  assert.deepEqual([flush, stall], [null, null]);
  // Of a result from before they were counted.
  const { blocks: _, ...without } = slow;
  assert.deepEqual(odds(without as typeof slow), [null, null, null]);
});

Deno.test("analyseLoad() adds up what sleeping threads saw, where each run had one", () => {
  const slow = (held?: number) => ({
    operations: 10,
    causes: [{
      cause: "runQueue" as const,
      operations: 4,
      share: 0.1,
      ...(held !== undefined && { held }),
    }],
    slowest: [],
  });
  const hiccups = { wakes: 200, late: 3, lateNs: 5e7, longestNs: 4e7 };
  const both = analyseLoad(benchmark, [
    run({ slow: { ...slow(3), hiccups } }),
    run({ slow: { ...slow(0), hiccups: { wakes: 100, late: 0, lateNs: 0, longestNs: 0 } } }),
  ], 1).slow!;
  assert.deepEqual(both.hiccups, { wakes: 300, late: 3, share: 0.025, longest: 4e7 });
  assert.deepEqual(both.causes.map(({ operations, held }) => [operations, held]), [[8, 3]]);
  const one = analyseLoad(benchmark, [
    run({ slow: { ...slow(3), hiccups } }),
    run({ slow: slow() }),
  ], 1);
  assert.equal(one.slow!.hiccups, null);
  assert.deepEqual(one.slow!.causes.map(({ held }) => held), [null]);
});

Deno.test("analyseLoad() adds up compactions by their levels, where each run was told of them", () => {
  const slow = { operations: 10, causes: [], slowest: [] };
  const sum = (from: number, count: number, operations: number) => ({
    levels: { from, to: from + 1 },
    count,
    bytes: 100 * count,
    ns: 10 * count,
    operations,
  });
  const told = (...compactions: ReturnType<typeof sum>[]) =>
    run({ slow: { ...slow, compactions } });
  const both = [told(sum(1, 1, 0), sum(0, 3, 2)), told(sum(0, 1, 4))];
  assert.deepEqual(analyseLoad(benchmark, both, 1).slow!.compactions, [
    { levels: { from: 0, to: 1 }, count: 4, bytes: 100, ns: 10, operations: 6 },
    { levels: { from: 1, to: 2 }, count: 1, bytes: 100, ns: 10, operations: 0 },
  ]);
  assert.deepEqual(analyseLoad(benchmark, [told()], 1).slow!.compactions, []);
  assert.equal(
    analyseLoad(benchmark, [told(sum(0, 1, 1)), run({ slow })], 1).slow!.compactions,
    null,
  );
});

Deno.test("analyseLoad() holds a collection against chance where one thread had several operations in flight", () => {
  const slow = {
    operations: 10,
    causes: [
      { cause: "collection" as const, operations: 7, share: 0.6 },
      { cause: "unknown" as const, operations: 3, share: null },
    ],
    slowest: [],
  };
  const main = (inFlight: boolean) =>
    analyseLoad(benchmark, [run({ slow, ...(inFlight && { inFlight }) })], 1).slow!.main!;
  assert.deepEqual([main(false).cause, main(false).chance], ["collection", null]);
  // A quarter of the slow ones is beyond the 60 % of all, and more of them are not known.
  assert.equal(main(true).cause, "unknown");
});
