import assert from "node:assert/strict";
import { monotonicClock, runsMachineCode } from "../../native/mod.ts";
import type { OperationMix } from "../../workload/mod.ts";
import { loadOfOneGroup } from "../_testing/one_group.ts";
import { ClientMemory } from "./memory.ts";
import { rehearse } from "./rehearsal.ts";

async function rehearsed(mix: OperationMix) {
  const clock = monotonicClock();
  const { buffer } = new ClientMemory();
  const before = new Uint8Array(buffer).slice();
  const heaps: number[] = [];
  const thread = {
    queue: { waited: () => 0, [Symbol.dispose]() {} },
    ran: clock,
    heap: () => heaps.push(0),
  };
  const load = loadOfOneGroup(mix, { loop: "closed" }, 1);
  await rehearse(
    {
      store: "raw",
      shared: null,
      options: {},
      load,
      number: 0,
      seed: 1,
      loop: "native",
      origin: clock.origin,
      phases: 1,
      memory: buffer,
    },
    clock,
    thread,
  );
  assert.deepEqual(new Uint8Array(buffer), before, "nothing is counted that anybody reads");
  return heaps.length;
}

Deno.test({
  name:
    "rehearse() goes through a loop of machine code and its notes, and touches neither store nor counts",
  ignore: !runsMachineCode(),
  async fn() {
    assert.ok(await rehearsed({ get: 0.5, update: 0.5 }) > 100, "slow operations were noted");
  },
});

Deno.test("rehearse() leaves a loop of JavaScript alone, which has a warm-up of its own store", async () => {
  assert.equal(await rehearsed({ scan: 1 }), 0);
});
