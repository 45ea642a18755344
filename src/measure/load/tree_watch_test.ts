import assert from "node:assert/strict";
import { libraryIsThere, Slice, storeKind } from "../../store/mod.ts";
import { changesBetween, parseFiles, type TreeFiles, TreeWatch } from "./tree_watch.ts";

/** Files by number, level and bytes. */
function tree(...files: [number: number, level: number, bytes: number][]): TreeFiles {
  return new Map(files.map(([number, level, bytes]) => [number, { level, bytes }]));
}

/** As RocksDB 7.8.3 writes it. */
const LIST = `--- level 0 --- version# 24 ---
 47:369037[52801 .. 54000]['6B65793030303030303038' seq:53729, type:1 .. '6B6579' seq:53486, type:1](0)
--- level 1 --- version# 24 ---
 45:7655768[0 .. 0]['6B65793030303030303030' seq:0, type:1 .. '6B6579' seq:0, type:1](0)
--- level 2 --- version# 24 ---
`;

Deno.test("parseFiles() has every file with its level and size", () => {
  assert.deepEqual(parseFiles(LIST), tree([47, 0, 369037], [45, 1, 7655768]));
  assert.equal(parseFiles("").size, 0);
});

Deno.test("changesBetween() tells flushes and compactions apart, with levels and what was written", () => {
  const changes = (before: TreeFiles, after: TreeFiles) => changesBetween(before, after);
  const flush = (bytes: number) => ({ kind: "flush", bytes });
  const compaction = (from: number, to: number, bytes: number) => ({
    kind: "compaction",
    bytes,
    levels: { from, to },
  });
  assert.deepEqual(changes(tree([1, 0, 10]), tree([1, 0, 10], [2, 0, 20])), [flush(20)]);
  // Level 0 and what it overlaps of level 1 become two files, while another one is flushed.
  assert.deepEqual(
    changes(
      tree([1, 0, 10], [2, 0, 20], [3, 1, 100], [4, 1, 70]),
      tree([5, 1, 60], [6, 1, 65], [4, 1, 70], [7, 0, 30]),
    ),
    [compaction(0, 1, 125), flush(30)],
  );
  // Within a level, and among the files of level 0.
  assert.deepEqual(changes(tree([1, 6, 50]), tree([2, 6, 40])), [compaction(6, 6, 40)]);
  assert.deepEqual(changes(tree([1, 0, 5], [2, 0, 6]), tree([3, 0, 11])), [compaction(0, 0, 11)]);
  // Everything in it was deleted.
  assert.deepEqual(changes(tree([1, 3, 50]), tree()), [compaction(3, 3, 0)]);
  // Nobody rewrote what only went down.
  assert.deepEqual(changes(tree([1, 1, 50]), tree([1, 2, 50])), []);
  assert.deepEqual(changes(tree([1, 1, 50]), tree([1, 1, 50])), []);
  // Two at a time.
  assert.deepEqual(
    changes(tree([1, 0, 10], [2, 1, 20], [3, 2, 30], [4, 3, 40]), tree([5, 1, 25], [6, 3, 60])),
    [compaction(2, 3, 60), compaction(0, 1, 25)],
  );
});

Deno.test("TreeWatch has what ended since the last look, from when it was seen to have begun", () => {
  const list = (...files: string[]) => files.join("\n");
  const first = list("--- level 0 ---", " 1:10[x", " 2:10[x");
  const values: Record<string, string> = {
    "rocksdb.current-super-version-number": "1",
    "rocksdb.sstables": first,
    "rocksdb.num-running-flushes": "0",
    "rocksdb.num-running-compactions": "0",
  };
  let lists = 0;
  const watch = new TreeWatch({
    property(name: string) {
      if (name === "rocksdb.sstables") lists++;
      return values[name];
    },
  }, 100);
  assert.ok(watch.sees);
  assert.deepEqual(watch.look(120), []);
  values["rocksdb.num-running-compactions"] = "1";
  assert.deepEqual(watch.look(140), []);
  assert.deepEqual(watch.look(160), []);
  assert.equal(lists, 1, "nothing is listed while nothing changes");
  values["rocksdb.num-running-compactions"] = "0";
  values["rocksdb.current-super-version-number"] = "2";
  values["rocksdb.sstables"] = list("--- level 0 ---", " 4:7[x", "--- level 1 ---", " 3:18[x");
  assert.deepEqual(watch.look(180), [
    // It began between two looks, of which the first is taken.
    { kind: "compaction", beginNs: 120, endNs: 180, bytes: 18, levels: { from: 0, to: 1 } },
    // This one was never seen under way.
    { kind: "flush", beginNs: 160, endNs: 180, bytes: 7 },
  ]);
  assert.deepEqual(watch.look(200), []);
});

Deno.test("TreeWatch sees nothing of an engine without such lists, nor of one with too many files", () => {
  const none = new TreeWatch({ property: () => undefined }, 0);
  assert.ok(!none.sees);
  assert.deepEqual(none.look(10), []);
  let version = 0;
  let lists = 0;
  const large = new TreeWatch({
    property(name: string) {
      if (name === "rocksdb.current-super-version-number") return String(version++);
      if (name === "rocksdb.sstables" && ++lists > 0) return " 1:1[x\n".repeat(20_000);
      return "0";
    },
  }, 0);
  assert.deepEqual([large.look(10), large.look(20)], [[], []]);
  assert.ok(!large.sees);
  assert.equal(lists, 1, "it is not asked again");
});

Deno.test("TreeWatch sees what a real RocksDB flushes and compacts, with its levels", {
  timeout: 60_000,
  ignore: !libraryIsThere(),
}, async () => {
  const folder = Deno.makeTempDirSync();
  const store = await storeKind("raw").open(`${folder}/db`, {});
  try {
    assert.ok(store.api === "sync");
    const watch = new TreeWatch(store, 0);
    assert.ok(watch.sees);
    const value = Slice.from(new Uint8Array(1000));
    for (let flush = 1; flush <= 2; flush++) {
      for (let i = 0; i < 100; i++) {
        // The same keys each time: what does not overlap would only be moved.
        store.put(Slice.from(new TextEncoder().encode(`key-${i}`)), value);
      }
      store.flush();
      const [event, ...more] = watch.look(flush * 10);
      assert.deepEqual([event!.kind, event!.levels, more], ["flush", undefined, []]);
      assert.ok(event!.bytes > 0 && event!.endNs === flush * 10);
    }
    store.compact();
    const [event] = watch.look(30);
    assert.equal(event!.kind, "compaction");
    assert.equal(event!.levels!.from, 0);
    assert.ok(event!.levels!.to >= 1 && event!.bytes > 0, JSON.stringify(event));
  } finally {
    await store.close();
    Deno.removeSync(folder, { recursive: true });
  }
});
