import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import type { Ended } from "../../_testing/child.ts";
import { openHistory } from "../../history/mod.ts";
import { nightAt, sampleNight } from "../../history/_testing/sample_night.ts";
import { type Key, S3Server } from "../../publish/_testing/s3_server.ts";
import { expectError } from "./_testing/expect.ts";
import {
  isThere,
  run,
  start,
  type StartOptions,
  TINY,
  treeOf,
  until,
} from "./_testing/tidemark.ts";

/** A night of the tiny suite, over a store that needs nothing installed. */
function tinyNight(...args: string[]): string[] {
  return [
    TINY,
    ...["--profile", "smoke", "--store", "level", "--host", "node01", "--out", "out"],
    ...args,
  ];
}

/** A night that measures for some seconds, and so can be broken off in the middle. */
const LONG = [
  TINY,
  ...["--profile", "quick", "--store", "level", "--filter", "read", "--runs", "2"],
  ...["--host", "node01", "--out", "out"],
];

interface NightRow {
  id: string;
  settled: boolean;
  stages: { name: string; state: string; message: string }[];
  missed: string[];
  regressed: string[];
}

/** Runs a night to its end; its record with how it ended. */
async function night(args: string[], options: StartOptions): Promise<Ended & { row: NightRow }> {
  const ended = await run("nightly", [...args, "--json"], options);
  return { ...ended, row: JSON.parse(ended.out || "{}") };
}

const states = (row: NightRow) => row.stages.map(({ name, state }) => `${name}: ${state}`);

/** Samples in the journal of the only night. */
function samples(cwd: string): number {
  const [folder] = isThere(`${cwd}/out/nights`) ? [...Deno.readDirSync(`${cwd}/out/nights`)] : [];
  const path = `${cwd}/out/nights/${folder?.name}/bench/journal.jsonl`;
  if (!isThere(path)) return 0;
  return Deno.readTextFileSync(path).split("\n")
    .filter((line) => line.startsWith('{"kind":"sample"')).length;
}

const ALL = ["earlier nights", "bench", "history", "judge", "thin", "pages"];

Deno.test(
  "nightly keeps two nights in one history, and publishes their pages and reports",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    await using server = new S3Server(KEY);
    const to = ["--publish", "www", "--publish", `s3:${server.endpoint}/bucket/nights`];
    const dates = ["2026-11-21", "2026-11-22"];
    for (const date of dates) {
      const { code, err, row } = await night(
        tinyNight("--night", date, "--summary", "summary.md", ...to),
        { cwd, env: ENV },
      );
      assert.equal(code, 0, err);
      assert.ok(row.settled);
      assert.deepEqual(
        states(row),
        [
          ...["earlier nights", "bench", "history", "judge", "summary", "thin", "pages"],
          ...["publish to www", `publish to s3:${server.endpoint}/bucket/nights`],
        ].map((name) => `${name}: done`),
      );
      assert.match(err, /^pages +done +\S+ +\d+ files in out\/pages\//m);
      assert.doesNotMatch(err, /sEcReT|AKID/);
    }
    using history = openHistory(`${cwd}/out/history`);
    assert.deepEqual(history.nights(), dates);
    assert.deepEqual(history.nodes(), ["node01"]);
    const series = history.series({ benchmark: "level/write/20", metric: "throughput" });
    assert.ok(series[0]!.points.every(({ value, report }) => value! > 0 && report !== null));

    // The same pages here, in the other directory and in S3, with all they link to.
    assert.equal(Deno.readLinkSync(`${cwd}/out/site`), "pages/latest");
    const site = treeOf(Deno.realPathSync(`${cwd}/out/site`));
    const www = treeOf(Deno.realPathSync(`${cwd}/www/latest`));
    const pages = (tree: Record<string, string>) =>
      Object.keys(tree).filter((name) => !name.endsWith("/")).sort();
    assert.deepEqual(pages(site), pages(www));
    const stored = new Set(
      [...server.objects.keys()].map((path) => path.replace(/^\/bucket\/nights\/[^/]*\//, "")),
    );
    for (const page of pages(site)) assert.ok(stored.has(page), page);
    for (const { report } of series[0]!.points) assert.ok(site[report!]!.startsWith("<!"), report!);
    const page = site["series/node01.level-write-20.throughput.html"]!;
    const links = [...page.matchAll(/href="([^"]+\/report\.html)"/g)].map(([, href]) => href);
    assert.ok(links.some((href) => href!.includes("nights/2026-11-22/node01/")), links.join());
    for (const href of links) assert.ok(isThere(`${cwd}/out/site/series/${href}`), href);
    assert.equal(
      Deno.readTextFileSync(`${cwd}/summary.md`).match(/^## /gm)?.length,
      2,
      "each night has added what changed",
    );
    // Nothing but what was measured is recorded: no target, no key.
    const kept = treeOf(`${cwd}/out/history`);
    for (const [name, text] of Object.entries(kept)) {
      assert.doesNotMatch(text, /sEcReT|AKIDTEST|127\.0\.0\.1/, name);
    }
  }),
);

const KEY: Key = { id: "AKIDTEST", secret: "sEcReT/+=" };
const ENV = { AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: KEY.secret };

Deno.test(
  "nightly ends with 3 where one place cannot be published to, and publishes to the others",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    Deno.writeTextFileSync(`${cwd}/file`, "mine");
    const s3 = "s3:http://127.0.0.1:9/bucket";
    const { code, err, row } = await night(
      tinyNight("--publish", "file", "--publish", s3, "--publish", "www"),
      { cwd, env: { AWS_ACCESS_KEY_ID: "" } },
    );
    assert.equal(code, 3, err);
    assert.deepEqual(states(row), [
      ...ALL.map((name) => `${name}: done`),
      "publish to file: failed",
      `publish to ${s3}: failed`,
      "publish to www: done",
    ]);
    assert.match(err, /^publish to file +failed .*Cannot publish to file: /m);
    assert.match(err, /^publish to s3:.* failed .*variable AWS_ACCESS_KEY_ID is not set/m);
    assert.ok(isThere(`${cwd}/www/latest/index.html`));
    assert.equal(Deno.readTextFileSync(`${cwd}/file`), "mine");
    assert.doesNotMatch(err, /^ +at |fault of Tidemark/m);
  }),
);

Deno.test(
  "nightly ends with 1 where a target was missed",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const mod = new URL("../../mod.ts", import.meta.url).href;
    const tiny = Deno.readTextFileSync(TINY).replace("../../../mod.ts", mod)
      .replace("value: 1 }", 'value: 1e15, stores: ["level"] }');
    Deno.writeTextFileSync(`${cwd}/hard.ts`, tiny);
    const { code, err, row } = await night(
      // Fewer than three runs miss nothing.
      ["hard.ts", ...tinyNight("--runs", "3").slice(1)],
      { cwd },
    );
    assert.equal(code, 1, err);
    assert.deepEqual(row.missed, ["level/write/20 throughput on node01"]);
    assert.match(err, /^missed +level\/write\/20 throughput on node01$/m);
  }),
);

Deno.test(
  "nightly ends with 1 where something regressed, and says what",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    using history = openHistory(`${cwd}/history`, { create: true });
    for (let day = 0; day < 30; day++) {
      // A machine that wrote a thousand times faster, with a little noise.
      const value = 1e12 * (1 + 0.01 * Math.sin(day * 7));
      history.add(sampleNight({ night: nightAt(day), value, benchmarks: ["level/write/20"] }), []);
    }
    const { code, err, row } = await night(
      tinyNight("--history", "history", "--night", nightAt(30)),
      { cwd },
    );
    assert.equal(code, 1, err);
    assert.ok(row.regressed.includes("level/write/20 throughput on node01"), err);
    assert.match(err, /^regressed +level\/write\/20 throughput on node01$/m);
    assert.match(
      Deno.readTextFileSync(`${cwd}/out/site/summary.md`),
      /regressed.*level\/write\/20/,
    );
    assert.equal(isThere(`${cwd}/out/history`), false);
  }),
);

Deno.test(
  "nightly refuses a second night at the same time, and what a killed one has measured is taken up",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const killed = start("nightly", [...LONG, "--night", "2026-11-21", "--data", "data"], { cwd });
    await until("a sample is in the journal", () => samples(cwd) > 0);
    const second = await run("nightly", tinyNight(), { cwd });
    expectError(
      second,
      2,
      /Cannot begin a night in out: another one is under way since 20.*; wait/,
    );
    killed.process.kill("SIGKILL");
    await killed.ended;
    const before = samples(cwd);

    const args = tinyNight("--night", "2026-11-22", "--data", "data");
    const { code, err, row } = await night(args, { cwd });
    assert.equal(code, 0, err);
    assert.deepEqual(states(row), ALL.map((name) => `${name}: done`));
    assert.equal(row.stages[0]!.message, "2026-11-21: node01 added");
    assert.equal(isThere(`${cwd}/data`), false, "no database is left");
    using history = openHistory(`${cwd}/out/history`);
    assert.deepEqual(history.nights(), ["2026-11-21", "2026-11-22"]);
    const first = history.record("2026-11-21", "node01")!;
    assert.equal(first.complete, false);
    const result = JSON.parse(
      Deno.readTextFileSync(`${cwd}/out/history/${first.folder}/result.json`),
    );
    const kept = result.runs.flatMap(({ samples }: { samples: unknown[] }) => samples);
    assert.ok(kept.length >= before && before > 0, `${kept.length} of ${before}`);

    // It is taken up once.
    const { row: third } = await night(args.with(args.indexOf("2026-11-22"), "2026-11-23"), {
      cwd,
    });
    assert.equal(third.stages[0]!.message, "none was broken off");
  }),
);

Deno.test(
  "nightly keeps what it measured when it is interrupted, and --resume goes on",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const interrupted = start("nightly", [...LONG, "--night", "2026-11-21"], { cwd });
    await until("a sample is in the journal", () => samples(cwd) > 0);
    interrupted.process.kill("SIGINT");
    const { code, out, err } = await interrupted.ended;
    assert.equal(code, 3, err);
    assert.match(out, /^pages +skipped .*the night was interrupted$/m);
    assert.match(err, /go on with deno task nightly --resume --out out$/m);
    const resumed = await night(["--resume", "--host", "node01", "--out", "out"], { cwd });
    assert.equal(resumed.code, 0, resumed.err);
    assert.deepEqual(states(resumed.row), ALL.map((name) => `${name}: done`));
    using history = openHistory(`${cwd}/out/history`);
    assert.equal(history.record("2026-11-21", "node01")?.complete, true);
    expectError(
      await run("nightly", ["--resume", "--out", "out"], { cwd }),
      2,
      /Cannot resume: no night in out was broken off; leave out --resume/,
    );
  }),
);

Deno.test(
  "nightly keeps a night as missing of which nothing could be measured",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/data`);
    Deno.writeTextFileSync(`${cwd}/data/thesis.txt`, "years of work");
    const { code, err, row } = await night(
      tinyNight("--night", "2026-11-22", "--data", "data"),
      { cwd },
    );
    assert.equal(code, 3, err);
    assert.equal(row.stages[1]!.state, "partly");
    assert.match(row.stages[1]!.message, /^node01: Cannot use data as the data directory/);
    assert.equal(Deno.readTextFileSync(`${cwd}/data/thesis.txt`), "years of work");
    using history = openHistory(`${cwd}/out/history`);
    assert.match(
      history.record("2026-11-22", "node01")?.missing ?? "",
      /^Cannot use data as the data directory: it is not empty/,
    );
    assert.match(Deno.readTextFileSync(`${cwd}/out/site/index.html`), /<!doctype html>/i);
  }),
);

/** What a call can have wrong, before anything is measured. */
const MISTAKES: [what: string, args: string[], line: RegExp][] = [
  ["an unknown kind of target", ["--publish", "ftp://x/y"], /Unknown kind of target "ftp"/],
  ["a target with a key in it", ["--publish", "s3:https://A:hunter2@h/b"], /a key or password/],
  ["a URL that is none", ["--publish", "s3:nowhere"], /it is no URL; write s3:https:/],
  ["an unknown profile", ["--profile", "nightyl"], /Unknown profile "nightyl": did you mean nig/],
  ["a night that is no date", ["--night", "2026-02-30"], /for --night: give a date like 2026/],
  ["a rule that is no number", ["--keep-nights", "all"], /for --keep-nights: give a whole number/],
  ["a history of something else", ["--history", "other"], /Cannot begin a history in other: it is/],
  ["an out that is a file", ["--out", "file"], /Cannot begin a night in file: /],
  ["an unknown cluster file", ["--nodes", "--cluster", "x.json"], /Cannot read the cluster file x/],
];
for (const [what, args, line] of MISTAKES) {
  Deno.test(
    `nightly refuses ${what} in one line, and measures nothing`,
    { timeout: 300_000 },
    withFolder(async (cwd) => {
      Deno.mkdirSync(`${cwd}/other`);
      Deno.writeTextFileSync(`${cwd}/other/thesis.txt`, "years of work");
      Deno.writeTextFileSync(`${cwd}/file`, "mine");
      const ended = await run("nightly", tinyNight(...args), { cwd });
      expectError(ended, 2, line);
      assert.doesNotMatch(ended.err, /hunter2/);
      assert.equal(isThere(`${cwd}/out/nights`), false);
      assert.equal(Deno.readTextFileSync(`${cwd}/file`), "mine");
    }),
  );
}

Deno.test(
  "nightly --control keeps the ratio to a pinned reference, and says where one is missing",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const args = [
      TINY,
      ...["--profile", "quick", "--store", "level", "--filter", "read", "--runs", "1"],
      ...["--host", "node01", "--out", "out", "--night"],
    ];
    const first = await run("nightly", [...args, "2026-01-01", "--control", "burn=4"], { cwd });
    assert.ok(first.code <= 1, first.err);
    {
      using history = openHistory(`${cwd}/out/history`);
      const line = history.record("2026-01-01", "node01")!;
      assert.equal(line.control, "level, burn=4");
      assert.deepEqual([...new Set(line.benchmarks.map(({ store }) => store))], ["level"]);
      const [{ points }] = history.series({ metric: "mean" }) as [
        ReturnType<typeof history.series>[0],
      ];
      const { control } = points[0]!;
      assert.equal(control!.what, "level, burn=4");
      assert.equal(control!.pairs, 8);
      // The control takes five times as long.
      assert.ok(control!.ratio! < 0.6, String(control!.ratio));
      assert.ok(control!.low! < control!.ratio! && control!.ratio! < control!.high!);
      assert.ok(points[0]!.value! > 0);
    }
    const second = await run("nightly", [...args, "2026-01-02"], { cwd });
    assert.ok(second.code <= 1, second.err);
    const show = await run("history", ["show", "--history", "out/history"], { cwd });
    assert.match(show.out, /from control/);
    assert.match(
      show.out,
      /No control tonight on node01: the night was measured without one; its values are judged alone\./,
    );
    const refused = await run("nightly", [...args, "2026-01-03", "--control", "wall=off"], { cwd });
    expectError(refused, 2, /Cannot set "wall=off": there is no option "wall"/);
  }),
);

Deno.test(
  "nightly measures without its control where that cannot be had tonight, and says so",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const env = {
      TIDEMARK_CACHE: `${cwd}/cache`,
      TIDEMARK_ENGINE_REPOSITORY: "http://127.0.0.1:2/",
    };
    const args = [
      TINY,
      ...["--profile", "smoke", "--store", "level", "--filter", "read"],
      ...["--host", "node01", "--out", "out", "--night", "2026-01-01", "--control"],
    ];
    const wrong = await run("nightly", [...args, "release=newest"], { cwd, env });
    expectError(wrong, 2, /release takes a version like/);
    const { code, err } = await run("nightly", [...args, "store=raw,release=9.9.3"], { cwd, env });
    assert.ok(code <= 1, err);
    const said =
      /no control, which was to be store=raw, release=9\.9\.3\. Cannot get .*127\.0\.0\.1/;
    assert.match(err, said);
    using history = openHistory(`${cwd}/out/history`);
    const line = history.record("2026-01-01", "node01")!;
    assert.equal(line.control ?? null, null);
    assert.ok(line.benchmarks.length > 0, "what the stores do is known");
  }),
);
