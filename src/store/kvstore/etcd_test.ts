/**
 * The same history asked of a KvStore and of a real etcd: every response has to be the same, field
 * by field, and so has the hash of the keys, that is, every byte on disk. The etcd is the one on PATH;
 * Debian's etcd-server is 3.4.23, and the KvStore does as 3.6 does where the two differ:
 *
 * - 3.4 looks at all puts of a transaction before it looks at its ranges, so of two reasons to
 *   refuse it may name another one; 3.6 goes by the order of the operations.
 * - Before 3.4.34 and 3.5.16 a compaction deletes a tombstone that is exactly at its revision. A
 *   watch from that revision on does not report it then, and a hash of that revision is refused.
 * - A keys-only range answers the lease in 3.4 to 3.6 and in the KvStore, and leaves it out in the
 *   development version after 3.7.
 * - Where a compaction hits the revision of a transaction that has deleted and put a key (possible
 *   only through a gap in etcd's check for duplicate keys), versions that keep tombstones lose the
 *   put; the KvStore keeps it.
 * - Where a put of a transaction is to keep the value of a key that the transaction has deleted,
 *   etcd panics; the KvStore refuses with KeyNotFound, and changes nothing.
 *
 * Times to live that are left depend on the clock and are not compared; leases do not expire here.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { libraryIsThere, openRaw } from "../raw/mod.ts";
import { EtcdProcess, etcdVersion } from "./_testing/etcd_process.ts";
import { type Action, actions, atRevision } from "./_testing/kv_histories.ts";
import { KvModel, Refusal } from "./_testing/kv_model.ts";
import type * as m from "./messages.ts";
import {
  KvError,
  type KvErrorName,
  KVSTORE_FAMILIES,
  type KvStoreSync,
  openKvStore,
} from "./mod.ts";

const LONG = Deno.env.get("TIDEMARK_LONG") === "1";
const TIMEOUT_SECONDS = LONG ? 4 * 3600 : 300;
const ACTIONS = LONG ? Number(Deno.env.get("TIDEMARK_LONG_ACTIONS") ?? 100_000) : 2_000;

const version = await etcdVersion();
const ignore = version === undefined || !libraryIsThere();
if (ignore) {
  const missing = version === undefined ? "etcd (Debian: etcd-server)" : "librocksdb";
  console.log(`Comparison with a real etcd: skipped, ${missing} is not installed`);
}

function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof KvError) return { refused: error.reason };
    throw error;
  }
}

/** Whether the etcd is one that names the reason that the KvStore names. */
const NAMES_AS_WE_DO = version !== undefined && !/^3\.[45]\./.test(version);

/** Whether a transaction has both reasons of which 3.4 and 3.6 name different ones. */
function isAmbiguous(action: Action, answer: unknown): boolean {
  if (NAMES_AS_WE_DO) return false;
  const reasons = ["LeaseNotFound", "KeyNotFound", "FutureRev", "Compacted"];
  const { refused } = answer as { refused?: string };
  return action.type === "txn" && refused !== undefined && reasons.includes(refused);
}

/** Times that are left are made 0; a lease that is not there keeps its −1. */
function withoutTime(answer: unknown): unknown {
  const { ttl, grantedTtl } = answer as Partial<m.LeaseTimeToLiveResponse>;
  return ttl !== undefined && grantedTtl ? { ...answer as object, ttl: 0 } : answer;
}

/** A lease that does not expire while the test runs. */
function longLived(action: Action): Action {
  if (action.type !== "leaseGrant") return action;
  return { ...action, request: { ...action.request, ttl: action.request.ttl + 1000 } };
}

/** Asks the store, etcd and the model, but for what would make etcd panic. */
async function compareAnswers(
  store: KvStoreSync,
  etcd: EtcdProcess,
  model: KvModel,
  action: Action,
  where: string,
): Promise<void> {
  const ask = <T>(method: string, argument: T) => {
    // deno-lint-ignore no-explicit-any -- all three have a method of the action's name
    const call = (one: any) => one[method](argument);
    try {
      call(model);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A real etcd would panic.
      if (error.midway) return undefined;
    }
    return { store: outcome(() => call(store.etcd)), etcd: call(etcd) as Promise<unknown> };
  };
  const answers = "request" in action
    ? ask(action.type, action.request)
    : "id" in action
    ? ask(action.type, action.id)
    : undefined;
  if (answers === undefined) return;
  const real = await answers.etcd;
  if (isAmbiguous(action, answers.store) && isAmbiguous(action, real)) return;
  assert.deepEqual(withoutTime(answers.store), withoutTime(real), where);
}

/**
 * Fails where a promise takes longer than so many seconds. They are counted one by one, so that a
 * process that was stopped for a while, or waits for a processor, is not late at once.
 */
async function within<T>(seconds: number, promise: Promise<T>, where: string): Promise<T> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const late = new Promise<never>((_, reject) => {
    let passed = 0;
    timer = setInterval(() => {
      if (++passed >= seconds) reject(new Error(`No answer in ${seconds} s: ${where}`));
    }, 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearInterval(timer);
  }
}

async function compareWatch(
  store: KvStoreSync,
  etcd: EtcdProcess,
  request: m.WatchCreateRequest,
  compactRevision: number,
  where: string,
): Promise<void> {
  const start = request.startRevision ?? 0;
  // Only what is there already is compared; and see the note on tombstones above.
  if (start === 0 || start > store.revision || start === compactRevision) return;
  const watch = store.etcd.watch(request);
  const events: m.WatchEvent[] = [];
  let end: Pick<m.WatchResponse, "compactRevision" | "cancelReason"> | undefined;
  for (let response = watch.poll(); response !== undefined; response = watch.poll()) {
    const { canceled, compactRevision, cancelReason } = response;
    events.push(...response.events);
    if (canceled) end = { compactRevision, ...(cancelReason && { cancelReason }) };
  }
  watch.cancel();
  if (events.length === 0 && end === undefined) return;
  const last = events.at(-1)?.kv.modRevision ?? 0;
  const real = await within(60, etcd.watch(request, last), where);
  assert.deepEqual({ events, end }, real, where);
}

const KEY = new TextEncoder().encode("k");
const future: m.RequestOp = { requestRange: { key: KEY, revision: 99 } };
const kept: m.RequestOp = { requestPut: { key: KEY, ignoreValue: true } };
const OTHER = new TextEncoder().encode("other");
const leased: m.RequestOp = { requestPut: { key: OTHER, lease: 9n } };
const keptAndLeased: m.RequestOp = { requestPut: { key: KEY, lease: 9n, ignoreValue: true } };
const nameless: m.RequestOp = { requestPut: { key: new Uint8Array(0) } };
const large: m.RequestOp = { requestPut: { key: KEY, value: new Uint8Array(1_600_000) } };
const nothing = {} as m.RequestOp;

/** Transactions with two reasons to be refused: the one of 3.6, and that of 3.4 where it is another. */
const TWO_REASONS: [KvErrorName, m.TxnRequest, KvErrorName?][] = [
  ["FutureRev", { success: [future, kept] }, "KeyNotFound"],
  ["FutureRev", { success: [future, leased] }, "LeaseNotFound"],
  ["KeyNotFound", { success: [kept, future] }],
  ["LeaseNotFound", { success: [leased, future] }],
  ["KeyNotFound", { success: [keptAndLeased] }],
  ["KeyNotFound", { success: [{ requestTxn: { success: [kept] } }, leased] }],
  ["LeaseNotFound", { success: [leased, { requestTxn: { success: [kept] } }] }],
  ["KeyNotFound", { success: [nothing] }],
  ["KeyNotFound", { success: [nothing, nameless] }],
  ["EmptyKey", { success: [nameless, nothing] }],
  ["EmptyKey", { success: [nameless], failure: [nothing] }],
  ["EmptyKey", { compare: [{ key: new Uint8Array(0), target: "MOD" }], success: [nothing] }],
  ["KeyNotFound", { failure: [{ requestTxn: { success: [nothing] } }] }],
  // Its form before its keys.
  ["KeyNotFound", { success: [leased, leased, nothing] }],
  ["DuplicateKey", { success: [leased, leased, future] }],
  ["DuplicateKey", { success: [large, kept] }],
  ["RequestTooLarge", { success: [large, leased] }],
  ["TooManyOps", { success: Array(129).fill(nothing) }],
  ["InvalidArgument", { success: [nameless, { requestRange: { key: KEY, revision: 2.5 } }] }],
  [
    "InvalidArgument",
    { success: [nameless, { requestPut: { key: KEY, lease: 2n ** 63n } }] },
  ],
];

const WEIGHTS = {
  put: 30,
  range: 20,
  deleteRange: 8,
  txn: 24,
  compact: 3,
  leaseGrant: 3,
  leaseRevoke: 2,
  leaseKeepAlive: 1,
  leaseTimeToLive: 2,
  watch: 3,
  hashKv: 3,
  restart: 1,
};

Deno.test({
  name: `KvStoreSync answers ${ACTIONS} actions of a random history as etcd ${version} does`,
  ignore,
  timeout: TIMEOUT_SECONDS * 1000,
  fn: async () => {
    const seed = Number(Deno.env.get("TIDEMARK_LONG_SEED") ?? (LONG ? Date.now() % 2 ** 31 : 34));
    const path = await Deno.makeTempDir();
    const open = () => openKvStore(openRaw(path, { families: KVSTORE_FAMILIES }));
    const etcd = await EtcdProcess.start(TIMEOUT_SECONDS);
    const model = new KvModel();
    let store = open();
    try {
      const history = fc.sample(actions(WEIGHTS), { seed, numRuns: ACTIONS });
      for (const [i, relative] of history.entries()) {
        const { revision, compactRevision } = model;
        const action = longLived(atRevision(relative, revision, compactRevision));
        const where = `seed ${seed}, action ${i}: ${Deno.inspect(action, { depth: 9 })}`;
        if (action.type === "restart") {
          store.close();
          store = open();
        } else if (action.type === "watch") {
          await compareWatch(store, etcd, action.request, compactRevision, where);
        } else if (action.type === "hashKv") {
          // 3.4 refuses a hash at the compacted revision itself.
          if (action.revision > compactRevision && action.revision <= revision) {
            const hash = outcome(() => store.etcd.hashKv(action.revision));
            assert.deepEqual(hash, await etcd.hashKv(action.revision), where);
          }
        } else {
          await compareAnswers(store, etcd, model, action, where);
        }
        assert.equal(store.revision, model.revision, where);
      }
      assert.deepEqual(store.etcd.hashKv(), await etcd.hashKv(0));
    } finally {
      store.close();
      await etcd.stop();
      await Deno.remove(path, { recursive: true });
    }
  },
});

Deno.test({
  name: `KvStoreSync refuses what has several reasons, or no form, as etcd ${version} does`,
  ignore,
  timeout: TIMEOUT_SECONDS * 1000,
  fn: async () => {
    const path = await Deno.makeTempDir();
    const store = openKvStore(openRaw(path, { families: KVSTORE_FAMILIES }));
    const etcd = await EtcdProcess.start(TIMEOUT_SECONDS);
    try {
      for (const [reason, request, in34 = reason] of TWO_REASONS) {
        const where = Deno.inspect(request, { depth: 9 });
        assert.deepEqual(outcome(() => store.etcd.txn(request)), { refused: reason }, where);
        const theirs = NAMES_AS_WE_DO ? reason : in34;
        assert.deepEqual(await etcd.txn(request), { refused: theirs }, where);
      }
      for (const request of [{ ttl: 2.5 }, { ttl: 10, id: 2n ** 63n }]) {
        const refused = { refused: "InvalidArgument" };
        assert.deepEqual(outcome(() => store.etcd.leaseGrant(request)), refused);
        assert.deepEqual(await etcd.leaseGrant(request), refused);
      }
    } finally {
      store.close();
      await etcd.stop();
      await Deno.remove(path, { recursive: true });
    }
  },
});

Deno.test({
  name: `KvStoreSync reports in parts, and takes ids for watches, as etcd ${version} does`,
  ignore,
  timeout: TIMEOUT_SECONDS * 1000,
  fn: async () => {
    const path = await Deno.makeTempDir();
    const store = openKvStore(openRaw(path, { families: KVSTORE_FAMILIES }));
    const etcd = await EtcdProcess.start(TIMEOUT_SECONDS);
    const key = new TextEncoder().encode("k");
    // Two parts of many, one of one that is nearly as large as a request may be, and a small rest.
    const sizes = [700_000, 700_000, 700_000, 10, 1_572_000, 1_572_000, 20, 700_000];
    try {
      for (const size of sizes) {
        const put = { key, value: new Uint8Array(size) };
        store.etcd.put(put);
        await etcd.put(put);
      }
      for (
        const request of [
          { key, startRevision: 1, fragment: true, watchId: -7n },
          { key, startRevision: 1 },
        ]
      ) {
        const watch = store.etcd.watch(request);
        const ours = [];
        for (let one = watch.poll(); one !== undefined; one = watch.poll()) {
          const { watchId, events, fragment = false } = one;
          ours.push({ watchId, sizes: events.map(({ kv }) => kv.value.length), fragment });
        }
        assert.equal(watch.id, request.watchId ?? 0n);
        assert.equal(ours.length > 1, request.fragment ?? false);
        assert.deepEqual(ours, await etcd.watchResponses(request, ours.length));
        watch.cancel();
      }
    } finally {
      store.close();
      await etcd.stop();
      await Deno.remove(path, { recursive: true });
    }
  },
});
