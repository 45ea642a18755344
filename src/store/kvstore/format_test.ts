/**
 * The form on disk. The fixture is what the first version wrote, family by family; later versions
 * have to open it, and, as long as the form is the same, to write the same bytes.
 */
import assert from "node:assert/strict";
import { libraryIsThere, openRaw } from "../raw/mod.ts";
import type { SyncStore } from "../contract.ts";
import { Slice } from "../slice.ts";
import fixture from "./_testing/testdata/format_1.json" with { type: "json" };
import { crc32c } from "./crc32c.ts";
import { KvError, KVSTORE_FAMILIES, type KvStoreSync, openKvStore } from "./mod.ts";

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

/** Everything that leaves a trace on disk. */
function work({ etcd }: KvStoreSync): void {
  etcd.put({ key: text("gone"), value: text("0") });
  etcd.put({ key: text("a"), value: text("1") });
  etcd.put({ key: text("a"), value: text("2") });
  etcd.deleteRange({ key: text("gone") });
  etcd.leaseGrant({ id: 7n, ttl: 60 });
  etcd.leaseGrant({ id: -8n, ttl: 9_000_000_000 });
  etcd.put({ key: text("leased"), value: text("3"), lease: 7n });
  etcd.put({ key: text("leased negatively"), lease: -8n });
  etcd.compact({ revision: 5 });
  etcd.txn({
    success: [
      { requestPut: { key: text("b"), value: text("4") } },
      { requestDeleteRange: { key: text("a") } },
      { requestPut: { key: new Uint8Array([0, 0xff]), value: new Uint8Array(300) } },
    ],
  });
}

/** All there is in a database, as hexadecimal texts by family. */
function dump(engine: SyncStore): Record<string, Record<string, string>> {
  const families: Record<string, Record<string, string>> = {};
  const key = new Slice(100);
  const value = new Slice(1000);
  for (const [i, name] of KVSTORE_FAMILIES.entries()) {
    const entries: Record<string, string> = {};
    const cursor = engine.cursor({ family: i + 1 });
    while (cursor.next()) {
      cursor.readKey(key);
      cursor.readValue(value);
      entries[key.view().toHex()] = value.view().toHex();
    }
    cursor.close();
    families[name] = entries;
  }
  return families;
}

function withEngine(body: (engine: SyncStore) => void): void {
  const path = Deno.makeTempDirSync();
  const engine = openRaw(path, { families: KVSTORE_FAMILIES });
  try {
    body(engine);
  } finally {
    engine.close();
    Deno.removeSync(path, { recursive: true });
  }
}

Deno.test({
  name: "KvStoreSync writes the bytes of the fixture",
  ignore: !libraryIsThere(),
  fn: () =>
    withEngine((engine) => {
      work(openKvStore(engine));
      assert.deepEqual(dump(engine), fixture);
    }),
});

Deno.test({
  name: "openKvStore() opens the fixture: keys, older revisions, leases, the compaction",
  ignore: !libraryIsThere(),
  fn: () =>
    withEngine((engine) => {
      for (const [i, name] of KVSTORE_FAMILIES.entries()) {
        for (const [key, value] of Object.entries(fixture[name])) {
          const bytes = Slice.from(Uint8Array.fromHex(value));
          engine.put(Slice.from(Uint8Array.fromHex(key)), bytes, i + 1);
        }
      }
      const { etcd } = openKvStore(engine);
      const all = { key: new Uint8Array(1), rangeEnd: new Uint8Array(1) };
      const now = etcd.range(all);
      assert.equal(now.header.revision, 8);
      assert.deepEqual(now.kvs.map(({ key, version, lease }) => [key.toHex(), version, lease]), [
        ["00ff", 1, 0n],
        [text("b").toHex(), 1, 0n],
        [text("leased").toHex(), 1, 7n],
        [text("leased negatively").toHex(), 1, -8n],
      ]);
      const [a] = etcd.range({ key: text("a"), revision: 7 }).kvs;
      assert.deepEqual([a!.value, a!.version, a!.createRevision], [text("2"), 2, 3]);
      assert.throws(() => etcd.range({ ...all, revision: 4 }), KvError);
      assert.equal(etcd.leaseTimeToLive({ id: -8n }).grantedTtl, 9_000_000_000);
      assert.deepEqual(etcd.leaseTimeToLive({ id: 7n, keys: true }).keys, [text("leased")]);
    }),
});

Deno.test("crc32c() agrees with the vectors of RFC 3720, B.4, at once and in pieces", () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
  assert.equal(crc32c(0, new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(0, new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(0, ascending), 0x46dd794e);
  assert.equal(crc32c(crc32c(0, ascending.subarray(0, 9)), ascending.subarray(9)), 0x46dd794e);
});
