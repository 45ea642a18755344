/** The KvStore over librocksdb with operations in flight: what waits for the device is synced together. */
import assert from "node:assert/strict";
import { libraryIsThere, openRawAsync } from "../raw/mod.ts";
import { Slice } from "../slice.ts";
import { KVSTORE } from "./kind.ts";
import { KVSTORE_FAMILIES, openKvStoreAsync } from "./mod.ts";

const noLibrary = { ignore: !libraryIsThere() };

/** How often RocksDB has synced its log, by its own count. */
function syncsOf(text: string | undefined): number {
  return Number(/^Cumulative WAL: \S+ writes, (\d+) syncs/m.exec(text ?? "")![1]);
}

Deno.test(
  "writes that wait at a time have one sync, by RocksDB's own count",
  noLibrary,
  async () => {
    const path = await Deno.makeTempDir();
    const engine = openRawAsync(path, { wal: "synced", families: KVSTORE_FAMILIES });
    const store = await openKvStoreAsync(engine);
    try {
      const before = syncsOf(store.property("rocksdb.dbstats", 0));
      let puts = 0;
      await Promise.all(
        Array.from({ length: 8 }, async (_, client) => {
          const key = Slice.fromText(`key ${client}`);
          for (let turn = 0; turn < 25; turn++) {
            await store.put(key, Slice.fromText(`${turn}`));
            puts++;
          }
        }),
      );
      const { transactions, writes } = store.groupCommits;
      assert.equal(transactions, puts);
      assert.equal(syncsOf(store.property("rocksdb.dbstats", 0)) - before, writes);
      assert.ok(transactions >= 2 * writes, `${transactions} writes had ${writes} syncs`);
      const into = new Slice(8);
      await store.get(Slice.fromText("key 3"), into);
      assert.equal(new TextDecoder().decode(into.view()), "24");
    } finally {
      await store.close();
      await Deno.remove(path, { recursive: true });
    }
  },
);

Deno.test("one that waits for nobody has a write of its own", noLibrary, async () => {
  const path = await Deno.makeTempDir();
  const store = await KVSTORE.openInFlight!(path, {});
  try {
    const [key, value] = [Slice.fromText("key"), Slice.fromText("value")];
    for (let turn = 0; turn < 5; turn++) await store.put(key, value);
    assert.deepEqual(store.groupCommits, { transactions: 5, writes: 5 });
    assert.equal(store.describe().api, "async");
  } finally {
    await store.close();
    await Deno.remove(path, { recursive: true });
  }
});
