import assert from "node:assert/strict";
import { LOAD_CODES } from "../../workload/mod.ts";
import { MadeUpThread } from "../_testing/made_up_thread.ts";
import { ClientMemory, Place, SLOW_KEPT } from "./memory.ts";
import { SlowNotes, slowSince } from "./slow.ts";

function noted() {
  const thread = new MadeUpThread();
  const memory = new ClientMemory();
  return { thread, memory, notes: new SlowNotes(memory, thread) };
}

Deno.test("SlowNotes tells running, waiting and blocking apart, from one reading to the next", () => {
  const { thread, memory, notes } = noted();
  notes.renew(0);
  thread.waitedNs += 200;
  thread.ranNs += 300;
  notes.note(100, 1000, LOAD_CODES.update, 7);
  thread.ranNs += 900;
  notes.note(1000, 2000, LOAD_CODES.get);
  const [first, second] = slowSince(3, memory, 0);
  assert.deepEqual(first, {
    client: 3,
    operation: "update",
    started: 100,
    ns: 900,
    waited: 200,
    blocked: 500,
    late: 7,
    collected: false,
  });
  assert.deepEqual([second!.waited, second!.blocked, second!.late], [0, 100, 0]);
  assert.equal(memory.numbers[Place.waited], 1200);
});

Deno.test("SlowNotes sees a collection where the heap has shrunk since the last reading, and counts it", () => {
  const { thread, memory, notes } = noted();
  notes.renew(0);
  thread.bytes = 4000;
  notes.note(0, 100, 0);
  thread.bytes = 4500;
  notes.note(100, 200, 0);
  // Between operations one is counted, and is none's.
  thread.bytes = 3000;
  notes.renew(11e6);
  notes.note(11e6, 11e6 + 100, 0);
  assert.deepEqual(slowSince(0, memory, 0).map(({ collected }) => collected), [true, false, false]);
  assert.equal(memory.numbers[Place.collections], 2);
});

Deno.test("SlowNotes reads the heap seldom between operations, for that allocates itself", () => {
  const { thread, notes } = noted();
  let readings = 0;
  const counting = new SlowNotes(new ClientMemory(), { ...thread, heap: () => readings++ });
  for (let now = 0; now < 100e6; now += 1e6) counting.renew(now);
  assert.equal(readings, 10);
  assert.ok(notes.isOld(0) && !counting.isOld(99.5e6));
});

Deno.test("SlowNotes reads the heap as often as the thread where the client allocates: a collection shows then", () => {
  const { thread, memory, notes } = noted();
  let now = 0;
  const allocate = (bytes: number) => {
    thread.bytes += bytes;
    notes.renew(now += 1e6);
  };
  for (let i = 0; i < 12; i++) allocate(100_000);
  // All since the last reading is less than what the collection took.
  thread.bytes = 5000;
  notes.note(now, now + 100, 0);
  for (let i = 0; i < 3; i++) allocate(100_000);
  thread.bytes -= 250_000;
  notes.note(now, now + 100, 0);
  assert.deepEqual(slowSince(0, memory, 0).map(({ collected }) => collected), [true, true]);
});

Deno.test("SlowNotes knows nothing of a thread that the kernel does not tell of", () => {
  const memory = new ClientMemory();
  const notes = new SlowNotes(memory, undefined);
  notes.renew(0);
  notes.note(0, 100, 0, 50);
  const [{ waited, blocked, collected, late }] = slowSince(0, memory, 0) as [
    ReturnType<typeof slowSince>[number],
  ];
  assert.deepEqual([waited, blocked, collected, late], [null, null, false, 50]);
  assert.equal(memory.numbers[Place.waited], 0);
  for (let i = 0; i < 2 * SLOW_KEPT; i++) notes.note(i, i + 1, 0);
  assert.equal(slowSince(0, memory, 1).length, SLOW_KEPT / 2);
});
