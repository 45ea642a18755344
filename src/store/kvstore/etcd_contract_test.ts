/** What the contract says of etcd's requests, asked of both forms. */
import assert from "node:assert/strict";
import { levelIsThere, openLevel } from "../level/mod.ts";
import { libraryIsThere, openRaw } from "../raw/mod.ts";
import { Slice } from "../slice.ts";
import {
  type AsyncWatch,
  KvError,
  type KvErrorName,
  type KvRequests,
  KVSTORE_FAMILIES,
  type KvStoreAsync,
  type KvStoreSync,
  openKvStore,
  openKvStoreAsync,
  type RequestOp,
  type SyncWatch,
  type WatchResponse,
} from "./mod.ts";

type Etcd = KvRequests<"sync"> | KvRequests<"async">;
type Watch = SyncWatch | AsyncWatch;

/** The clock of the leases, ms. */
interface Clock {
  now: number;
}

interface Opened {
  readonly etcd: Etcd;
  readonly store: KvStoreSync | KvStoreAsync;
  readonly clock: Clock;
}

interface Form {
  readonly name: string;
  readonly ignore: boolean;
  open(path: string, clock: Clock): Promise<KvStoreSync | KvStoreAsync>;
}

const options = { families: KVSTORE_FAMILIES };
const FORMS: Form[] = [
  {
    name: "KvStoreSync over raw",
    ignore: !libraryIsThere(),
    open: (path, clock) =>
      Promise.resolve(openKvStore(openRaw(path, options), { now: () => clock.now })),
  },
  {
    name: "KvStoreAsync over level",
    ignore: !levelIsThere(),
    open: async (path, clock) =>
      await openKvStoreAsync(await openLevel(path, options), { now: () => clock.now }),
  },
];

/** Asks both forms. */
function test(name: string, body: (opened: Opened) => Promise<void>): void {
  for (const form of FORMS) {
    Deno.test({
      name: `${form.name}: ${name}`,
      ignore: form.ignore,
      async fn() {
        const path = await Deno.makeTempDir({ prefix: "tidemark-etcd-" });
        const clock = { now: 1_000_000 };
        const store = await form.open(`${path}/database`, clock);
        try {
          await body({ etcd: store.etcd, store, clock });
        } finally {
          await store.close();
          await Deno.remove(path, { recursive: true });
        }
      },
    });
  }
}

async function refused(reason: KvErrorName, call: () => unknown): Promise<void> {
  await assert.rejects(async () => await call(), (error) => {
    assert.ok(error instanceof KvError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (data: Uint8Array): string => new TextDecoder().decode(data);
const ALL = { key: new Uint8Array(1), rangeEnd: new Uint8Array(1) };

/** Puts keys, each at a revision of its own. */
async function puts(etcd: Etcd, ...keys: string[]): Promise<void> {
  for (const key of keys) await etcd.put({ key: bytes(key), value: bytes(`of ${key}`) });
}

async function keysOf(etcd: Etcd, request: Parameters<Etcd["range"]>[0]): Promise<string[]> {
  return (await etcd.range(request)).kvs.map(({ key }) => textOf(key));
}

/** The next response of a watch, of which there is one; `undefined` where it has ended. */
async function nextOf(watch: Watch): Promise<WatchResponse | undefined> {
  return "poll" in watch ? watch.poll() : await watch.next();
}

/** What a watch's next response has: kinds, keys and revisions. */
async function eventsOf(watch: Watch): Promise<string[]> {
  return (await nextOf(watch))!.events
    .map(({ type, kv }) => `${type} ${textOf(kv.key)} ${kv.modRevision}`);
}

test("a new store is at revision 1, and compacted nowhere", async ({ etcd }) => {
  assert.deepEqual(await etcd.range(ALL), {
    header: { revision: 1 },
    kvs: [],
    more: false,
    count: 0,
  });
  const { header, compactRevision } = await etcd.hashKv();
  assert.deepEqual([header.revision, compactRevision], [1, -1]);
});

test("range() takes an end for none, for all that follows, or for a bound", async ({ etcd }) => {
  await puts(etcd, "a", "b", "ba", "c");
  const ends: [end: Uint8Array | undefined, keys: string[]][] = [
    [undefined, ["b"]],
    [new Uint8Array(0), ["b"]],
    [new Uint8Array(1), ["b", "ba", "c"]],
    [bytes("c"), ["b", "ba"]],
    [bytes("b"), []],
    [bytes("a"), []],
    // Two zero bytes are a bound like another.
    [new Uint8Array(2), []],
  ];
  for (const [rangeEnd, keys] of ends) {
    const request = { key: bytes("b"), ...(rangeEnd && { rangeEnd }) };
    assert.deepEqual(await keysOf(etcd, request), keys, `${rangeEnd}`);
    assert.equal((await etcd.range({ ...request, countOnly: true })).count, keys.length);
  }
  assert.deepEqual(await keysOf(etcd, ALL), ["a", "b", "ba", "c"]);
  await refused("EmptyKey", () => etcd.range({ ...ALL, key: new Uint8Array(0) }));
});

test("range() reads the current revision, an older one, and no compacted or future one", async ({ etcd }) => {
  await puts(etcd, "k", "k", "k");
  await etcd.compact({ revision: 3 });
  const at = async (revision: number) => {
    const { header, kvs } = await etcd.range({ key: bytes("k"), revision });
    return [header.revision, kvs[0]?.version];
  };
  assert.deepEqual(await at(0), [4, 3]);
  assert.deepEqual(await at(-7), [4, 3]);
  assert.deepEqual(await at(4), [4, 3]);
  assert.deepEqual(await at(3), [4, 2]);
  await refused("Compacted", () => at(2));
  await refused("FutureRev", () => at(5));
  await refused("FutureRev", () => etcd.range({ ...ALL, revision: 5, countOnly: true }));
});

test("range() counts all keys, whatever the limit and the filters leave", async ({ etcd }) => {
  await puts(etcd, "a", "b", "c");
  for (const limit of [0, -1, 3, 4]) {
    const { kvs, more, count } = await etcd.range({ ...ALL, limit });
    assert.deepEqual([kvs.length, more, count], [3, false, 3], `${limit}`);
  }
  const cut = await etcd.range({ ...ALL, limit: 2 });
  assert.deepEqual([cut.kvs.length, cut.more, cut.count], [2, true, 3]);
  const counted = await etcd.range({ ...ALL, limit: 1, minModRevision: 3, countOnly: true });
  assert.deepEqual([counted.kvs.length, counted.more, counted.count], [0, false, 3]);
  // Filters come first, and hold their bounds.
  const filtered = await etcd.range({ ...ALL, minModRevision: 3, maxModRevision: 4, limit: 2 });
  assert.deepEqual([filtered.kvs.length, filtered.more, filtered.count], [2, false, 3]);
  assert.deepEqual(await keysOf(etcd, { ...ALL, maxCreateRevision: 2 }), ["a"]);
});

test("range() orders by what is asked for, and gives keys alone", async ({ etcd }) => {
  for (const [key, value] of [["a", "2"], ["b", "3"], ["c", "1"], ["d", "0"]] as const) {
    await etcd.put({ key: bytes(key), value: bytes(value) });
  }
  const by = { ...ALL, sortTarget: "VALUE" } as const;
  assert.deepEqual(await keysOf(etcd, { ...by, sortOrder: "ASCEND" }), ["d", "c", "a", "b"]);
  assert.deepEqual(await keysOf(etcd, { ...by, sortOrder: "DESCEND", limit: 1 }), ["b"]);
  // Without an order it is sorted after it was cut, to one key more than the limit.
  assert.deepEqual(await keysOf(etcd, { ...by, limit: 2 }), ["c", "a"]);
  const versions = { ...ALL, sortTarget: "VERSION", sortOrder: "DESCEND" } as const;
  assert.deepEqual(await keysOf(etcd, versions), ["a", "b", "c", "d"]);
  const { kvs } = await etcd.range({ ...by, sortOrder: "ASCEND", keysOnly: true });
  assert.deepEqual(kvs.map(({ key, value }) => [textOf(key), value.length]), [
    ["d", 0],
    ["c", 0],
    ["a", 0],
    ["b", 0],
  ]);
});

test("hashKv() is of the current revision, an older one, and no compacted or future one", async ({ etcd }) => {
  await puts(etcd, "a", "b", "a");
  const older = (await etcd.hashKv(3)).hash;
  const current = await etcd.hashKv(4);
  assert.deepEqual(await etcd.hashKv(), current);
  assert.deepEqual(await etcd.hashKv(-1), current);
  assert.notEqual(current.hash, older);
  await etcd.compact({ revision: 3 });
  assert.deepEqual([(await etcd.hashKv(3)).compactRevision], [3]);
  await refused("Compacted", () => etcd.hashKv(2));
  await refused("FutureRev", () => etcd.hashKv(5));
});

test("put() makes a revision even of what was there, and answers with it only where asked", async ({ etcd }) => {
  const key = bytes("k");
  assert.deepEqual(await etcd.put({ key, value: bytes("v"), prevKv: true }), {
    header: { revision: 2 },
  });
  const again = await etcd.put({ key, value: bytes("v"), prevKv: true });
  assert.deepEqual([again.header.revision, again.prevKv?.version], [3, 1]);
  assert.equal((await etcd.put({ key })).prevKv, undefined);
  assert.equal((await etcd.range({ key })).kvs[0]!.value.length, 0);
});

test("put() keeps value or lease where told to, and detaches the key elsewhere", async ({ etcd, clock }) => {
  const key = bytes("k");
  await etcd.leaseGrant({ id: 7n, ttl: 10 });
  await refused("KeyNotFound", () => etcd.put({ key, ignoreLease: true }));
  await etcd.put({ key, value: bytes("1"), lease: 7n });
  await etcd.put({ key, value: bytes("2"), ignoreLease: true });
  await etcd.put({ key, lease: 7n, ignoreValue: true });
  const [kv] = (await etcd.range({ key })).kvs;
  assert.deepEqual([textOf(kv!.value), kv!.lease], ["2", 7n]);
  await refused("ValueProvided", () => etcd.put({ key, value: key, ignoreValue: true }));
  await refused("LeaseProvided", () => etcd.put({ key, lease: 7n, ignoreLease: true }));
  await refused("LeaseNotFound", () => etcd.put({ key, lease: 8n }));
  await etcd.put({ key });
  assert.deepEqual(etcd.leaseTimeToLive({ id: 7n, keys: true }).keys, []);
  // Over, and not revoked yet.
  clock.now += 11_000;
  await etcd.put({ key, lease: 7n });
  assert.deepEqual(etcd.leaseTimeToLive({ id: 7n, keys: true }).keys, [key]);
});

test("deleteRange() makes no revision where nothing is removed", async ({ etcd }) => {
  await puts(etcd, "a", "b");
  await etcd.leaseGrant({ id: 7n, ttl: 10 });
  await etcd.put({ key: bytes("c"), lease: 7n });
  const none = await etcd.deleteRange({ key: bytes("b"), rangeEnd: bytes("b"), prevKv: true });
  assert.deepEqual(none, { header: { revision: 4 }, deleted: 0, prevKvs: [] });
  const all = await etcd.deleteRange({ ...ALL, prevKv: true });
  assert.deepEqual([all.header.revision, all.deleted], [5, 3]);
  assert.deepEqual(all.prevKvs.map(({ key }) => textOf(key)), ["a", "b", "c"]);
  assert.deepEqual(etcd.leaseTimeToLive({ id: 7n, keys: true }).keys, []);
  await puts(etcd, "a");
  assert.equal((await etcd.range({ key: bytes("a") })).kvs[0]!.version, 1);
});

test("compact() goes up to the current revision, never back, and makes none", async ({ etcd }) => {
  await puts(etcd, "a", "a", "b");
  await refused("Compacted", () => etcd.compact({ revision: -1 }));
  await refused("FutureRev", () => etcd.compact({ revision: 5 }));
  await etcd.compact({ revision: 0 });
  await refused("Compacted", () => etcd.compact({ revision: 0 }));
  assert.equal((await etcd.range({ ...ALL, revision: 2 })).count, 1);
  await etcd.deleteRange({ key: bytes("b") });
  assert.deepEqual(await etcd.compact({ revision: 5 }), { header: { revision: 5 } });
  await refused("Compacted", () => etcd.compact({ revision: 5 }));
  assert.deepEqual(await keysOf(etcd, { ...ALL, revision: 5 }), ["a"]);
});

test("txn() takes a key that is not there for zeros, and its value for nothing", async ({ etcd }) => {
  const key = bytes("k");
  const holds = async (compare: Parameters<Etcd["txn"]>[0]["compare"]) =>
    (await etcd.txn({ ...(compare && { compare }) })).succeeded;
  assert.equal(await holds(undefined), true);
  assert.equal(await holds([{ key, target: "VERSION" }]), true);
  assert.equal(await holds([{ key, target: "MOD", result: "GREATER" }]), false);
  assert.equal(await holds([{ ...ALL, target: "LEASE", result: "EQUAL" }]), true);
  for (const result of ["EQUAL", "NOT_EQUAL", "LESS", "GREATER"] as const) {
    assert.equal(await holds([{ key, target: "VALUE", result }]), false, result);
  }
  await puts(etcd, "a", "b", "b");
  // On a range: of every key.
  assert.equal(await holds([{ ...ALL, target: "VERSION", result: "GREATER" }]), true);
  assert.equal(await holds([{ ...ALL, target: "VERSION", version: 1 }]), false);
});

test("txn() sees the store as it was in conditions, and its own changes in ranges", async ({ etcd }) => {
  await puts(etcd, "a");
  const count = (key: string) => ({ requestRange: { key: bytes(key), countOnly: true } });
  const answer = await etcd.txn({
    success: [
      count("b"),
      { requestPut: { key: bytes("b") } },
      count("b"),
      {
        requestTxn: {
          compare: [{ key: bytes("b"), target: "VERSION" }],
          success: [{ requestDeleteRange: { key: bytes("a") } }],
        },
      },
      count("a"),
    ],
  });
  assert.equal(answer.header.revision, 3);
  const counts = answer.responses
    .flatMap((one) => "responseRange" in one ? [one.responseRange.count] : []);
  assert.deepEqual(counts, [0, 1, 0]);
  const nested = answer.responses.find((one) => "responseTxn" in one)!.responseTxn;
  assert.deepEqual([nested.header.revision, nested.succeeded], [0, true]);
  const revisions = (await etcd.range({ ...ALL, revision: 3 })).kvs
    .map(({ modRevision }) => modRevision);
  assert.deepEqual(revisions, [3]);
});

test("txn() makes no revision where it changes nothing, and asks for none that is not there", async ({ etcd }) => {
  await puts(etcd, "a", "a");
  const range = (revision: number) => ({
    success: [{ requestPut: { key: bytes("b") } }, { requestRange: { ...ALL, revision } }],
  });
  await refused("FutureRev", () => etcd.txn(range(4)));
  await refused("Compacted", () => etcd.txn(range(-2)));
  const { header } = await etcd.txn({ success: [{ requestDeleteRange: { key: bytes("b") } }] });
  assert.equal(header.revision, 3);
  await etcd.compact({ revision: 3 });
  await refused("Compacted", () => etcd.txn(range(-1)));
  await refused("Compacted", () => etcd.txn(range(2)));
  assert.equal((await etcd.txn(range(3))).header.revision, 4);
});

test("leaseGrant() chooses an id, and grants 2 s at least", async ({ etcd }) => {
  const chosen = await etcd.leaseGrant({ ttl: 100 });
  assert.ok(chosen.id > 0n);
  assert.equal(chosen.header.revision, 1);
  assert.ok((await etcd.leaseGrant({ ttl: 100, id: 0n })).id > 0n);
  for (const ttl of [-5, 0, 1, 2]) {
    const { id } = await etcd.leaseGrant({ ttl });
    assert.equal(etcd.leaseTimeToLive({ id }).grantedTtl, 2);
  }
  assert.equal((await etcd.leaseGrant({ id: -3n, ttl: 9_000_000_000 })).id, -3n);
  await refused("LeaseExists", () => etcd.leaseGrant({ id: chosen.id, ttl: 10 }));
  await refused("LeaseTTLTooLarge", () => etcd.leaseGrant({ ttl: 9_000_000_001 }));
});

test("leaseRevoke() removes its keys at one revision, and is none without keys", async ({ etcd }) => {
  await etcd.leaseGrant({ id: 7n, ttl: 10 });
  await etcd.leaseGrant({ id: 8n, ttl: 10 });
  for (const key of ["b", "a"]) await etcd.put({ key: bytes(key), lease: 7n });
  const watch = etcd.watch(ALL);
  assert.equal((await etcd.leaseRevoke(8n)).header.revision, 3);
  assert.equal((await etcd.leaseRevoke(7n)).header.revision, 4);
  assert.deepEqual(await eventsOf(watch), ["DELETE a 4", "DELETE b 4"]);
  await refused("LeaseNotFound", () => etcd.leaseRevoke(7n));
});

test("leases end when they are expired, and are told of until then", async ({ etcd, clock }) => {
  await etcd.leaseGrant({ id: 7n, ttl: 10 });
  await etcd.leaseGrant({ id: 8n, ttl: 5 });
  await etcd.leaseGrant({ id: 9n, ttl: 60 });
  await etcd.put({ key: bytes("k"), lease: 8n });
  clock.now += 4_001;
  assert.equal(etcd.leaseTimeToLive({ id: 8n }).ttl, 0);
  assert.equal(etcd.leaseKeepAlive(9n).ttl, 60);
  assert.deepEqual(await etcd.expireLeases(), []);
  clock.now += 8_000;
  assert.equal(etcd.leaseTimeToLive({ id: 8n }).ttl, -7);
  assert.equal(etcd.leaseKeepAlive(8n).ttl, 0);
  assert.deepEqual(etcd.leaseLeases().leases, [8n, 7n, 9n]);
  assert.equal((await etcd.range(ALL)).count, 1);
  assert.deepEqual(await etcd.expireLeases(), [8n, 7n]);
  assert.equal((await etcd.range(ALL)).count, 0);
  assert.deepEqual(etcd.leaseTimeToLive({ id: 8n, keys: true }), {
    header: { revision: 3 },
    id: 8n,
    ttl: -1,
    grantedTtl: 0,
    keys: [],
  });
  assert.equal(etcd.leaseKeepAlive(8n).ttl, 0);
});

test("watch() begins with what comes next, with a revision to come, or with what was", async ({ etcd, store }) => {
  await puts(etcd, "a", "b");
  const next = etcd.watch(ALL);
  const future = etcd.watch({ ...ALL, startRevision: 5 });
  const past = etcd.watch({ ...ALL, startRevision: 2 });
  await etcd.deleteRange({ key: bytes("a") });
  await store.put(Slice.fromText("c"), Slice.fromText("1"));
  assert.deepEqual(await eventsOf(next), ["DELETE a 4"]);
  assert.deepEqual(await eventsOf(next), ["PUT c 5"]);
  assert.deepEqual(await eventsOf(future), ["PUT c 5"]);
  // What was missed comes at once.
  assert.deepEqual(await eventsOf(past), ["PUT a 2", "PUT b 3", "DELETE a 4", "PUT c 5"]);
  for (const watch of [next, future, past]) watch.cancel();
});

test("watch() takes the empty key for the smallest, filters, and tells what was before", async ({ etcd }) => {
  const request = { key: new Uint8Array(0), rangeEnd: bytes("b") };
  const watch = etcd.watch({ ...request, filters: ["NODELETE"], prevKv: true });
  await puts(etcd, "b", "a");
  await etcd.deleteRange({ key: bytes("a") });
  await puts(etcd, "a", "a");
  const before: (number | undefined)[] = [];
  for (let i = 0; i < 3; i++) {
    before.push((await nextOf(watch))!.events[0]!.prevKv?.modRevision);
  }
  assert.deepEqual(before, [undefined, undefined, 5]);
  watch.cancel();
});

test("watch() is cancelled below the compacted revision, and has that one's last changes", async ({ etcd }) => {
  await puts(etcd, "a", "b", "a");
  await etcd.compact({ revision: 3 });
  const below = etcd.watch({ ...ALL, startRevision: 2 });
  assert.deepEqual(await nextOf(below), {
    header: { revision: 0 },
    watchId: below.id,
    events: [],
    canceled: true,
    compactRevision: 3,
  });
  assert.equal(await nextOf(below), undefined);
  const at = etcd.watch({ ...ALL, startRevision: 3, prevKv: true });
  const { events } = (await nextOf(at))!;
  // What "a" was at revision 3 is still there; what "b" was before it is not.
  assert.deepEqual(events.map(({ kv, prevKv }) => [kv.modRevision, prevKv?.modRevision]), [
    [3, undefined],
    [4, 2],
  ]);
  at.cancel();
});

test("watch() of a range that holds no key is cancelled, with etcd's reason", async ({ etcd }) => {
  const watch = etcd.watch({ key: bytes("b"), rangeEnd: bytes("a") });
  assert.deepEqual(await nextOf(watch), {
    header: { revision: 1 },
    watchId: -1n,
    events: [],
    canceled: true,
    compactRevision: 0,
    cancelReason: "mvcc: watcher range is empty",
  });
  assert.equal(await nextOf(watch), undefined);
});

test("watch() reports nothing once it was cancelled, though something waited", async ({ etcd }) => {
  const watch = etcd.watch(ALL);
  await puts(etcd, "a", "b");
  assert.deepEqual(await eventsOf(watch), ["PUT a 2"]);
  watch.cancel();
  watch.cancel();
  assert.equal(await nextOf(watch), undefined);
});

test("watch() has the id that is asked for, or one of its own, and no other's", async ({ etcd }) => {
  const first = etcd.watch(ALL);
  const chosen = etcd.watch({ ...ALL, watchId: 1n });
  const next = etcd.watch(ALL);
  const negative = etcd.watch({ ...ALL, watchId: -5n });
  assert.deepEqual([first.id, chosen.id, next.id, negative.id], [0n, 1n, 2n, -5n]);
  const twice = etcd.watch({ ...ALL, watchId: 1n });
  await puts(etcd, "a");
  const { watchId, canceled, cancelReason } = (await nextOf(twice))!;
  assert.deepEqual([twice.id, watchId, canceled], [-1n, -1n, true]);
  assert.equal(cancelReason, "mvcc: duplicate watch ID provided on the WatchStream");
  assert.equal(await nextOf(twice), undefined);
  assert.equal((await nextOf(chosen))!.watchId, 1n);
  chosen.cancel();
  assert.equal(etcd.watch({ ...ALL, watchId: 1n }).id, 1n);
  const never = etcd.watch({ ...ALL, startRevision: -1 });
  assert.equal(
    (await nextOf(never))!.cancelReason,
    "etcdserver: mvcc: required revision has been compacted",
  );
});

test("watch() gives what is large in parts, where it is asked to", async ({ etcd }) => {
  const value = new Uint8Array(900_000);
  for (const key of ["a", "b", "c", "d", "e"]) await etcd.put({ key: bytes(key), value });
  const parts = async (watch: Watch, count: number) => {
    const found: [keys: string, fragment: boolean, revision: number][] = [];
    for (let i = 0; i < count; i++) {
      const { events, fragment = false, header } = (await nextOf(watch))!;
      found.push([events.map(({ kv }) => textOf(kv.key)).join(""), fragment, header.revision]);
    }
    return found;
  };
  const inParts = etcd.watch({ ...ALL, startRevision: 2, fragment: true });
  assert.deepEqual(await parts(inParts, 3), [["ab", true, 6], ["cd", true, 6], ["e", false, 6]]);
  const whole = etcd.watch({ ...ALL, startRevision: 2 });
  assert.deepEqual(await parts(whole, 1), [["abcde", false, 6]]);
  const ended = etcd.watch({ ...ALL, startRevision: 2, fragment: true });
  await nextOf(ended);
  ended.cancel();
  assert.equal(await nextOf(ended), undefined);
  await puts(etcd, "f");
  assert.deepEqual(await parts(inParts, 1), [["f", false, 7]]);
});

test("notifyProgress() tells quiet watches that asked for it how far they are", async ({ etcd }) => {
  await puts(etcd, "a", "b");
  const request = { key: bytes("k"), progressNotify: true };
  const quiet = etcd.watch(request);
  const busy = etcd.watch(request);
  const future = etcd.watch({ ...request, startRevision: 9 });
  const silent = etcd.watch({ key: bytes("k") });
  etcd.notifyProgress();
  const progress = { header: { revision: 3 }, events: [], canceled: false, compactRevision: 0 };
  assert.deepEqual(await nextOf(quiet), { ...progress, watchId: quiet.id });
  await nextOf(busy);
  await puts(etcd, "k");
  // It has reported something since, and is left out once.
  assert.deepEqual(await eventsOf(busy), ["PUT k 4"]);
  etcd.notifyProgress();
  await puts(etcd, "x", "k");
  assert.deepEqual(await eventsOf(busy), ["PUT k 6"]);
  // The other one has not, and tells what was before first.
  assert.deepEqual(await eventsOf(quiet), ["PUT k 4"]);
  assert.deepEqual(await nextOf(quiet), {
    ...progress,
    header: { revision: 4 },
    watchId: quiet.id,
  });
  assert.deepEqual(await eventsOf(silent), ["PUT k 4"]);
  assert.deepEqual(await eventsOf(silent), ["PUT k 6"]);
  await puts(etcd, "a", "a", "k");
  assert.deepEqual(await eventsOf(future), ["PUT k 9"]);
});

test("what no message of etcd can carry is refused by its name, and changes nothing", async ({ etcd }) => {
  const key = bytes("k");
  const big = 2n ** 63n;
  const fraction = { requestRange: { key, revision: 2.5 } };
  const twice = { requestPut: { key }, requestRange: { key } } as RequestOp;
  const calls: (() => unknown)[] = [
    ...[2.5, NaN, Infinity, 2 ** 63, -(2 ** 63) - 2048].flatMap((number) => [
      () => etcd.leaseGrant({ ttl: number }),
      () => etcd.range({ key, revision: number }),
      () => etcd.range({ key, limit: number }),
      () => etcd.range({ key, minModRevision: number }),
      () => etcd.compact({ revision: number }),
      () => etcd.hashKv(number),
      () => etcd.watch({ key, startRevision: number }),
      () => etcd.txn({ compare: [{ key, target: "MOD", modRevision: number }] }),
    ]),
    ...[big, -big - 1n, 7 as unknown as bigint].flatMap((id) => [
      () => etcd.leaseGrant({ ttl: 10, id }),
      () => etcd.leaseRevoke(id),
      () => etcd.leaseKeepAlive(id),
      () => etcd.leaseTimeToLive({ id }),
      () => etcd.put({ key, lease: id }),
      () => etcd.watch({ key, watchId: id }),
      () => etcd.txn({ compare: [{ key, target: "LEASE", lease: id }] }),
      () =>
        etcd.txn({ failure: [{ requestTxn: { success: [{ requestPut: { key, lease: id } }] } }] }),
    ]),
    () => etcd.txn({ success: [fraction] }),
    () => etcd.txn({ success: [twice] }),
    () => etcd.txn({ compare: [{ key, target: "AGE" as "MOD" }] }),
    () => etcd.txn({ compare: [{ key, target: "MOD", result: "ABOUT" as "LESS" }] }),
    () => etcd.watch({ key, filters: ["NONE" as "NOPUT"] }),
    () => etcd.put({ key: "k" as unknown as Uint8Array }),
  ];
  for (const call of calls) await refused("InvalidArgument", call);
  await refused("EmptyKey", () => etcd.put({} as { key: Uint8Array }));
  for (const op of [{}, undefined, null, { requestPut: undefined }]) {
    const success = [{ requestPut: { key } }, op as unknown as RequestOp];
    await refused("KeyNotFound", () => etcd.txn({ success }));
    await refused("KeyNotFound", () => etcd.txn({ success: [{ requestTxn: { success } }] }));
  }
  assert.equal((await etcd.range(ALL)).header.revision, 1);
  assert.deepEqual(etcd.leaseLeases().leases, []);
  // The ends of what there is are taken.
  await refused("LeaseTTLTooLarge", () => etcd.leaseGrant({ ttl: 2 ** 62 }));
  for (const id of [big - 1n, -big]) {
    assert.equal((await etcd.leaseGrant({ ttl: -(2 ** 63), id })).id, id);
  }
});

test("txn() looks at what a put keeps before its lease, and a put by itself the other way", async ({ etcd }) => {
  const request = { key: bytes("k"), lease: 9n, ignoreValue: true };
  await refused("LeaseNotFound", () => etcd.put(request));
  await refused("KeyNotFound", () => etcd.txn({ success: [{ requestPut: request }] }));
});

test("nothing is answered once the store is closed", async ({ etcd, store }) => {
  await store.close();
  const key = bytes("k");
  const calls: (() => unknown)[] = [
    () => etcd.put({ key }),
    () => etcd.range({ key }),
    () => etcd.deleteRange({ key }),
    () => etcd.txn({}),
    () => etcd.compact({ revision: 1 }),
    () => etcd.leaseGrant({ ttl: 1 }),
    () => etcd.leaseRevoke(1n),
    () => etcd.leaseKeepAlive(1n),
    () => etcd.leaseTimeToLive({ id: 1n }),
    () => etcd.leaseLeases(),
    () => etcd.expireLeases(),
    () => etcd.watch({ key }),
    () => etcd.notifyProgress(),
    () => etcd.hashKv(),
  ];
  for (const call of calls) {
    await assert.rejects(async () => await call(), {
      name: "StoreError",
      message: "Cannot serve a request in a KvStore that is closed",
    });
  }
});
