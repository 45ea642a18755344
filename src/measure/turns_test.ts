import assert from "node:assert/strict";
import { MillisecondStore } from "./_testing/millisecond_store.ts";
import type { MeasurePlan } from "./measure.ts";
import { measureInTurns } from "./turns.ts";

const PLAN: MeasurePlan = {
  operation: "put",
  order: "sequential",
  kind: "throughput",
  keys: 100,
  valueBytes: 64,
  elements: 10,
  sampling: "flat",
  samples: 10,
  warmupMs: 10,
  measureMs: 100,
  seed: 42,
};

Deno.test("measureInTurns() times the batch alone, in parts of an iteration", async () => {
  const store = new MillisecondStore();
  const turns = await measureInTurns(store, PLAN, store.clock, []);
  assert.equal(store.puts, 0, "puts need nothing to be there");
  const warm = await turns.take({ units: 4, lead: 0, kept: false });
  assert.deepEqual(warm, {
    iterations: 0.4,
    ns: 4e6,
    atNs: 0,
    workNs: 4e6,
    awaitedNs: 0,
    quiet: true,
  });
  const first = await turns.take({ units: 8, lead: 2, kept: true });
  assert.deepEqual(first, { ...warm, iterations: 0.8, ns: 8e6, workNs: 10e6 });
  const second = await turns.take({ units: 8, lead: 2, kept: true });
  assert.equal(second.atNs, 10e6);
  assert.equal(store.puts, 24);
  assert.equal(turns.latency(), undefined);
});

Deno.test("measureInTurns() fills what is read, and times single operations that count", async () => {
  const store = new MillisecondStore();
  const plan = { ...PLAN, operation: "get", kind: "latency", elements: 1 } as const;
  const turns = await measureInTurns(store, plan, store.clock, []);
  assert.equal(store.puts, 100);
  await turns.take({ units: 5, lead: 0, kept: false });
  const { ns, workNs } = await turns.take({ units: 7, lead: 1, kept: true });
  assert.deepEqual([ns, workNs], [7e6, 15e6]);
  assert.equal(turns.latency()!.count, 7);
});

Deno.test("measureInTurns() waits for background work, after the timing, and says how long", async () => {
  const store = new MillisecondStore();
  const turns = await measureInTurns(store, PLAN, store.clock, ["unknown", "busy"]);
  store.busy = 4;
  const { ns, workNs, awaitedNs, quiet } = await turns.take({ units: 3, lead: 0, kept: true });
  assert.deepEqual([ns, quiet], [3e6, true]);
  assert.ok(awaitedNs > 0 && workNs >= ns + awaitedNs);
});

Deno.test("measureInTurns() gives a turn back all the same when background work goes on", async () => {
  const store = new MillisecondStore();
  const turns = await measureInTurns(store, PLAN, store.clock, ["busy"]);
  store.busy = 1e9;
  const { awaitedNs, quiet } = await turns.take({ units: 3, lead: 0, kept: true });
  assert.equal(quiet, false);
  assert.ok(awaitedNs >= 2e9);
});

Deno.test("measureInTurns() counts what the thread does in a batch that is kept alone", async () => {
  const store = new MillisecondStore();
  let [began, put] = [0, 0];
  const witness = {
    missing: {},
    begin: () => void (began++, put = store.puts),
    end: () => ({ cpuNs: 1000 * (store.puts - put), instructions: 7 }),
  };
  const turns = await measureInTurns(store, PLAN, store.clock, [], undefined, witness);
  const before = await turns.take({ units: 8, lead: 2, kept: false });
  assert.deepEqual([began, before.cpuNs, before.instructions], [0, undefined, undefined]);
  const { cpuNs, instructions } = await turns.take({ units: 8, lead: 2, kept: true });
  assert.deepEqual([began, cpuNs, instructions], [1, 8000, 7]);
});

Deno.test("measureInTurns() refuses to time operations that cannot be", async () => {
  const store = new MillisecondStore();
  const plan = { ...PLAN, operation: "scan", kind: "latency" } as const;
  await assert.rejects(measureInTurns(store, plan, store.clock, []), {
    name: "TypeError",
    message: "Cannot time single operations of scan",
  });
});
