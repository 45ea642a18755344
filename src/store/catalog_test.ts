import assert from "node:assert/strict";
import { calibrationStore, SERVERS, storeKind, STORES } from "./catalog.ts";
import { StoreError } from "./error.ts";
import { pretendVariable } from "../_testing/environment.ts";
import { levelIsThere } from "./level/mod.ts";
import { LIBRARY_VARIABLE, libraryIsThere } from "./raw/library.ts";
import { Slice } from "./slice.ts";

const NAMES = [...STORES, ...SERVERS].map(({ name }) => name);

Deno.test("storeKind() has every store by its name, the calibrating ones too", () => {
  assert.equal(new Set(NAMES).size, NAMES.length);
  for (const kind of [...STORES, ...SERVERS]) assert.equal(storeKind(kind.name), kind);
  for (const api of ["sync", "async"] as const) {
    assert.equal(storeKind(calibrationStore(api)).api({}), api);
  }
});

Deno.test("storeKind() names the stores that can be measured when there is none of the name", () => {
  for (const name of ["rocksdb", "", "__proto__"]) {
    assert.throws(() => storeKind(name), {
      name: "StoreError",
      message: `Cannot use the store ${JSON.stringify(name)}: there is ${NAMES.join(", ")}`,
    });
  }
});

Deno.test("open() gives a store of the kind's name and form, that keeps what is put", async () => {
  for (const name of [...NAMES, calibrationStore("sync"), calibrationStore("async")]) {
    const kind = storeKind(name);
    if (kind.missing({}) !== undefined) continue;
    kind.require({});
    const folder = await Deno.makeTempDir({ prefix: "tidemark-catalog-" });
    try {
      const store = await kind.open(`${folder}/database`, {});
      assert.equal(store.api, kind.api({}));
      assert.equal(store.describe().store, name.split("-")[0]);
      const into = new Slice(8);
      await store.put(Slice.fromText("key"), Slice.fromText("value"));
      const length = await store.get(Slice.fromText("key"), into);
      assert.equal(length, name.startsWith("null") ? into.length : 5);
      await store.close();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
});

Deno.test({
  name: "open() hands the options on, to the engine under kvstore too",
  ignore: !libraryIsThere(),
  async fn() {
    for (const name of ["raw", "kvstore"]) {
      const folder = await Deno.makeTempDir({ prefix: "tidemark-catalog-" });
      const store = await storeKind(name).open(folder, { wal: "off", bloomBits: 5 });
      const { durability, options } = store.describe();
      await store.close();
      await Deno.remove(folder, { recursive: true });
      assert.deepEqual([durability, options["bloomBits"]], ["off", 5]);
    }
  },
});

Deno.test("require() refuses a library that is no RocksDB, and missing() does not hide it", () => {
  using _ = pretendVariable(LIBRARY_VARIABLE, "/no/such/library.so");
  for (const name of ["raw", "kvstore"]) {
    assert.throws(() => storeKind(name).require({}), (error) => {
      assert.ok(error instanceof StoreError && error.kind === "usage");
      assert.match(error.message, /^Cannot load \/no\/such\/library\.so as librocksdb/);
      return true;
    });
    assert.equal(storeKind(name).missing({}), undefined);
  }
});

Deno.test("require() refuses what level cannot set", { ignore: !levelIsThere() }, () => {
  storeKind("level").require({ wal: "synced" });
  assert.throws(() => storeKind("level").require({ wal: "off" }), StoreError);
});
