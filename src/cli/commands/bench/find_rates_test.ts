import assert from "node:assert/strict";
import type { BenchmarkRecord, Result } from "../../../result/mod.ts";
import { defineSuite, planBenchmarks } from "../../../suite/mod.ts";
import type { Streams } from "../../streams.ts";
import { findRates, searchesLeft } from "./find_rates.ts";
import type { BenchSession } from "./session.ts";

const load = { keys: "1k", valueSize: 100, mix: { get: 1 } } as const;
const suite = defineSuite({
  name: "rates",
  title: "Rates",
  summary: "",
  stores: ["raw"],
  loads: [
    { name: "one/5k", shape: "settled", seconds: 20, load: { ...load, rate: "5k" }, findRate: {} },
    { name: "one/9k", shape: "settled", seconds: 20, load: { ...load, rate: "9k" }, findRate: {} },
    { name: "two", load: { ...load, rate: "5k" }, findRate: { mostP99: "2ms" } },
    { name: "none", load: { ...load, rate: "5k" } },
  ],
});
const benchmarks = planBenchmarks(suite, { stores: ["raw"] });

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-searches-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("searchesLeft() has each search once that a suite asks for, until its report is there", () =>
  inFolder(async (folder) => {
    const [one, two, ...others] = searchesLeft(folder, { benchmarks });
    assert.deepEqual(others, []);
    // They differ in their rates alone.
    assert.equal(one!.directory, `${folder}/rate-raw-one-5k`);
    assert.equal(one!.load.seconds, 20);
    assert.equal(one!.load.shape, "settled");
    assert.equal(one!.mostP99, null);
    assert.deepEqual([two!.id, two!.mostP99], ["raw/two", 2e6]);
    await Deno.mkdir(one!.directory);
    await Deno.writeTextFile(`${one!.directory}/search.json`, "{}");
    assert.equal(searchesLeft(folder, { benchmarks }).length, 2);
    await Deno.writeTextFile(`${one!.directory}/report.md`, "");
    assert.deepEqual(searchesLeft(folder, { benchmarks }).map(({ id }) => id), ["raw/two"]);
  }));

Deno.test("searchesLeft() takes a store's variants for stores of their own, and plug-ins by name", () => {
  const of = (store: string): BenchmarkRecord => {
    const two = benchmarks.find(({ name }) => name === "two")!;
    return { ...two, store, id: `${store}/two` };
  };
  const all = ["raw@wal=off", "raw@wal=synced", "plugin@mine", "plugin@mine@wal=off"].map(of);
  assert.deepEqual(
    searchesLeft("/nonexistent", { benchmarks: all }).map(({ id, store }) => [id, store]),
    [
      ["raw@wal=off/two", "raw"],
      ["raw@wal=synced/two", "raw"],
      ["plugin@mine/two", "plugin@mine"],
      ["plugin@mine@wal=off/two", "plugin@mine"],
    ],
  );
});

Deno.test("findRates() says what it does not search, and searches nothing of what is not complete", () =>
  inFolder(async (folder) => {
    const told: string[] = [];
    const session = {
      flags: {},
      streams: { error: (text: string) => void told.push(text) } as unknown as Streams,
      signal: new AbortController().signal,
      command: [],
    } as unknown as BenchSession;
    const lane = (result: Partial<Result>) =>
      [{
        directory: folder,
        result: { complete: true, benchmarks, profile: { name: "quick", runs: 1 }, ...result },
      }] as unknown as Parameters<typeof findRates>[1];
    assert.equal(await findRates(folder, lane({}), undefined, session), 0);
    assert.equal(told.length, 2);
    assert.match(
      told[0]!,
      /^note: the highest rate of raw\/one\/5k is not searched by a bench of /,
    );
    assert.equal(await findRates(folder, lane({ complete: false }), undefined, session), 0);
    assert.equal(told.length, 2);
    const plugin = benchmarks.map((own) => ({ ...own, store: "plugin@mine" }));
    const profile = { name: "baseline", runs: 8 } as Result["profile"];
    const again = lane({ benchmarks: plugin, profile });
    assert.equal(await findRates(folder, again, {}, session), 0);
    assert.match(told.at(-1)!, /raw\/two is not searched: name its plug-in again by --store/);
  }));
