/** What only some plug-ins have: several keys in one call, and events. */
import assert from "node:assert/strict";
import { buildC } from "../../_testing/plugin_library.ts";
import { monotonicClock } from "../../native/mod.ts";
import { Slice } from "../slice.ts";
import { attachPlugin, loadPlugin, openPlugin, type PluginStore } from "./mod.ts";

const SOURCES = new URL("../../plugin/check/_testing/", import.meta.url).pathname;
const plugin = await buildC(
  `${SOURCES}several.c`,
  [`-DSOURCE="${SOURCES}faults.c"`],
  "libseveral.so",
);
const without = await buildC(`${SOURCES}faults.c`, [], "libarray.so");
const skipped = plugin.reason === undefined ? "" : ` (skipped: ${plugin.reason})`;

function test(name: string, library: string | undefined, body: (store: PluginStore) => void): void {
  Deno.test({
    name: `${name}${skipped}`,
    timeout: 60_000,
    ignore: plugin.reason !== undefined,
    fn() {
      const folder = Deno.makeTempDirSync();
      const store = openPlugin(`${folder}/database`, { library: loadPlugin(library!) });
      try {
        body(store);
      } finally {
        store.close();
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

const found = (places: number) => ({
  offsets: new Float64Array(places),
  lengths: new Float64Array(places),
});

test(
  "multiGet() copies what is there, in any number, also by an attached session",
  plugin.path,
  (store) => {
    const keys = Array.from({ length: 300 }, (_, i) => Slice.fromText(`key ${i}`));
    for (const [i, key] of keys.entries()) {
      if (i % 3 !== 0) store.put(key, Slice.fromText("v".repeat(i)));
    }
    const into = new Slice(300 * 300);
    const client = attachPlugin(store.share!());
    for (const one of [store, client]) {
      // More than the last time, and fewer.
      for (const count of [1, 0, 300, 7]) {
        const places = found(300);
        one.multiGet!(keys, count, into, places);
        const lengths = Array.from({ length: count }, (_, i) => i % 3 === 0 ? -1 : i);
        assert.deepEqual([...places.lengths.subarray(0, count)], lengths);
        assert.equal(into.length, lengths.reduce((sum, each) => sum + Math.max(0, each), 0));
        for (const [i, length] of lengths.entries()) {
          if (length < 0) continue;
          const at = places.offsets[i]!;
          const value = into.bytes.subarray(at, at + length);
          assert.ok(value.every((byte) => byte === "v".charCodeAt(0)), `${i}`);
        }
      }
    }
    client.close();
    const small = new Slice(2);
    assert.throws(() => store.multiGet!(keys, 3, small, found(3)), {
      name: "RangeError",
      message: "Cannot get 3 keys: their values have 3 bytes, and the slice 2",
    });
    assert.throws(() => store.multiGet!(keys, 1, small, found(1), 1), /it has no column family 1/);
  },
);

test(
  "takeEvents() tells each event once, with its times and what was lost",
  plugin.path,
  (store) => {
    const clock = monotonicClock(0);
    // The ring of this one is the process's.
    store.takeEvents!();
    const begun = clock.now();
    for (let i = 0; i < 3; i++) store.put(Slice.fromText("k"), Slice.fromText("v"));
    const told = store.takeEvents!();
    assert.deepEqual(told.map(({ kind, bytes }) => [kind, bytes]), Array(3).fill(["sync", 1]));
    for (const { beginNs, endNs } of told) {
      assert.ok(begun <= beginNs && beginNs <= endNs && endNs <= clock.now());
    }
    assert.deepEqual(store.takeEvents!(), []);
    for (let i = 0; i < 300; i++) store.put(Slice.fromText("k"), Slice.fromText("v"));
    const many = store.takeEvents!();
    // Its ring has 256 places.
    assert.equal(many.filter(({ kind }) => kind === "sync").length, 256);
    assert.deepEqual(many.filter(({ kind }) => kind === "lost").map(({ bytes }) => bytes), [44]);
  },
);

test("multiGet and takeEvents are absent where a plug-in has neither", without.path, (store) => {
  assert.equal(store.multiGet, undefined);
  assert.equal(store.takeEvents, undefined);
  // Of what a load's tree is brought into shape with it has neither as well.
  assert.deepEqual([store.lacks("flush"), store.lacks("compact")], [true, true]);
});
