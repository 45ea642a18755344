/**
 * Runs the synchronous loops over a raw store, by fused calls or with each call a crossing of its own
 * (`single`), or over a plug-in (its path), and prints how many bytes each operation leaves on V8's heap. A program of its own, run
 * by allocation_test.ts with a nursery so large that nothing is collected between two readings of the
 * heap: what it grows by is what was allocated.
 */
import type { SyncStore } from "../../store/mod.ts";
import { loadPlugin, openPlugin } from "../../store/plugin/mod.ts";
import { loadLibrary, openRaw } from "../../store/raw/mod.ts";
import { Slice } from "../../store/slice.ts";
import { KEY_BYTES, SequentialKeys } from "../../workload/mod.ts";
import { monotonicClock } from "../../native/mod.ts";
import { loadOfOneGroup } from "./one_group.ts";
import { ClientMemory, Place } from "../load/memory.ts";
import { nativeLoop } from "../load/native_loop.ts";
import { clientParts } from "../load/parts.ts";
import { getMany, getTimed, putMany, putTimed, scanMany } from "../loops.ts";

const KEYS = 10_000;
/** Operations between two readings, and how often that is done; the first times warm up. */
const OPERATIONS = 20_000;
const ROUNDS = 10;

/** For how long the loop of machine code goes on at a time, ns. */
const NATIVE_NS = 100e6;
/** Of the loop of machine code, in which V8 has more to compile. */
const NATIVE_ROUNDS = 2 * ROUNDS;

/** Heap bytes an operation in the round that left least: what all rounds have in common. */
function garbage(run: () => void): number {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const before = Deno.memoryUsage().heapUsed;
    run();
    const grown = Deno.memoryUsage().heapUsed - before;
    // Where something was collected after all, the round says nothing.
    if (grown >= 0) least = Math.min(least, grown / OPERATIONS);
  }
  return least;
}

function open(path: string, crossings: string): SyncStore {
  if (crossings.includes("/")) return openPlugin(path, { library: loadPlugin(crossings) });
  const library = loadLibrary();
  return openRaw(path, {
    library: crossings === "single" ? { ...library, addresses: undefined } : library,
  });
}

if (import.meta.main) {
  const [path, crossings] = Deno.args;
  const store = open(path!, crossings!);
  const clock = monotonicClock();
  const key = new Slice(KEY_BYTES);
  const parts = {
    key,
    order: new SequentialKeys(key.bytes, KEYS),
    values: [new Slice(100), new Slice(100)],
    into: new Slice(100),
  };
  const out = new Float64Array(OPERATIONS);
  const load = loadOfOneGroup({ get: 0.5, update: 0.5 }, { loop: "closed" }, 1);
  const memory = new ClientMemory();
  const client = clientParts({ load, number: 0, seed: 1 }, memory, clock);
  const native = nativeLoop(store, { load, number: 0 }, client, clock);
  /** As many operations at least as the others do, however little of a processor there is for them. */
  const nativeGarbage = (run: () => void) => {
    let least = Infinity;
    for (let round = 0; round < NATIVE_ROUNDS; round++) {
      const done = memory.numbers[Place.operations]!;
      const before = Deno.memoryUsage().heapUsed;
      let operations = 0;
      while (operations < OPERATIONS) {
        memory.numbers[Place.end] = clock.now() + NATIVE_NS;
        run();
        operations = memory.numbers[Place.operations]! - done;
      }
      const grown = Deno.memoryUsage().heapUsed - before;
      if (grown >= 0) least = Math.min(least, grown / operations);
    }
    return least;
  };
  const put = garbage(() => putMany(store, parts, OPERATIONS));
  // Else a walk would pass over every older value of a key.
  store.flush();
  store.compact();
  console.log(JSON.stringify({
    put,
    get: garbage(() => getMany(store, parts, OPERATIONS)),
    scan: garbage(() => {
      for (let i = 0; i < OPERATIONS / KEYS; i++) scanMany(store, KEYS);
    }),
    "timed put": garbage(() => putTimed(store, parts, clock, out)),
    "timed get": garbage(() => getTimed(store, parts, clock, out)),
    ...(native !== undefined && { "native loop": nativeGarbage(() => native.run()) }),
  }));
  store.close();
}
