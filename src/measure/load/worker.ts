/**
 * The thread of one client. It uses the database that another thread has opened, waits for each phase to
 * be let go, works through it, and says so. It says as well that it has stopped for good: before that
 * the database must not be closed.
 */
import { monotonicClock, openRunQueue, threadClock, usedHeapBytes } from "../../native/mod.ts";
import { storeKind } from "../../store/mod.ts";
import { closedLoop, openLoop, SyncOperations } from "./client.ts";
import type { ClientMessage, ClientSpec } from "./spec.ts";
import { clientParts, scheduleOf } from "./parts.ts";
import { ClientMemory, Control, Place } from "./memory.ts";
import { nativeLoop } from "./native_loop.ts";
import { Pacer } from "./pacer.ts";
import { rehearse } from "./rehearsal.ts";

/** Deno's own types have no worker's global scope. */
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<ClientSpec>) => void) | null;
  postMessage(message: ClientMessage): void;
};

async function work(spec: ClientSpec): Promise<void> {
  const memory = new ClientMemory(spec.memory);
  const kind = storeKind(spec.store);
  if (kind.attach === undefined) throw new TypeError(`Cannot share ${spec.store} between threads`);
  const store = await kind.attach(spec.shared, spec.options);
  try {
    const clock = monotonicClock(spec.origin);
    using queue = openRunQueue();
    const thread = queue && { queue, ran: threadClock(), heap: usedHeapBytes };
    const parts = clientParts(spec, memory, clock, thread);
    const operations = new SyncOperations(store, parts);
    const native = spec.loop === "native" ? nativeLoop(store, spec, parts, clock) : undefined;
    memory.numbers[Place.native] = native === undefined ? 0 : 1;
    if (native !== undefined) await rehearse(spec, clock, thread);
    const pacer = new Pacer(clock);
    for (let phase = 1; phase <= spec.phases; phase++) {
      scope.postMessage({ kind: "waiting", phase });
      // A phase that was let go before is not waited for.
      Atomics.wait(memory.control, Control.go, phase - 1);
      if (memory.control[Control.stop] !== 0) break;
      const schedule = scheduleOf(spec, phase);
      pacer.until(memory.numbers[Place.begin]!, clock.now());
      if (native !== undefined) native.run();
      else if (schedule === undefined) closedLoop(operations, parts);
      else openLoop(operations, parts, schedule, pacer);
      memory.numbers[Place.ended] = clock.now();
    }
    operations.close();
  } finally {
    store.close();
  }
}

scope.onmessage = async ({ data }) => {
  try {
    await work(data);
    scope.postMessage({ kind: "stopped" });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ kind: "failed", message: message.split("\n")[0]! });
  }
};
