import assert from "node:assert/strict";
import e2e from "./e2e.ts";

Deno.test("e2e measures the storage alone and servers with the same durability, keys and values", () => {
  assert.deepEqual(e2e.storeOptions, { wal: "synced" });
  assert.equal(
    new Set(e2e.benchmarks.map(({ keys, valueBytes }) => `${keys} ${valueBytes}`)).size,
    1,
  );
  assert.deepEqual([...new Set(e2e.variants!.map(({ store }) => store))], e2e.stores);
});

Deno.test("e2e has several operations in flight only where a store answers through promises", () => {
  const clients = new Map(e2e.benchmarks.map(({ name, clients = 1 }) => [name, clients]));
  for (const { store, benchmarks } of e2e.variants!) {
    if (store === "etcd") continue;
    assert.ok(benchmarks!.every((name) => clients.get(name) === 1), store);
  }
  assert.deepEqual([...new Set(clients.values())], [1, 8, 64]);
});
