/** Transactions that are asked for together: one batch of the engine, and none of them in part. */
import assert from "node:assert/strict";
import type { AsyncStore, Batch } from "../contract.ts";
import { levelIsThere, openLevel } from "../level/mod.ts";
import { Slice } from "../slice.ts";
import { KvError, KVSTORE_FAMILIES, type KvStoreAsync, openKvStoreAsync } from "./mod.ts";

const text = (s: string): Uint8Array => new TextEncoder().encode(s);
const ALL = { key: new Uint8Array(1), rangeEnd: new Uint8Array(1) };

/** An engine whose writes are counted, and wait or fail where the test says so. */
class WatchedEngine implements AsyncStore {
  readonly api = "async";
  readonly #engine: AsyncStore;
  /** Calls that write. */
  writes = 0;
  gate: Promise<void> = Promise.resolve();
  failing = false;

  constructor(engine: AsyncStore) {
    this.#engine = engine;
  }

  async #pass(): Promise<void> {
    this.writes++;
    await this.gate;
    if (this.failing) throw new Error("The disk is full");
  }

  async put(...[key, value, family]: Parameters<AsyncStore["put"]>): Promise<void> {
    const [keyBytes, valueBytes] = [Slice.from(key.view()), Slice.from(value.view())];
    await this.#pass();
    await this.#engine.put(keyBytes, valueBytes, family);
  }

  async delete(...[key, family]: Parameters<AsyncStore["delete"]>): Promise<void> {
    const bytes = Slice.from(key.view());
    await this.#pass();
    await this.#engine.delete(bytes, family);
  }

  async write(batch: Batch): Promise<void> {
    await this.#pass();
    await this.#engine.write(batch);
  }

  describe = () => this.#engine.describe();
  get = (...args: Parameters<AsyncStore["get"]>) => this.#engine.get(...args);
  batch = () => this.#engine.batch();
  cursor = (...args: Parameters<AsyncStore["cursor"]>) => this.#engine.cursor(...args);
  flush = () => this.#engine.flush();
  compact = () => this.#engine.compact();
  property = (name: string) => this.#engine.property(name);
  close = () => this.#engine.close();
}

function test(
  name: string,
  body: (
    store: KvStoreAsync,
    engine: WatchedEngine,
    reopen: () => Promise<KvStoreAsync>,
  ) => Promise<void>,
): void {
  Deno.test(`KvStoreAsync ${name}`, { ignore: !levelIsThere() }, async () => {
    const path = await Deno.makeTempDir();
    const open = async () =>
      new WatchedEngine(await openLevel(path, { families: KVSTORE_FAMILIES }));
    const engine = await open();
    let store = await openKvStoreAsync(engine);
    engine.writes = 0;
    try {
      await body(store, engine, async () => {
        await store.close();
        return store = await openKvStoreAsync(await open());
      });
    } finally {
      await store.close();
      await Deno.remove(path, { recursive: true });
    }
  });
}

test(
  "writes the transactions of one moment with one batch, in their order",
  async (store, engine, reopen) => {
    const { etcd } = store;
    const watch = etcd.watch({ key: text("k") });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => etcd.put({ key: text("k"), value: text(`${i}`) })),
    );
    assert.equal(engine.writes, 1);
    assert.deepEqual(answers.map(({ header }) => header.revision), answers.map((_, i) => i + 2));
    // A watch is told of each revision by itself.
    for (let i = 0; i < 100; i++) {
      assert.equal((await watch.next())!.events[0]!.kv.modRevision, i + 2);
    }
    watch.cancel();
    const again = await reopen();
    const { kvs } = await again.etcd.range({ key: text("k") });
    assert.deepEqual([kvs[0]!.version, kvs[0]!.value, again.revision], [100, text("99"), 101]);
  },
);

test(
  "lets a transaction build on those before it that are not on disk yet",
  async ({ etcd }, engine) => {
    const [, second, third, fourth, refused] = await Promise.all([
      etcd.put({ key: text("a"), value: text("1") }),
      etcd.txn({
        compare: [{ target: "VALUE", key: text("a"), value: text("1") }],
        success: [{ requestPut: { key: text("a"), ignoreValue: true, prevKv: true } }],
      }),
      etcd.deleteRange({ ...ALL, prevKv: true }),
      etcd.deleteRange(ALL),
      etcd.put({ key: text("a"), ignoreValue: true }).catch((error) => error),
    ]);
    assert.equal(engine.writes, 1);
    const response = second.responses[0]!;
    assert.ok("responsePut" in response && response.responsePut.prevKv?.modRevision === 2);
    assert.deepEqual([third.header.revision, third.deleted], [4, 1]);
    assert.deepEqual(third.prevKvs.map((kv) => [kv.version, kv.value]), [[2, text("1")]]);
    // Nothing was left to delete, so there is no new revision.
    assert.deepEqual([fourth.header.revision, fourth.deleted], [4, 0]);
    assert.ok(refused instanceof KvError && refused.reason === "KeyNotFound");
  },
);

test("shows nothing of a group before it is on disk", async (store, engine) => {
  const { etcd } = store;
  await etcd.put({ key: text("a"), value: text("old") });
  const gate = Promise.withResolvers<void>();
  engine.gate = gate.promise;
  const into = new Slice(8);
  const writes = [
    etcd.put({ key: text("a"), value: text("new") }),
    etcd.put({ key: text("b"), value: text("new") }),
  ];
  // The group is with the engine now.
  while (engine.writes < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  const { kvs, header } = await etcd.range(ALL);
  assert.deepEqual([kvs.length, kvs[0]!.value, header.revision], [1, text("old"), 2]);
  await store.get(Slice.fromText("a"), into);
  assert.deepEqual([store.revision, into.view()], [2, text("old")]);
  gate.resolve();
  await Promise.all(writes);
  assert.equal((await etcd.range(ALL)).count, 2);
});

test(
  "fails every transaction of a group that the engine fails, and goes on as before",
  async (store, engine) => {
    const { etcd } = store;
    await etcd.leaseGrant({ id: 1n, ttl: 60 });
    await etcd.put({ key: text("a"), value: text("1"), lease: 1n });
    const before = await etcd.hashKv();
    engine.failing = true;
    const outcomes = await Promise.allSettled([
      etcd.put({ key: text("a"), value: text("2") }),
      etcd.put({ key: text("new"), value: text("2"), lease: 1n }),
      etcd.deleteRange(ALL),
      etcd.deleteRange(ALL),
      etcd.txn({ success: [{ requestPut: { key: text("a") } }] }),
      store.put(Slice.fromText("b"), Slice.fromText("2")),
      store.delete(Slice.fromText("a")),
    ]);
    for (const outcome of outcomes) {
      assert.ok(outcome.status === "rejected" && outcome.reason.message === "The disk is full");
    }
    engine.failing = false;
    assert.deepEqual(await etcd.hashKv(), before);
    assert.deepEqual(etcd.leaseTimeToLive({ id: 1n, keys: true }).keys, [text("a")]);
    assert.equal((await etcd.put({ key: text("a"), prevKv: true })).prevKv?.version, 1);
    assert.deepEqual([store.revision, (await etcd.range(ALL)).count], [3, 1]);
  },
);

test("keeps to the order where leases and compactions come between", async (store) => {
  const { etcd } = store;
  const [, , , put, revoked, compacted, last] = await Promise.all([
    etcd.put({ key: text("a") }),
    etcd.put({ key: text("a") }),
    etcd.leaseGrant({ id: 7n, ttl: 60 }),
    etcd.put({ key: text("b"), lease: 7n }),
    etcd.leaseRevoke(7n),
    etcd.compact({ revision: 5 }),
    etcd.put({ key: text("c") }),
  ]);
  const revisions = [put, revoked, compacted, last].map(({ header }) => header.revision);
  assert.deepEqual(revisions, [4, 5, 5, 6]);
  assert.deepEqual((await etcd.range(ALL)).kvs.map(({ key }) => key), [text("a"), text("c")]);
});
