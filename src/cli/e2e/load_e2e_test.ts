import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { decodeHistogram, readJournal, readResult, SLOW_CAUSES } from "../../result/mod.ts";
import { libraryIsThere } from "../../store/mod.ts";
import { run } from "./_testing/tidemark.ts";

const suite = `${import.meta.dirname}/_testing/load_suite.ts`;

Deno.test(
  "bench of loads: clients of their own, windows and histograms in the result, rows in the report",
  { timeout: 300_000, ignore: !libraryIsThere() },
  withFolder(async (cwd) => {
    const args = [suite, "--profile", "smoke", "--out", "out", "--set", "statistics=true"];
    const { code, out, err } = await run("bench", args, { cwd });
    assert.equal(code, 0, err);
    assert.match(out, /mixed\/closed +service p50/);
    assert.match(out, /mixed\/open +response p50/);
    const result = readResult(`${cwd}/out/result.json`);
    assert.equal(result.complete, true);
    for (const { benchmark, state, samples, windows = [], load, latency } of result.runs) {
      assert.equal(state, "ended", benchmark);
      assert.equal(load!.clients.length, 2, benchmark);
      const operations = load!.clients.reduce((sum, { operations }) => sum + operations, 0);
      assert.ok(operations > 0, benchmark);
      assert.equal(latency!.count, operations, benchmark);
      assert.equal(decodeHistogram(latency!.histogram).totalCount, operations);
      assert.equal(windows.reduce((sum, { operations }) => sum + operations, 0), operations);
      assert.equal(samples.reduce((sum, { iterations }) => sum + iterations, 0), operations);
      assert.equal(load!.response === undefined, benchmark.endsWith("closed"), benchmark);
      // Both loads begin with the same keys: one process has loaded them.
      if (benchmark.startsWith("raw/")) assert.equal(load!.begins, "checkpoint", benchmark);
    }
    const journal = readJournal(`${cwd}/out/journal.jsonl`).records;
    const windows = result.runs.flatMap(({ windows = [] }) => windows).length;
    assert.equal(journal.filter(({ kind }) => kind === "window").length, windows);
    const report = Deno.readTextFileSync(`${cwd}/out/report.md`);
    assert.match(report, /Service p99/i);
    assert.equal(
      [...Deno.readDirSync(`${cwd}/out`)].some(({ name }) => name === "data"),
      false,
      "nothing is left of databases",
    );
    assert.match(report, /2 clients/);
    assert.match(report, /^\| mixed\/closed; service times \|/m);
    const link = report.match(/^## Under load$\s*^- \[Loads of raw, RocksDB.*\]\((.+)\)$/m)!;
    const page = Deno.readTextFileSync(`${cwd}/out/${link[1]}`);
    assert.ok(result.runs.every(({ load }) => load!.slow!.causes.length === SLOW_CAUSES.length));
    // In so short a time it happens that none took longer than the window's before allow; a store's
    // page tells of its own loads alone.
    const isSlow = result.runs.some(({ benchmark, load }) =>
      benchmark.startsWith("raw/") && load!.slow!.operations > 0
    );
    assert.equal(/Why the slowest were slow/.test(page), isSlow);
    const again = await run("report", ["out", "--json"], { cwd });
    assert.equal(again.code, 0, again.err);
    const [closed] = JSON.parse(again.out).analysis?.benchmarks ?? JSON.parse(again.out).benchmarks;
    assert.deepEqual(closed.load.clients, { counted: 2, beside: 0 });
    assert.ok(closed.load.hitRatio.value > 0 && closed.load.hitRatio.value <= 1);
  }),
);
