/** Plug-ins as people measure them. */
import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { buildC } from "../../_testing/plugin_library.ts";
import { addFile } from "../../engine/mod.ts";
import { readResult } from "../../result/mod.ts";
import { expectError } from "./_testing/expect.ts";
import { isThere, run, start, tinyBench, until } from "./_testing/tidemark.ts";

const SOURCE = new URL("../../plugin/check/_testing/faults.c", import.meta.url).pathname;
const right = await buildC(SOURCE, [], "libarray.so");
const ignore = right.path === undefined;
const library = right.path ?? "";
const skipped = ignore ? ` (skipped: ${right.reason})` : "";
const built = async (fault: string) =>
  (await buildC(SOURCE, [`-DFAULT=${fault}`], `lib${fault.toLowerCase()}.so`)).path!;

Deno.test({
  name: `a plug-in's path is a store: its result says what it is, and no path${skipped}`,
  timeout: 300_000,
  ignore,
  fn: withFolder(async (cwd) => {
    const { code, err } = await run("bench", tinyBench("--store", library, "--out", "out"), {
      cwd,
    });
    assert.equal(code, 0, err);
    assert.match(err, /^Checking .*libarray\.so$/m);
    const result = readResult(`${cwd}/out/result.json`);
    const mine = result.runs.filter(({ benchmark }) => benchmark.startsWith("plugin@array/"));
    assert.equal(mine.length, 2);
    for (const { store, crossingNs, state } of mine) {
      assert.equal(state, "ended");
      assert.ok(crossingNs! > 0 && crossingNs! < 1000, `${crossingNs}`);
      assert.deepEqual(
        [store?.store, store?.engine, store?.version, store?.durability],
        ["plugin@array", "an array", "1", "buffered"],
      );
      assert.equal(store?.library, "libarray.so, plug-in by C ABI 1");
      assert.match(store!.release!.sha256, /^[0-9a-f]{64}$/);
      assert.equal(store?.release?.pinned, false);
    }
    // The command line is the person's own words; nothing else has the path.
    const told = { ...result, command: [], sessions: [] };
    assert.ok(!JSON.stringify(told).includes(library));
    const report = Deno.readTextFileSync(`${cwd}/out/report.md`);
    assert.match(report, /plugin\\@array, an array 1/);
    assert.match(report, /A call into the library of plugin\\@array that does nothing there takes/);
    assert.equal(isThere(`${cwd}/out/plugins.sha256`), false, "notes go when it is complete");
  }),
});

Deno.test({
  name: `a plug-in that is handed operations is measured with several in flight${skipped}`,
  timeout: 300_000,
  ignore,
  fn: withFolder(async (cwd) => {
    const source = SOURCE.replace("faults.c", "handed_in.c");
    const { path } = await buildC(source, [`-DSOURCE="${SOURCE}"`], "libhands_in.so");
    const mod = new URL("../../mod.ts", import.meta.url).href;
    await Deno.writeTextFile(
      `${cwd}/flight.ts`,
      `import { defineSuite } from "${mod}";
const few = { samples: 3, keys: 50, valueBytes: 16, elements: 50 };
export default defineSuite({ name: "flight", title: "Flight", summary: "Flight.", stores: ["raw"],
  benchmarks: [
    { ...few, name: "one", kind: "throughput", operation: "put" },
    { ...few, name: "eight", kind: "throughput", operation: "get", clients: 8 },
  ], targets: [], claims: [], figures: [], nextSteps: [] });`,
    );
    const flags = ["--profile", "smoke", "--store", path!, "--out", "out"];
    const { code, err } = await run("bench", [`${cwd}/flight.ts`, ...flags], { cwd });
    assert.equal(code, 0, err);
    const { runs, benchmarks } = readResult(`${cwd}/out/result.json`);
    const mine = runs.filter(({ benchmark }) => benchmark.startsWith("plugin@array/"));
    assert.deepEqual(mine.map(({ state, store }) => [state, store?.api]), [
      ["ended", "async"],
      ["ended", "async"],
    ]);
    const said = "libhands_in.so, plug-in by C ABI 1, at most 8 in flight";
    assert.equal(mine[0]?.store?.library, said);
    // The floor is that of the loops that await.
    const floors = benchmarks.map(({ store }) => store).filter((name) => name.startsWith("null"));
    assert.deepEqual([...new Set(floors)], ["null-async"]);
  }),
});

Deno.test({
  name: `bench refuses a plug-in that loses keys, and has written nothing${skipped}`,
  timeout: 300_000,
  ignore,
  fn: withFolder(async (cwd) => {
    const loses = await built("LOSES_THOUSANDTH");
    const ended = await run("bench", tinyBench("--store", loses, "--out", "out"), { cwd });
    expectError(
      ended,
      2,
      /it does not hold that every key that was put is got, with its own bytes: .*; deno task/,
    );
    assert.equal(isThere(`${cwd}/out`), false);
    const checked = await run("plugin", ["check", loses, "--core"], { cwd });
    assert.equal(checked.code, 1, checked.err);
    assert.match(checked.out, /^fails +every key that was put is got/m);
    assert.match(checked.out, /^\d+ hold, [1-9]\d* fail, \d+ skipped$/m);
  }),
});

for (
  const [fault, says] of [
    ["ABORTS_LATE", /^The run's process was ended by SIGABRT/],
    ["EXITS_LATE", /^The run's process ended with 0/],
    ["HANGS_LATE", /^No progress for 8s in /],
  ] as const
) {
  const does = fault.toLowerCase().replace("_", " ");
  Deno.test({
    name: `a plug-in that ${does} costs its own runs only${skipped}`,
    timeout: 300_000,
    ignore,
    fn: withFolder(async (cwd) => {
      const stores = `${await built(fault)},good`;
      const suite = `${cwd}/two.ts`;
      const mod = new URL("../../mod.ts", import.meta.url).href;
      const many = "keys: 20000, valueBytes: 16, elements: 20000";
      await Deno.writeTextFile(
        suite,
        `import { defineSuite } from "${mod}";
export default defineSuite({ name: "two", title: "Two", summary: "Two.", stores: ["good"],
  plugins: ${JSON.stringify({ good: library })},
  benchmarks: [
    { name: "few", kind: "throughput", operation: "get", samples: 3, keys: 20, valueBytes: 16 },
    { name: "many", kind: "throughput", operation: "put", samples: 3, ${many} },
  ], targets: [], claims: [], figures: [], nextSteps: [] });`,
      );
      const flags = ["--profile", "smoke", "--store", stores, "--run-limit", "8s", "--out", "out"];
      const { code, err } = await run("bench", [suite, ...flags], { cwd });
      assert.equal(code, 3, err);
      const { runs } = readResult(`${cwd}/out/result.json`);
      const states = Object.fromEntries(
        runs.filter(({ benchmark }) => !benchmark.startsWith("null"))
          .map(({ benchmark, state }) => [benchmark, state]),
      );
      assert.deepEqual(states, {
        "plugin@array/few": "ended",
        "plugin@array/many": "failed",
        "plugin@good/few": "ended",
        "plugin@good/many": "ended",
      });
      const failed = runs.find(({ state }) => state === "failed");
      assert.match(failed!.error!, says);
    }),
  });
}

Deno.test({
  name: `a plug-in is measured by the name of its content, as a node is given it${skipped}`,
  timeout: 300_000,
  ignore,
  fn: withFolder(async (cwd) => {
    const env = { TIDEMARK_CACHE: `${cwd}/cache` };
    const { release: kept } = await addFile(library, { cache: env.TIDEMARK_CACHE });
    const flags = ["--store", `mine=${kept}`, "--out", "out"];
    const { code, err } = await run("bench", tinyBench(...flags), { cwd, env });
    assert.equal(code, 0, err);
    const { runs } = readResult(`${cwd}/out/result.json`);
    const mine = runs.find(({ store }) => store?.store === "plugin@mine");
    assert.equal(mine?.store?.library, "libarray.so, plug-in by C ABI 1");
    const gone = ["--store", "file-0123456789abcdef", "--out", "two"];
    expectError(
      await run("bench", tinyBench(...gone), { cwd, env }),
      2,
      /^error: Cannot measure file-0123456789abcdef: no file of that name is kept here;/m,
    );
  }),
});

Deno.test({
  name: `bench --resume asks for a plug-in again, and takes no other${skipped}`,
  timeout: 300_000,
  ignore,
  fn: withFolder(async (cwd) => {
    const flags = ["--store", library, "--runs", "30", "--out", "out"];
    const bench = start("bench", tinyBench(...flags), { cwd });
    const journal = `${cwd}/out/journal.jsonl`;
    const hasEnded = () => Deno.readTextFileSync(journal).includes('"kind":"run-ended"');
    await until("a run has ended", () => isThere(journal) && hasEnded(), 60);
    bench.process.kill("SIGINT");
    assert.equal((await bench.ended).code, 3);
    const again = (...more: string[]) => run("bench", ["--resume", "out", ...more], { cwd });
    expectError(
      await again(),
      2,
      /measures plugin@array, and its file is not named, or is another/,
    );
    const other = await built("STALE");
    expectError(await again("--store", other), 2, /its file is not named, or is another by now/);
    expectError(await again("--store", "level"), 2, /Cannot take --store for an interrupted bench/);
    const { code, err } = await again("--store", library);
    assert.equal(code, 0, err);
    assert.equal(readResult(`${cwd}/out/result.json`).complete, true);
  }),
});

Deno.test({
  name: `a suite gives plug-ins names, and --interleave measures two builds in turns${skipped}`,
  timeout: 300_000,
  ignore,
  fn: withFolder(async (cwd) => {
    const suite = `${cwd}/mine.ts`;
    const mod = new URL("../../mod.ts", import.meta.url).href;
    const define = (plugins: string) =>
      Deno.writeTextFileSync(
        suite,
        `import { defineSuite } from "${mod}";
export default defineSuite({ name: "mine", title: "Mine", summary: "Mine.",
  stores: ["mine", "gone"], plugins: ${plugins},
  benchmarks: [
    { name: "put", kind: "throughput", operation: "put", samples: 3, keys: 20, valueBytes: 16 },
  ], targets: [], claims: [], figures: [], nextSteps: [] });`,
      );
    define(JSON.stringify({ mine: library, gone: "./no/such/lib.so" }));
    const { code, err } = await run("bench", [suite, "--profile", "smoke", "--out", "one"], {
      cwd,
    });
    assert.equal(code, 0, err);
    assert.match(
      err,
      /note: The store gone is not measured\. There is no file \.\/no\/such\/lib\.so\./,
    );
    const [first] = readResult(`${cwd}/one/result.json`).benchmarks;
    assert.equal(first?.id, "plugin@mine/put");
    const copy = `${cwd}/libcopy.so`;
    Deno.copyFileSync(library, copy);
    const turns = ["--store", "mine", "--interleave", "store=./libcopy.so", "--runs", "3"];
    const both = await run("bench", [suite, "--profile", "smoke", ...turns, "--out", "two"], {
      cwd,
    });
    assert.ok(both.code <= 1, both.err);
    const old = ["--store", "mine", "--against", "./libcopy.so", "--runs", "3"];
    const against = await run("bench", [suite, "--profile", "smoke", ...old, "--out", "three"], {
      cwd,
    });
    assert.ok(against.code <= 1, against.err);
    const places = { "two/base": "mine", "two/candidate": "array" };
    for (
      const [side, name] of Object.entries({
        ...places,
        "three/base": "array",
        "three/candidate": "mine",
      })
    ) {
      const { runs } = readResult(`${cwd}/${side}/result.json`);
      const stores = new Set(runs.map(({ store }) => store?.store));
      assert.ok(stores.has(`plugin@${name}`), [...stores].join());
    }
    define(JSON.stringify({ "No Name": library }));
    const odd = await run("bench", [suite], { cwd });
    expectError(odd, 2, /name plug-ins by a-z, 0-9, - and _, up to 40/);
  }),
});
