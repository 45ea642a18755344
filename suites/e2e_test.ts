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
  const loads = new Set(e2e.loads!.map(({ name }) => name));
  for (const { store, benchmarks } of e2e.variants!) {
    if (store === "etcd") continue;
    // Clients of a load are threads there.
    const single = benchmarks!.filter((name) => !loads.has(name));
    assert.ok(single.every((name) => clients.get(name) === 1), store);
  }
  assert.deepEqual([...new Set(clients.values())], [1, 8, 64]);
});

Deno.test("e2e measures mixes of the same keys and values on the storage with as many clients", () => {
  const { loads = [], variants = [], benchmarks } = e2e;
  const mixes = loads.filter(({ load }) => Object.keys(load.groups[0]!.mix).length > 1);
  const paces = mixes.map(({ load: { groups: [group] } }) =>
    `${group!.clients} ${group!.pace.loop}`
  );
  assert.deepEqual(
    paces.toSorted(),
    [1, 8, 64].flatMap((clients) => [`${clients} closed`, `${clients} open`]).toSorted(),
  );
  for (const { name, load } of loads) {
    assert.equal(load.keys, benchmarks[0]!.keys);
    assert.deepEqual(load.valueSize, { kind: "fixed", size: benchmarks[0]!.valueBytes });
    for (const alone of ["raw", "kvstore"]) {
      assert.ok(variants.find(({ store }) => store === alone)!.benchmarks!.includes(name), name);
    }
  }
});

Deno.test("e2e has little enough for a look of three minutes, and all else with three runs", () => {
  const { loads = [], variants = [], benchmarks } = e2e;
  const all = [...benchmarks, ...loads].length;
  const rows = variants.map(({ benchmarks: own, thorough = [] }) => [
    (own?.length ?? all) - thorough.length,
    thorough.length,
  ]);
  const [short, more] = [0, 1].map((part) => rows.reduce((sum, row) => sum + row[part]!, 0));
  // A row takes some two seconds and a half on two processors, servers and databases included.
  assert.ok(short! <= 50, `${short} rows`);
  assert.ok(more! > short!);
});
