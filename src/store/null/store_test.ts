import assert from "node:assert/strict";
import type { Store } from "../contract.ts";
import { AsyncNullStore, NullStore } from "./store.ts";
import { Slice } from "../slice.ts";

for (const store of [new NullStore(), new AsyncNullStore()] as Store[]) {
  Deno.test(`the ${store.api} null store keeps nothing and finds everything`, async () => {
    const key = Slice.fromText("key");
    const into = new Slice(100);
    assert.equal(await store.get(key, into), 100);
    await store.put(key, into);
    await store.delete(key);
    assert.equal(await store.get(key, into), 100);
    await store.flush();
    await store.compact();
    assert.equal(store.property("rocksdb.stats"), undefined);
    const { durability, network, api } = store.describe();
    assert.deepEqual([durability, network, api], ["none", false, store.api]);
    await store.close();
  });

  Deno.test(`the ${store.api} null store's walk has an entry for every step`, async () => {
    const cursor = store.cursor();
    const into = new Slice(2000);
    for (let i = 0; i < 3; i++) assert.equal(await cursor.next(), true);
    cursor.readKey(into);
    assert.equal(into.length, cursor.keyLength);
    cursor.readValue(into);
    assert.equal(into.length, cursor.valueLength);
    await cursor.close();
  });

  Deno.test(`the ${store.api} null store's batch counts`, async () => {
    const batch = store.batch();
    const key = Slice.fromText("key");
    batch.put(key, key);
    batch.delete(key);
    assert.equal(batch.count, 2);
    await store.write(batch);
    batch.clear();
    assert.equal(batch.count, 0);
    batch.close();
  });
}
