/** Benches whose engine or device hangs: each costs its own runs, within their limit. */
import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { succeeds } from "../../_testing/child.ts";
import { isCached, obtainRelease, thisMachine } from "../../engine/mod.ts";
import { CAN_MOUNT, inNamespace, processesWith, run, TINY } from "./_testing/tidemark.ts";

/** Values of 64 KiB, with which it hangs each time. */
const LARGE = new URL("./_testing/large_suite.ts", import.meta.url).pathname;

/** A release that hangs for ever in a put on a full disk. */
const HANGS = "10.4.2";

/** Why there is none; `undefined` where there is. */
async function releaseMissing(): Promise<string | undefined> {
  const machine = thisMachine();
  if (machine === undefined) return "no release has a library for this machine";
  if (isCached(HANGS, machine)) return undefined;
  try {
    await obtainRelease(HANGS);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Whether a file system can be mounted from a file, and be frozen. */
async function canFreeze(): Promise<boolean> {
  const folder = Deno.makeTempDirSync();
  try {
    const script = `mkdir mnt && truncate -s 16M image && mkfs.ext4 -q image &&
      mount -o loop image mnt && fsfreeze -f mnt && fsfreeze -u mnt`;
    return await succeeds("unshare", "-m", "sh", "-c", `cd ${folder} && ${script}`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const noMount = CAN_MOUNT ? undefined : "needs root to mount a device";
const noRelease = noMount ?? await releaseMissing();
const noFreezing = noMount ?? (await canFreeze() ? undefined : "no file system can be frozen here");

const skipped = (why: string | undefined) => why === undefined ? "" : ` (skipped: ${why})`;

Deno.test({
  name: `bench ends a run that hangs on a full device, goes on, and is resumed` +
    skipped(noRelease),
  ignore: noRelease !== undefined,
  timeout: 300_000,
  fn: withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/mnt`);
    const { code, err } = await run("bench", [
      LARGE,
      ...["--profile", "smoke"],
      ...["--set", `release=${HANGS}`, "--set", "writeBufferBytes=64KiB", "--set", "wal=off"],
      ...["--run-limit", "5s", "--out", "out", "--data", "mnt/data", "--runs", "2"],
    ], {
      cwd,
      wrapper: inNamespace('mount -t tmpfs -o size=4m none mnt && "$@"'),
    });
    assert.equal(code, 3, err);
    const failures = err.match(/^failed: .*$/gm) ?? [];
    assert.equal(failures.length, 2, err);
    const hung =
      /: No progress for 5s in (the warm-up of )?put: the device of its database is full, .* free; make room, then resume$/;
    // It is a race of RocksDB's threads: now and then one of them is told of the device in time.
    for (const line of failures) {
      assert.match(line, RegExp(`${hung.source}|No space left on device`));
    }
    assert.ok(failures.some((line) => hung.test(line)), err);
    assert.match(err, /ended after 5s without progress/);
    assert.match(err, /^Not complete \(failed runs: 2\)/m);
    const { runs } = JSON.parse(Deno.readTextFileSync(`${cwd}/out/result.json`));
    const states = runs.map(({ state, limitMs }: { state: string; limitMs: number }) => {
      assert.equal(limitMs, 5000);
      return state;
    });
    assert.deepEqual(states.toSorted(), ["ended", "failed", "failed"], "calibration needs no disk");
    assert.deepEqual(processesWith(cwd), [], "no process is left");
    // What failed is tried again, on a device with room.
    const resumed = await run("bench", ["--resume", "out", "--data", "data"], { cwd });
    assert.equal(resumed.code, 0, resumed.err);
  }),
});

Deno.test({
  name: "bench leaves a run's process behind that takes no signal, and touches its database " +
    `no more${skipped(noFreezing)}`,
  ignore: noFreezing !== undefined,
  timeout: 300_000,
  fn: withFolder(async (cwd) => {
    const script = `mkdir mnt && truncate -s 64M image && mkfs.ext4 -q image &&
      mount -o loop image mnt || exit 99
      (while ! test -e mnt/data/run-*/CURRENT; do sleep 0.02; done; fsfreeze -f mnt) &
      timeout -s KILL 100 "$@"; code=$?
      echo "$code" > code
      fsfreeze -u mnt; exit $code`;
    const { code, err } = await run("bench", [
      TINY,
      // A smoke run measures for 20 ms, and could be done before its disk is frozen.
      ...["--profile", "baseline", "--runs", "1", "--store", "level", "--filter", "write"],
      ...["--run-limit", "5s", "--out", "out", "--data", "mnt/data"],
    ], { cwd, wrapper: inNamespace(script) });
    assert.equal(code, 3, err);
    assert.match(
      err,
      /^failed: level\/write\/20 run 0: No progress for 5s in .*; its process \d+ takes no signal and is left behind$/m,
    );
    assert.match(err, /^Not complete \(failed runs: 1\)/m);
  }),
});
