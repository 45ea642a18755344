/** What random histories seldom or never meet: limits, refusals, failures, slow watches. */
import assert from "node:assert/strict";
import type { Batch, SyncStore } from "../contract.ts";
import { levelIsThere, openLevel } from "../level/mod.ts";
import { libraryIsThere, openRaw, type RawStore } from "../raw/mod.ts";
import { Slice } from "../slice.ts";
import type * as m from "./messages.ts";
import {
  KvError,
  type KvErrorName,
  KVSTORE_FAMILIES,
  type KvStoreSync,
  openKvStore,
  openKvStoreAsync,
} from "./mod.ts";
import { WATCH_BUFFER } from "./watch_hub.ts";

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const FROM_KEY = new Uint8Array(1);

interface Opened {
  readonly engine: RawStore;
  readonly store: KvStoreSync;
  /** Closes the store, and opens it again. */
  reopen(): KvStoreSync;
  /** The clock of the leases, ms. */
  clock: { now: number };
}

function test(name: string, body: (opened: Opened) => void): void {
  Deno.test({
    name,
    ignore: !libraryIsThere(),
    fn: () => {
      const path = Deno.makeTempDirSync();
      const clock = { now: 1_000_000 };
      const openEngine = () => openRaw(path, { families: KVSTORE_FAMILIES });
      const options = { now: () => clock.now };
      const engine = openEngine();
      let store = openKvStore(engine, options);
      const reopen = () => {
        store.close();
        return store = openKvStore(openEngine(), options);
      };
      try {
        body({ engine, store, reopen, clock });
      } finally {
        store.close();
        Deno.removeSync(path, { recursive: true });
      }
    },
  });
}

function assertRefused(reason: KvErrorName, call: () => unknown): void {
  assert.throws(call, (error) => {
    assert.ok(error instanceof KvError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

/** A put as an operation of a transaction. */
const putOp = (key: string): m.RequestOp => ({ requestPut: { key: text(key) } });
const deleteOp = (key: string, end = ""): m.RequestOp => ({
  requestDeleteRange: { key: text(key), rangeEnd: text(end) },
});
const txnOp = (success: m.RequestOp[], failure: m.RequestOp[] = []): m.RequestOp => ({
  requestTxn: { success, failure },
});

test("KvError carries etcd's name, gRPC status, code and text", ({ store }) => {
  assert.throws(() => store.etcd.range({ key: text("a"), revision: 9 }), {
    name: "KvError",
    reason: "FutureRev",
    status: "OUT_OF_RANGE",
    code: 11,
    etcdText: "etcdserver: mvcc: required revision is a future revision",
    message: "Cannot range at revision 9: the store's revision is 1",
  });
});

test("requests are refused by their form, and change nothing", ({ store: { etcd } }) => {
  const key = text("k");
  const none = new Uint8Array(0);
  assertRefused("EmptyKey", () => etcd.put({ key: none }));
  assertRefused("EmptyKey", () => etcd.range({ key: none }));
  assertRefused("EmptyKey", () => etcd.deleteRange({ key: none }));
  assertRefused("EmptyKey", () => etcd.txn({ compare: [{ key: none, target: "VERSION" }] }));
  assertRefused("EmptyKey", () => etcd.txn({ failure: [txnOp([putOp("")])] }));
  assertRefused("ValueProvided", () => etcd.put({ key, value: key, ignoreValue: true }));
  assertRefused("LeaseProvided", () => etcd.put({ key, lease: 1n, ignoreLease: true }));
  assertRefused("KeyNotFound", () => etcd.put({ key, ignoreValue: true }));
  assertRefused("LeaseNotFound", () => etcd.put({ key, lease: 9n }));
  assertRefused(
    "InvalidSortOption",
    () => etcd.range({ key, sortTarget: "AGE" as unknown as m.SortTarget }),
  );
  assertRefused("RequestTooLarge", () => etcd.put({ key, value: new Uint8Array(1.5 * 2 ** 20) }));
  const half = new Uint8Array(2 ** 20);
  assertRefused("RequestTooLarge", () =>
    etcd.txn({
      success: [{ requestPut: { key, value: half } }],
      failure: [{ requestPut: { key, value: half } }],
    }));
  assertRefused("LeaseTTLTooLarge", () => etcd.leaseGrant({ ttl: 9_000_000_001 }));
  assertRefused("LeaseNotFound", () => etcd.leaseRevoke(5n));
  assertRefused("FutureRev", () => etcd.compact({ revision: 2 }));
  assert.equal(etcd.range({ key: FROM_KEY, rangeEnd: FROM_KEY }).header.revision, 1);
  etcd.put({ key, value: new Uint8Array(1.5 * 2 ** 20 - 100) });
});

test("txn() takes 128 operations, and nested ones what is left of them", ({ store: { etcd } }) => {
  const puts = (count: number, prefix = "") =>
    Array.from({ length: count }, (_, i) => putOp(`${prefix}${i}`));
  assert.equal(etcd.txn({ success: puts(128) }).responses.length, 128);
  assertRefused("TooManyOps", () => etcd.txn({ success: puts(129) }));
  const compares = Array.from({ length: 129 }, (): m.Compare => ({
    key: text("k"),
    target: "MOD",
  }));
  assertRefused("TooManyOps", () => etcd.txn({ compare: compares }));
  etcd.txn({ success: [...puts(99), txnOp(puts(28, "n"))] });
  assertRefused("TooManyOps", () => etcd.txn({ success: [...puts(99), txnOp(puts(29, "n"))] }));
});

test("txn() refuses keys that are written twice, as etcd's check does", ({ store: { etcd } }) => {
  const refused: m.TxnRequest[] = [
    { success: [putOp("a"), putOp("a")] },
    { failure: [putOp("a"), deleteOp("a")] },
    { success: [deleteOp("a", "c"), putOp("b")] },
    { success: [putOp("b"), txnOp([putOp("b")])] },
    { success: [txnOp([putOp("b")]), txnOp([], [putOp("b")])] },
    { success: [txnOp([deleteOp("a", "c")]), putOp("b")] },
    { success: [deleteOp("b"), txnOp([txnOp([putOp("b")])])] },
  ];
  for (const request of refused) assertRefused("DuplicateKey", () => etcd.txn(request));
  const allowed: m.TxnRequest[] = [
    { success: [putOp("a")], failure: [putOp("a")] },
    { success: [txnOp([putOp("b")], [putOp("b")])] },
    { success: [deleteOp("a", "b"), putOp("b")] },
    { success: [deleteOp("a"), deleteOp("a")] },
    // The end "\0" covers nothing to the check, though the delete covers all.
    { success: [deleteOp("a", "\0"), putOp("b")] },
    { success: [txnOp([putOp("c")]), txnOp([deleteOp("c")])] },
  ];
  for (const request of allowed) etcd.txn(request);
});

test("txn() that is refused half-way has changed nothing", ({ store, reopen }) => {
  store.etcd.put({ key: text("b"), value: text("1") });
  const before = store.etcd.hashKv();
  assertRefused("KeyNotFound", () =>
    store.etcd.txn({
      success: [
        putOp("a"),
        deleteOp("a", "\0"),
        { requestPut: { key: text("b"), ignoreValue: true } },
      ],
    }));
  assert.deepEqual(store.etcd.hashKv(), before);
  const { kvs, count } = store.etcd.range({ key: FROM_KEY, rangeEnd: FROM_KEY });
  assert.deepEqual([kvs[0]!.value, count], [text("1"), 1]);
  assert.equal(store.etcd.put({ key: text("a") }).header.revision, 3);
  assert.equal(reopen().revision, 3);
});

/** An engine whose writes fail while it is told so. */
class FailingEngine implements SyncStore {
  readonly api = "sync";
  readonly #engine: SyncStore;
  failing = false;

  constructor(engine: SyncStore) {
    this.#engine = engine;
  }

  #fail(): void {
    if (this.failing) throw new Error("The disk is full");
  }

  put(...args: Parameters<SyncStore["put"]>): void {
    this.#fail();
    this.#engine.put(...args);
  }
  write(batch: Batch): void {
    this.#fail();
    this.#engine.write(batch);
  }
  delete = (...args: Parameters<SyncStore["delete"]>) => this.#engine.delete(...args);
  get = (...args: Parameters<SyncStore["get"]>) => this.#engine.get(...args);
  describe = () => this.#engine.describe();
  batch = () => this.#engine.batch();
  cursor = (...args: Parameters<SyncStore["cursor"]>) => this.#engine.cursor(...args);
  flush = () => this.#engine.flush();
  compact = () => this.#engine.compact();
  property = (name: string) => this.#engine.property(name);
  close = () => this.#engine.close();
}

Deno.test({
  name: "a write that the engine fails has changed nothing, and the next one succeeds",
  ignore: !libraryIsThere(),
  fn: () => {
    const path = Deno.makeTempDirSync();
    const engine = new FailingEngine(openRaw(path, { families: KVSTORE_FAMILIES }));
    const store = openKvStore(engine);
    const { etcd } = store;
    etcd.leaseGrant({ id: 1n, ttl: 60 });
    etcd.put({ key: text("a"), value: text("1"), lease: 1n });
    const before = etcd.hashKv();
    engine.failing = true;
    const writes = [
      () => store.put(Slice.fromText("a"), Slice.fromText("2")),
      () => store.put(Slice.fromText("new"), Slice.fromText("2")),
      () => etcd.put({ key: text("a"), value: text("2") }),
      () => etcd.txn({ success: [putOp("x"), deleteOp("a")] }),
      () => etcd.leaseRevoke(1n),
      () => etcd.leaseGrant({ id: 2n, ttl: 60 }),
      () => etcd.compact({ revision: 2 }),
    ];
    for (const write of writes) assert.throws(write, { message: "The disk is full" });
    engine.failing = false;
    assert.deepEqual(etcd.hashKv(), before);
    assert.deepEqual(etcd.range({ key: FROM_KEY, rangeEnd: FROM_KEY }).count, 1);
    assert.deepEqual(etcd.leaseLeases().leases, [1n]);
    assert.deepEqual(etcd.leaseTimeToLive({ id: 1n, keys: true }).keys, [text("a")]);
    assert.equal(etcd.put({ key: text("a"), value: text("3") }).header.revision, 3);
    store.close();
    Deno.removeSync(path, { recursive: true });
  },
});

test("leases expire by the clock, live on after a restart, and take their keys along", (opened) => {
  const { clock } = opened;
  let { etcd } = opened.store;
  const { id, ttl } = etcd.leaseGrant({ ttl: 10 });
  assert.deepEqual([ttl, id > 0n], [10, true]);
  etcd.put({ key: text("a"), lease: id });
  etcd.put({ key: text("b"), lease: id });
  // A put without a lease detaches its key.
  etcd.put({ key: text("a") });
  clock.now += 9_999;
  assert.deepEqual(etcd.expireLeases(), []);
  assert.equal(etcd.leaseTimeToLive({ id }).ttl, 0);
  etcd = opened.reopen().etcd;
  clock.now += 9_999;
  assert.deepEqual(etcd.leaseTimeToLive({ id, keys: true }).keys, [text("b")]);
  assert.equal(etcd.leaseKeepAlive(id).ttl, 10);
  clock.now += 10_000;
  assert.equal(etcd.leaseKeepAlive(id).ttl, 0);
  assert.deepEqual(etcd.expireLeases(), [id]);
  assert.equal(etcd.leaseTimeToLive({ id }).ttl, -1);
  const { kvs } = opened.reopen().etcd.range({ key: FROM_KEY, rangeEnd: FROM_KEY });
  assert.deepEqual(kvs.map(({ key }) => key), [text("a")]);
});

test("put() by the plain contract detaches a key from its lease", ({ store }) => {
  store.etcd.leaseGrant({ id: 1n, ttl: 60 });
  store.etcd.put({ key: text("a"), lease: 1n });
  store.put(Slice.fromText("a"), Slice.fromText("1"));
  assert.deepEqual(store.etcd.leaseTimeToLive({ id: 1n, keys: true }).keys, []);
});

/** Everything that a watch reports now. */
function drain(watch: { poll(): m.WatchResponse | undefined }): m.WatchResponse[] {
  const responses: m.WatchResponse[] = [];
  for (let one = watch.poll(); one !== undefined; one = watch.poll()) responses.push(one);
  return responses;
}

test("a slow watch misses nothing: what its buffer could not hold it reads from the store", ({ store }) => {
  const watch = store.etcd.watch({ key: text("k"), filters: ["NODELETE"] });
  const puts = WATCH_BUFFER + 3000;
  for (let i = 0; i < puts; i++) {
    store.put(Slice.fromText("k"), Slice.fromText(String(i)));
    if (i % 1000 === 999) store.delete(Slice.fromText("k"));
  }
  const responses = drain(watch);
  const values = responses.flatMap(({ events }) => events)
    .map(({ kv }) => Number(new TextDecoder().decode(kv.value)));
  assert.deepEqual(values, Array.from({ length: puts }, (_, i) => i));
  // Live ones one by one, then a thousand revisions at a time.
  assert.equal(responses.length, WATCH_BUFFER + 3);
  assert.equal(responses.at(-1)!.header.revision, store.revision);
});

test("a watch that needs what is compacted is cancelled; one that has it buffered is not", ({ store }) => {
  const late = store.etcd.watch({ key: text("k"), startRevision: 1 });
  const slow = store.etcd.watch({ key: text("k") });
  const synced = store.etcd.watch({ key: text("other") });
  for (let i = 0; i < WATCH_BUFFER + 10; i++) {
    store.put(Slice.fromText("k"), Slice.fromText("v"));
  }
  store.etcd.compact({ revision: store.revision });
  const cancelled = {
    header: { revision: 0 },
    events: [],
    canceled: true,
    compactRevision: store.revision,
  };
  assert.deepEqual(drain(late), [{ ...cancelled, watchId: late.id }]);
  const responses = drain(slow);
  assert.equal(responses.length, WATCH_BUFFER + 1);
  assert.deepEqual(responses.at(-1), { ...cancelled, watchId: slow.id });
  assert.deepEqual(drain(synced), []);
  store.put(Slice.fromText("other"), Slice.fromText("v"));
  assert.equal(drain(synced).length, 1);
  synced.cancel();
  store.put(Slice.fromText("other"), Slice.fromText("v"));
  assert.deepEqual(drain(synced), []);
});

test("a watch from a compacted revision has the last change of a key there; a synced one has all", ({ store }) => {
  const synced = store.etcd.watch({ key: text("k") });
  const nested = (request: m.RequestOp): m.RequestOp => ({
    requestTxn: { compare: [], success: [request], failure: [] },
  });
  const { header } = store.etcd.txn({
    compare: [],
    success: [
      nested({ requestPut: { key: text("k"), value: text("v") } }),
      nested({ requestDeleteRange: { key: text("k") } }),
    ],
    failure: [],
  });
  store.etcd.compact({ revision: header.revision });
  const late = store.etcd.watch({ key: text("k"), startRevision: header.revision });
  const types = (watch: typeof late) =>
    drain(watch).flatMap(({ events }) => events.map(({ type }) => type));
  assert.deepEqual(types(late), ["DELETE"]);
  assert.deepEqual(types(synced), ["PUT", "DELETE"]);
});

test("a watch's events keep their bytes when the caller fills those of the request anew", ({ store }) => {
  const watch = store.etcd.watch({ key: FROM_KEY, rangeEnd: FROM_KEY });
  const request = { key: text("k"), value: text("v") };
  store.etcd.put(request);
  request.key.fill(0);
  request.value.fill(0);
  const { kv } = drain(watch)[0]!.events[0]!;
  assert.deepEqual([kv.key, kv.value], [text("k"), text("v")]);
});

test("openKvStore() takes the revision of a compaction that dropped the newest record", ({ engine, store, reopen }) => {
  // Before 3.4.34 and 3.5.16 etcd deleted a tombstone at the compacted revision.
  store.etcd.put({ key: text("a") });
  store.etcd.deleteRange({ key: text("a") });
  store.etcd.compact({ revision: 3 });
  engine.delete(Slice.from(Uint8Array.fromHex("00000000000000035f000000000000000074")), 1);
  const again = reopen();
  assert.equal(again.revision, 3);
  assert.equal(again.etcd.put({ key: text("b") }).header.revision, 4);
});

test("openKvStore() finishes a compaction that was only scheduled", ({ engine, store, reopen }) => {
  for (let i = 0; i < 2500; i++) store.put(Slice.fromText("k"), Slice.fromText("v"));
  engine.put(
    Slice.fromText("scheduledCompactRev"),
    Slice.from(Uint8Array.fromHex("00000000000007d05f0000000000000000")),
    2,
  );
  const again = reopen();
  assert.equal(again.etcd.hashKv().compactRevision, 2000);
  assertRefused("Compacted", () => again.etcd.range({ key: text("k"), revision: 1999 }));
  assert.equal(again.etcd.range({ key: text("k"), revision: 2000 }).kvs[0]!.version, 1999);
  assertRefused("Compacted", () => again.etcd.compact({ revision: 2000 }));
});

test("get() and range() name a record that is gone or damaged", ({ engine, store }) => {
  store.put(Slice.fromText("a"), Slice.fromText("1"));
  store.put(Slice.fromText("b"), Slice.fromText("1"));
  engine.delete(Slice.from(Uint8Array.fromHex("00000000000000025f0000000000000000")), 1);
  const damaged = Slice.from(Uint8Array.fromHex("00000000000000035f0000000000000000"));
  engine.put(damaged, Slice.fromText("?"), 1);
  for (const key of ["a", "b"]) {
    assertRefused("Corrupt", () => store.get(Slice.fromText(key), new Slice(9)));
    assertRefused("Corrupt", () => store.etcd.range({ key: text(key) }));
  }
  assertRefused("Corrupt", () => store.cursor().next());
});

test("cursor() refuses to go on when its revision is compacted", ({ store }) => {
  for (const key of ["a", "b", "a"]) store.put(Slice.fromText(key), Slice.fromText("1"));
  const cursor = store.cursor();
  assert.ok(cursor.next());
  store.put(Slice.fromText("b"), Slice.fromText("2"));
  store.etcd.compact({ revision: 4 });
  assert.ok(cursor.next());
  store.put(Slice.fromText("b"), Slice.fromText("3"));
  store.etcd.compact({ revision: 5 });
  assertRefused("Compacted", () => cursor.next());
  cursor.close();
});

async function asynchronously(
  body: (store: Awaited<ReturnType<typeof openKvStoreAsync>>) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  const store = await openKvStoreAsync(await openLevel(path, { families: KVSTORE_FAMILIES }));
  try {
    await body(store);
  } finally {
    await store.close();
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("KvStoreAsync reads keep agreeing with each other while keys are written and compacted", {
  ignore: !levelIsThere(),
}, () =>
  asynchronously(async (store) => {
    const { etcd } = store;
    const keys = ["a", "b", "c", "d"].map(text);
    const write = (n: number) =>
      etcd.txn({
        success: keys.map((key) => ({ requestPut: { key, value: text(String(n)) } })),
      });
    await write(0);
    let writing = true;
    const writer = (async () => {
      for (let n = 1; n < 300; n++) {
        const { header } = await write(n);
        if (n % 5 === 0) await etcd.compact({ revision: header.revision });
      }
      writing = false;
    })();
    let reads = 0;
    const into = new Slice(8);
    while (writing) {
      const { kvs } = await etcd.range({ key: FROM_KEY, rangeEnd: FROM_KEY });
      assert.equal(kvs.length, 4);
      assert.equal(new Set(kvs.map(({ value }) => value.toHex())).size, 1);
      assert.ok(await store.get(Slice.fromText("b"), into) > 0);
      reads++;
    }
    await writer;
    assert.ok(reads > 10, `${reads}`);
  }));

Deno.test("KvStoreAsync watch() reports a put that was under way when it began", {
  ignore: !levelIsThere(),
}, () =>
  asynchronously(async (store) => {
    const key = Slice.fromText("a");
    const value = Slice.fromText("1");
    const put = store.put(key, value);
    const watch = store.etcd.watch({ key: text("a") });
    key.fill(text("b"));
    value.fill(text("2"));
    await put;
    const { events } = (await watch.next())!;
    const kv = {
      key: text("a"),
      value: text("1"),
      createRevision: 2,
      modRevision: 2,
      version: 1,
      lease: 0n,
    };
    assert.deepEqual(events, [{ type: "PUT", kv }]);
    watch.cancel();
  }));

Deno.test("KvStoreAsync watch() waits for what comes, catches up, and ends with the store", {
  ignore: !levelIsThere(),
}, () =>
  asynchronously(async (store) => {
    const { etcd } = store;
    await etcd.put({ key: text("a"), value: text("1") });
    const old = etcd.watch({ key: text("a"), startRevision: 1 });
    const live = etcd.watch({ key: text("a"), prevKv: true });
    const waiting = live.next();
    assert.deepEqual((await old.next())?.events.map(({ kv }) => kv.modRevision), [2]);
    await etcd.put({ key: text("b"), value: text("2") });
    await etcd.deleteRange({ key: text("a") });
    const [event] = (await waiting)!.events;
    assert.deepEqual([event!.type, event!.kv.modRevision], ["DELETE", 4]);
    assert.deepEqual(event!.prevKv?.value, text("1"));
    assert.equal((await old.next())!.events[0]!.type, "DELETE");
    const ending = live.next();
    await store.close();
    assert.equal(await ending, undefined);
    assert.equal(await live.next(), undefined);
  }));
