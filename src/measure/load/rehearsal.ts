/**
 * A client's loop before its first phase, without its store: V8 compiles what of a loop is JavaScript while
 * it runs, several times as it learns what there is, and what compiles takes processors from the clients.
 */
import { storeKind } from "../../store/mod.ts";
import type { SystemClock } from "../../native/mod.ts";
import { ClientMemory, Place } from "./memory.ts";
import { nativeLoop } from "./native_loop.ts";
import { clientParts } from "./parts.ts";
import type { OwnThread } from "./slow.ts";
import type { ClientSpec } from "./spec.ts";

/** How long a loop goes on with operations that are all told as slow, and then with some, ns. */
const EACH_NS = [10e6, 60e6] as const;
/** From what time on operations are told then, ns: an empty one takes longer now and then. */
const FLOORS_NS = [0, 5000] as const;
/** How often: what is compiled by the end of one is used, and found wanting, in the next. */
const TIMES = 2;

/**
 * Has the loop of machine code do operations of a store that does nothing, in memory that nobody reads.
 *
 * @param thread As the client itself has it.
 */
export async function rehearse(
  spec: ClientSpec,
  clock: SystemClock,
  thread: OwnThread | undefined,
): Promise<void> {
  const memory = new ClientMemory();
  const parts = clientParts(spec, memory, clock, thread);
  const nothing = await storeKind("null").attach!({}, {});
  const loop = nativeLoop(nothing, spec, parts, clock);
  if (loop === undefined) return;
  for (let time = 0; time < TIMES; time++) {
    for (const [i, ns] of EACH_NS.entries()) {
      memory.numbers[Place.floor] = FLOORS_NS[i]!;
      memory.numbers[Place.end] = clock.now() + ns;
      loop.run();
    }
  }
}
