import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { succeeds } from "../../_testing/child.ts";
import { Random } from "../../stats/mod.ts";
import { DEFAULT_PROFILE, PROFILES } from "../../suite/mod.ts";
import { readJournal, readResult } from "../../result/mod.ts";
import {
  expectResumed,
  INTERRUPTED_BENCH,
  samplesInJournal,
  samplesInResult,
} from "./_testing/interrupted.ts";
import { MORE_RUNS } from "./_testing/uneven_suite.ts";
import {
  isThere,
  processesWith,
  run,
  start,
  type Started,
  tinyBench,
  until,
} from "./_testing/tidemark.ts";

const linux = Deno.build.os === "linux";
/** Moments within it, ms. */
const random = new Random(20261122);
const moments = (count: number) => Array.from({ length: count }, () => random.uniform() * 1800);

/** Lets a bench run for a while, from when its journal is there. */
async function begun(cwd: string, ms: number): Promise<Started> {
  const started = start("bench", INTERRUPTED_BENCH, { cwd });
  // The plan is its first line: a journal that is there may still be without it.
  const path = `${cwd}/out/journal.jsonl`;
  await until(
    "the bench has its plan",
    () => isThere(path) && readJournal(path).records.length > 0,
  );
  await new Promise((resolve) => setTimeout(resolve, ms));
  return started;
}

const CASES: [signal: Deno.Signal, ms: number][] = [
  ...[0, ...moments(3)].map((ms): [Deno.Signal, number] => ["SIGINT", ms]),
  ...moments(1).map((ms): [Deno.Signal, number] => ["SIGTERM", ms]),
];
for (const [signal, ms] of CASES) {
  const at = `${ms.toFixed(0)} ms after the plan`;
  Deno.test(
    `bench keeps what it measured when ${signal} comes ${at}, and --resume completes it`,
    { timeout: 300_000 },
    withFolder(async (cwd) => {
      const bench = await begun(cwd, ms);
      const before = samplesInJournal(cwd);
      bench.process.kill(signal);
      const { code, err } = await bench.ended;
      assert.equal(code, 3, err);
      assert.match(
        err,
        /^Not complete \(interrupted\): .* go on with deno task bench --resume out$/m,
      );
      assert.equal(isThere(`${cwd}/out/data`), false, "no database is left");
      assert.equal(readJournal(`${cwd}/out/journal.jsonl`).torn, false);
      assert.deepEqual(samplesInResult(cwd), samplesInJournal(cwd));
      assert.deepEqual(samplesInResult(cwd).slice(0, before.length), before);
      await expectResumed(cwd, samplesInJournal(cwd));
    }),
  );
}

for (const ms of [0, ...moments(3)]) {
  Deno.test({
    name: `bench is resumed without loss when SIGKILL comes ${ms.toFixed(0)} ms after the plan`,
    timeout: 300_000,
    ignore: !linux,
    fn: withFolder(async (cwd) => {
      const bench = await begun(cwd, ms);
      bench.process.kill("SIGKILL");
      assert.equal((await bench.ended).signal, "SIGKILL");
      await until("the run's process has ended too", () => processesWith(cwd).length === 0);
      await expectResumed(cwd, samplesInJournal(cwd));
    }),
  });
}

Deno.test({
  name: "bench ends with 3 when it is interrupted during the report, and has measured everything",
  timeout: 300_000,
  ignore: Deno.build.os === "windows",
  fn: withFolder(async (cwd) => {
    const bench = start("bench", tinyBench("--out", "out", "--store", "level"), { cwd });
    await until("the bench has a journal", () => isThere(`${cwd}/out/journal.jsonl`));
    // The report is held up at its first file, until somebody reads it.
    const report = `${cwd}/out/report.md`;
    assert.ok(await succeeds("mkfifo", report));
    await until("everything is measured", () => isThere(`${cwd}/out/result.json`));
    bench.process.kill("SIGINT");
    Deno.readTextFileSync(report);
    const { code, err } = await bench.ended;
    assert.equal(code, 3, err);
    assert.match(err, /^Interrupted, when everything was measured already$/m);
    assert.equal(readResult(`${cwd}/out/result.json`).complete, true);
    Deno.removeSync(report);
    const again = await run("bench", ["--resume", "out"], { cwd });
    assert.equal(again.code, 0, again.err);
  }),
});

Deno.test(
  "bench --resume puts databases where they were, and clears what a killed bench left there",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/mine`);
    const bench = start("bench", [...INTERRUPTED_BENCH, "--data", "mine"], { cwd });
    await until("the bench has a database", () => [...Deno.readDirSync(`${cwd}/mine`)].length > 1);
    bench.process.kill("SIGKILL");
    await bench.ended;
    await expectResumed(cwd, samplesInJournal(cwd));
    assert.deepEqual([...Deno.readDirSync(`${cwd}/mine`)], [], "the directory is as it was");
    assert.equal(isThere(`${cwd}/out/data-directory.txt`), false);
  }),
);

Deno.test({
  name: "bench measures the runs that a suite asks for, and --resume keeps them after SIGKILL",
  timeout: 900_000,
  ignore: !linux,
  fn: withFolder(async (cwd) => {
    const suite = new URL("./_testing/uneven_suite.ts", import.meta.url).pathname;
    const options = { cwd, seconds: 400 };
    const bench = start("bench", [suite, "--store", "level", "--out", "out"], options);
    const path = `${cwd}/out/journal.jsonl`;
    await until(
      "two runs have ended",
      () => isThere(path) && Deno.readTextFileSync(path).split('"kind":"run-ended"').length > 2,
      200,
    );
    bench.process.kill("SIGKILL");
    assert.equal((await bench.ended).signal, "SIGKILL");
    await until("the run's process has ended too", () => processesWith(cwd).length === 0);
    const { code, err } = await run("bench", ["--resume", "out"], options);
    assert.equal(code, 0, err);
    const result = readResult(`${cwd}/out/result.json`);
    assert.equal(result.complete, true);
    const counted = (id: string) =>
      result.runs.filter(({ benchmark, state, superseded }) =>
        benchmark === id && state === "ended" && !superseded
      ).length;
    const { runs } = PROFILES[DEFAULT_PROFILE]!;
    assert.deepEqual([counted("level/write/20"), counted("level/read/one")], [runs, MORE_RUNS]);
    assert.ok(MORE_RUNS > runs);
    assert.match(
      Deno.readTextFileSync(`${cwd}/out/report.md`),
      /\*\*Replication:\*\* 8 runs of each benchmark \(9 of read\/one\), each a fresh process/,
    );
  }),
});

Deno.test(
  "bench --resume without a directory goes on with the newest that was interrupted",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const none = await run("bench", ["--resume"], { cwd });
    assert.equal(none.code, 2);
    assert.match(none.err, /^error: Cannot resume: no interrupted bench is in reports\/local/);
    const started = start("bench", tinyBench("--store", "level", "--runs", "5"), { cwd });
    const local = `${cwd}/reports/local`;
    await until(
      "the bench measures",
      () =>
        isThere(local) &&
        [...Deno.readDirSync(local)].some(({ name }) => isThere(`${local}/${name}/journal.jsonl`)),
    );
    started.process.kill("SIGINT");
    assert.equal((await started.ended).code, 3);
    const { code, err } = await run("bench", ["--resume", "--save", "kept"], { cwd });
    assert.equal(code, 0, err);
    assert.match(err, /^Going on with reports\/local\/\S+-tiny$/m);
    assert.equal(readResult(`${cwd}/reports/baselines/kept.json`).complete, true);
  }),
);
