import assert from "node:assert/strict";
import { storeKind } from "./catalog.ts";
import type { StoreOptions } from "./contract.ts";
import { StoreError } from "./error.ts";
import { optionNamesOf, storesOfOption } from "./option_names.ts";
import { STORE_OPTION_NAMES } from "./options.ts";

/** A value of each option that says that something is wanted. */
const WANTED: Record<string, unknown> = {
  release: "7.8.3",
  defaults: "engine",
  engineOptions: "max_background_jobs=2",
  wal: "synced",
  compression: "none",
  writeBufferBytes: 2 ** 20,
  blockCacheBytes: 2 ** 20,
  bloomBits: 10,
  directIo: true,
  statistics: true,
  endpoints: "127.0.0.1:2379",
  nodes: 3,
  delayMs: 1,
  jitterMs: 1,
  loss: 0.01,
  consistency: "linearizable",
  role: "leader",
  connections: 2,
  deadlineMs: 1000,
  caFile: "ca.pem",
  certFile: "cert.pem",
  keyFile: "key.pem",
  pd: "127.0.0.1:2379",
  stores: "127.0.0.1",
  api: 1,
  keyspace: "a",
  burn: 0.1,
};

/** Whether a store refuses an option for being another store's. */
function isOthers(store: string, option: string): boolean {
  try {
    storeKind(store).require({ [option]: WANTED[option] } as StoreOptions);
    return false;
  } catch (error) {
    assert.ok(error instanceof StoreError, String(error));
    return /it is an option of |has no such setting/.test(error.message);
  }
}

Deno.test("optionNamesOf() names what a store takes, and nothing that it refuses", () => {
  assert.deepEqual(Object.keys(WANTED).sort(), [...STORE_OPTION_NAMES].sort());
  for (const store of ["raw", "kvstore", "level", "etcd", "tikv"]) {
    const refused = STORE_OPTION_NAMES.filter((option) => isOthers(store, option));
    const taken = STORE_OPTION_NAMES.filter((option) => !refused.includes(option));
    // npm:rocksdb can only have its own defaults left out.
    assert.deepEqual(
      optionNamesOf([store]),
      taken.filter((option) => store !== "level" || option !== "defaults"),
      store,
    );
  }
  assert.deepEqual(optionNamesOf(["raw", "tikv"]), [
    ...optionNamesOf(["raw"]).slice(0, -1),
    ...["connections", "deadlineMs", "caFile", "certFile", "keyFile", "pd", "stores", "api"],
    ...["keyspace", "burn"],
  ]);
  assert.deepEqual(optionNamesOf(["./libmine.so"]), optionNamesOf(["raw"]));
});

Deno.test("storesOfOption() gives options of servers to those that have them, and all else to all", () => {
  const all = ["raw", "kvstore", "etcd", "tikv"];
  assert.deepEqual(storesOfOption("endpoints", all), ["etcd"]);
  assert.deepEqual(storesOfOption("deadlineMs", all), ["etcd", "tikv"]);
  // None would have it: each may refuse it.
  assert.deepEqual(storesOfOption("pd", ["raw", "etcd"]), ["raw", "etcd"]);
  // Without it on one of them, stores of one machine would not be alike.
  for (const name of ["wal", "directIo", "burn"]) assert.deepEqual(storesOfOption(name, all), all);
});
