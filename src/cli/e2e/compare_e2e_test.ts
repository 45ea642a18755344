import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { readKernelFile } from "../../native/mod.ts";
import { readJournal, readResult, type Result } from "../../result/mod.ts";
import { libraryIsThere } from "../../store/mod.ts";
import { expectError } from "./_testing/expect.ts";
import { isThere, run, start, tinyBench, treeOf, until } from "./_testing/tidemark.ts";

const hasRocks = libraryIsThere();
/** What is measured where one store is enough. */
const store = hasRocks ? "raw" : "level";

const sides = (cwd: string, out: string): [base: Result, candidate: Result] => [
  readResult(`${cwd}/${out}/base/result.json`),
  readResult(`${cwd}/${out}/candidate/result.json`),
];

const measured = ({ runs }: Result) =>
  runs.filter(({ superseded }) => superseded !== true)
    .map(({ benchmark, run, position }) => ({
      name: benchmark.replace(/^\w+\//, ""),
      run,
      position,
    }))
    .sort((a, b) => a.position - b.position);

Deno.test(
  "bench --against compares with a saved baseline, in words, files and the exit code",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const flags = ["--store", store, "--runs", "8", "--filter", "write"];
    const saved = await run("bench", tinyBench(...flags, "--save", "main"), { cwd });
    assert.equal(saved.code, 0, saved.err);
    // Eleven times the work, in so many runs, is not taken for noise, however busy the machine is.
    const slower = ["--against", "main", "--set", "burn=10", "--out", "out"];
    const gates = ["--junit", "gate.xml", "--summary", "summary.md", "--json"];
    const { code, out, err } = await run("bench", tinyBench(...flags, ...slower, ...gates), {
      cwd,
    });
    assert.equal(code, 1, err);
    assert.match(err, /throughput .*✗ regressed/s);
    assert.match(err, /out against main: 1 regressed/);
    assert.equal(JSON.parse(out).comparison.counts.regressed, 1);
    assert.match(Deno.readTextFileSync(`${cwd}/gate.xml`), /<failure type="regressed"/);
    assert.match(Deno.readTextFileSync(`${cwd}/summary.md`), /1 regressed/);
    const report = Deno.readTextFileSync(`${cwd}/out/report.md`);
    assert.match(report, /^## Changes against main$/m);
    assert.match(report, /made longer on purpose, by 1000% of its own time/);
    // The same verdicts again, from the files alone.
    const again = await run("compare", ["main", "out", "--json"], { cwd });
    assert.equal(again.code, 1, again.err);
    assert.deepEqual(JSON.parse(again.out).counts, JSON.parse(out).comparison.counts);
  }),
);

Deno.test(
  "bench --interleave measures both sides in blocks, and compares them",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const flags = ["--store", store, "--runs", "8", "--filter", "write", "--seed", "5"];
    const { code, out, err } = await run(
      "bench",
      tinyBench(...flags, "--interleave", "burn=10", "--out", "out", "--json"),
      { cwd },
    );
    assert.equal(code, 1, err);
    const comparison = JSON.parse(out);
    assert.equal(comparison.interleaved, true);
    assert.equal(comparison.rows[0].verdict, "regressed");
    assert.match(err, /candidate \(burn=10\) against out\/base: 1 regressed/);
    assert.doesNotMatch(err, /was measured from/, "nobody warns of two sessions");
    const [base, candidate] = sides(cwd, "out");
    assert.deepEqual(base.storeOptions, {});
    assert.deepEqual(candidate.storeOptions, { burn: 10 });
    assert.equal(
      candidate.runs.find(({ benchmark }) => benchmark.startsWith(store))
        ?.store?.options.burn,
      10,
    );
    assert.equal(base.interleaved!.session, candidate.interleaved!.session);
    const order = [...measured(base), ...measured(candidate)]
      .sort((a, b) => a.position - b.position);
    for (let i = 0; i < order.length; i += 2) {
      assert.deepEqual(
        { ...order[i]!, position: i + 1 },
        order[i + 1]!,
        "a block is the same run of both sides",
      );
    }
    assert.deepEqual(
      Object.keys(treeOf(`${cwd}/out`)).filter((path) => !path.includes("figures")).sort(),
      [
        "base/",
        "base/journal.jsonl",
        "base/report.html",
        "base/report.md",
        "base/result.json",
        "candidate/",
        "candidate/journal.jsonl",
        "candidate/report.html",
        "candidate/report.md",
        "candidate/result.json",
        "comparison.md",
      ],
    );
    const again = await run("compare", ["out/base", "out/candidate", "--json"], { cwd });
    assert.deepEqual(JSON.parse(again.out).rows, comparison.rows);
  }),
);

Deno.test(
  "bench --against measures an old side that can be run in turns: what differs is the base's",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const flags = ["--store", store, "--runs", "8", "--filter", "write", "--out", "out"];
    const { code, out, err } = await run(
      "bench",
      tinyBench(...flags, "--against", "burn=10", "--json"),
      { cwd },
    );
    assert.equal(code, 0, err);
    assert.match(err, /in turns against burn=10, seed/);
    assert.match(err, /out\/candidate against out\/base \(burn=10\): 1 improved/);
    assert.equal(JSON.parse(out).rows[0].verdict, "improved");
    const [base, candidate] = sides(cwd, "out");
    assert.deepEqual([base.storeOptions, candidate.storeOptions], [{ burn: 10 }, {}]);
    for (const { interleaved } of [base, candidate]) {
      assert.deepEqual(interleaved!.differs, { burn: 10 });
      assert.equal(interleaved!.differing, "base");
    }
  }),
);

Deno.test(
  "bench --interleave store=… sets two stores side by side",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const flags = ["--store", "level", "--runs", "3", "--interleave", "store=kvstore"];
    const { code, out, err } = await run(
      "bench",
      tinyBench(...flags, "--out", "out", "--filter", "write", "--json"),
      { cwd },
    );
    assert.ok(code <= 1, err);
    const { rows, differences, onlyInBase, onlyInCandidate } = JSON.parse(out);
    assert.deepEqual(rows.map(({ id }: { id: string }) => id), ["kvstore/write/20"]);
    assert.deepEqual([rows[0].base.runs, rows[0].candidate.runs], [3, 3]);
    assert.deepEqual([onlyInBase, onlyInCandidate], [[], []]);
    assert.deepEqual(differences[0], {
      topic: "store",
      what: "stores",
      base: "level",
      candidate: "kvstore",
    });
  }),
);

Deno.test({
  name: "bench --interleave takes turns on one processor, and says that both sides share it",
  timeout: 300_000,
  ignore: Deno.build.os !== "linux",
  fn: withFolder(async (cwd) => {
    const [processor] = /\d+/.exec(
      /^Cpus_allowed_list:\s*(.*)$/m.exec(readKernelFile("/proc/self/status")!)![1]!,
    )!;
    const flags = ["--store", store, "--runs", "3", "--filter", "write", "--interleave", "same"];
    const { code, err } = await run("bench", tinyBench(...flags, "--out", "out"), {
      cwd,
      wrapper: ["taskset", "-c", processor],
    });
    assert.ok(code <= 1, err);
    for (const { environment, runs, complete } of sides(cwd, "out")) {
      assert.equal(environment.cpu.usable, 1);
      assert.ok(complete && runs.every(({ state }) => state === "ended"));
    }
    assert.match(
      Deno.readTextFileSync(`${cwd}/out/comparison.md`),
      /Both sides share the only processor/,
    );
  }),
});

Deno.test(
  "bench --interleave goes on after a kill, each run once in the order that was planned",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const flags = ["--store", store, "--runs", "4", "--seed", "11", "--interleave", "same"];
    const whole = await run("bench", tinyBench(...flags, "--out", "whole"), { cwd });
    assert.ok(whole.code <= 1, whole.err);
    const killed = start("bench", tinyBench(...flags, "--out", "cut", "--data", "d"), { cwd });
    const ended = (side: string) =>
      isThere(`${cwd}/cut/${side}/journal.jsonl`)
        ? Deno.readTextFileSync(`${cwd}/cut/${side}/journal.jsonl`).split('"run-ended"').length - 1
        : 0;
    await until("some runs ended", () => ended("base") + ended("candidate") >= 3);
    killed.process.kill("SIGKILL");
    await killed.ended;
    const resumed = await run("bench", ["--resume", "cut"], { cwd });
    assert.ok(resumed.code <= 1, resumed.err);
    assert.equal(isThere(`${cwd}/d`), false, "databases were where they had been, and are gone");
    for (const [i, result] of sides(cwd, "cut").entries()) {
      assert.equal(result.complete, true);
      assert.deepEqual(measured(result), measured(sides(cwd, "whole")[i]!));
      assert.equal(readJournal(`${cwd}/cut/${["base", "candidate"][i]}/journal.jsonl`).torn, false);
    }
    assert.deepEqual(
      [...Deno.readDirSync(`${cwd}/cut`)].map(({ name }) => name).sort(),
      ["base", "candidate", "comparison.md"],
    );
  }),
);

Deno.test(
  "bench --interleave refuses what cannot be interleaved, in one line and without touching anything",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const cases: [string[], RegExp][] = [
      [["--interleave", "store=nope"], /Unknown store "nope"/],
      [["--interleave", "store=kvstore"], /Cannot interleave .* name one base, e\.g\. --store raw/],
      [["--interleave", "wall=off"], /Cannot set "wall=off": there is no option "wall"/],
      [["--interleave", "burn=fast"], /burn takes the share of its own time/],
      [["--interleave", "same,burn=0.1"], /same is nothing else/],
      [
        ["--interleave", "library=/nowhere.so"],
        /library=\/nowhere\.so: there is no such file; check/,
      ],
      [
        ["--interleave", "burn=0.1,burn=0.2"],
        /with burn=0\.1 and burn=0\.2: one side has one value/,
      ],
      [["--interleave", "same", "--save", "x"], /Cannot take --save for an interleaved bench/],
      [["--interleave", "same", "--against", "."], /Cannot/],
      [["--against", "wall=off"], /Cannot set "wall=off": there is no option "wall"/],
      [["--against", "same", "--save", "x"], /Cannot take --save for an interleaved bench/],
      [["--against", "./libno.so"], /Cannot compare with "\.\/libno\.so": it is no file/],
      [["--junit", "x.xml"], /add --against or --interleave/],
    ];
    // What a filter leaves of two stores.
    const stores = ["--store", "level", "--interleave", "store=kvstore", "--filter"];
    if (hasRocks) {
      cases.push(
        [[...stores, "level"], /Cannot filter by "level": .* there is kvstore\/write\/20/],
        [[...stores, "o"], /not the same benchmarks, only the candidate has write\/20; filter by/],
      );
    }
    for (const [flags, line] of cases) {
      expectError(await run("bench", tinyBench(...flags, "--out", "out"), { cwd }), 2, line);
    }
    for (const turns of [["--interleave", "same"], ["--control", "burn=0.1"]]) {
      const loads = ["mixed", "--profile", "smoke", "--store", store, ...turns, "--out", "out"];
      expectError(
        await run("bench", loads, { cwd }),
        2,
        /Cannot measure loads (in turns|with a con)/,
      );
    }
    assert.deepEqual(treeOf(cwd), {});
  }),
);
