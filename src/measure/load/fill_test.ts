import assert from "node:assert/strict";
import fc from "fast-check";
import { libraryIsThere, Slice, storeKind, type SyncStore } from "../../store/mod.ts";
import { KEY_FORMS, type LoadSpec, type ShapeName } from "../../workload/mod.ts";
import { loadOfOneGroup } from "../_testing/one_group.ts";
import { farApart, fill } from "./fill.ts";

Deno.test("farApart() gives each number once, and none beside the one before it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (count) => {
      const next = farApart(count);
      const numbers = Array.from({ length: count }, next);
      assert.deepEqual(numbers.toSorted((a, b) => a - b), numbers.map((_, i) => i));
      if (count < 8) return;
      const steps = numbers.slice(1).map((number, i) => Math.abs(number - numbers[i]!));
      assert.ok(Math.min(...steps) >= count / 8, `a step of ${Math.min(...steps)} of ${count}`);
    }),
    { seed: 5, numRuns: 300 },
  );
});

/** A load of 100-byte values into a real store of small memtables, filled into a shape. */
async function filled(
  shape: ShapeName,
  keyForm: LoadSpec["keyForm"],
  look: (store: SyncStore, read: (property: string) => number, told: string[]) => void,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const store = await storeKind("raw").open(`${folder}/db`, {
    // Only what is asked for is compacted.
    engineOptions: "disable_auto_compactions=true",
  }) as SyncStore;
  const told: string[] = [];
  try {
    const load = { ...loadOfOneGroup({ get: 1 }, { loop: "closed" }, 1), keyForm, keys: 5000 };
    await fill(store, load, shape, 1, (what) => told.push(what));
    look(store, (name) => Number(store.property(name)), told);
    const form = KEY_FORMS[keyForm];
    const [key, into] = [new Slice(form.bytes), new Slice(100)];
    for (let i = 0; i < 5000; i++) {
      form.write(key.bytes, i);
      assert.equal(store.get(key, into), 100, `key ${i}`);
    }
  } finally {
    await store.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

const IN_MEMORY = "rocksdb.num-entries-active-mem-table";
const LEVEL_0 = "rocksdb.num-files-at-level0";
const options = { timeout: 60_000, ignore: !libraryIsThere() };

Deno.test("fill() leaves what is ingested in memory, as puts do", options, async () => {
  await filled("ingested", "numbered", (_, read) => assert.equal(read(IN_MEMORY), 5000));
});

Deno.test("fill() loads sorted keys of a settled tree past the memtable", options, async () => {
  await filled("settled", "numbered", (_, read) => {
    assert.equal(read(IN_MEMORY), 0);
    assert.equal(read(LEVEL_0), 0, "nothing is left to compact");
  });
});

Deno.test(
  "fill() puts keys that are not sorted by batches, whatever the shape",
  options,
  async () => {
    await filled("settled", "hashed", (_, read) => assert.equal(read(IN_MEMORY), 5000));
  },
);

Deno.test(
  "fill() leaves an indebted tree files that overlap, each key put again",
  options,
  async () => {
    await filled("indebted", "binary", (store, read, told) => {
      assert.equal(read(LEVEL_0), 8);
      assert.equal(read(IN_MEMORY), 0);
      assert.ok(told.includes("the load of key 4376 of 5000 once more"));
      store.compact();
      assert.equal(read(LEVEL_0), 0);
      assert.equal(read("rocksdb.estimate-num-keys"), 5000);
    });
  },
);
