import assert from "node:assert/strict";
import { LOAD_CODES } from "../../workload/mod.ts";
import { slotOf } from "./histogram.ts";
import { ClientMemory, Place } from "./memory.ts";
import { emptyReading } from "./reading.ts";
import { keepSlow } from "./slow.ts";
import { SlowTally } from "./slow_tally.ts";

function tallied() {
  const memory = new ClientMemory();
  const tally = new SlowTally([{ number: 0, group: 0, counted: true, memory }], false);
  const slow = (started: number, ns: number) =>
    keepSlow(memory, {
      started,
      ns,
      code: LOAD_CODES.update,
      waited: 0,
      blocked: 0,
      late: 0,
      collected: false,
    });
  const look = (at: number, compaction: boolean) => tally.look(at, { compaction });
  return { memory, tally, slow, look };
}

const compaction = (beginNs: number, endNs: number, bytes: number, from = 0) => ({
  kind: "compaction" as const,
  beginNs,
  endNs,
  bytes,
  levels: { from, to: from + 1 },
});

Deno.test("SlowTally finds the compactions of slow operations, also of one that ends later", () => {
  const { tally, slow, look } = tallied();
  tally.begin(100, 1000);
  for (let at = 100; at <= 400; at += 100) look(at, true);
  slow(150, 20);
  slow(350, 20);
  const [first, second] = tally.take();
  assert.deepEqual([first!.cause, second!.cause], ["compaction", "compaction"]);
  assert.equal(tally.outcome().compactions, undefined, "nobody has told of any");
  // Two at a time, of which the larger is taken; one ended before the measuring began.
  tally.compacted([compaction(0, 90, 7), compaction(120, 180, 10), compaction(50, 180, 90, 1)]);
  tally.take();
  const sums = () =>
    tally.outcome().compactions!.map(({ levels: { from }, count, ns, operations }) => [
      from,
      count,
      ns,
      operations,
    ]);
  assert.deepEqual(sums(), [[0, 1, 60, 0], [1, 1, 80, 1]]);
  tally.compacted([compaction(300, 500, 10)]);
  tally.take();
  assert.deepEqual(sums(), [[0, 2, 260, 1], [1, 1, 80, 1]]);
});

Deno.test("SlowTally puts down to no compaction what has another cause, and keeps a window's slowest", () => {
  const { tally, slow, look } = tallied();
  tally.begin(0, 1000);
  look(0, false);
  look(500, false);
  for (let i = 1; i <= 8; i++) slow(i * 10, i);
  tally.compacted([compaction(0, 400, 10)]);
  const window = tally.take();
  assert.deepEqual(window.map(({ ns }) => ns), [8, 7, 6, 5, 4]);
  assert.ok(window.every(({ cause }) => cause === "unknown"));
  assert.equal(tally.outcome().compactions![0]!.operations, 0);
  assert.deepEqual(tally.take(), [], "each is told once");
  assert.equal(tally.outcome().operations, 8);
});

Deno.test("SlowTally loses none of more than clients keep, since it takes them at each look", () => {
  const { tally, slow, look } = tallied();
  tally.begin(0, 1000);
  for (let at = 0; at < 1000; at += 20) {
    look(at, false);
    for (let i = 0; i < 100; i++) slow(at, at === 40 && i === 0 ? 19 : 1);
  }
  const [slowest] = tally.take();
  assert.deepEqual(slowest, { atNs: 40, ns: 19, cause: "unknown" });
  assert.equal(tally.outcome().operations, 5000);
});

Deno.test("SlowTally.setFloor() goes by lateness and service together where there is a schedule", () => {
  const { memory, tally } = tallied();
  const reading = emptyReading(0);
  reading.service[slotOf(1000)] = 10_000;
  tally.setFloor(reading);
  assert.ok(Math.abs(memory.numbers[Place.floor]! - 1000) < 2);
  reading.times.taken[slotOf(50_000)] = 10_000;
  tally.setFloor(reading);
  assert.ok(Math.abs(memory.numbers[Place.floor]! - 50_000) < 100);
  tally.setFloor(emptyReading(0));
  assert.ok(memory.numbers[Place.floor]! > 40_000, "by nothing it stays as it is");
});
