/** What a client draws from, made from the load's words. */
import { Slice } from "../../store/mod.ts";
import { derive, Random } from "../../stats/mod.ts";
import {
  groupOf,
  KEY_FORMS,
  type LoadSpec,
  makeValues,
  mostOf,
  type OperationMix,
  operationStream,
  type Schedule,
  schedule,
} from "../../workload/mod.ts";
import type { Clock } from "../../native/mod.ts";
import type { ClientParts } from "./client.ts";
import type { ClientMemory } from "./memory.ts";
import { type OwnThread, SlowNotes } from "./slow.ts";
import type { ClientSpec } from "./spec.ts";

/** Values that puts take in turn: 64 of 1 KiB stay in the second-level cache. */
const MOST_VALUES = 64;
/** Bytes that they have together at most, where there are more than two. */
const MOST_BYTES = 4 * 1024 * 1024;

/** In values of several lengths, bytes after which fresh ones come again. */
const REPEATED_BYTES = 128;

/** What says what a client draws. */
type DrawingSpec = Pick<ClientSpec, "load" | "number" | "seed">;

/** Values to put in turn, a power of two of them, each as long as the longest. */
export function valueRing({ valueSize, compressibility }: LoadSpec, seed: number): Slice[] {
  const bytes = mostOf(valueSize);
  let count = MOST_VALUES;
  while (count > 2 && count * bytes > MOST_BYTES) count /= 2;
  const random = new Random(derive(seed, "values"));
  const repetition = {
    compressibility,
    ...(valueSize.kind !== "fixed" && { every: REPEATED_BYTES }),
  };
  return makeValues(count, bytes, () => random.next(), repetition)
    .map((value) => Slice.from(value));
}

/** Operations that are drawn ahead: their keys and codes stay in the first-level cache. */
const AHEAD = 32;

/**
 * How many operations can be drawn ahead. An insert is there for what is drawn after it, and operations
 * of several keys have only one place for these: where there are such, one at a time.
 */
function aheadOf({ insert, multiGet, batch }: OperationMix): number {
  return insert || multiGet || batch ? 1 : AHEAD;
}

/** The client's schedule of a phase; none in a closed loop. */
export function scheduleOf(
  { load, number, seed }: DrawingSpec,
  phase: number,
): Schedule | undefined {
  const { group: { pace, clients }, place } = groupOf(load, number);
  if (pace.loop === "closed") return undefined;
  return schedule(pace, place, clients, derive(seed, "phase", String(phase)));
}

/** What a client works with. @param thread Its own; absent where the kernel does not tell of it. */
export function clientParts(
  { load, number, seed }: DrawingSpec,
  memory: ClientMemory,
  clock: Clock,
  thread?: OwnThread,
): ClientParts {
  const form = KEY_FORMS[load.keyForm];
  const ahead = aheadOf(groupOf(load, number).group.mix);
  return {
    memory,
    clock,
    slow: new SlowNotes(memory, thread),
    stream: operationStream(load, number, seed),
    writeKey: form.write,
    keys: Array.from({ length: ahead }, () => new Slice(form.bytes)),
    values: valueRing(load, derive(seed, "client", String(number))),
    into: new Slice(mostOf(load.valueSize)),
  };
}
