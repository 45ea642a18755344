import assert from "node:assert/strict";
import type { LaneRun, RunOutcome } from "../run/mod.ts";
import { benchmarkRecord, PROFILES } from "../suite/mod.ts";
import { fakeStreams } from "./_testing/fake_streams.ts";
import { ERASED_LINE } from "../format/mod.ts";
import { Progress } from "./progress.ts";

const CLEAR = ERASED_LINE;
const benchmark = benchmarkRecord("raw", {
  name: "read/one",
  kind: "latency",
  operation: "get",
  samples: 1000,
  keys: 10,
  valueBytes: 8,
});
const runs: LaneRun[] = [0, 1, 2].map((run) => ({ benchmark, run, position: run, lane: 0 }));
const [first, second, third] = runs as [LaneRun, LaneRun, LaneRun];
const ended: RunOutcome = {
  state: "ended",
  closing: {
    kind: "closing",
    warmup: { iterations: 1, ns: 1 },
    facts: {},
    properties: {},
    peakRssBytes: 1,
    cpuSeconds: 1,
  },
};

/** A progress whose clock is set by hand, ms. */
function progressOf(options: Parameters<typeof fakeStreams>[0] = {}) {
  const clock = { ms: 1000 };
  const streams = fakeStreams(options);
  const progress = new Progress(streams, () => clock.ms);
  /** What was told since the last call. */
  const told = () => {
    const text = streams.told;
    streams.told = "";
    return text;
  };
  return { clock, streams, progress, told };
}

Deno.test("Progress tells a line a run when stderr is no terminal, without escape codes", () => {
  const { clock, streams, progress, told } = progressOf();
  progress.planned(runs, PROFILES.quick!, 90_000);
  assert.equal(
    told(),
    "3 runs, each a process and a database of its own, ended after 1m 30s without progress; " +
      "about 4s left\n",
  );
  progress.runStarted(first);
  for (let i = 1; i <= 1000; i++) progress.sampled(first, i);
  assert.equal(told(), "");
  clock.ms += 50_000;
  progress.runEnded(first, ended);
  assert.equal(told(), "[1/3] raw/read/one run 0 ended, about 1m 40s left\n");
  progress.runEnded(second, { state: "failed", error: "Cannot put: no space" });
  assert.equal(told(), "failed: raw/read/one run 1: Cannot put: no space\n");
  const other = { ...first, benchmark: { ...benchmark, id: "kvstore/read/one" } };
  progress.turnsFailed([first, other], "kvstore/read/one: Cannot put: no space");
  assert.equal(
    told(),
    "failed: the turns of raw/read/one and kvstore/read/one after run 0: kvstore/read/one: Cannot put: no space\n",
  );
  progress.runEnded(third, { state: "interrupted" });
  assert.equal(told(), "[3/3] raw/read/one run 2 interrupted, about 0s left\n");
  progress.end();
  assert.equal(streams.told, "");
});

Deno.test("Progress rewrites one line on a terminal, a few times a second", () => {
  const { clock, progress, told } = progressOf({ interactive: true });
  progress.planned(runs, PROFILES.smoke!, Infinity);
  told();
  progress.runStarted(first);
  assert.equal(told(), "[0/3] raw/read/one run 0, sample 0/1000, about 2s left");
  progress.sampled(first, 1);
  clock.ms += 249;
  progress.sampled(first, 2);
  assert.equal(told(), "", "too soon to draw again");
  clock.ms += 1;
  progress.sampled(first, 3);
  assert.equal(told(), `${CLEAR}[0/3] raw/read/one run 0, sample 3/1000, about 2s left`);
  progress.runEnded(first, ended);
  progress.end();
  assert.equal(told(), CLEAR);
  progress.end();
  assert.equal(told(), "", "nothing is there to clear");
});

Deno.test("Progress keeps failures on a terminal, above the line", () => {
  const { progress, told } = progressOf({ interactive: true });
  progress.planned(runs, PROFILES.smoke!, Infinity);
  progress.runStarted(first);
  told();
  progress.runEnded(first, { state: "failed", error: "Cannot put: no space" });
  assert.equal(told(), `${CLEAR}failed: raw/read/one run 0: Cannot put: no space\n`);
});

Deno.test("Progress cuts its line to the terminal, since a wrapped one cannot be cleared", () => {
  const { progress, told } = progressOf({ interactive: true, columns: 20 });
  progress.planned(runs, PROFILES.smoke!, Infinity);
  told();
  progress.runStarted(first);
  assert.equal(told(), "[0/3] raw/read/one ");
});

Deno.test("Progress aligns the counter when there are ten runs and more", () => {
  const { progress, streams } = progressOf();
  progress.planned(Array.from({ length: 12 }, () => first), PROFILES.smoke!, Infinity);
  progress.runEnded(first, ended);
  assert.match(streams.told, /^\[ 1\/12\] /m);
});

Deno.test("Progress reckons with what filling takes, and with several that start at once", () => {
  const { progress, told } = progressOf();
  const settled = { ...benchmark, workload: { ...benchmark.workload, keys: 500_000 } };
  const profile = { ...PROFILES.quick!, warmupMs: 120, measureMs: 100 };
  const six = Array.from(
    { length: 6 },
    (_, run): LaneRun => ({ ...first, benchmark: settled, run }),
  );
  progress.planned(six, profile, Infinity);
  assert.match(told(), /about 13s left/, "6 × (500 + 1500 + 120 + 100) ms");
  progress.planned(six.map((run) => ({ ...run, together: 6 })), profile, Infinity);
  assert.match(told(), /about 7s left/, "6 × ((500 + 1500) / 2 + 120 / 6 + 160) ms");
});

Deno.test("Progress reckons with what runs of unlike lengths take, and none for stores that do nothing", () => {
  const { clock, progress, told } = progressOf();
  const long = { ...benchmark, measureMs: 600_000 };
  const floor: LaneRun = { ...second, benchmark: { ...long, id: "null/read/one", store: "null" } };
  const [hasty, lasting]: LaneRun[] = [{ ...first, benchmark }, { ...third, benchmark: long }];
  progress.planned([floor, hasty!, lasting!], PROFILES.quick!, Infinity);
  assert.match(told(), /about 10m 3s left/, "500 + (500 + 100 + 800) + (500 + 100 + 600,000) ms");
  clock.ms += 500;
  progress.runEnded(floor, ended);
  assert.match(told(), /about 10m 2s left/);
  clock.ms += 2 * 1400;
  progress.runEnded(hasty!, ended);
  assert.match(told(), /about 17m 23s left/, "600,600 ms at 3,300 for 1,900");
});
