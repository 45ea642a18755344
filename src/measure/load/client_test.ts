import assert from "node:assert/strict";
import type { Pace } from "../../workload/mod.ts";
import { loadOfOneGroup } from "../_testing/one_group.ts";
import { StallingStore } from "../_testing/stalling_store.ts";
import { causeOf, Timeline } from "./causes.ts";
import { closedLoop, openLoop, SyncOperations } from "./client.ts";
import { mostOf, quantileOf, totalOf } from "./histogram.ts";
import { ClientMemory, Place } from "./memory.ts";
import { clientParts, scheduleOf } from "./parts.ts";
import { read } from "./reading.ts";
import { slowSince } from "./slow.ts";
import type { ClientSpec } from "./spec.ts";

const SECOND = 1e9;

function specOf(pace: Pace): Omit<ClientSpec, "memory"> {
  const load = loadOfOneGroup({ update: 1 }, pace, 1);
  return {
    store: "null",
    shared: null,
    options: {},
    load,
    number: 0,
    seed: 7,
    loop: "javascript",
    origin: 0,
    phases: 1,
  };
}

/** What a client does in so many seconds on a store that stalls for 200 ms each 5 s. */
function measured(pace: Pace, seconds = 30, floor = Infinity) {
  const store = new StallingStore(5 * SECOND, 0.2 * SECOND);
  const { clock } = store;
  const memory = new ClientMemory();
  memory.numbers[Place.end] = seconds * SECOND;
  memory.numbers[Place.floor] = floor;
  const spec = { ...specOf(pace), memory: memory.buffer };
  const parts = clientParts(spec, memory, clock);
  const operations = new SyncOperations(store, parts);
  const pacer = {
    until(moment: number, now: number) {
      clock.advance(moment - now);
      return clock.now();
    },
  };
  if (pace.loop === "closed") closedLoop(operations, parts);
  else openLoop(operations, parts, scheduleOf(spec, 1)!, pacer);
  const { service, times } = read([{ number: 0, group: 0, counted: true, memory }], 0);
  assert.equal(store.stalls, Math.ceil(seconds / 5) - 1);
  const slow = slowSince(0, memory, 0);
  return { service, ...times, operations: totalOf(service), slow };
}

Deno.test("a store that stalls shows in response times, and hides in a closed loop's service times", () => {
  const closed = measured({ loop: "closed" });
  assert.ok(quantileOf(closed.service, closed.operations, 0.999) < 20_000);
  // Five operations in three million: their most alone tells.
  assert.ok(mostOf(closed.service) > 0.2 * SECOND);
  assert.deepEqual(closed.slow, [], "until it is known what is slow, nothing is");

  const open = measured({ loop: "open", arrivals: "poisson", rate: 10_000 });
  assert.ok(Math.abs(open.operations / 300_000 - 1) < 0.01, `${open.operations}`);
  assert.ok(quantileOf(open.service, open.operations, 0.999) < 20_000);
  // A second in thirty arrives while the store stalls or catches up.
  const p999 = quantileOf(open.response, open.operations, 0.999);
  assert.ok(p999 > 0.15 * SECOND && p999 < 0.21 * SECOND, `${p999}`);
  assert.ok(quantileOf(open.response, open.operations, 0.99) > 0.1 * SECOND);
  // None of it is the generator's own.
  assert.equal(mostOf(open.lateness), 0);
  assert.equal(quantileOf(open.unhindered, open.operations, 0.999), p999);
});

Deno.test("stalls that are injected are the slow operations, and their main cause", () => {
  // Looks each 20 ms know of a stall at each beginning of a period, and of a compaction all the time.
  const beside = new Timeline();
  for (let at = 0; at <= 30 * SECOND; at += 0.02 * SECOND) {
    const stall = at >= 5 * SECOND && at % (5 * SECOND) < 0.2 * SECOND;
    beside.look(at, { stall, flush: false, compaction: true });
  }
  for (
    const pace of [{ loop: "closed" }, { loop: "open", arrivals: "poisson", rate: 10_000 }] as const
  ) {
    const { slow } = measured(pace, 6, 20_000);
    assert.equal(slow.length, 1, pace.loop);
    for (const [i, operation] of slow.entries()) {
      assert.ok(Math.abs(operation.started - (i + 1) * 5 * SECOND) < 1e6, `${operation.started}`);
      assert.ok(operation.ns >= 0.2 * SECOND);
      assert.equal(operation.waited, null, "no kernel tells of a clock that is made up");
      assert.equal(causeOf(operation, beside), "stall");
    }
  }
  assert.ok(beside.share("stall")! < 0.05 && beside.share("compaction") === 1);
});

Deno.test("a client that draws ahead stops at the phase's end, and when it is told to", () => {
  const store = new StallingStore(Infinity, 0);
  const memory = new ClientMemory();
  // Ten operations and a half: the eleventh is begun.
  memory.numbers[Place.end] = 105_000;
  const spec = { ...specOf({ loop: "closed" }), memory: memory.buffer };
  const parts = clientParts(spec, memory, store.clock);
  assert.ok(parts.keys.length > 11);
  const operations = new SyncOperations(store, parts);
  closedLoop(operations, parts);
  assert.equal(memory.numbers[Place.operations], 11);
  assert.equal(memory.numbers[Place.bytesPut], 11 * 116);
  memory.numbers[Place.end] = SECOND;
  memory.control[1] = 1;
  closedLoop(operations, parts);
  assert.equal(memory.numbers[Place.operations], 11);
});

Deno.test("a client that inserts does what it has drawn, since its next draw takes that for done", () => {
  const store = new StallingStore(Infinity, 0);
  const memory = new ClientMemory();
  memory.numbers[Place.end] = 100;
  const load = loadOfOneGroup({ insert: 1 }, { loop: "closed" }, 1);
  const spec = { ...specOf({ loop: "closed" }), load, memory: memory.buffer };
  // Its thread has no processor from the draw to after the phase's end.
  const moments = [0, 200];
  const parts = clientParts(spec, memory, { now: () => moments.shift() ?? 300 });
  assert.equal(parts.keys.length, 1);
  closedLoop(new SyncOperations(store, parts), parts);
  assert.equal(memory.numbers[Place.operations], 1);
  assert.equal(memory.numbers[Place.bytesPut], 116);
});
