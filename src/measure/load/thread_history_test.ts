import assert from "node:assert/strict";
import { LOAD_CODES } from "../../workload/mod.ts";
import { MadeUpThread } from "../_testing/made_up_thread.ts";
import { ClientMemory, Place } from "./memory.ts";
import { slowSince } from "./slow.ts";
import { ThreadHistory } from "./thread_history.ts";

function history(blocks = true) {
  const thread = new MadeUpThread();
  const memories = [new ClientMemory(), new ClientMemory()] as const;
  return { thread, memories, history: new ThreadHistory(memories, thread, blocks) };
}

Deno.test("ThreadHistory tells operations that overlap apart, each by the last reading before its begin", () => {
  const { thread, memories: [one, other], history: own } = history();
  own.renew(0);
  assert.ok(!own.isOld(0.9e6) && own.isOld(1e6));
  thread.waitedNs += 5e5;
  own.renew(1e6);
  thread.waitedNs += 2e5;
  thread.ranNs += 3e5;
  // It began at 0, and the one after it at 1 ms.
  own.note(one, 0, 2e6, LOAD_CODES.update, 7);
  own.note(other, 1e6, 2e6, LOAD_CODES.get);
  assert.deepEqual(slowSince(0, one, 0), [{
    client: 0,
    operation: "update",
    started: 0,
    ns: 2e6,
    waited: 7e5,
    blocked: 1e6,
    late: 7,
    collected: false,
  }]);
  const [{ waited, blocked }] = slowSince(1, other, 0) as [ReturnType<typeof slowSince>[number]];
  assert.deepEqual([waited, blocked], [2e5, 5e5]);
  // Each client tells of the thread that is all clients'.
  assert.ok([one, other].every(({ numbers }) => numbers[Place.waited] === thread.waitedNs));
});

Deno.test("ThreadHistory sees a collection in those that were under way, and in none that began after it", () => {
  const { thread, memories: [one, other], history: own } = history();
  own.renew(0);
  thread.bytes -= 1000;
  own.renew(1e6);
  own.note(one, 0, 2e6, 0);
  own.note(other, 1e6, 2e6, 0);
  assert.deepEqual(
    [one, other].map((memory) => slowSince(0, memory, 0)[0]!.collected),
    [true, false],
  );
  assert.equal(one.numbers[Place.collections], 1);
});

Deno.test("ThreadHistory says nothing of what it waits for where that is a server, or where nothing tells", () => {
  const { thread, memories: [one], history: own } = history(false);
  own.renew(0);
  thread.waitedNs += 2e5;
  own.note(one, 0, 1e6, 0);
  const [first] = slowSince(0, one, 0);
  assert.deepEqual([first!.waited, first!.blocked], [2e5, null]);
  const blind = new ThreadHistory([one], undefined, true);
  blind.renew(0);
  blind.note(one, 0, 1e6, 0);
  const [, second] = slowSince(0, one, 0);
  assert.deepEqual([second!.waited, second!.blocked, second!.collected], [null, null, false]);
});

Deno.test("ThreadHistory knows nothing of an operation from before what it keeps", () => {
  const { memories: [one, other], history: own } = history();
  for (let now = 0; now <= 5000e6; now += 1e6) own.renew(now);
  own.note(one, 500e6, 5000e6, 0);
  own.note(other, 2000e6, 5000e6, 0);
  assert.equal(slowSince(0, one, 0)[0]!.waited, null);
  assert.equal(slowSince(0, other, 0)[0]!.waited, 0);
});
