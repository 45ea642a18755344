import assert from "node:assert/strict";
import fc from "fast-check";
import type { AsyncStore, Batch, ScanRange, StoreDescription, SyncStore } from "../contract.ts";
import { StoreError } from "../error.ts";
import { levelIsThere, openLevel } from "../level/mod.ts";
import { libraryIsThere, openRaw } from "../raw/mod.ts";
import { Slice } from "../slice.ts";
import { KvError, KVSTORE_FAMILIES, openKvStore, openKvStoreAsync } from "./mod.ts";

/** Both forms of a KvStore behind one face: awaiting what is there already changes nothing. */
interface EitherStore {
  readonly revision: number;
  readonly etcd: { compact(request: { revision: number }): unknown };
  describe(): StoreDescription;
  put(key: Slice, value: Slice, family?: number): void | Promise<void>;
  get(key: Slice, into: Slice, family?: number): number | Promise<number>;
  delete(key: Slice): void | Promise<void>;
  batch(): Batch;
  write(batch: Batch): void | Promise<void>;
  cursor(range?: ScanRange): ReturnType<SyncStore["cursor"] | AsyncStore["cursor"]>;
  flush(): void | Promise<void>;
  compact(): void | Promise<void>;
  close(): void | Promise<void>;
}

const forms: Record<string, { open(path: string): Promise<EitherStore>; ignore: boolean }> = {
  KvStoreSync: {
    // deno-lint-ignore require-await -- one face for both forms
    open: async (path) => openKvStore(openRaw(path, { families: KVSTORE_FAMILIES })) as EitherStore,
    ignore: !libraryIsThere(),
  },
  KvStoreAsync: {
    open: async (path) =>
      await openKvStoreAsync(
        await openLevel(path, { families: KVSTORE_FAMILIES }),
      ) as EitherStore,
    ignore: !levelIsThere(),
  },
};
if (forms["KvStoreSync"]!.ignore) console.log("KvStoreSync: skipped, there is no librocksdb here");
if (forms["KvStoreAsync"]!.ignore) {
  console.log("KvStoreAsync: skipped, npm:rocksdb has no build for this machine");
}

function test(name: string, body: (open: () => Promise<EitherStore>) => Promise<void>): void {
  for (const [form, { open, ignore }] of Object.entries(forms)) {
    Deno.test({
      name: `${form} ${name}`,
      ignore,
      fn: async () => {
        const path = await Deno.makeTempDir();
        const opened: EitherStore[] = [];
        try {
          await body(async () => {
            const store = await open(path);
            opened.push(store);
            return store;
          });
        } finally {
          for (const store of opened) await store.close();
          await Deno.remove(path, { recursive: true });
        }
      },
    });
  }
}

const slice = Slice.fromText;

async function textOf(store: EitherStore, key: string): Promise<string | undefined> {
  const into = new Slice(4096);
  const length = await store.get(slice(key), into);
  return length < 0 ? undefined : new TextDecoder().decode(into.view());
}

async function walk(store: EitherStore, range?: ScanRange): Promise<string[]> {
  const cursor = store.cursor(range);
  const entries: string[] = [];
  const key = new Slice(256);
  const value = new Slice(4096);
  const decoder = new TextDecoder();
  while (await cursor.next()) {
    cursor.readKey(key);
    cursor.readValue(value);
    assert.deepEqual([cursor.keyLength, cursor.valueLength], [key.length, value.length]);
    entries.push(`${decoder.decode(key.view())}=${decoder.decode(value.view())}`);
  }
  await cursor.close();
  return entries;
}

test("get() answers what put() set last, and −1 after delete()", async (open) => {
  const store = await open();
  await store.put(slice("a"), slice("1"));
  await store.put(slice("a"), slice("2"));
  await store.put(slice("empty"), new Slice(0));
  assert.equal(await textOf(store, "a"), "2");
  assert.equal(await textOf(store, "empty"), "");
  assert.equal(await textOf(store, "b"), undefined);
  await store.delete(slice("a"));
  assert.equal(await textOf(store, "a"), undefined);
});

test("revision counts the transactions that changed something, from 1", async (open) => {
  const store = await open();
  assert.equal(store.revision, 1);
  await store.put(slice("a"), slice("1"));
  assert.equal(store.revision, 2);
  await store.delete(slice("b"));
  assert.equal(store.revision, 2);
  const batch = store.batch();
  batch.put(slice("b"), slice("1"));
  batch.delete(slice("a"));
  await store.write(batch);
  assert.equal(store.revision, 3);
});

test("get() leaves a slice as it is that is too small, and tells the length", async (open) => {
  const store = await open();
  const long = "x".repeat(9000);
  await store.put(slice("k"), slice(long));
  const into = new Slice(8999);
  into.length = 3;
  assert.equal(await store.get(slice("k"), into), 9000);
  assert.equal(into.length, 3);
  const exact = new Slice(9000);
  assert.equal(await store.get(slice("k"), exact), 9000);
  assert.equal(new TextDecoder().decode(exact.view()), long);
});

test("write() does a batch in order, a key more than once too", async (open) => {
  const store = await open();
  const batch = store.batch();
  batch.put(slice("a"), slice("1"));
  batch.put(slice("a"), slice("2"));
  batch.put(slice("b"), slice("1"));
  batch.delete(slice("b"));
  batch.delete(slice("c"));
  assert.equal(batch.count, 5);
  await store.write(batch);
  assert.deepEqual(await walk(store), ["a=2"]);
  batch.clear();
  assert.equal(batch.count, 0);
  await store.write(batch);
  assert.equal(store.revision, 2);
});

test("cursor() walks ranges in both directions, at the revision it began at", async (open) => {
  const store = await open();
  for (const key of ["d", "b", "a", "c", "e", "ba"]) await store.put(slice(key), slice("1"));
  await store.delete(slice("e"));
  assert.deepEqual(await walk(store), ["a=1", "b=1", "ba=1", "c=1", "d=1"]);
  assert.deepEqual(await walk(store, { from: slice("b"), to: slice("d") }), [
    "b=1",
    "ba=1",
    "c=1",
  ]);
  assert.deepEqual(await walk(store, { from: slice("b"), to: slice("d"), reverse: true }), [
    "c=1",
    "ba=1",
    "b=1",
  ]);
  assert.deepEqual(await walk(store, { reverse: true }), ["d=1", "c=1", "ba=1", "b=1", "a=1"]);
  for (const reverse of [false, true]) {
    const cursor = store.cursor({ reverse });
    await cursor.next();
    await store.put(slice("aa"), slice("new"));
    await store.put(slice("c"), slice(`new ${reverse}`));
    await store.delete(slice("ba"));
    const keys: string[] = [];
    const into = new Slice(16);
    do {
      cursor.readValue(into);
      assert.notEqual(new TextDecoder().decode(into.view()), `new ${reverse}`);
      cursor.readKey(into);
      keys.push(new TextDecoder().decode(into.view()));
    } while (await cursor.next());
    await cursor.close();
    const expected = reverse ? ["a", "aa", "b", "c", "d"] : ["a", "b", "ba", "c", "d"];
    assert.deepEqual(keys, reverse ? expected.reverse() : expected);
  }
});

test("cursor() reads the right records where keys were written in order, backwards, and mixed", async (open) => {
  const store = await open();
  const names = Array.from({ length: 300 }, (_, i) => `key${String(i).padStart(4, "0")}`);
  for (const name of names.slice(0, 100)) await store.put(slice(name), slice(name));
  for (const name of names.slice(100, 200).reverse()) await store.put(slice(name), slice(name));
  const batch = store.batch();
  for (const name of names.slice(200)) batch.put(slice(name), slice(name));
  await store.write(batch);
  for (const name of names.filter((_, i) => i % 7 === 0)) await store.put(slice(name), slice(name));
  assert.deepEqual(await walk(store), names.map((name) => `${name}=${name}`));
});

test("cursor() sees its revision whatever is put, deleted and compacted under way", async (open) => {
  const store = await open();
  const random = fc.sample(fc.nat(), { seed: 5, numRuns: 20_000 });
  const draw = (below: number) => random.pop()! % below;
  const keyOf = (n: number) => `key${String(n).padStart(4, "0")}`;
  const keys = new Map<string, string>();
  const put = async (key: string, value: string) => {
    await store.put(slice(key), slice(value));
    keys.set(key, value);
  };
  const into = new Slice(64);
  const read = (copy: (into: Slice) => void) => {
    copy(into);
    return new TextDecoder().decode(into.view());
  };
  const begin = () => {
    const [from, to] = [draw(300), 300 + draw(700)].map(keyOf) as [string, string];
    const reverse = draw(2) === 1;
    const expected = [...keys].filter(([key]) => key >= from && key < to).sort();
    const cursor = store.cursor({ from: slice(from), to: slice(to), reverse });
    const { revision } = store;
    return { cursor, expected: reverse ? expected.reverse() : expected, at: 0, revision };
  };
  for (let n = 0; n < 500; n++) await put(keyOf(2 * n), "first");
  let walks = Array.from({ length: 6 }, begin);
  let ended = 0;
  let compacted = 0;
  for (let round = 0; round < 24; round++) {
    for (let i = 0; i < 10; i++) await put(keyOf(draw(1000)), `round ${round}`);
    for (const key of [...keys.keys()].filter(() => draw(round % 7 === 6 ? 2 : 50) === 0)) {
      await store.delete(slice(key));
      keys.delete(key);
    }
    for (const walk of walks) {
      for (let steps = draw(70); steps > 0 && walk.at <= walk.expected.length; steps--) {
        assert.equal(await walk.cursor.next(), walk.at < walk.expected.length);
        const entry = walk.expected[walk.at++];
        if (entry === undefined) continue;
        const key = read((into) => walk.cursor.readKey(into));
        assert.deepEqual([key, read((into) => walk.cursor.readValue(into))], entry);
      }
    }
    const over = walks.filter(({ at, expected }) => at > expected.length);
    ended += over.length;
    for (const { cursor } of over) await cursor.close();
    walks = walks.filter((walk) => !over.includes(walk));
    while (walks.length < 6) walks.push(begin());
    // What the walks are at has to stay.
    const revision = Math.min(...walks.map((walk) => walk.revision));
    if (revision > compacted) await store.etcd.compact({ revision });
    compacted = revision;
  }
  assert.ok(ended > 5, `${ended} walks came to their end`);
  for (const { cursor } of walks) await cursor.close();
});

test("reopened has the same keys, values and revision", async (open) => {
  let store = await open();
  for (const key of ["a", "b", "c"]) await store.put(slice(key), slice(key));
  await store.put(slice("a"), slice("again"));
  await store.delete(slice("b"));
  await store.close();
  store = await open();
  assert.equal(store.revision, 6);
  assert.deepEqual(await walk(store), ["a=again", "c=c"]);
  await store.put(slice("b"), slice("new"));
  assert.equal(store.revision, 7);
  assert.deepEqual(await walk(store), ["a=again", "b=new", "c=c"]);
});

test("describe() names the engine underneath", async (open) => {
  const { store, engine, network } = (await open()).describe();
  assert.deepEqual([store, engine, network], [
    "kvstore",
    "KvStore (etcd MVCC) over RocksDB",
    false,
  ]);
});

test("refuses empty keys, what is too large, other families, and work after close()", async (open) => {
  const store = await open();
  const refusal = async (run: () => unknown): Promise<unknown> => {
    try {
      await run();
    } catch (error) {
      return error;
    }
    return assert.fail("Nothing was refused");
  };
  const empty = await refusal(() => store.put(new Slice(0), slice("v")));
  assert.ok(empty instanceof KvError && empty.reason === "EmptyKey" && empty.code === 3);
  const large = await refusal(() => store.put(slice("k"), new Slice(1.5 * 1024 * 1024)));
  assert.ok(large instanceof KvError && large.reason === "RequestTooLarge");
  const family = await refusal(() => store.put(slice("k"), slice("v"), 1));
  assert.ok(family instanceof StoreError && family.kind === "usage");
  assert.equal(store.revision, 1);
  await store.flush();
  await store.compact();
  await store.close();
  await store.close();
  for (
    const run of [
      () => store.put(slice("k"), slice("v")),
      () => store.get(slice("k"), slice("v")),
      () => store.delete(slice("k")),
      () => store.cursor(),
    ]
  ) {
    const closed = await refusal(run);
    assert.ok(closed instanceof StoreError && closed.message.includes("closed"));
  }
});

Deno.test("KvStoreAsync does writes in the order in which they were asked for", {
  ignore: forms["KvStoreAsync"]!.ignore,
}, async () => {
  const path = await Deno.makeTempDir();
  const store = await forms["KvStoreAsync"]!.open(path);
  const key = slice("k");
  const value = new Slice(8);
  const puts: unknown[] = [];
  for (let i = 0; i < 100; i++) {
    // One slice for all: it may be filled anew as soon as the call has returned.
    value.fill(new TextEncoder().encode(`v${i}`));
    puts.push(store.put(key, value));
    // Now and then one begins when none is under way.
    if (i % 10 === 0) await puts.at(-1);
  }
  const closing = store.close();
  await Promise.all(puts);
  await closing;
  const again = await forms["KvStoreAsync"]!.open(path);
  assert.equal(await textOf(again, "k"), "v99");
  assert.equal(again.revision, 101);
  await again.close();
  await Deno.remove(path, { recursive: true });
});

Deno.test({
  name: "openKvStore() refuses databases of something else, and damaged records, and closes them",
  ignore: forms["KvStoreSync"]!.ignore,
  fn: () => {
    const damages: Record<string, (engine: SyncStore) => void> = {
      "something else": (engine) => engine.put(slice("key"), slice("value"), 0),
      "no revision's": (engine) => {
        openKvStore(engine);
        engine.put(slice("stray"), slice("value"), 1);
      },
      "damaged": (engine) => {
        openKvStore(engine).put(slice("k"), slice("v"));
        engine.put(
          Slice.from(Uint8Array.fromHex("00000000000000025f0000000000000000")),
          slice("?"),
          1,
        );
      },
      "its form is 9": (engine) => engine.put(slice("tidemarkKvStoreFormat"), slice("9"), 2),
    };
    for (const [message, damage] of Object.entries(damages)) {
      const path = Deno.makeTempDirSync();
      const engine = openRaw(path, { families: KVSTORE_FAMILIES });
      damage(engine);
      engine.close();
      const damaged = openRaw(path, { families: KVSTORE_FAMILIES });
      assert.throws(() => openKvStore(damaged), (error) => {
        assert.ok(error instanceof KvError && error.reason === "Corrupt");
        assert.ok(error.message.includes(message), error.message);
        return true;
      });
      assert.throws(() => damaged.flush(), StoreError);
      Deno.removeSync(path, { recursive: true });
    }
  },
});
