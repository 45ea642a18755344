import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { DEFAULT_RELEASE } from "../../engine/mod.ts";
import { readJournal, readResult, type Result } from "../../result/mod.ts";
import { libraryIsThere, STORES } from "../../store/mod.ts";
import { fakeStreams } from "../_testing/fake_streams.ts";
import { main } from "../main.ts";
import { isThere, run, start, tinyBench, treeOf, until } from "./_testing/tidemark.ts";

const hasRocks = libraryIsThere();
/** What is measured where one store is enough. */
const store = hasRocks ? "raw" : "level";

const order = ({ runs }: Result) =>
  runs.toSorted((a, b) => a.position - b.position).map(({ benchmark, run }) =>
    `${benchmark} ${run}`
  );

Deno.test(
  "bench measures every store that tells of the engine, and writes journal, result and report",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const { code, out, err } = await run("bench", tinyBench("--out", "out"), { cwd });
    assert.equal(code, 0, err);
    // Where a machine is starved, so few samples may leave open even whether there is one write a second.
    assert.match(
      out,
      /^(○ met in one run|\? inconclusive): /m,
      "what came out is a result, and on stdout",
    );
    assert.doesNotMatch(out, /about .* left/, "progress is not");
    assert.ok(!err.includes("\x1b"), "no escape codes off a terminal");
    const tree = treeOf(`${cwd}/out`);
    const figures = Object.keys(tree).filter((path) => path.startsWith("figures/"));
    assert.deepEqual(Object.keys(tree).filter((path) => !figures.includes(path)).sort(), [
      "journal.jsonl",
      "report.html",
      "report.md",
      "result.json",
    ]);
    assert.ok(figures.includes("figures/targets.svg"));
    // Everything in the folder is shown by the report or by a part of it, and all that they show is there.
    const shown = Object.entries(tree).filter(([path]) => path.endsWith(".md"))
      .flatMap(([path, text]) =>
        [...text.matchAll(/\]\((?!\.\.)([^)]*)\)/g)].map(([, link]) => {
          const folder = path.startsWith("figures/") ? "figures/" : "";
          return folder + link!.replace(/^\.\//, "");
        })
      );
    assert.deepEqual(["figures/", ...new Set(shown)].sort(), figures.sort());
    const result = readResult(`${cwd}/out/result.json`);
    assert.equal(result.complete, true);
    const measured = new Set(result.runs.map(({ store }) => store?.store));
    for (const name of hasRocks ? ["raw", "kvstore"] : ["kvstore", "level"]) {
      assert.ok(measured.has(name), name);
    }
    for (const { benchmark, state, samples } of result.runs) {
      assert.equal(state, "ended", benchmark);
      assert.equal(samples.length, benchmark.endsWith("write/20") ? 8 : 10, benchmark);
    }
  }),
);

Deno.test(
  "bench --json prints one JSON document on stdout, and nothing else",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const args = tinyBench("--out", "out", "--store", store, "--json");
    const { code, out, err } = await run("bench", args, { cwd });
    assert.equal(code, 0, err);
    const document = JSON.parse(out);
    assert.equal(typeof document, "object");
    assert.match(err, /^Report: out\/report\.md$/m);
    const again = await run("report", ["out", "--json"], { cwd });
    assert.deepEqual(JSON.parse(again.out), document, "report says what bench said");
  }),
);

Deno.test(
  "bench --seed gives the same order of runs again, --runs their number, --filter which",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const results: Result[] = [];
    for (const [out, seed] of [["a", "7"], ["b", "7"], ["c", "8"]] as const) {
      const flags = ["--out", out, "--seed", seed, "--runs", "3", "--filter", "write"];
      const { code, err } = await run("bench", tinyBench("--store", store, ...flags), { cwd });
      assert.equal(code, 0, err);
      results.push(readResult(`${cwd}/${out}/result.json`));
    }
    const [a, b, c] = results.map(order);
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, c);
    assert.deepEqual(a!.toSorted().filter((run) => run.startsWith(store)), [
      `${store}/write/20 0`,
      `${store}/write/20 1`,
      `${store}/write/20 2`,
    ]);
    assert.equal(a!.length, 4, "and one of calibration");
  }),
);

Deno.test({
  name: "bench --set wal=synced records that writes are synced",
  timeout: 300_000,
  ignore: !hasRocks,
  fn: withFolder(async (cwd) => {
    const flags = ["--out", "out", "--store", "raw", "--set", "wal=synced", "--filter", "write"];
    const { code, err } = await run("bench", tinyBench(...flags), { cwd });
    assert.equal(code, 0, err);
    const { runs, storeOptions } = readResult(`${cwd}/out/result.json`);
    assert.deepEqual(storeOptions, { wal: "synced" });
    assert.equal(runs.find((run) => run.benchmark === "raw/write/20")?.store?.durability, "synced");
  }),
});

Deno.test(
  "bench ends with 1 when a target is missed, and keeps the result all the same",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const suite = new URL("./_testing/missing_suite.ts", import.meta.url).pathname;
    const args = [suite, "--profile", "smoke", "--runs", "3", "--store", store, "--out", "out"];
    const { code, out, err } = await run("bench", args, { cwd });
    assert.equal(code, 1, err);
    assert.match(out, /^✗ missed: /m);
    assert.equal(readResult(`${cwd}/out/result.json`).complete, true);
  }),
);

Deno.test(
  "bench puts results into reports/local, --save keeps one, and a taken name is refused at once",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const args = tinyBench("--store", store, "--filter", "write", "--save", "night.1");
    const { code, err } = await run("bench", args, { cwd });
    assert.equal(code, 0, err);
    const [made] = [...Deno.readDirSync(`${cwd}/reports/local`)];
    const saved = `${cwd}/reports/baselines/night.1.json`;
    assert.deepEqual(
      readResult(saved),
      readResult(`${cwd}/reports/local/${made!.name}/result.json`),
    );
    const before = treeOf(cwd);
    const again = await run("bench", args, { cwd });
    assert.equal(again.code, 2);
    assert.match(again.err, /^error: Cannot save as night\.1: .* is there already; [^\n]+\n$/);
    assert.deepEqual(treeOf(cwd), before);
  }),
);

Deno.test(
  "main() records the command line that it was given, whatever the process was",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const args = ["bench", ...tinyBench("--out", `${cwd}/out`, "--store", "level")];
    const streams = fakeStreams();
    assert.equal(await main(args, streams), 0, streams.told);
    const { command } = readResult(`${cwd}/out/result.json`);
    // Of a path only what comes after the home directory is recorded.
    assert.deepEqual(
      command.map((word) => word.split("/").at(-1)),
      args.map((word) => word.split("/").at(-1)),
    );
  }),
);

Deno.test(
  "bench records no secret, no home and no user's name",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/home/someone`, { recursive: true });
    const home = `${cwd}/home/someone`;
    const env = { HOME: home, SECRET_TOKEN: "hunter2hunter2", USER: "someone" };
    const flags = ["--store", store, `--out=${home}/out`, "--data", `${home}/data`];
    const { code, err } = await run("bench", tinyBench(...flags), { cwd, env });
    assert.equal(code, 0, err);
    const files = treeOf(`${home}/out`);
    assert.ok(files["result.json"]!.includes("--out=~/out"), "the command is recorded");
    for (const [name, text] of Object.entries(files)) {
      for (const word of ["hunter2", "SECRET_TOKEN", "someone"]) {
        assert.ok(!text.includes(word), `${word} is in ${name}`);
      }
    }
  }),
);

Deno.test(
  "report renders from a result, a directory and a journal alone, and overwrites only by force",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    await run("bench", tinyBench("--out", "out", "--store", store, "--filter", "write"), { cwd });
    const markdown = Deno.readTextFileSync(`${cwd}/out/report.md`);
    Deno.mkdirSync(`${cwd}/killed`);
    Deno.copyFileSync(`${cwd}/out/journal.jsonl`, `${cwd}/killed/journal.jsonl`);
    const printed = (await run("report", ["out"], { cwd })).out;
    assert.ok(printed.startsWith(markdown.slice(0, markdown.indexOf("![") - 1)));
    for (const from of ["out/result.json", "out/journal.jsonl", "killed"]) {
      const { code, out, err } = await run("report", [from], { cwd });
      assert.deepEqual([code, err, out], [0, "", printed], from);
    }
    const written = await run("report", ["out", "--markdown", "again.md"], { cwd });
    assert.deepEqual([written.code, written.err, written.out], [0, "", ""]);
    assert.equal(
      Deno.readTextFileSync(`${cwd}/again.md`),
      markdown.replaceAll("](figures/", "](again-figures/"),
    );
    const parts = Object.entries(treeOf(`${cwd}/out/figures`))
      .map(([name, text]) => [name, text.replace("](../report.md)", "](../again.md)")]);
    assert.deepEqual(treeOf(`${cwd}/again-figures`), Object.fromEntries(parts));
    Deno.mkdirSync(`${cwd}/taken-figures`);
    Deno.writeTextFileSync(`${cwd}/taken-figures/targets.svg`, "mine");
    const taken = await run("report", ["out", "--markdown", "taken.md"], { cwd });
    assert.equal(taken.code, 2);
    assert.match(
      taken.err,
      /^error: Cannot write taken-figures\/targets\.svg: it is there already/,
    );
    assert.equal(isThere(`${cwd}/taken.md`), false);
    assert.deepEqual(treeOf(`${cwd}/taken-figures`), { "targets.svg": "mine" });
    Deno.writeTextFileSync(`${cwd}/mine.html`, "mine");
    const refused = await run("report", ["out", "--html", "mine.html"], { cwd });
    assert.equal(refused.code, 2);
    assert.match(refused.err, /^error: Cannot write mine\.html: it is there already; [^\n]+\n$/);
    assert.equal(Deno.readTextFileSync(`${cwd}/mine.html`), "mine");
    const forced = await run("report", ["out", "--html", "mine.html", "--force"], { cwd });
    assert.equal(forced.code, 0, forced.err);
    assert.equal(
      Deno.readTextFileSync(`${cwd}/mine.html`),
      Deno.readTextFileSync(`${cwd}/out/report.html`),
    );
  }),
);

Deno.test(
  "doctor tells the machine and the stores, for people without escape codes and as JSON",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const people = await run("doctor", [], { cwd });
    assert.equal(people.code, 0, people.err);
    assert.match(people.out, /^store level: (can be measured|Cannot use npm:rocksdb: .*)$/m);
    assert.match(people.out, /^librocksdb: /m);
    assert.match(people.out, new RegExp(`^releases: the default is ${DEFAULT_RELEASE}[,;]`, "m"));
    assert.ok(!people.out.includes("\x1b"));
    const json = await run("doctor", ["--json", "--data", "not-there-yet"], { cwd });
    assert.equal(json.code, 0, json.err);
    const { environment, findings, stores, engine } = JSON.parse(json.out);
    assert.equal(engine.default, DEFAULT_RELEASE);
    assert.equal(engine.used !== null, libraryIsThere());
    assert.equal(environment.os, Deno.build.os);
    assert.ok(Array.isArray(findings));
    const names = STORES.map(({ name }) => name);
    assert.deepEqual(stores.map(({ name }: { name: string }) => name), names);
    assert.equal(isThere(`${cwd}/not-there-yet`), false);
  }),
);

Deno.test(
  "bench keeps a second bench off its directories while it runs, and ends well itself",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const flags = ["--store", store, "--runs", "8", "--out", "a", "--data", "d"];
    const first = start("bench", tinyBench(...flags), { cwd });
    await until("the first bench measures", () => isThere(`${cwd}/a/journal.jsonl`));
    const others: [string[], RegExp][] = [
      [tinyBench("--store", store, "--out", "a"), /^error: Cannot use a as the result directory/],
      [
        tinyBench("--store", store, "--out", "b", "--data", "d"),
        // Benches that began in the same second have one id.
        /^error: Cannot use d as the data directory: (the bench .*-tiny uses|another bench is using) it/,
      ],
      [["--resume", "a"], /^error: Cannot use .*\/d as the data directory: another bench is using/],
      [
        ["--resume", "a", "--data", "e"],
        /^error: Cannot write the journal a\/journal\.jsonl: another process is writing it/,
      ],
    ];
    const refused = others.map(([args]) => run("bench", args, { cwd }));
    for (const [i, [, line]] of others.entries()) {
      const { code, err } = await refused[i]!;
      const lines = err.split("\n").filter((line) => line.startsWith("error:"));
      assert.equal(code, 2, err);
      assert.equal(lines.length, 1, err);
      assert.match(lines[0]!, line);
    }
    assert.equal(isThere(`${cwd}/b`), false, "what was made for the second is removed");
    assert.equal(isThere(`${cwd}/e`), false);
    const { code, err } = await first.ended;
    assert.equal(code, 0, err);
    assert.equal(isThere(`${cwd}/d`), false);
    assert.equal(readJournal(`${cwd}/a/journal.jsonl`).torn, false);
    const result = readResult(`${cwd}/a/result.json`);
    assert.equal(result.complete, true);
    assert.equal(result.sessions, undefined);
    const files = Object.keys(treeOf(`${cwd}/a`)).filter((path) => !path.startsWith("figures/"));
    assert.deepEqual(files.sort(), [
      "journal.jsonl",
      "report.html",
      "report.md",
      "result.json",
    ]);
  }),
);
