/** Binds a benchmark's loops to a store of either form. */
import { Slice, type Store } from "../store/mod.ts";
import { Random } from "../stats/mod.ts";
import { KEY_BYTES, makeValues, SequentialKeys } from "../workload/mod.ts";
import type { Clock } from "../native/mod.ts";
import {
  getMany,
  getManyAsync,
  getTimed,
  getTimedAsync,
  type LoopParts,
  putMany,
  putManyAsync,
  putTimed,
  putTimedAsync,
  scanMany,
  scanManyAsync,
} from "./loops.ts";
import type { Iterations } from "./sampler.ts";

/** Values that puts take in turn: 64 of 1 KiB stay in the second-level cache. */
const VALUES = 64;

/** What a benchmark does to a store. */
export interface OperationSpec {
  operation: "put" | "get" | "scan";
  /** Keys in the database, or in one round of writing. */
  keys: number;
  /** Bytes of a value. */
  valueBytes: number;
  /** Operations in an iteration. */
  elements: number;
}

/** A benchmark's operations, bound to a store. */
export interface BoundOperations {
  /** Fills the database with what gets and scans are to find. */
  prepare(): Promise<void>;
  /** Runs iterations. */
  iterate: Iterations;
  /** Runs single operations, each timed into the array, ns; absent for scans. */
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
  const order = new SequentialKeys(key.bytes, spec.keys);
  const parts: LoopParts = {
    key,
    order,
    values: values.map((value) => Slice.from(value)),
    into: new Slice(spec.valueBytes),
  };
  const fill = async () => {
    if (store.api === "sync") putMany(store, parts, spec.keys);
    else await putManyAsync(store, parts, spec.keys);
    order.restart();
  };
  const { elements } = spec;
  switch (spec.operation) {
    case "put":
      return {
        prepare: () => Promise.resolve(),
        iterate: store.api === "sync"
          ? (count) => putMany(store, parts, count * elements)
          : (count) => putManyAsync(store, parts, count * elements),
        timed: store.api === "sync"
          ? (out) => putTimed(store, parts, clock, out)
          : (out) => putTimedAsync(store, parts, clock, out),
      };
    case "get":
      return {
        prepare: fill,
        iterate: store.api === "sync"
          ? (count) => getMany(store, parts, count * elements)
          : (count) => getManyAsync(store, parts, count * elements),
        timed: store.api === "sync"
          ? (out) => getTimed(store, parts, clock, out)
          : (out) => getTimedAsync(store, parts, clock, out),
      };
    case "scan":
      return {
        prepare: fill,
        iterate: store.api === "sync"
          ? (count) => {
            for (let i = 0; i < count; i++) scanMany(store, elements);
          }
          : async (count) => {
            for (let i = 0; i < count; i++) await scanManyAsync(store, elements);
          },
        timed: undefined,
      };
  }
}
