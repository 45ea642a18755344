/** The contract as a table of cases, held against every store that claims it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { ScanRange, Store } from "./contract.ts";
import { STORES } from "./catalog.ts";
import { StoreError } from "./error.ts";
import { ETCD, openEtcd } from "./etcd/mod.ts";
import { KVSTORE_FAMILIES, openKvStore, openKvStoreAsync } from "./kvstore/mod.ts";
import { levelIsThere, openLevel } from "./level/mod.ts";
import { buildC, rocksdbPlugin } from "../_testing/plugin_library.ts";
import { loadPlugin, openAsyncPlugin, openPlugin } from "./plugin/mod.ts";
import { libraryIsThere, loadLibrary, openRaw, openRawAsync } from "./raw/mod.ts";
import { Slice } from "./slice.ts";
import { DOUBLE_VERSION, startDouble, type TikvDouble } from "./tikv/_testing/double.ts";
import { openTikv } from "./tikv/mod.ts";

/** A store under test. */
interface Subject {
  name: string;
  open(path: string): Promise<Store>;
  /** Column families that it is opened with. */
  families: number;
  /** What its errors call the database. */
  called(path: string): string;
  ignore: boolean;
  /** How many random histories it goes through; one that fails is not made shorter. @default 15 */
  runs?: number;
  /** What it is opened with. @default "buffered" */
  wal?: "synced";
  /** Cases that it cannot promise, and why. @default none */
  lacks?: Readonly<Record<string, string>>;
  /** Ends what stands behind a database when its test is over. */
  end?(path: string): Promise<void>;
}

const noLibrary = !libraryIsThere();
const noLevel = !levelIsThere();
const plugin = await rocksdbPlugin();

/** Errors of an engine name its database by the path. */
const byPath = (path: string) => path;
const FORMS: Subject[] = [
  {
    name: "raw",
    // deno-lint-ignore require-await -- one face for both forms
    open: async (path) => openRaw(path),
    families: 1,
    called: byPath,
    ignore: noLibrary,
  },
  {
    name: "raw with three families",
    // deno-lint-ignore require-await -- one face for both forms
    open: async (path) => openRaw(path, { families: ["second", "third"] }),
    families: 3,
    called: byPath,
    ignore: noLibrary,
  },
  {
    name: "raw by single calls",
    open: (path) =>
      Promise.resolve(openRaw(path, { library: { ...loadLibrary(), addresses: undefined } })),
    families: 1,
    called: byPath,
    ignore: noLibrary,
  },
  {
    name: "raw with operations in flight",
    // deno-lint-ignore require-await -- one face for both forms
    open: async (path) => openRawAsync(path),
    families: 1,
    called: byPath,
    ignore: noLibrary,
    runs: 5,
  },
  {
    name: "raw with operations in flight that wait for the device",
    // deno-lint-ignore require-await -- one face for both forms
    open: async (path) => openRawAsync(path, { wal: "synced" }),
    families: 1,
    called: byPath,
    ignore: noLibrary,
    wal: "synced",
    // Each write waits for it.
    runs: 3,
  },
  { name: "level", open: openLevel, families: 1, called: byPath, ignore: noLevel },
  {
    name: "level with three families",
    open: (path) => openLevel(path, { families: ["second", "third"] }),
    families: 3,
    called: byPath,
    ignore: noLevel,
    // Three families take three times as long, and one of them has its 15.
    runs: 10,
  },
  {
    name: "kvstore over raw",
    // deno-lint-ignore require-await -- one face for both forms
    open: async (path) => openKvStore(openRaw(path, { families: KVSTORE_FAMILIES })),
    families: 1,
    called: () => "KvStore",
    ignore: noLibrary,
  },
  {
    name: "kvstore over raw with operations in flight",
    open: (path) => openKvStoreAsync(openRawAsync(path, { families: KVSTORE_FAMILIES })),
    families: 1,
    called: () => "KvStore",
    ignore: noLibrary,
    runs: 5,
  },
  {
    name: "kvstore over level",
    open: async (path) => openKvStoreAsync(await openLevel(path, { families: KVSTORE_FAMILIES })),
    families: 1,
    called: () => "KvStore",
    ignore: noLevel,
  },
];

const noEtcd = ETCD.missing({});
FORMS.push({
  name: noEtcd === undefined ? "etcd" : `etcd (${noEtcd})`,
  open: openEtcd,
  families: 1,
  called: byPath,
  ignore: noEtcd !== undefined,
  // Each opening starts a server.
  runs: 2,
});

/** Each test has a cluster of its own, with regions that its keys lie in. */
const doubles = new Map<string, TikvDouble>();
const TIKV_KEYS = "contract/";
FORMS.push({
  name: "tikv",
  async open(path) {
    const splits = ["a", "b", "k", "k150", "\x80"].map((key) => slice(TIKV_KEYS + key).view());
    const double = doubles.get(path) ?? await startDouble({ splits });
    doubles.set(path, double);
    return await openTikv(path, { pd: double.pd }, TIKV_KEYS);
  },
  async end(path) {
    await doubles.get(path)?.[Symbol.asyncDispose]();
    doubles.delete(path);
  },
  families: 1,
  called: byPath,
  ignore: false,
  // Each opening goes over sockets.
  runs: 8,
  lacks: {
    "write() is seen as a whole or not at all": "a batch is whole in a region only",
    "cursor() sees the store as it was when it was made": "raw keys have one version",
    "open() refuses a database that is open, and one whose path is a file's":
      "servers that run serve everybody",
  },
});

for (const [name, families] of [["plugin", 1], ["plugin with three families", 3]] as const) {
  FORMS.push({
    name: plugin.path === undefined ? `${name} (${plugin.reason})` : name,
    // deno-lint-ignore require-await -- one face for both forms
    open: async (path) => openPlugin(path, { library: loadPlugin(plugin.path!), families }),
    families,
    called: byPath,
    ignore: plugin.path === undefined,
    ...(families > 1 && { runs: 10 }),
  });
}

const SOURCES = new URL("../plugin/", import.meta.url).pathname;
const handsIn = plugin.path === undefined ? plugin : await buildC(
  `${SOURCES}check/_testing/handed_in.c`,
  [`-DSOURCE="${SOURCES}examples/rocksdb.c"`, '-DVERSION="1.2.3"', "-lrocksdb"],
  "librocksdb_hands_in.so",
);
const whyNot = handsIn.path === undefined ? ` (${handsIn.reason})` : "";
FORMS.push({
  name: `plugin that is handed operations${whyNot}`,
  // deno-lint-ignore require-await -- one face for both forms
  open: async (path) => openAsyncPlugin(path, { library: loadPlugin(handsIn.path!), families: 3 }),
  families: 3,
  called: byPath,
  ignore: handsIn.path === undefined,
  runs: 5,
});

/** The forms above, and every other store of the catalog as it is opened by its name. */
const SUBJECTS: Subject[] = [
  ...FORMS,
  ...STORES.filter((kind) => !FORMS.some(({ name }) => name.split(" ")[0] === kind.name))
    .map((kind): Subject => ({
      name: kind.name,
      open: (path) => kind.open(path, {}),
      families: 1,
      called: byPath,
      ignore: kind.missing({}) !== undefined,
    })),
];

/** Bytes written as text, a character a byte: `"\xff"` is one byte. */
function slice(text: string): Slice {
  return Slice.from(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

function textOf(slice: Slice): string {
  return Array.from(slice.view(), (byte) => String.fromCharCode(byte)).join("");
}

/** A subject's database in a folder of its own, and shorthands for its last family. */
class Bench {
  readonly subject: Subject;
  readonly path: string;
  readonly family: number;
  readonly #opened: Store[] = [];

  constructor(subject: Subject, folder: string) {
    this.subject = subject;
    this.path = `${folder}/database`;
    this.family = subject.families - 1;
  }

  get store(): Store {
    return this.#opened.at(-1)!;
  }

  async open(): Promise<Store> {
    const store = await this.subject.open(this.path);
    this.#opened.push(store);
    return store;
  }

  async reopen(): Promise<void> {
    await this.store.close();
    await this.open();
  }

  async put(key: string, value: string, family = this.family): Promise<void> {
    await this.store.put(slice(key), slice(value), family);
  }

  async delete(key: string, family = this.family): Promise<void> {
    await this.store.delete(slice(key), family);
  }

  async get(key: string, family = this.family): Promise<string | undefined> {
    const into = new Slice(4096);
    const length = await this.store.get(slice(key), into, family);
    if (length < 0) return undefined;
    assert.equal(length, into.length);
    return textOf(into);
  }

  /** The range's entries as `key=value`. */
  async entries(
    { from, to, ...rest }: Omit<ScanRange, "from" | "to"> & { from?: string; to?: string } = {},
  ): Promise<string[]> {
    const cursor = this.store.cursor({
      family: this.family,
      ...rest,
      ...(from !== undefined && { from: slice(from) }),
      ...(to !== undefined && { to: slice(to) }),
    });
    const entries = await remaining(cursor);
    await cursor.close();
    return entries;
  }

  async close(): Promise<void> {
    for (const store of this.#opened) await store.close();
  }
}

/** What a cursor has not shown yet, as `key=value`. */
async function remaining(cursor: ReturnType<Store["cursor"]>): Promise<string[]> {
  const entries: string[] = [];
  while (await cursor.next()) entries.push(entryOf(cursor));
  assert.deepEqual([cursor.keyLength, cursor.valueLength], [0, 0]);
  assert.equal(await cursor.next(), false);
  return entries;
}

/** A cursor's entry as `key=value`. */
function entryOf(cursor: ReturnType<Store["cursor"]>): string {
  const key = new Slice(64);
  const value = new Slice(4096);
  cursor.readKey(key);
  cursor.readValue(value);
  assert.deepEqual([cursor.keyLength, cursor.valueLength], [key.length, value.length]);
  return `${textOf(key)}=${textOf(value)}`;
}

/** The StoreError that a call ends with. */
async function refusal(run: () => unknown): Promise<StoreError> {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof StoreError, `${error}`);
    return error;
  }
  return assert.fail("Nothing was refused");
}

async function withBench(
  subject: Subject,
  body: (bench: Bench) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-contract-" });
  const bench = new Bench(subject, folder);
  try {
    await bench.open();
    await body(bench);
  } finally {
    await bench.close();
    await subject.end?.(bench.path);
    await Deno.remove(folder, { recursive: true });
  }
}

const CASES: Record<string, (bench: Bench) => void | Promise<void>> = {
  async "get() answers what put() set last, and −1 after delete() and for what never was"(bench) {
    await bench.put("a", "1");
    await bench.put("a", "22");
    await bench.put("b", "3");
    assert.equal(await bench.get("a"), "22");
    assert.equal(await bench.get("b"), "3");
    assert.equal(await bench.get("ab"), undefined);
    await bench.delete("a");
    await bench.delete("never");
    assert.equal(await bench.get("a"), undefined);
    assert.equal(await bench.get("b"), "3");
    await bench.put("a", "again");
    assert.equal(await bench.get("a"), "again");
  },

  async "get() tells an empty value from an absent one"(bench) {
    await bench.put("empty", "");
    assert.equal(await bench.get("empty"), "");
    assert.equal(await bench.store.get(slice("empty"), new Slice(0), bench.family), 0);
    assert.deepEqual(await bench.entries(), ["empty="]);
  },

  async "get() gives the length and leaves the slice alone when the value is larger"(bench) {
    await bench.put("large", "x".repeat(100));
    const into = slice("untouched.");
    assert.equal(await bench.store.get(slice("large"), into, bench.family), 100);
    assert.equal(textOf(into), "untouched.");
    const nothing = new Slice(0);
    await bench.put("one", "1");
    assert.equal(await bench.store.get(slice("one"), nothing, bench.family), 1);
    assert.equal(nothing.length, 0);
  },

  async "get() leaves the slice alone when there is no such key"(bench) {
    const into = slice("untouched");
    assert.equal(await bench.store.get(slice("nothing"), into, bench.family), -1);
    assert.equal(textOf(into), "untouched");
  },

  async "put() keeps values of a megabyte as they are"(bench) {
    const value = new Slice(1 << 20);
    for (let i = 0; i < value.length; i++) value.bytes[i] = i * 7 + (i >> 8);
    await bench.store.put(slice("big"), value, bench.family);
    const into = new Slice(1 << 20);
    assert.equal(await bench.store.get(slice("big"), into, bench.family), 1 << 20);
    assert.ok(into.view().every((byte, i) => byte === value.bytes[i]));
  },

  async "cursor() has binary keys in bytewise order"(bench) {
    const keys = ["\x00", "\x00\x00", "\x00\xff", "\x01", "a", "a\x00", "\x7f", "\x80", "\xff"];
    for (const key of keys.toReversed()) await bench.put(key, `\x00${key}\xff`);
    for (const key of keys) assert.equal(await bench.get(key), `\x00${key}\xff`);
    assert.deepEqual(await bench.entries(), keys.map((key) => `${key}=\x00${key}\xff`));
    assert.deepEqual(await bench.entries({ from: "\x80" }), [
      "\x80=\x00\x80\xff",
      "\xff=\x00\xff\xff",
    ]);
  },

  async "put(), get() and delete() take slices that are filled anew as soon as they return"(bench) {
    const { store, family } = bench;
    const key = new Slice(3);
    const value = new Slice(8);
    const pending: unknown[] = [];
    for (let i = 100; i < 200; i++) {
      key.fill(slice(`${i}`).view());
      value.fill(slice("v".repeat(i % 8)).view());
      pending.push(store.put(key, value, family));
    }
    await Promise.all(pending.splice(0));
    for (let i = 110; i < 200; i++) {
      key.fill(slice(`${i}`).view());
      pending.push(store.delete(key, family));
    }
    await Promise.all(pending);
    const lengths: (number | Promise<number>)[] = [];
    for (let i = 105; i < 115; i++) {
      key.fill(slice(`${i}`).view());
      lengths.push(store.get(key, new Slice(8), family));
    }
    assert.deepEqual(await Promise.all(lengths), [1, 2, 3, 4, 5, -1, -1, -1, -1, -1]);
    assert.equal((await bench.entries()).length, 10);
  },

  async "write() does a batch in its order, as often as asked, and nothing before"(bench) {
    const { store, family } = bench;
    await bench.put("gone", "x");
    const batch = store.batch();
    batch.put(slice("a"), slice("1"), family);
    batch.delete(slice("a"), family);
    batch.put(slice("b"), slice("1"), family);
    batch.put(slice("b"), slice("2"), family);
    batch.delete(slice("gone"), family);
    assert.equal(batch.count, 5);
    assert.deepEqual(await bench.entries(), ["gone=x"]);
    await store.write(batch);
    assert.deepEqual(await bench.entries(), ["b=2"]);
    await bench.delete("b");
    await store.write(batch);
    assert.deepEqual(await bench.entries(), ["b=2"]);
    batch.clear();
    assert.equal(batch.count, 0);
    await store.write(batch);
    batch.put(slice("c"), slice("3"), family);
    await store.write(batch);
    assert.deepEqual(await bench.entries(), ["b=2", "c=3"]);
    batch.close();
    batch.close();
    assert.equal(batch.count, 0);
  },

  async "batch() copies what is added"(bench) {
    const { store, family } = bench;
    const key = slice("a");
    const value = slice("1");
    const batch = store.batch();
    batch.put(key, value, family);
    key.fill(slice("b").view());
    value.fill(slice("2").view());
    batch.put(key, value, family);
    await store.write(batch);
    batch.close();
    assert.deepEqual(await bench.entries(), ["a=1", "b=2"]);
  },

  async "write() is seen as a whole or not at all"(bench) {
    const { store, family } = bench;
    const batch = store.batch();
    const seen = new Set<string>();
    for (let round = 0; round < 50; round++) {
      batch.clear();
      for (const key of ["a", "b", "c", "d"]) batch.put(slice(key), slice(`${round}`), family);
      const writing = store.write(batch);
      const values = (await bench.entries()).map((entry) => entry.slice(2));
      seen.add(`${values.length} entries, ${new Set(values).size} different`);
      await writing;
    }
    batch.close();
    const whole = ["0 entries, 0 different", "4 entries, 1 different"];
    assert.deepEqual([...seen].filter((state) => !whole.includes(state)), []);
  },

  async "cursor() walks a range forward and backward"(bench) {
    for (const key of ["a", "b", "ba", "c", "d"]) await bench.put(key, key.toUpperCase());
    const all = ["a=A", "b=B", "ba=BA", "c=C", "d=D"];
    const walks: [Parameters<Bench["entries"]>[0], string[]][] = [
      [{}, all],
      [{ from: "b" }, all.slice(1)],
      [{ from: "aa" }, all.slice(1)],
      [{ to: "c" }, all.slice(0, 3)],
      [{ to: "bz" }, all.slice(0, 3)],
      [{ from: "b", to: "c" }, all.slice(1, 3)],
      [{ from: "\x00", to: "\xff" }, all],
      [{ from: "" }, all],
      [{ to: "" }, []],
      [{ from: "b", to: "b" }, []],
      [{ from: "bb", to: "bz" }, []],
      [{ from: "c", to: "b" }, []],
      [{ from: "e" }, []],
      [{ to: "a" }, []],
    ];
    for (const [range, expected] of walks) {
      assert.deepEqual(await bench.entries(range), expected, JSON.stringify(range));
      const backward = await bench.entries({ ...range, reverse: true });
      assert.deepEqual(backward, expected.toReversed(), JSON.stringify(range));
    }
  },

  async "cursor() walks an empty store"(bench) {
    assert.deepEqual(await bench.entries(), []);
    assert.deepEqual(await bench.entries({ reverse: true }), []);
  },

  async "cursor() keeps its bounds when their slices are filled anew"(bench) {
    for (const key of ["a", "b", "c", "d"]) await bench.put(key, "");
    const from = slice("b");
    const to = slice("d");
    const cursor = bench.store.cursor({ from, to, family: bench.family });
    from.fill(slice("d").view());
    to.fill(slice("z").view());
    assert.deepEqual(await remaining(cursor), ["b=", "c="]);
    await cursor.close();
  },

  async "cursor() sees the store as it was when it was made"(bench) {
    const names = Array.from({ length: 300 }, (_, i) => `k${String(i).padStart(3, "0")}`);
    // More than any read-ahead fetches at once.
    const value = "old ".repeat(64);
    for (const name of names) await bench.put(name, value);
    for (const reverse of [false, true]) {
      const before = await bench.entries({ reverse });
      const untouched = bench.store.cursor({ family: bench.family, reverse });
      const begun = bench.store.cursor({ family: bench.family, reverse });
      await begun.next();
      const first = entryOf(begun);
      await bench.put("k0005", "new");
      await bench.put("k299", `new ${reverse}`);
      await bench.put("k000", `new ${reverse}`);
      await bench.put("z", `new ${reverse}`);
      await bench.delete("k150");
      assert.deepEqual([first, ...await remaining(begun)], before);
      assert.deepEqual(await remaining(untouched), before);
      await begun.close();
      await untouched.close();
      await bench.delete("k0005");
      await bench.put("k150", value);
    }
  },

  async "readKey() and readValue() refuse a slice that is too small, and a cursor at no entry"(
    bench,
  ) {
    await bench.put("key", "value");
    const cursor = bench.store.cursor({ family: bench.family });
    for (const read of [() => cursor.readKey(new Slice(9)), () => cursor.readValue(new Slice(9))]) {
      assert.match((await refusal(read)).message, /the cursor is at no entry/);
    }
    assert.equal(await cursor.next(), true);
    assert.throws(() => cursor.readKey(new Slice(2)), RangeError);
    assert.throws(() => cursor.readValue(new Slice(4)), RangeError);
    assert.equal(entryOf(cursor), "key=value");
    assert.equal(await cursor.next(), false);
    for (const read of [() => cursor.readKey(new Slice(9)), () => cursor.readValue(new Slice(9))]) {
      assert.equal((await refusal(read)).kind, "usage");
    }
    await cursor.close();
    await cursor.close();
    assert.equal(await cursor.next(), false);
  },

  async "families are kept apart, and others are refused"(bench) {
    const { store, subject } = bench;
    const families = Array.from({ length: subject.families }, (_, i) => i);
    for (const family of families) {
      await bench.put("key", `in ${family}`, family);
      await bench.put(`own ${family}`, "", family);
    }
    const batch = store.batch();
    for (const family of families) batch.put(slice("z"), slice(`${family}`), family);
    await store.write(batch);
    for (const family of families) {
      assert.equal(await bench.get("key", family), `in ${family}`);
      const expected = [`key=in ${family}`, `own ${family}=`, `z=${family}`];
      assert.deepEqual(await bench.entries({ family }), expected);
      assert.deepEqual(await bench.entries({ family, reverse: true }), expected.toReversed());
      await store.compact({ family });
    }
    await bench.delete("key", families.at(-1));
    assert.equal(await bench.get("key", families.at(-1)), undefined);
    if (families.length > 1) assert.equal(await bench.get("key", 0), "in 0");
    for (const family of [subject.families, -1, 0.5]) {
      for (
        const run of [
          () => store.put(slice("k"), slice("v"), family),
          () => store.get(slice("k"), slice("v"), family),
          () => store.delete(slice("k"), family),
          () => store.cursor({ family }),
          () => store.compact({ family }),
          () => batch.put(slice("k"), slice("v"), family),
          () => batch.delete(slice("k"), family),
        ]
      ) {
        assert.equal((await refusal(run)).kind, "usage");
      }
    }
    batch.close();
  },

  async "flush() and compact() change nothing that is read"(bench) {
    for (let i = 100; i < 200; i++) await bench.put(`${i}`, `value ${i}`);
    for (let i = 100; i < 150; i++) await bench.delete(`${i}`);
    const before = await bench.entries();
    assert.equal(before.length, 50);
    await bench.store.flush();
    assert.deepEqual(await bench.entries(), before);
    await bench.store.compact({ family: bench.family });
    await bench.store.compact({ family: bench.family, from: slice("1"), to: slice("2") });
    assert.deepEqual(await bench.entries(), before);
    assert.equal(await bench.get("150"), "value 150");
    assert.equal(await bench.get("149"), undefined);
  },

  async "open() finds everything again, flushed and not"(bench) {
    await bench.put("flushed", "1");
    await bench.put("deleted", "1");
    await bench.store.flush();
    await bench.put("logged", "2");
    await bench.delete("deleted");
    await bench.reopen();
    assert.deepEqual(await bench.entries(), ["flushed=1", "logged=2"]);
    await bench.put("flushed", "3");
    await bench.reopen();
    assert.deepEqual(await bench.entries(), ["flushed=3", "logged=2"]);
  },

  "property() tells what the engine knows, and undefined for what it does not"(bench) {
    const { store } = bench;
    const ofServers: Record<string, string> = { etcd: "etcd.revision", tikv: "tikv.retries" };
    const own = ofServers[bench.subject.name];
    if (own !== undefined) {
      assert.match(store.property(own) ?? "", /^\d+$/);
      assert.equal(store.property("rocksdb.stats"), undefined);
      return;
    }
    assert.match(store.property("rocksdb.num-files-at-level0") ?? "", /^\d+$/);
    assert.match(store.property("rocksdb.stats") ?? "", /Compaction Stats/);
    assert.equal(store.property("rocksdb.no-such-property"), undefined);
    assert.equal(store.property(""), undefined);
  },

  "describe() says what the store is"(bench) {
    const { store, subject } = bench;
    const description = store.describe();
    assert.equal(description.store, subject.name.split(" ")[0]);
    assert.equal(description.api, store.api);
    assert.ok(!JSON.stringify(description).includes(bench.path));
    if (subject.name === "etcd") {
      const { engine, version, durability, network } = description;
      assert.deepEqual([engine, durability, network], ["etcd", "synced", true]);
      assert.match(version, /^\d+\.\d+\.\d+$/);
      return;
    }
    if (subject.name === "tikv") {
      const { engine, version, durability, network } = description;
      assert.deepEqual([engine, durability, network], ["a double of TiKV", "none", true]);
      assert.equal(version, DOUBLE_VERSION);
      return;
    }
    // A fork says what it is, and what it was made of.
    assert.match(description.engine, /RocksDB|Speedb/);
    assert.match(description.version, /^\d+(\.\d+){2,3}( \(RocksDB \d+\.\d+\.\d+\))?$/);
    assert.match(description.library, /rocksdb|speedb/);
    const { wal = "buffered" } = subject;
    assert.equal(description.durability, wal);
    assert.equal(description.network, false);
    assert.equal(description.options["wal"], wal);
    assert.equal(description.options["writeBufferBytes"], 64 * 1024 * 1024);
  },

  async "close() twice is harmless, closes what was left open, and is the end"(bench) {
    const { store, family, path, subject } = bench;
    await bench.put("a", "1");
    await bench.put("b", "2");
    const cursor = store.cursor({ family });
    await cursor.next();
    const batch = store.batch();
    batch.put(slice("c"), slice("3"), family);
    await Promise.all([store.close(), store.close()]);
    await store.close();
    // A walk that was cut short ends, or says why.
    const goesOn = await Promise.resolve().then(() => cursor.next()).catch((error) => {
      assert.ok(error instanceof StoreError, `${error}`);
      return false;
    });
    assert.equal(goesOn, false);
    await cursor.close();
    const calls: Record<string, () => unknown> = {
      put: () => store.put(slice("a"), slice("1"), family),
      get: () => store.get(slice("a"), slice("1"), family),
      delete: () => store.delete(slice("a"), family),
      write: () => store.write(batch),
      scan: () => store.cursor({ family }),
      flush: () => store.flush(),
      compact: () => store.compact({ family }),
      property: () => store.property("rocksdb.stats"),
      describe: () => store.describe(),
      batch: () => store.batch(),
    };
    // A KvStore's batch is kept in JavaScript, and is refused when it is written.
    if (subject.name.startsWith("kvstore")) delete calls["batch"];
    for (const [call, run] of Object.entries(calls)) {
      const error = await refusal(run);
      assert.equal(error.call, call);
      assert.equal(error.kind, "usage");
      assert.match(error.message, /^Cannot .*closed$/);
      assert.ok([path, subject.called(path)].some((name) => error.message.includes(name)));
    }
    batch.close();
    await bench.open();
    assert.deepEqual(await bench.entries(), ["a=1", "b=2"]);
  },

  async "close() waits for what is under way"(bench) {
    const { store, family } = bench;
    await bench.put("a", "1");
    const into = new Slice(8);
    const cursor = store.cursor({ family });
    const pending = Promise.allSettled([
      store.put(slice("b"), slice("2"), family),
      store.get(slice("a"), into, family),
      cursor.next(),
    ]);
    await store.close();
    const [put, get] = await pending;
    assert.deepEqual([put.status, get.status], ["fulfilled", "fulfilled"]);
    assert.equal(textOf(into), "1");
    await bench.open();
    assert.deepEqual(await bench.entries(), ["a=1", "b=2"]);
  },

  async "open() refuses a database that is open, and one whose path is a file's"(bench) {
    const locked = await refusal(() => bench.subject.open(bench.path));
    const file = `${bench.path}.txt`;
    await Deno.writeTextFile(file, "no database");
    const blocked = await refusal(() => bench.subject.open(file));
    for (const [error, path] of [[locked, bench.path], [blocked, file]] as const) {
      assert.equal(error.call, "open");
      assert.equal(error.kind, "engine");
      assert.ok(error.message.startsWith(`Cannot open the database ${path}: `), error.message);
    }
    await bench.put("still", "works");
    assert.equal(await bench.get("still"), "works");
  },
};

for (const subject of SUBJECTS) {
  for (const [name, body] of Object.entries(CASES)) {
    const lack = subject.lacks?.[name];
    Deno.test({
      name: `${subject.name}: ${name}${lack === undefined ? "" : ` (${lack})`}`,
      ignore: subject.ignore || lack !== undefined,
      fn: () => withBench(subject, body),
    });
  }
}

/** One step of a history; keys and values are text, a character a byte. */
type Step =
  | { do: "put"; family: number; key: string; value: string }
  | { do: "delete" | "get"; family: number; key: string }
  | { do: "batch"; writes: { family: number; key: string; value: string | null }[] }
  | { do: "scan"; family: number; from?: string; to?: string; reverse: boolean }
  | { do: "flush" | "reopen" }
  | { do: "compact"; family: number };

function histories(families: number): fc.Arbitrary<Step[]> {
  // Few bytes, so that keys meet, begin each other and touch the ends of the order.
  const key = fc.string({ unit: fc.constantFrom("\x00", "a", "\xff"), minLength: 1, maxLength: 3 });
  const value = fc.string({ unit: fc.constantFrom("\x00", "v", "\xff"), maxLength: 5 });
  const family = fc.nat(families - 1);
  const step = <S extends Step>(weight: number, arbitrary: fc.Arbitrary<S>) => ({
    weight,
    arbitrary: arbitrary as fc.Arbitrary<Step>,
  });
  return fc.array(
    fc.oneof(
      step(8, fc.record({ do: fc.constant("put" as const), family, key, value })),
      step(3, fc.record({ do: fc.constantFrom("delete" as const, "get" as const), family, key })),
      step(
        3,
        fc.record({
          do: fc.constant("batch" as const),
          writes: fc.array(fc.record({ family, key, value: fc.option(value) }), { maxLength: 6 }),
        }),
      ),
      step(
        4,
        fc.record({
          do: fc.constant("scan" as const),
          family,
          reverse: fc.boolean(),
          from: key,
          to: key,
        }, { requiredKeys: ["do", "family", "reverse"] }) as fc.Arbitrary<
          Extract<Step, { do: "scan" }>
        >,
      ),
      step(1, fc.record({ do: fc.constantFrom("flush" as const, "reopen" as const) })),
      step(1, fc.record({ do: fc.constant("compact" as const), family })),
    ),
    { minLength: 20, maxLength: 60 },
  );
}

/** A Map a family, read in the order of its keys. */
class Model {
  readonly #families: Map<string, string>[];

  constructor(families: number) {
    this.#families = Array.from({ length: families }, () => new Map());
  }

  get(family: number, key: string): string | undefined {
    return this.#families[family]!.get(key);
  }

  write(family: number, key: string, value: string | null): void {
    if (value === null) this.#families[family]!.delete(key);
    else this.#families[family]!.set(key, value);
  }

  scan({ family, from, to, reverse }: Omit<Extract<Step, { do: "scan" }>, "do">): string[] {
    const entries = [...this.#families[family]!].sort(([a], [b]) => a < b ? -1 : 1)
      .filter(([key]) => (from === undefined || key >= from) && (to === undefined || key < to))
      .map(([key, value]) => `${key}=${value}`);
    return reverse ? entries.reverse() : entries;
  }
}

async function follow(bench: Bench, model: Model, step: Step): Promise<void> {
  switch (step.do) {
    case "put":
      await bench.put(step.key, step.value, step.family);
      return model.write(step.family, step.key, step.value);
    case "delete":
      await bench.delete(step.key, step.family);
      return model.write(step.family, step.key, null);
    case "get":
      return assert.equal(await bench.get(step.key, step.family), model.get(step.family, step.key));
    case "batch": {
      const batch = bench.store.batch();
      for (const { family, key, value } of step.writes) {
        if (value === null) batch.delete(slice(key), family);
        else batch.put(slice(key), slice(value), family);
        model.write(family, key, value);
      }
      await bench.store.write(batch);
      return batch.close();
    }
    case "scan": {
      const { do: _, ...range } = step;
      return assert.deepEqual(await bench.entries(range), model.scan(range));
    }
    case "flush":
      return await bench.store.flush();
    case "compact":
      return await bench.store.compact({ family: step.family });
    case "reopen":
      return await bench.reopen();
  }
}

for (const subject of SUBJECTS) {
  Deno.test({
    name: `${subject.name}: random histories go as a sorted map's do`,
    ignore: subject.ignore,
    fn: () =>
      fc.assert(
        fc.asyncProperty(histories(subject.families), (steps) =>
          withBench(subject, async (bench) => {
            const model = new Model(subject.families);
            for (const step of steps) await follow(bench, model, step);
            for (let family = 0; family < subject.families; family++) {
              const all = { family, reverse: false };
              assert.deepEqual(await bench.entries(all), model.scan(all));
            }
          })),
        { seed: 20251201, numRuns: subject.runs ?? 15, endOnFailure: subject.runs !== undefined },
      ),
  });
}
