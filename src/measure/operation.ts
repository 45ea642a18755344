/** Binds a benchmark's loops to a store of either form. */
import { Slice, type Store } from "../store/mod.ts";
import { Random } from "../stats/mod.ts";
import {
  KEY_BYTES,
  KEY_ORDERS,
  type KeyOrderName,
  makeValues,
  type OperationName,
  OPERATIONS,
  SequentialKeys,
  type ShapeName,
  SHAPES,
} from "../workload/mod.ts";
import type { Clock } from "../native/mod.ts";
import { flushAndCompact } from "./merge.ts";
import { type LoopParts, LOOPS, putBatch, putMany, putManyAsync } from "./loops.ts";
import { canBeInFlight, inFlight } from "./in_flight.ts";
import type { Iterations } from "./sampler.ts";

/** Values that puts take in turn: 64 of 1 KiB stay in the second-level cache. */
const VALUES = 64;

/** Keys that are loaded between two words of it: whole rings of values, 20 s of them at the slowest. */
const LOAD = 16 * VALUES;

/** The same over a network: servers take so many operations at once (etcd's --max-txn-ops is 128). */
export const NETWORK_LOAD = 100;

/** What a benchmark does to a store. */
export interface OperationSpec {
  operation: OperationName;
  /** In which order keys are taken. */
  order: KeyOrderName;
  /** The shape of the store's tree before measuring. @default "ingested" */
  shape?: ShapeName | undefined;
  /** Keys in the database, or in one round of writing. */
  keys: number;
  /** Bytes of a value. */
  valueBytes: number;
  /** Operations in an iteration. */
  elements: number;
  /** Operations in flight, of a store that answers through promises. @default 1 */
  clients?: number | undefined;
}

/** A benchmark's operations, bound to a store. */
export interface BoundOperations {
  /**
   * Fills the database where the operation is to find something.
   *
   * @param doing Told in what it is as it gets on, as the end of a sentence.
   */
  prepare(doing?: (what: string) => void): Promise<void>;
  /** Runs iterations. */
  iterate: Iterations;
  /** Runs single operations, each timed into the array, ns; absent where none can be timed alone. */
  timed: ((out: Float64Array) => void | Promise<void>) | undefined;
}

/**
 * Binds.
 *
 * @param seed Determines the values' bytes.
 */
export function bindOperation(
  store: Store,
  spec: OperationSpec,
  clock: Clock,
  seed: number,
): BoundOperations {
  const random = new Random(seed);
  const values = makeValues(VALUES, spec.valueBytes, () => random.next());
  const key = new Slice(KEY_BYTES);
  const order = KEY_ORDERS[spec.order].make(key.bytes, spec.keys);
  const parts: LoopParts = {
    key,
    order,
    values: values.map((value) => Slice.from(value)),
    into: new Slice(spec.valueBytes),
  };
  const prepare = async (doing?: (what: string) => void) => {
    if (!OPERATIONS[spec.operation].filled) return;
    // Each key once, in whichever order they are asked for then.
    const filling = { ...parts, order: new SequentialKeys(key.bytes, spec.keys) };
    const { settles } = SHAPES[spec.shape ?? "ingested"];
    // A way there and back for each key would take longer than what is measured.
    const byBatches = settles || store.describe().network;
    const load = store.describe().network ? NETWORK_LOAD : LOAD;
    for (let keys = 0; keys < spec.keys; keys += load) {
      doing?.(`the load of key ${keys + 1} of ${spec.keys}`);
      const count = Math.min(load, spec.keys - keys);
      if (byBatches) await putBatch(store, filling, count);
      else if (store.api === "sync") putMany(store, filling, count);
      else await putManyAsync(store, filling, count);
    }
    if (settles) await flushAndCompact(store, doing);
    order.restart();
  };
  const { elements, clients = 1 } = spec;
  if (clients > 1) {
    const why = store.api === "sync"
      ? "the store answers at once"
      : `a ${spec.operation} goes alone`;
    if (store.api === "sync" || !canBeInFlight(spec.operation)) {
      throw new RangeError(`Cannot have ${clients} operations in flight: ${why}`);
    }
    const { many, timed } = inFlight(spec.operation, clients, store, parts, elements);
    const isTimed = OPERATIONS[spec.operation].timed;
    return {
      prepare,
      iterate: many,
      timed: isTimed ? (out) => timed(clock, out) : undefined,
    };
  }
  if (store.api === "sync") {
    const { many, timed } = LOOPS[spec.operation].sync;
    return {
      prepare,
      iterate: many(store, parts, elements),
      timed: timed && ((out) => timed(store, parts, clock, out)),
    };
  }
  const { many, timed } = LOOPS[spec.operation].async;
  return {
    prepare,
    iterate: many(store, parts, elements),
    timed: timed && ((out) => timed(store, parts, clock, out)),
  };
}
