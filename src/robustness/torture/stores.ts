/** Every store with values of all sizes, damaged tables, and calls after its end. */
import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { run } from "../../_testing/child.ts";
import { Slice, StoreError, STORES } from "../../store/mod.ts";
import { pick } from "../mutate.ts";
import { ENTRIES, isTold, keyOf, valueOf } from "./read_damaged.ts";
import type { TortureStep } from "./step.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
/** The most that a slice of a test reads into. */
const VALUES = [0, 1, 2, 127, 128, 4095, 4096, 4097, 65_535, 65_536, MIB, 16 * MIB, 64 * MIB];
const KEYS = [1, 2, 16, 255, 256, 4096, 65_535, 65_536, MIB];

/** The stores that keep what they are given and can be opened here. */
const kinds = () =>
  STORES.filter(({ name, missing }) => !name.startsWith("null") && missing({}) === undefined);

/** Bytes that are the same again for the same seed. */
function bytesOf(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed + 1;
  for (let at = 0; at < length; at++) {
    state = Math.imul(state, 1103515245) + 12345 | 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** Values of 0 B to 64 MiB and keys to 1 MiB: what is put is what is got, before and after a restart. */
export const sizes: TortureStep = {
  name: "sizes",
  what: "values of 0 B to 64 MiB and keys to 1 MiB through every store",
  seconds: { quick: 20, full: 120 },
  async run({ form, folder, count }) {
    const values = form === "quick" ? VALUES.filter((size) => size <= MIB) : VALUES;
    for (const kind of kinds()) {
      const path = `${folder}/${kind.name}`;
      const into = new Slice(Math.max(...values));
      let store = await kind.open(path, {});
      const put: { key: Slice; value: Uint8Array<ArrayBuffer> }[] = [];
      const tried = [
        ...values.map((size, at) => ({ key: 16, size, at })),
        ...KEYS.map((key, at) => ({ key, size: 100, at: 100 + at })),
      ];
      for (const { key, size, at } of tried) {
        const entry = { key: Slice.from(bytesOf(key, at)), value: bytesOf(size, at + 7) };
        try {
          await store.put(entry.key, Slice.from(entry.value));
        } catch (error) {
          // A limit of its own is said, and nothing is kept.
          assert.ok(error instanceof StoreError, `${kind.name}: ${error}`);
          assert.equal(await store.get(entry.key, into), -1, kind.name);
          count(`${kind.name}: refused by its limit`);
          continue;
        }
        put.push(entry);
      }
      for (const restarted of [false, true]) {
        if (restarted) {
          await store.flush();
          await store.close();
          store = await kind.open(path, {});
        }
        for (const { key, value } of put) {
          const length = await store.get(key, into);
          assert.equal(length, value.length, `${kind.name}: a value of ${value.length}`);
          assert.ok(Buffer.from(into.view()).equals(value), `${kind.name}: ${value.length} bytes`);
          count(`${kind.name}: values read again`);
        }
      }
      await store.close();
      await store.close();
      Deno.removeSync(path, { recursive: true });
    }
  },
};

/** Tables with flipped bytes: an error, or the value that was put; never another one. */
export const damagedTables: TortureStep = {
  name: "tables",
  what: "flipped bytes in tables: an error, never wrong data",
  seconds: { quick: 15, full: 480 },
  async run({ form, folder, random, count, goOn }) {
    for (const kind of kinds()) {
      const sound = `${folder}/${kind.name}`;
      const store = await kind.open(sound, {});
      for (let at = 0; at < ENTRIES; at++) await store.put(keyOf(at), Slice.fromText(valueOf(at)));
      await store.flush();
      await store.compact();
      await store.close();
      const tables = [...Deno.readDirSync(sound)].map(({ name }) => name)
        .filter((name) => name.endsWith(".sst"));
      assert.ok(tables.length > 0, kind.name);
      for (let times = 0; goOn(times, form === "quick" ? 8 : 100); times++) {
        const path = `${folder}/damaged`;
        Deno.mkdirSync(path);
        for (const { name } of Deno.readDirSync(sound)) {
          Deno.copyFileSync(`${sound}/${name}`, `${path}/${name}`);
        }
        const table = `${path}/${pick(random, tables)}`;
        const bytes = Deno.readFileSync(table);
        for (let flips = 1 + random.below(4); flips > 0; flips--) {
          bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
        }
        Deno.writeFileSync(table, bytes);
        const { code, signal, out, err } = await run(Deno.execPath(), [
          "run",
          "--quiet",
          "--no-prompt",
          "--cached-only",
          "--allow-ffi",
          "--allow-read",
          "--allow-write",
          "--allow-env",
          "--allow-sys",
          new URL("./read_damaged.ts", import.meta.url).pathname,
          kind.name,
          path,
        ]);
        // An engine that ends its process costs a run, which is a process of its own.
        const aborted = signal === "SIGABRT";
        assert.ok(aborted || code === 0, `${kind.name}: ${signal ?? code} ${err}`);
        const became = aborted ? "the engine ended its process" : out.trim();
        count(`${kind.name}: ${became}`);
        Deno.removeSync(path, { recursive: true });
      }
    }
  },
};

/** Calls in any order after the end: each is refused, and nothing crashes. */
export const afterClose: TortureStep = {
  name: "closed",
  what: "double close, and use after close in random order",
  seconds: { quick: 10, full: 60 },
  async run({ form, folder, random, count, goOn }) {
    const slice = Slice.fromText("a");
    for (const kind of kinds()) {
      for (let times = 0; goOn(times, form === "quick" ? 3 : 40); times++) {
        const path = `${folder}/${kind.name}`;
        const store = await kind.open(path, {});
        await store.put(slice, slice);
        const batch = store.batch();
        batch.put(slice, slice);
        const cursor = store.cursor();
        if (random.below(2) === 0) await cursor.next();
        await store.close();
        const into = new Slice(8);
        const calls: (() => unknown)[] = [
          () => store.put(slice, slice),
          () => store.get(slice, into),
          () => store.delete(slice),
          () => store.write(batch),
          () => store.cursor(),
          () => store.flush(),
          () => store.compact(),
          () => store.property("rocksdb.stats"),
          () => store.describe(),
          () => store.batch(),
          () => store.close(),
          () => cursor.next(),
          () => cursor.readKey(into),
          () => cursor.readValue(into),
          () => cursor.keyLength,
          () => cursor.close(),
          () => batch.put(slice, slice),
          () => batch.clear(),
          () => batch.count,
          () => batch.close(),
        ];
        for (const call of random.shuffle([...calls, ...calls])) {
          try {
            await call();
          } catch (error) {
            assert.ok(isTold(error) || error instanceof RangeError, `${kind.name}: ${error}`);
          }
          count(`${kind.name}: calls after close`);
        }
        const again = await kind.open(path, {});
        assert.equal(await again.get(slice, into), 1, kind.name);
        await again.close();
        Deno.removeSync(path, { recursive: true });
      }
    }
  },
};
