/**
 * The loops over an asynchronous store with several operations in flight. A store copies the key
 * and the value before it returns its promise, so that all share one key; each has a slice of its
 * own to get into. Whenever one ends, the next begins: it is a closed loop of so many clients.
 */
import { type AsyncStore, Slice } from "../store/mod.ts";
import type { Clock } from "../native/mod.ts";
import { type LoopParts, MissingKeyError, scanManyAsync } from "./loops.ts";

/** One operation of a client. */
type Operation = () => Promise<void>;

/** Makes an operation for a client. */
type MakeOperation = (store: AsyncStore, parts: LoopParts) => Operation;

/** Runs so many operations, at most as many at a time as there are clients. */
async function runMany(clients: readonly Operation[], count: number): Promise<void> {
  let begun = 0;
  const work = async (operation: Operation) => {
    while (begun < count) {
      begun++;
      await operation();
    }
  };
  await settled(clients.map(work));
}

/** As {@linkcode runMany}, each timed by itself, ns, in the order in which they began. */
async function runTimed(
  clients: readonly Operation[],
  clock: Clock,
  out: Float64Array,
): Promise<void> {
  let begun = 0;
  const work = async (operation: Operation) => {
    while (begun < out.length) {
      const place = begun++;
      const start = clock.now();
      await operation();
      out[place] = clock.now() - start;
    }
  };
  await settled(clients.map(work));
}

/** Waits for all, also where one fails: nothing is in flight afterwards. */
async function settled(working: Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(working);
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

const put: MakeOperation = (store, { order, key, values }) => {
  const mask = values.length - 1;
  let turn = 0;
  return () => {
    order.next();
    return store.put(key, values[turn++ & mask]!);
  };
};

const get: MakeOperation = (store, { order, key, into }) => {
  const own = new Slice(into.bytes.length);
  return async () => {
    order.next();
    if (await store.get(key, own) < 0) throw new MissingKeyError(key);
  };
};

/** What an operation is over a store with several in flight; seeks are walks of one entry. */
const OPERATIONS_IN_FLIGHT = { put, get } as const satisfies Record<string, MakeOperation>;

/** Whether an operation can have several in flight. */
export function canBeInFlight(operation: string): boolean {
  return operation === "scan" || Object.hasOwn(OPERATIONS_IN_FLIGHT, operation);
}

/**
 * The loops of an operation with so many in flight.
 *
 * @param operation One that {@linkcode canBeInFlight} has.
 * @param elements Operations in an iteration; of scans, entries of a walk.
 */
export function inFlight(
  operation: string,
  clients: number,
  store: AsyncStore,
  parts: LoopParts,
  elements: number,
): {
  many(iterations: number): Promise<void>;
  timed(clock: Clock, out: Float64Array): Promise<void>;
} {
  const scans = operation === "scan";
  const make = OPERATIONS_IN_FLIGHT[operation as keyof typeof OPERATIONS_IN_FLIGHT];
  const operations = Array.from(
    { length: clients },
    () => scans ? () => scanManyAsync(store, elements).then(() => {}) : make(store, parts),
  );
  return {
    many: (iterations) => runMany(operations, scans ? iterations : iterations * elements),
    timed: (clock, out) => runTimed(operations, clock, out),
  };
}
