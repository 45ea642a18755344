import assert from "node:assert/strict";
import { defineSuite, type LoadBenchmarkSource } from "../../../suite/mod.ts";
import { parseSweep } from "../../../store/mod.ts";
import { searchesLeftOut, searchesOnNodes } from "./searches.ts";

const load = { keys: "1k", valueSize: 100, mix: { get: 1 }, rate: "5k" } as const;

function suiteOf(loads: LoadBenchmarkSource[]) {
  return defineSuite({ name: "rates", title: "Rates", summary: "", stores: ["raw"], loads });
}
const searched = (name: string, keys = "1k"): LoadBenchmarkSource => ({
  name,
  load: { ...load, keys },
  findRate: {},
});
const none = suiteOf([{ name: "plain", load }]);
const one = suiteOf([searched("one/5k"), { name: "plain", load }]);
const stores = ["raw"];

Deno.test("searchesLeftOut() says what a night does not search, and the call that does", () => {
  assert.deepEqual(searchesLeftOut({ suite: one, stores }, "mine.ts", {}), [
    "The highest rate of raw/one/5k is not searched by a night, since no history keeps what is " +
    "found: deno task bench mine.ts --filter raw/one/5k --find-rate searches it.",
  ]);
  const two = suiteOf([searched("one"), searched("two", "2k")]);
  assert.deepEqual(searchesLeftOut({ suite: two, stores }, "rates", {}), [
    "The highest rates of raw/one and raw/two are not searched by a night, since no history keeps " +
    "what is found: deno task bench rates --filter raw/one --find-rate searches the first of them.",
  ]);
});

Deno.test("searchesLeftOut() says nothing where no search is asked for of what is measured", () => {
  assert.deepEqual(searchesLeftOut({ suite: none, stores }, "rates", {}), []);
  assert.deepEqual(searchesLeftOut({ suite: one, stores, filter: "plain" }, "rates", {}), []);
});

Deno.test("searchesLeftOut() hands on what the night was told", () => {
  const [said] = searchesLeftOut({ suite: one, stores }, "my suites/rates.ts", {
    store: ["raw"],
    set: ["wal=synced", "release=10.4.2"],
  });
  assert.match(
    said!,
    /bench 'my suites\/rates\.ts' --store raw --set wal=synced,release=10\.4\.2 --filter raw\/one\/5k --find-rate/,
  );
});

Deno.test("searchesLeftOut() names --find-rate only where it takes the load for the only one", () => {
  const set = ["wal=off", "synced"];
  const { variants } = parseSweep(set, ["wal"]);
  const [swept] = searchesLeftOut({ suite: one, stores, variants }, "rates", { set });
  assert.match(
    swept!,
    /bench rates --set wal=off,synced --filter \S+ searches the first of them\.$/,
  );
  const alike = suiteOf([searched("one"), { name: "one/more", load }]);
  const [said] = searchesLeftOut({ suite: alike, stores }, "rates", {});
  assert.match(said!, /bench rates --filter raw\/one searches it\.$/);
});

Deno.test("searchesOnNodes() says where nodes leave what they search, if they search", () => {
  assert.match(
    searchesOnNodes(one).join(),
    /^A node that measures one\/5k by 3 runs and more .* and the history keeps nothing of it\.$/,
  );
  assert.deepEqual(searchesOnNodes(none), []);
  assert.deepEqual(searchesOnNodes(undefined), []);
});
