/** The thread that only sleeps. */
import { monotonicClock } from "../../native/mod.ts";
import { HiccupMemory, type SleeperSpec, sleepOn } from "./hiccups.ts";
import { wakeExactly } from "./pacer.ts";

/** Deno's own types have no worker's global scope. */
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<SleeperSpec>) => void) | null;
};

scope.onmessage = ({ data }) => {
  const memory = new HiccupMemory(data.memory);
  wakeExactly();
  sleepOn(memory, monotonicClock(data.origin), (ns) => {
    Atomics.wait(memory.stop, 0, 0, ns / 1e6);
  });
};
