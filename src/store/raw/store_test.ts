import assert from "node:assert/strict";
import type { StoreOptions } from "../contract.ts";
import { Slice } from "../slice.ts";
import { libraryIsThere, loadLibrary, openRaw, type RawOptions, type RawStore } from "./mod.ts";

const slice = Slice.fromText;

/** Runs a test on a new database, which is closed and removed afterwards. */
function test(
  name: string,
  options: RawOptions,
  body: (store: RawStore) => void,
): void {
  Deno.test({
    name,
    ignore: !libraryIsThere(),
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "tidemark-raw-" });
      const store = openRaw(`${folder}/database`, options);
      try {
        body(store);
      } finally {
        store.close();
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

function textOf(length: number, slice: Slice): string | undefined {
  return length < 0 ? undefined : new TextDecoder().decode(slice.view());
}

test(
  "snapshot() reads what was there when it was made, in every family, until it is closed",
  { families: ["second"] },
  (store) => {
    const into = new Slice(16);
    for (const family of [0, 1]) {
      store.put(slice("kept"), slice(`old ${family}`), family);
      store.put(slice("deleted"), slice("old"), family);
    }
    const snapshot = store.snapshot();
    for (const family of [0, 1]) {
      store.put(slice("kept"), slice("new"), family);
      store.put(slice("later"), slice("new"), family);
      store.delete(slice("deleted"), family);
    }
    store.flush();
    for (const family of [0, 1]) store.compact({ family });
    for (const family of [0, 1]) {
      const get = (key: string) => textOf(snapshot.get(slice(key), into, family), into);
      assert.deepEqual([get("kept"), get("deleted"), get("later")], [
        `old ${family}`,
        "old",
        undefined,
      ]);
      const cursor = snapshot.cursor({ family, from: slice("d"), to: slice("z") });
      const keys: string[] = [];
      while (cursor.next()) {
        cursor.readKey(into);
        keys.push(textOf(0, into)!);
      }
      cursor.close();
      assert.deepEqual(keys, ["deleted", "kept"]);
      assert.equal(textOf(store.get(slice("kept"), into, family), into), "new");
    }
    snapshot.close();
  },
);

test("statistics() is RocksDB's text when they are kept", { statistics: true }, (store) => {
  for (const key of ["a", "b", "c"]) store.put(slice(key), slice("value"));
  store.get(slice("a"), new Slice(8));
  const text = store.statistics() ?? "";
  assert.match(text, /^rocksdb\.number\.keys\.written COUNT : 3$/m);
  assert.match(text, /^rocksdb\.number\.keys\.read COUNT : 1$/m);
});

test("statistics() is undefined when they are not kept", {}, (store) => {
  assert.equal(store.statistics(), undefined);
});

test("property() is a family's own", { families: ["second"] }, (store) => {
  store.put(slice("a"), slice("value"), 1);
  const name = "rocksdb.num-entries-active-mem-table";
  assert.deepEqual([store.property(name), store.property(name, 1)], ["0", "1"]);
});

/** The newest OPTIONS file's text: what RocksDB itself says that it runs with. */
function optionsFile(store: RawStore): string {
  const newest = [...Deno.readDirSync(store.path)].map((entry) => entry.name)
    .filter((name) => name.startsWith("OPTIONS-")).sort().at(-1);
  return Deno.readTextFileSync(`${store.path}/${newest}`);
}

const SET: StoreOptions = {
  compression: "none",
  writeBufferBytes: 1 << 20,
  blockCacheBytes: 3 << 20,
  bloomBits: 10,
};

test("openRaw() hands its options to every family", { ...SET, families: ["second"] }, (store) => {
  const text = optionsFile(store);
  assert.equal(text.match(/^\s*write_buffer_size=1048576$/gm)?.length, 2);
  assert.equal(text.match(/^\s*compression=kNoCompression$/gm)?.length, 2);
  assert.equal(text.match(/^\s*filter_policy=.*bloom.*$/gim)?.length, 2);
  assert.equal(store.property("rocksdb.block-cache-capacity"), `${3 << 20}`);
  assert.equal(store.property("rocksdb.block-cache-capacity", 1), `${3 << 20}`);
  const { options } = store.describe();
  assert.deepEqual(options, { wal: "buffered", statistics: false, ...SET });
});

test("openRaw() has RocksDB's own defaults when nothing is asked for", {}, (store) => {
  const text = optionsFile(store);
  assert.match(text, /^\s*write_buffer_size=67108864$/m);
  assert.match(text, /^\s*compression=kSnappyCompression$/m);
  assert.match(text, /^\s*filter_policy=nullptr$/m);
  assert.equal(store.property("rocksdb.block-cache-capacity"), `${8 << 20}`);
  assert.deepEqual(store.describe().options, {
    wal: "buffered",
    compression: "snappy",
    writeBufferBytes: 64 << 20,
    blockCacheBytes: 8 << 20,
    bloomBits: 0,
    statistics: false,
  });
});

test("bloomBits spare the reading of absent keys", { bloomBits: 10, statistics: true }, (store) => {
  for (let i = 100; i < 1000; i += 2) store.put(slice(`${i}`), slice("value"));
  store.flush();
  for (let i = 101; i < 1000; i += 2) assert.equal(store.get(slice(`${i}`), new Slice(8)), -1);
  const useful = /^rocksdb\.bloom\.filter\.useful COUNT : (\d+)$/m.exec(store.statistics() ?? "");
  // Ten bits let about one in a hundred of the 450 through.
  assert.ok(Number(useful?.[1]) > 400, useful?.[0]);
});

test(
  "openRaw() makes no block cache when it is to have 0 bytes",
  { blockCacheBytes: 0 },
  (store) => {
    assert.match(optionsFile(store), /^\s*no_block_cache=true$/m);
  },
);

/** Bytes in the write-ahead log, and how often it was synced, after ten puts. */
function logAfterPuts(store: RawStore): { bytes: number; syncs: number } {
  for (let i = 0; i < 10; i++) store.put(slice(`${i}`), new Slice(1000));
  const bytes = [...Deno.readDirSync(store.path)].filter(({ name }) => /^\d+\.log$/.test(name))
    .reduce((sum, { name }) => sum + Deno.statSync(`${store.path}/${name}`).size, 0);
  const syncs = /^rocksdb\.wal\.synced COUNT : (\d+)$/m.exec(store.statistics() ?? "")?.[1];
  return { bytes, syncs: Number(syncs) };
}

test("wal=synced syncs the log at every write", { wal: "synced", statistics: true }, (store) => {
  const { bytes, syncs } = logAfterPuts(store);
  assert.ok(bytes > 10_000);
  assert.equal(syncs, 10);
  assert.equal(store.describe().durability, "synced");
});

test("wal=buffered leaves syncing to the system", { statistics: true }, (store) => {
  const { bytes, syncs } = logAfterPuts(store);
  assert.ok(bytes > 10_000);
  assert.equal(syncs, 0);
  assert.equal(store.describe().durability, "buffered");
});

test("wal=off leaves no log", { wal: "off", statistics: true }, (store) => {
  assert.deepEqual(logAfterPuts(store), { bytes: 0, syncs: 0 });
  assert.equal(store.describe().durability, "off");
});

test("a closed cursor is at no entry, whatever the cursors after it walk over", {}, (store) => {
  store.put(slice("key"), slice("value"));
  const closed = store.cursor();
  assert.ok(closed.next());
  closed.close();
  const open = store.cursor();
  assert.ok(open.next());
  assert.deepEqual([closed.keyLength, closed.valueLength], [0, 0]);
  assert.deepEqual([open.keyLength, open.valueLength], [3, 5]);
  assert.ok(!closed.next());
  closed.close();
  const third = store.cursor();
  assert.ok(third.next());
  assert.ok(!open.next());
  assert.deepEqual([third.keyLength, third.valueLength], [3, 5]);
});

test(
  "describe() says where each call is a crossing of its own",
  libraryIsThere() ? { library: { ...loadLibrary(), addresses: undefined } } : {},
  (store) => assert.match(store.describe().library, /, C API by FFI$/),
);

test("describe() names the library's own file and RocksDB's version", {}, (store) => {
  const { library, version } = store.describe();
  assert.match(library, /^lib(rocksdb|speedb)[^/]*, C API by FFI(, fused calls)?$/);
  // Debian's library has its version in its name; others need not.
  const named = /\.so\.(\d+\.\d+\.\d+)/.exec(library)?.[1];
  if (named !== undefined) assert.equal(version, named);
});

test("directIo reads and writes tables past the page cache, and is described", {
  directIo: true,
}, (store) => {
  assert.equal(store.describe().options["directIo"], true);
  loadNumbers(store, 10);
  store.flush();
  assert.equal(store.get(slice("00000003"), new Slice(8)), 8);
  const [file] = [...Deno.readDirSync(store.path)].filter(({ name }) => name.startsWith("OPTIONS"));
  const options = Deno.readTextFileSync(`${store.path}/${file!.name}`);
  assert.match(options, /use_direct_reads=true/);
  assert.match(options, /use_direct_io_for_flush_and_compaction=true/);
});

/** Puts the numbers below a count into a load, with values of so many bytes. */
function loadNumbers(store: RawStore, count: number, valueBytes = 8): void {
  const load = store.sortedLoad();
  const [key, value] = [new Slice(8), new Slice(valueBytes)];
  for (let i = 0; i < count; i++) {
    key.bytes.set(new TextEncoder().encode(String(i).padStart(8, "0")));
    value.bytes.fill(i & 0xff);
    load.put(key, value);
  }
  load.flush();
  load.close();
}

test("sortedLoad() brings entries into files at once, and nothing into log and memtable", {
  compression: "none",
}, (store) => {
  // More than one table of RocksDB's size.
  loadNumbers(store, 9000, 8192);
  assert.equal(store.property("rocksdb.num-entries-active-mem-table"), "0");
  assert.ok(Number(store.property("rocksdb.live-sst-files-size")) > 9000 * 8192);
  assert.equal(store.property("rocksdb.estimate-num-keys"), "9000");
  const into = new Slice(8192);
  for (const i of [0, 1, 4095, 8191, 8999]) {
    assert.equal(store.get(slice(String(i).padStart(8, "0")), into), 8192);
    assert.ok(into.view().every((byte) => byte === (i & 0xff)));
  }
  assert.equal(store.get(slice("00009000"), into), -1);
  const names = [...Deno.readDirSync(store.path)].map(({ name }) => name);
  assert.deepEqual(names.filter((name) => name.startsWith("load-")), []);
  assert.ok(names.filter((name) => name.endsWith(".sst")).length > 1);
});

test("sortedLoad() lets a later load and later puts win", {}, (store) => {
  const into = new Slice(8);
  loadNumbers(store, 10);
  store.put(slice("00000003"), slice("put"));
  loadNumbers(store, 3);
  store.flush();
  store.compact();
  assert.equal(textOf(store.get(slice("00000003"), into), into), "put");
  assert.equal(store.get(slice("00000002"), into), 8);
});

test("sortedLoad() refuses keys out of order, and any call after its close", {}, (store) => {
  const load = store.sortedLoad();
  load.put(slice("b"), slice("1"));
  assert.throws(() => load.put(slice("a"), slice("2")), /^StoreError: Cannot load the database /);
  load.close();
  load.close();
  for (const call of [() => load.put(slice("c"), slice("3")), () => load.flush()]) {
    assert.throws(call, { name: "StoreError", message: /the load is closed/ });
  }
  assert.equal(store.get(slice("b"), new Slice(8)), -1, "what was not flushed is not there");
});

test("checkpoint() keeps the store as it is, which later writes do not change", {}, (store) => {
  const path = `${store.path}-kept`;
  loadNumbers(store, 10);
  store.put(slice("in memory"), slice("too"));
  store.checkpoint(path);
  store.put(slice("00000003"), slice("later"));
  store.flush();
  store.compact();
  const kept = openRaw(path, {});
  try {
    const into = new Slice(8);
    assert.equal(kept.get(slice("00000003"), into), 8);
    assert.equal(textOf(kept.get(slice("in memory"), into), into), "too");
    assert.equal(kept.property("rocksdb.num-entries-active-mem-table"), "0");
  } finally {
    kept.close();
  }
  // What is there is not written over, and nothing is left of the attempt.
  assert.throws(
    () => store.checkpoint(path),
    { name: "StoreError", message: /^Cannot keep a checkpoint of the database .*exists/i },
  );
  assert.deepEqual(
    [...Deno.readDirSync(`${store.path}/..`)].map(({ name }) => name).sort(),
    ["database", "database-kept"],
  );
});

test("close() gives back a load that was left open", {}, (store) => {
  const load = store.sortedLoad();
  load.put(slice("a"), slice("1"));
  store.close();
  assert.throws(() => load.flush(), { name: "StoreError", message: /it is closed/ });
});
