import assert from "node:assert/strict";
import engines from "./engines.ts";

Deno.test("engines has the baseline's five measurements, all with the same durability", () => {
  assert.deepEqual(engines.benchmarks.map(({ kind, operation }) => `${kind} of ${operation}`), [
    "throughput of put",
    "throughput of get",
    "throughput of scan",
    "latency of put",
    "latency of get",
  ]);
  assert.deepEqual(engines.storeOptions, { wal: "synced" });
});

Deno.test("engines has a file for every store but RocksDB itself", () => {
  const [raw, ...others] = engines.stores;
  assert.equal(raw, "raw");
  assert.deepEqual([...others].sort(), Object.keys(engines.plugins!).sort());
});
