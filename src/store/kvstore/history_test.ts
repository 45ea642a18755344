/**
 * Histories on the store and on the model: every response has to be the same. Ten thousand
 * operations; with `TIDEMARK_LONG=1` a million, or as many as `TIDEMARK_LONG_OPERATIONS` says.
 */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { levelIsThere, openLevel } from "../level/mod.ts";
import { libraryIsThere, openRaw } from "../raw/mod.ts";
import { type Action, actions, atRevision } from "./_testing/kv_histories.ts";
import { KvModel, Refusal } from "./_testing/kv_model.ts";
import type * as m from "./messages.ts";
import {
  type AsyncWatch,
  KvError,
  type KvRequests,
  KVSTORE_FAMILIES,
  openKvStore,
  openKvStoreAsync,
  type SyncWatch,
} from "./mod.ts";

const LONG = Deno.env.get("TIDEMARK_LONG") === "1";
const OPERATIONS = LONG ? Number(Deno.env.get("TIDEMARK_LONG_OPERATIONS") ?? 1_000_000) : 10_000;
/**
 * Actions of a history at most; a history is half as long on average. A database of its own costs as
 * much as fifty actions, so the long run's histories are longer; short ones are easier to read.
 */
const HISTORY = LONG ? 2_000 : 200;

interface Opened {
  readonly etcd: KvRequests<"sync"> | KvRequests<"async">;
  readonly revision: number;
  close(): void | Promise<void>;
}

type Opener = (path: string, now: () => number) => Opened | Promise<Opened>;

const openSync: Opener = (path, now) =>
  openKvStore(openRaw(path, { families: KVSTORE_FAMILIES }), { now });
const openAsync: Opener = async (path, now) =>
  await openKvStoreAsync(await openLevel(path, { families: KVSTORE_FAMILIES }), { now });

/** A response, or the name of the error that was thrown instead. */
async function outcome(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof KvError || error instanceof Refusal) return { refused: error.reason };
    throw error;
  }
}

/** Asks either side for what an action says; both have methods of the same names. */
function ask(etcd: KvRequests<"sync"> | KvRequests<"async"> | KvModel, action: Action): unknown {
  switch (action.type) {
    case "put":
      return etcd.put(action.request);
    case "range":
      return etcd.range(action.request);
    case "deleteRange":
      return etcd.deleteRange(action.request);
    case "txn":
      return etcd.txn(action.request);
    case "compact":
      return etcd.compact(action.request);
    case "leaseGrant":
      return etcd.leaseGrant(action.request);
    case "leaseRevoke":
      return etcd.leaseRevoke(action.id);
    case "leaseKeepAlive":
      return etcd.leaseKeepAlive(action.id);
    case "leaseTimeToLive":
      return etcd.leaseTimeToLive(action.request);
    case "leaseLeases":
      return etcd.leaseLeases();
    default:
      return assert.fail(action.type);
  }
}

/** Fails where an answer is another one; what was asked is described only then, which is slow. */
function agree(answer: unknown, expected: unknown, where: () => string): void {
  if (!isDeepStrictEqual(answer, expected)) assert.deepEqual(answer, expected, where());
}

/** Actions that change the store: an asynchronous one may be asked for several at a time. */
const WRITES = new Set([
  "put",
  "deleteRange",
  "txn",
  "compact",
  "leaseGrant",
  "leaseRevoke",
]);

/** All that a watch has to report now. */
async function drain(watch: SyncWatch | AsyncWatch): Promise<unknown> {
  const events: m.WatchEvent[] = [];
  let response: m.WatchResponse | undefined;
  do {
    response = await poll(watch);
    events.push(...response?.events ?? []);
  } while (response !== undefined && !response.canceled);
  const { canceled = false, compactRevision = 0 } = response ?? {};
  return { events, canceled, compactRevision };
}

/** The asynchronous watch's next response, or nothing where it has none before long. */
async function poll(watch: SyncWatch | AsyncWatch): Promise<m.WatchResponse | undefined> {
  return "poll" in watch ? watch.poll() : await watch.next();
}

/**
 * Replays a history on a store and on the model.
 *
 * @param together How many writes the store is asked for before the first one's answer is awaited.
 */
async function replay(open: Opener, together: number, history: readonly Action[]): Promise<void> {
  const path = await Deno.makeTempDir();
  const model = new KvModel();
  const now = () => model.now;
  let store = await open(path, now);
  let watches: (SyncWatch | AsyncWatch)[] = [];
  let underWay: Promise<void>[] = [];
  try {
    for (const [i, relative] of history.entries()) {
      if (underWay.length >= together || !WRITES.has(relative.type)) {
        await Promise.all(underWay);
        underWay = [];
        agree(store.revision, model.revision, () => `before action ${i}`);
      }
      const action = atRevision(relative, model.revision, model.compactRevision);
      const where = () => `action ${i}: ${Deno.inspect(action, { depth: 9 })}`;
      switch (action.type) {
        case "restart":
          await store.close();
          store = await open(path, now);
          model.restart();
          watches = [];
          break;
        case "sleep":
          model.now += action.ms;
          agree(await store.etcd.expireLeases(), model.expireLeases(), where);
          break;
        case "watch":
          watches.push(store.etcd.watch(action.request));
          model.watch({
            ...action.request,
            key: action.request.key.length > 0 ? action.request.key : new Uint8Array(1),
          });
          break;
        case "poll":
          for (const [n, watch] of watches.entries()) {
            agree(await drain(watch), model.reported(n), () => `watch ${n}, ${where()}`);
          }
          break;
        case "hashKv":
          await outcome(() => store.etcd.hashKv(action.revision));
          break;
        default: {
          const answer = outcome(() => ask(store.etcd, action));
          const expected = await outcome(() => ask(model, action));
          const compared = answer.then((answer) => agree(answer, expected, where));
          if (together > 1) underWay.push(compared);
          else await compared;
        }
      }
      if (underWay.length === 0) agree(store.revision, model.revision, where);
    }
    await Promise.all(underWay);
  } finally {
    await Promise.allSettled(underWay);
    await store.close();
    await Deno.remove(path, { recursive: true });
  }
}

const WEIGHTS = {
  put: 120,
  range: 56,
  deleteRange: 32,
  txn: 64,
  compact: 12,
  leaseGrant: 16,
  leaseRevoke: 8,
  leaseKeepAlive: 8,
  leaseTimeToLive: 8,
  leaseLeases: 4,
  sleep: 8,
  // A restart costs as much as fifty other actions: the long run has 3,000 of them.
  restart: LONG ? 1 : 4,
};

async function check(
  open: Opener,
  weights: Parameters<typeof actions>[0],
  operations: number,
  together: fc.Arbitrary<number> = fc.constant(1),
) {
  const seed = Number(Deno.env.get("TIDEMARK_LONG_SEED") ?? (LONG ? Date.now() % 2 ** 31 : 20));
  let done = 0;
  const history = fc.array(actions(weights), { maxLength: HISTORY, size: "max" });
  // As many histories as it takes: their number follows from how long they are.
  for (let round = 0; done < operations; round++) {
    const property = fc.asyncProperty(history, together, async (history, together) => {
      done += history.length;
      await replay(open, together, history);
    });
    // A failure is shrunk, and printed with its seed.
    await fc.assert(property, { seed: seed + round, numRuns: 10, endOnFailure: false });
  }
}

Deno.test({
  name: `KvStoreSync answers ${OPERATIONS} operations of random histories as the model does`,
  ignore: !libraryIsThere(),
  fn: () => check(openSync, { ...WEIGHTS, watch: 12, poll: 24, hashKv: 4 }, OPERATIONS),
});

Deno.test(
  `KvStoreAsync answers ${OPERATIONS / 5} operations of random histories as the model does`,
  { ignore: !levelIsThere() },
  () => check(openAsync, WEIGHTS, OPERATIONS / 5, fc.constantFrom(1, 2, 5, 30)),
);
