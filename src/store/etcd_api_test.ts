/** etcd's requests as loads ask for them, to a KvStore and to etcd itself. */
import assert from "node:assert/strict";
import type { AsyncStore } from "./contract.ts";
import type { KeyChange } from "./etcd_api.ts";
import { ETCD, openEtcd } from "./etcd/mod.ts";
import { KVSTORE_FAMILIES, openKvStoreAsync } from "./kvstore/mod.ts";
import { levelIsThere, openLevel } from "./level/mod.ts";
import { Slice } from "./slice.ts";

/** Leases' seconds are over so many times as fast. */
const FASTER = 20;

/** A KvStore whose clock for leases is fast. */
async function openKv(path: string): Promise<AsyncStore> {
  const engine = await openLevel(path, { families: KVSTORE_FAMILIES });
  return await openKvStoreAsync(engine, { now: () => FASTER * performance.now() });
}

const STORES = [
  { name: "kvstore", open: openKv, ignore: !levelIsThere() },
  { name: "etcd", open: (path: string) => openEtcd(path), ignore: ETCD.missing({}) !== undefined },
];

/** The next changes of a watched key. */
class Told {
  readonly changes: KeyChange[] = [];
  #wake = Promise.withResolvers<void>();

  readonly tell = (change: KeyChange): void => {
    this.changes.push(change);
    this.#wake.resolve();
  };

  readonly fail = (error: Error): void => this.#wake.reject(error);

  async until(count: number): Promise<void> {
    while (this.changes.length < count) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }
}

async function withStore(
  open: (path: string) => Promise<AsyncStore>,
  body: (store: AsyncStore) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  const store = await open(path);
  try {
    await body(store);
  } finally {
    await store.close();
    await Deno.remove(path, { recursive: true });
  }
}

for (const { name, open, ignore } of STORES) {
  Deno.test(`${name}: reads are of a revision, and swaps of what was read`, {
    ignore,
    timeout: 60_000,
  }, () =>
    withStore(open, async (store) => {
      const api = store.etcdApi!;
      const [key, absent] = [Slice.fromText("key"), Slice.fromText("absent")];
      const first = await api.put(key, Slice.fromText("one"));
      const second = await api.put(key, Slice.fromText("second"));
      assert.equal(second, first + 1);
      assert.equal(api.revision, second);
      assert.deepEqual(await api.read(key, 0), { modRevision: second, bytes: 6 });
      assert.deepEqual(await api.read(key, first), { modRevision: first, bytes: 3 });
      assert.equal(await api.read(absent, 0), undefined);
      const swapped = await api.swap(key, second, Slice.fromText("third"));
      assert.deepEqual(swapped, { succeeded: true, modRevision: second + 1 });
      const refused = await api.swap(key, second, Slice.fromText("fourth"));
      assert.deepEqual(refused, { succeeded: false, modRevision: second + 1 });
      const nothing = await api.swap(absent, 1, Slice.fromText("x"));
      assert.deepEqual(nothing, { succeeded: false, modRevision: 0 });
      assert.deepEqual(await api.read(key, 0), { modRevision: second + 1, bytes: 5 });
      await api.compact(second);
      assert.deepEqual(await api.read(key, second), { modRevision: second, bytes: 6 });
      await assert.rejects(api.read(key, first), /compacted/i);
    }));

  Deno.test(`${name}: a watch is told of each change of its key, in order`, {
    ignore,
    timeout: 60_000,
  }, () =>
    withStore(open, async (store) => {
      const api = store.etcdApi!;
      const [key, value] = [Slice.fromText("key"), Slice.fromText("value")];
      const told = new Told();
      const cancel = await api.watch(key, told.tell, told.fail);
      const { id, seconds } = await api.grant(2);
      assert.equal(seconds, 2);
      const put = await api.put(key, value, id);
      // A key that begins with it is another.
      await api.put(Slice.fromText("key2"), value);
      await store.delete(key);
      await told.until(2);
      assert.deepEqual(told.changes, [
        { kind: "put", modRevision: put },
        { kind: "delete", modRevision: put + 2 },
      ]);
      cancel();
    }));
}

Deno.test("kvstore: a lease ends by itself, and the watcher of its key is told", {
  ignore: !levelIsThere(),
  timeout: 60_000,
}, () =>
  withStore(openKv, async (store) => {
    const api = store.etcdApi!;
    const key = Slice.fromText("key");
    const told = new Told();
    const cancel = await api.watch(key, told.tell, told.fail);
    const { id } = await api.grant(2);
    await api.put(key, Slice.fromText("value"), id);
    await told.until(2);
    assert.deepEqual(told.changes.map(({ kind }) => kind), ["put", "delete"]);
    cancel();
  }));
