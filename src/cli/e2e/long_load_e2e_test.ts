/**
 * Loads that are killed in each phase, that fill their device, and that last an hour: too long for every
 * change, run by `deno task test:soak`.
 */
import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { readKernelFile } from "../../native/mod.ts";
import { readJournal, readResult, type Result } from "../../result/mod.ts";
import { libraryIsThere } from "../../store/mod.ts";
import {
  CAN_MOUNT,
  inNamespace,
  isThere,
  processesWith,
  run,
  start,
  until,
} from "./_testing/tidemark.ts";

/** How long the soak is, minutes; nothing here is run where nobody says so. */
const MINUTES = Number(Deno.env.get("TIDEMARK_SOAK_MINUTES") ?? 0);
const ignore = MINUTES === 0 || !libraryIsThere() || Deno.build.os !== "linux";
const SUITE = `${import.meta.dirname}/_testing/load_suite.ts`;
/** Two loads that begin with one checkpoint, of some seconds each. */
const ARGS = [SUITE, "--profile", "smoke", "--keys", "300k", "--for", "4s", "--out", "out"];

const entries = (path: string) => isThere(path) ? [...Deno.readDirSync(path)] : [];
const names = (path: string) => entries(path).map(({ name }) => name);
const windowsIn = (cwd: string) =>
  isThere(`${cwd}/out/journal.jsonl`)
    ? readJournal(`${cwd}/out/journal.jsonl`).records.filter(({ kind }) => kind === "window")
    : [];
const data = (cwd: string) => names(`${cwd}/out/data`);
const isTree = (name: string) => /^tree-[^.]+$/.test(name);

/** The phases of a load, and how it is known from outside that it is in one. */
const PHASES: Record<string, (cwd: string) => boolean> = {
  "the load": (cwd) => data(cwd).some((name) => name.endsWith(".load")),
  "the first run's beginning": (cwd) =>
    data(cwd).some(isTree) && data(cwd).some((name) => name.startsWith("run-raw")),
  "its first window": (cwd) => windowsIn(cwd).length === 1,
  "its third window": (cwd) => windowsIn(cwd).length === 3,
  "a later run": (cwd) => windowsIn(cwd).length > 11,
};

for (const [phase, isIn] of Object.entries(PHASES)) {
  Deno.test({
    name: `bench of loads is resumed without loss when SIGKILL comes in ${phase}`,
    timeout: 600_000,
    ignore,
    fn: withFolder(async (cwd) => {
      const bench = start("bench", ARGS, { cwd });
      await until(phase, () => isIn(cwd), 120);
      bench.process.kill("SIGKILL");
      await bench.ended;
      await until("the run's process has ended too", () => processesWith(cwd).length === 0);
      const before = windowsIn(cwd);
      const { code, err } = await run("bench", ["--resume", "out"], { cwd });
      assert.equal(code, 0, err);
      const result = readResult(`${cwd}/out/result.json`);
      assert.equal(result.complete, true);
      assert.deepEqual(windowsIn(cwd).slice(0, before.length), before, "no window is lost");
      const counted = result.runs.filter(({ superseded }) => !superseded);
      assert.ok(counted.every(({ state }) => state === "ended"));
      assert.equal(isThere(`${cwd}/out/data`), false, "no database and no checkpoint is left");
    }),
  });
}

Deno.test({
  name:
    "bench of loads says that the device is full where updates fill it, and refuses one that is too small",
  timeout: 600_000,
  ignore: ignore || !CAN_MOUNT,
  fn: withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/mnt`);
    // There is room for what is loaded, as was checked, and not for what the updates add to it.
    const args = ["large", "--profile", "smoke", "--filter", "overwrite", "--keys", "30k"];
    const load = [
      ...args,
      "--value",
      "1KiB",
      "--set",
      "compression=none",
      "--for",
      "15s",
      "--data",
      "mnt/data",
    ];
    const full = inNamespace('mount -t tmpfs -o size=42m none mnt && "$@"');
    const failed = await run("bench", [...load, "--out", "out"], { cwd, wrapper: full });
    assert.equal(failed.code, 3, failed.err);
    assert.match(failed.err, /failed: raw\/large\/overwrite.*(space|full)/i);
    const { runs } = readResult(`${cwd}/out/result.json`);
    assert.ok(runs.some(({ windows = [] }) => windows.length > 0), "windows before it are kept");
    const none = inNamespace('mount -t tmpfs -o size=20m none mnt && "$@"');
    const refused = await run("bench", [...load, "--out", "none"], { cwd, wrapper: none });
    assert.equal(refused.code, 2, refused.err);
    assert.match(refused.err, /^error: Cannot load 30,000 keys for raw\/large\/overwrite/m);
    assert.equal(isThere(`${cwd}/none`), false);
  }),
});

/** What a process has in memory, bytes. */
function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s*(\d+) kB$/m.exec(readKernelFile(`/proc/${pid}/status`) ?? "") ?? [];
  return Number(kib) * 1024;
}

const MIB = 1024 * 1024;

Deno.test({
  name: `a soak of ${MINUTES} minutes has all its windows, and its memory stays as it was`,
  timeout: (MINUTES + 10) * 60_000,
  ignore,
  fn: withFolder(async (cwd) => {
    const args = ["soak", "--profile", "quick", "--for", `${MINUTES}min`, "--rate", "2k"];
    const bench = start("bench", [...args, "--out", "out"], { cwd, seconds: (MINUTES + 8) * 60 });
    await until("the soak has windows", () => windowsIn(cwd).length > 30, 300);
    const early = residentBytes(bench.process.pid);
    let late = early;
    const looking = setInterval(() => {
      // It makes its reports at the end, which takes what a result takes.
      const now = residentBytes(bench.process.pid);
      if (now > 0 && !isThere(`${cwd}/out/result.json`)) late = now;
    }, 1000);
    const { code, err } = await bench.ended.finally(() => clearInterval(looking));
    assert.equal(code, 0, err);
    assert.ok(late < early + 64 * MIB, `bench has ${early} bytes, and then ${late}`);
    const { complete, runs } = readResult(`${cwd}/out/result.json`) as Result;
    assert.equal(complete, true);
    const { windows = [] } = runs.find(({ benchmark }) => benchmark.startsWith("raw/"))!;
    assert.ok(windows.length > MINUTES * 60 * 0.9, `${windows.length} windows`);
    const beyondCaches = windows.map(({ rssBytes, facts }) =>
      rssBytes - (facts.memtableBytes ?? 0) - (facts.blockCacheBytes ?? 0)
    );
    // With what malloc keeps of a memtable that is flushed, 64 MiB.
    const most = Math.max(...beyondCaches);
    assert.ok(most <= 300 * MIB, `${most / MIB} MiB beyond the engine's caches`);
    const json = await run("report", ["out", "--json"], { cwd });
    const parsed = JSON.parse(json.out);
    const { benchmarks } = parsed.analysis ?? parsed;
    const [soak] = benchmarks.find(({ load }: { load?: unknown }) => load).load.soaks;
    // What the run's process has beyond its engine's own grows by no more than noise.
    const grown = soak.ownAnHour === null ? 0 : soak.ownAnHour.low * MINUTES / 60;
    assert.ok(grown < 64 * MIB, JSON.stringify(soak.ownAnHour));
  }),
});
