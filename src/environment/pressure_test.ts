import assert from "node:assert/strict";
import process from "node:process";
import { filesOf } from "./_testing/fixtures.ts";
import { cpuSeconds, PressureMeter } from "./pressure.ts";
import type { FileSource } from "./source.ts";

/** `/proc` before and after; the meter reads the first until `next` is called. */
function twoTimes(before: Record<string, string>, after: Record<string, string>) {
  let now = filesOf(before);
  const files: FileSource = { read: (path) => now.read(path), list: (path) => now.list(path) };
  return { files, next: () => now = filesOf(after) };
}

function proc(cpu: string, ownTicks: number, load = "0.50"): Record<string, string> {
  return {
    "/proc/stat": `cpu  ${cpu}\ncpu0 1 2 3 4 5 6 7 8 9 10\n`,
    "/proc/self/stat": `12 (de(n) o) S ${"1 ".repeat(10)}${ownTicks} 1 7 7 20 0`,
    "/proc/loadavg": `${load} 0.70 0.40 1/105 13341\n`,
  };
}

/** Measures between two states of `/proc`. */
function measure(
  before: Record<string, string>,
  after: Record<string, string>,
  childSeconds: number | null,
) {
  const { files, next } = twoTimes(before, after);
  const meter = new PressureMeter(files);
  meter.start();
  next();
  return meter.stop(childSeconds);
}

Deno.test("PressureMeter tells steal and the time of others from the deltas", () => {
  // user nice system idle iowait irq softirq steal guest guest_nice
  const before = proc("100 10 50 1000 5 1 2 3 90 9", 30);
  const after = proc("160 12 60 1100 8 2 5 24 140 9", 40, "1.50");
  // busy: 60 + 2 + 10 + 1 + 3 = 76 ticks, of which 10 are ours and 50 the child's; total: 200.
  const { load1, steal, busyOthers } = measure(before, after, 0.5);
  assert.deepEqual([load1, steal], [0.5, 21 / 200]);
  assert.equal(busyOthers!.toFixed(9), (16 / 200).toFixed(9));
});

Deno.test("PressureMeter has no share of others when the child's time is not known", () => {
  const pressure = measure(proc("0 0 0 0 0 0 0 0", 0), proc("50 0 0 50 0 0 0 0", 0), null);
  assert.deepEqual(pressure, { load1: 0.5, steal: 0, busyOthers: null });
});

Deno.test("PressureMeter does not go below zero when ticks round against it", () => {
  const pressure = measure(proc("0 0 0 0 0 0 0 5", 0), proc("50 0 0 50 0 0 0 4", 0), 0.52);
  assert.deepEqual(pressure, { load1: 0.5, steal: 0, busyOthers: 0 });
});

Deno.test("PressureMeter has no shares when no tick went by or nothing can be read", () => {
  const still = proc("1 2 3 4 5 6 7 8", 9);
  assert.deepEqual(measure(still, still, 0), { load1: 0.5, steal: null, busyOthers: null });
  assert.deepEqual(measure({}, {}, 0), { load1: null, steal: null, busyOthers: null });
});

Deno.test("PressureMeter does without the columns of old kernels", () => {
  const pressure = measure(proc("0 0 0 0", 0), proc("30 0 20 50", 0), 0.25);
  assert.deepEqual(pressure, { load1: 0.5, steal: 0, busyOthers: 25 / 100 });
});

Deno.test("cpuSeconds() reads past a name with spaces and parentheses", () => {
  const files = filesOf({ "/proc/7/stat": `7 (a) (b c) S ${"1 ".repeat(10)}250 50 9 9` });
  assert.equal(cpuSeconds(7, files), 3);
  assert.equal(cpuSeconds(8, files), null);
});

Deno.test("cpuSeconds() tells this process's time", { ignore: Deno.build.os !== "linux" }, () => {
  const byDeno = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const before = byDeno();
  const seconds = cpuSeconds("self")!;
  // Both count in steps of 10 ms at worst, each of utime and stime.
  assert.ok(seconds >= before - 0.02 && seconds <= byDeno() + 0.02, `${seconds}, not ${before}`);
});
