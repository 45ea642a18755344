import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { cachedReleases, thisMachine } from "../../engine/mod.ts";
import { readResult } from "../../result/mod.ts";
import { expectError } from "./_testing/expect.ts";
import { run } from "./_testing/tidemark.ts";

const machine = thisMachine();
/** A release of RocksDB that is kept on this machine, to measure with. */
const kept = machine === undefined ? undefined : cachedReleases()
  .find(({ release, machines }) => /^\d/.test(release) && machines.includes(machine))?.release;

/** A ladder that takes seconds: two rungs, one benchmark of each part. */
const TINY_LADDER = ["releases", "--profile", "smoke", "--runs", "3"];

Deno.test({
  name:
    "a release against itself is a ladder without a step, resumed, reported, and rendered again",
  timeout: 300_000,
  ignore: kept === undefined,
  fn: withFolder(async (cwd) => {
    const rungs = ["--set", `release=${kept},${kept}`, "--filter", "scan_throughput"];
    const { code, out, err } = await run(
      "bench",
      [...TINY_LADDER, ...rungs, "--out", "out", "--json"],
      { cwd },
    );
    assert.equal(code, 0, err);
    assert.match(err, /No step between neighbours is real\./);
    const { schema, ladder } = JSON.parse(out);
    assert.equal(schema, "tidemark.ladder");
    assert.deepEqual(ladder.rungs.map(({ name }: { name: string }) => name), [kept, `${kept}#2`]);
    assert.deepEqual(ladder.steps, []);
    const { runs, benchmarks, turns } = readResult(`${cwd}/out/result.json`);
    assert.deepEqual(turns!.groups, [[`raw@${kept}`, `raw@${kept}#2`]]);
    const played = runs.filter(({ duet }) => duet !== undefined);
    assert.deepEqual([played.length, new Set(played.map((run) => run.startedAt)).size], [6, 3]);
    assert.deepEqual(
      benchmarks.map(({ id }) => id),
      [`raw@${kept}`, `raw@${kept}#2`, "null"].map((store) => `${store}/scan_throughput/1000`),
    );
    // The options are told once for each release.
    const told = runs.filter(({ engineOptions }) => engineOptions !== undefined);
    assert.deepEqual(told.map(({ run }) => run), [0, 0]);
    assert.ok(told.every(({ engineOptions }) => engineOptions!["max_open_files"] !== undefined));
    const page = Deno.readTextFileSync(`${cwd}/out/report.html`);
    assert.match(page, /Release by release/);
    const again = await run("report", ["out", "--markdown", "ladder.md", "--html", "l.html"], {
      cwd,
    });
    assert.equal(again.code, 0, again.err);
    assert.match(Deno.readTextFileSync(`${cwd}/ladder.md`), /No step between neighbours is real/);
    const resumed = await run("bench", ["--resume", "out"], { cwd });
    assert.equal(resumed.code, 0, resumed.err);
  }),
});

Deno.test({
  name: "a ladder that cannot be is refused in one line, and nothing is written",
  timeout: 300_000,
  fn: withFolder(async (cwd) => {
    const env = { TIDEMARK_CACHE: `${cwd}/cache` };
    const refusals: [args: string[], line: RegExp][] = [
      [["releases", "--offline", "--from", "9.9.3", "--to", "9.10.0"], /9\.9\.3/],
      [["releases", "--from", "10.4.2", "--to", "7.10.2"], /the first is the newer one; swap them/],
      [["releases", "--from", "9.10.0", "--to", "9.10.0"], /one release is no ladder/],
      [["releases", "--from", "seven"], /Cannot tell the release "seven": write a version/],
      [["releases", "--interleave", "same"], /--interleave for a ladder of releases/],
      [["--from", "7.10.2"], /it is no ladder; bench releases/],
    ];
    for (const [args, line] of refusals) {
      expectError(await run("bench", [...args, "--out", "out"], { cwd, env }), 2, line);
    }
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), []);
  }),
});
