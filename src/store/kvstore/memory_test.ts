/**
 * Memory under overwrites: a thousand keys, compacted every 100,000 writes. The ordinary test looks
 * at the index; with `TIDEMARK_LONG=1` ten million writes (`TIDEMARK_LONG_WRITES`) go through a
 * database, and the process's resident memory must not grow.
 */
import assert from "node:assert/strict";
import { libraryIsThere, openRaw } from "../raw/mod.ts";
import { KeptRevisions } from "./kept_revisions.ts";
import { KeyIndex } from "./key_index.ts";
import { KVSTORE_FAMILIES, openKvStore } from "./mod.ts";
import { Slice } from "../slice.ts";

const LONG = Deno.env.get("TIDEMARK_LONG") === "1";
const WRITES = Number(Deno.env.get("TIDEMARK_LONG_WRITES") ?? 10_000_000);
const KEYS = 1000;
const BETWEEN = 100_000;

Deno.test("KeyIndex takes no more memory after ten rounds of overwrites than after one", () => {
  const index = new KeyIndex();
  const keys = Array.from({ length: KEYS }, (_, i) => new TextEncoder().encode(`key${i}`));
  let main = 1;
  const round = () => {
    for (let i = 0; i < BETWEEN; i++) {
      const key = keys[i % KEYS]!;
      main++;
      index.put(index.find(key, key.length), key, key.length, main, 0, 2, main, false);
    }
    const peak = index.memoryBytes;
    index.compact(main, new KeptRevisions());
    return { peak, after: index.memoryBytes };
  };
  const first = round();
  let last = first;
  for (let i = 1; i < 10; i++) last = round();
  assert.ok(last.peak <= first.peak * 1.01, `${first.peak} → ${last.peak}`);
  assert.ok(last.after <= first.after, `${first.after} → ${last.after}`);
});

Deno.test({
  name: `KvStoreSync takes no more memory after ${WRITES} overwrites than after a third of them`,
  ignore: !LONG || !libraryIsThere(),
  fn: () => {
    const path = Deno.makeTempDirSync();
    const store = openKvStore(openRaw(path, {
      families: KVSTORE_FAMILIES,
      wal: "off",
      writeBufferBytes: 8 * 1024 * 1024,
    }));
    const keys = Array.from({ length: KEYS }, (_, i) => Slice.fromText(`key${i}`));
    const value = new Slice(100);
    const resident: number[] = [];
    for (let i = 1; i <= WRITES; i++) {
      store.put(keys[i % KEYS]!, value);
      if (i % BETWEEN !== 0) continue;
      store.etcd.compact({ revision: store.revision });
      resident.push(Deno.memoryUsage().rss);
    }
    store.close();
    Deno.removeSync(path, { recursive: true });
    // The runtime's own heap finds its size in the beginning.
    const tenth = Math.ceil(resident.length / 10);
    const early = Math.max(...resident.slice(2 * tenth, 3 * tenth + 1));
    const late = Math.max(...resident.slice(-tenth));
    console.log(`resident: ${Math.round(early / 2 ** 20)} → ${Math.round(late / 2 ** 20)} MiB`);
    assert.ok(late < early * 1.1, `${early} → ${late} bytes`);
  },
});
