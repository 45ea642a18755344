import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { LEAST_NIGHTS } from "../../analysis/history/tonight.ts";
import { sampleResult, sampleStore } from "../../analysis/_testing/sample_result.ts";
import { expectError } from "./_testing/expect.ts";
import { isThere, run, start, treeOf, until } from "./_testing/tidemark.ts";

const HISTORY = "reports/local/history";

/** Benchmarks that these tests need not. */
const WITHOUT = ["read_throughput/10000", "scan_throughput/1000", "write_latency/single_write"];

/** Writes a result of a night, with a report beside it, which is quicker than to make one. */
function writeNight(cwd: string, day: number, { report = true, slower = 1, host = "node01" } = {}) {
  const store = sampleStore("raw", slower * (1 + day % 3 / 500), {}, WITHOUT);
  const result = sampleResult({ stores: [store], runs: 3, observations: 20_000 });
  const night = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
  result.environment.host = host;
  result.id = `${night}T010000Z-baseline-${host}`;
  result.startedAt = `${night}T01:00:00.000Z`;
  result.endedAt = `${night}T01:10:00.000Z`;
  // The smoke profile's resamples are enough, and quicker.
  result.profile = { ...result.profile, name: "smoke", runs: 1 };
  const folder = `${cwd}/${host}-${night}`;
  Deno.mkdirSync(folder);
  Deno.writeTextFileSync(`${folder}/result.json`, JSON.stringify(result));
  if (report) Deno.writeTextFileSync(`${folder}/report.html`, "<!DOCTYPE html><p>its report");
  return `${host}-${night}`;
}

const history = (args: string[], cwd: string) => run("history", args, { cwd });

Deno.test(
  "history add, show, site, thin and rebuild take results from night to night",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    // One is missing, and tonight is held against the others.
    const days = LEAST_NIGHTS + 2;
    const last = `2026-01-${String(days).padStart(2, "0")}`;
    const nights = Array.from(
      { length: days },
      (_, day) => writeNight(cwd, day, { report: day > 0, slower: day === days - 1 ? 1.5 : 1 }),
    );
    nights.splice(days - 9, 1);
    const added = await history(["add", ...nights, "--json"], cwd);
    assert.equal(added.code, 0, added.err);
    assert.equal(JSON.parse(added.out).length, days - 1);
    const folder = `${cwd}/${HISTORY}/nights/${last}/node01/${last}T010000Z-baseline-node01`;
    assert.match(Deno.readTextFileSync(`${folder}/report.html`), /its report/);
    const rendered = `${cwd}/${HISTORY}/${JSON.parse(added.out)[0].folder}`;
    assert.match(Deno.readTextFileSync(`${rendered}/report.html`), /Content-Security-Policy/);
    const again = await history(["add", nights[0]!], cwd);
    assert.equal(again.code, 0, again.err);
    assert.match(again.out, /is in the history already: 2026-01-01, node01/);

    const shown = await history(["show", "--filter", "write_thr", "--nights", "10"], cwd);
    assert.equal(shown.code, 1, shown.err);
    assert.match(shown.out, /raw\/write_throughput\/10000 +throughput +node01 .*✗ regressed/);
    assert.match(shown.out, /^ {4}2026-01-08 {2}no value: there is no result of it$/m);
    const json = JSON.parse((await history(["show", "--json", "--metric", "p99"], cwd)).out);
    assert.deepEqual([
      ...new Set(json.series.map((one: { series: { metric: string } }) => one.series.metric)),
    ], ["p99"]);
    assert.equal(json.series[0].series.points.length, days);

    const made = await history(["site", "--out", "site"], cwd);
    assert.equal(made.code, 0, made.err);
    const pages = treeOf(`${cwd}/site`);
    assert.match(Deno.readTextFileSync(`${cwd}/site/summary.md`), /✗ regressed tonight/);
    const [, link] = /href="(\.\.\/[^"]*report\.html)"/.exec(
      Deno.readTextFileSync(`${cwd}/site/index.html`),
    )!;
    assert.ok(isThere(`${cwd}/site/${link}`), "the page leads to the report");
    await history(["site", "--out", "site/"], cwd);
    assert.deepEqual(treeOf(`${cwd}/site`), pages, "made again, it is the same");
    assert.ok(![...Deno.readDirSync(cwd)].some(({ name }) => name.startsWith("site.")));

    const before = treeOf(`${cwd}/${HISTORY}/nodes`);
    const plan = await history(["thin", "--nights", "2", "--weeks", "0", "--dry-run"], cwd);
    assert.match(plan.out, /^would remove nights\/2026-01-0[2-9]/m);
    assert.match(plan.out, /\d+ results would go, .*; 3 results stay, and every value/);
    const thinned = await history(["thin", "--nights", "2", "--weeks", "0", "--json"], cwd);
    assert.equal(JSON.parse(thinned.out).removed.length, days - 4);
    assert.equal(isThere(folder), true);
    const roomy = await history(["thin", "--most-gib", "1"], cwd);
    assert.match(roomy.out, /^0 results gone, /m);
    const bounded = await history(["thin", "--most-gib", "0"], cwd);
    assert.match(bounded.out, /^2 results gone, .*; 1 result stays, and every value$/m);
    assert.match(bounded.out, /^What may not go is .*, more than 0 B: a baseline, or the newest/m);
    assert.equal(isThere(folder), true, "the newest night stays");
    assert.deepEqual(treeOf(`${cwd}/${HISTORY}/nodes`), before);

    Deno.removeSync(`${cwd}/${HISTORY}/index.sqlite`);
    const rebuilt = await history(["rebuild"], cwd);
    assert.match(rebuilt.out, /is made anew from \d+ results/);
    const after = JSON.parse((await history(["show", "--json", "--metric", "p99"], cwd)).out);
    assert.deepEqual(
      after.series.map((one: { tonight: unknown }) => one.tonight),
      json.series.map((one: { tonight: unknown }) => one.tonight),
    );
  }),
);

Deno.test(
  "history add of two processes at once loses none of their nights",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const [mine, other] = [0, 1].map((of) =>
      Array.from({ length: 6 }, (_, day) => writeNight(cwd, 2 * day + of))
    ) as [string[], string[]];
    const ended = await Promise.all([
      history(["add", ...mine], cwd),
      history(["add", ...other], cwd),
    ]);
    for (const { code, err } of ended) assert.equal(code, 0, err);
    const lines = Deno.readTextFileSync(`${cwd}/${HISTORY}/nodes/node01.jsonl`).trimEnd().split(
      "\n",
    );
    assert.equal(new Set(lines.map((line) => JSON.parse(line).night)).size, 12);
    const { out } = await history(["show", "--json", "--metric", "throughput"], cwd);
    const [{ series }] = JSON.parse(out).series;
    assert.ok(series.points.every(({ value }: { value: number | null }) => value !== null));
  }),
);

Deno.test(
  "history add that is killed while it writes loses nothing that was there",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const nights = Array.from({ length: 12 }, (_, day) => writeNight(cwd, day));
    const file = `${cwd}/${HISTORY}/nodes/node01.jsonl`;
    let kept = "";
    for (let kill = 0; kill < 3; kill++) {
      const { process, ended } = start("history", ["add", ...nights], { cwd });
      await until(
        "it has added one more",
        () => isThere(file) && Deno.readTextFileSync(file).length > kept.length,
      );
      process.kill("SIGKILL");
      await ended;
      const now = Deno.readTextFileSync(file);
      assert.ok(now.startsWith(kept));
      kept = now;
    }
    // What a kill in the middle of a line leaves.
    Deno.writeTextFileSync(file, kept.slice(0, 500), { append: true });
    const { code, err } = await history(["add", ...nights], cwd);
    assert.equal(code, 0, err);
    const lines = Deno.readTextFileSync(file);
    assert.ok(lines.startsWith(kept));
    const all = lines.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(
      all.map(({ night }) => night).toSorted(),
      [...new Set(all.map(({ night }) => night))].toSorted(),
    );
    assert.equal(all.length, 12);
    for (const { folder } of all) assert.ok(isThere(`${cwd}/${HISTORY}/${folder}/result.json`));
  }),
);

Deno.test(
  "history refuses mistakes in one line, and leaves everything as it was",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const night = writeNight(cwd, 0);
    const nameless = writeNight(cwd, 1, { host: "my laptop" });
    await history(["add", night], cwd);
    await history(["show"], cwd);
    Deno.mkdirSync(`${cwd}/thesis`);
    Deno.writeTextFileSync(`${cwd}/thesis/thesis.txt`, "years of work");
    const before = treeOf(cwd);
    for (
      const [args, line] of [
        [["shw"], /Unknown command 'shw'; did you mean show\?/],
        [["show"].concat("--history", "nowhere"), /Cannot read the history nowhere: there is none/],
        [["show", "--metric", "thruput"], /Unknown metric "thruput": did you mean throughput\?/],
        [["show", "--node", "node1"], /Unknown node "node1": did you mean node01\?/],
        [
          ["show", "--filter", "raw/write_thoughput/10000"],
          /did you mean raw\/write_throughput\/10000\?/,
        ],
        [["show", "--nights", "few"], /Cannot take "few" for --nights: give a whole number from 0/],
        [["add", "nowhere"], /Cannot read the result nowhere: there is no such file/],
        [["add", night, "--night", "2026-02-30"], /night: it is no date like 2026-11-22/],
        [["add", night, "--night", "2026-01-05"], /it is there already, as 2026-01-01 of node01/],
        [["add", night, nameless, "--night", "2026-01-05"], /add them one by one/],
        [["add", nameless], /node: it cannot be the name of a node/],
        [["add", nameless, "--history", "thesis"], /it is not empty, and has no history\.json/],
        [["site"], /Required option '--out <dir>' not specified/],
        [["site", "--out", "thesis"], /it holds something else; name a new directory/],
        [["site", "--out", "s", "--url", "bench"], /give an address like https:\/\/host\/path\//],
        [["thin", "--weeks", "-1"], /Cannot take "-1" for --weeks/],
      ] as const
    ) {
      expectError(await history([...args], cwd), 2, line);
    }
    assert.deepEqual(treeOf(cwd), before);
  }),
);

Deno.test(
  "history note and accept say something of a night, which a shift is no news after",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const slower = (day: number) => ({ report: false, slower: day >= 16 ? 1.5 : 1 });
    const nights = Array.from({ length: 22 }, (_, day) => writeNight(cwd, day, slower(day)));
    const added = await history(["add", ...nights], cwd);
    assert.equal(added.code, 0, added.err);
    assert.equal((await history(["show"], cwd)).code, 1);
    const cases: [string[], RegExp][] = [
      [["accept", "2026-01-10"], /no such shift begins then; the last ones begin on 2026-01-17/],
      [["note", "yesterday", "x"], /a date like 2026-11-22/],
      [["note", "2026-02-10", "x"], /the history has 2026-01-01 to 2026-01-22/],
    ];
    for (const [args, line] of cases) expectError(await history(args, cwd), 2, line);
    assert.equal(isThere(`${cwd}/${HISTORY}/notes.jsonl`), false);
    const noted = await history(["note", "2026-01-16", "a disk was changed"], cwd);
    assert.equal(noted.code, 0, noted.err);
    const accepted = await history(["accept", "2026-01-17", "checksums"], cwd);
    assert.equal(accepted.code, 0, accepted.err);
    assert.match(accepted.out, /Accepted: raw\/write_throughput\/10000 throughput on node01/);
    await history(["rebuild"], cwd);
    const shown = await history(["show", "--nights", "10"], cwd);
    assert.equal(shown.code, 0, shown.out);
    assert.match(shown.out, /2026-01-16 .*note: a disk was changed/);
    assert.match(shown.out, /a lasting shift begins: regressed, accepted: checksums/);
    const made = await history(["site", "--out", "site"], cwd);
    assert.equal(made.code, 0, made.err);
    const page = Deno.readTextFileSync(`${cwd}/site/index.html`);
    assert.match(page, /Nothing: no series stood out tonight/);
    assert.match(page, /accepted: checksums/);
    assert.doesNotMatch(Deno.readTextFileSync(`${cwd}/site/feed.xml`), /for good/);
  }),
);
