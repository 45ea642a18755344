import assert from "node:assert/strict";
import type { RunRecord } from "../result/schema.ts";
import { chooseRuns, timePerOperation } from "./run_use.ts";
import { sampleResult, sampleStore } from "./_testing/sample_result.ts";

const result = sampleResult({ runs: 3, stores: [sampleStore("raw", 1)], observations: 100 });
const benchmark = result.benchmarks[0]!;
const own = result.runs.filter((run) => run.benchmark === benchmark.id);

/** The benchmark's three runs with some fields changed. */
function runs(...changes: Partial<RunRecord>[]): RunRecord[] {
  return own.map((run, index) => ({ ...run, ...changes[index] }));
}

Deno.test("chooseRuns() takes the runs that ended when there are some", () => {
  const { use } = chooseRuns(benchmark, runs({ state: "interrupted" }), 3);
  assert.deepEqual(use, {
    planned: 3,
    ended: 2,
    interrupted: 1,
    failed: 0,
    use: "ended",
    used: [1, 2],
  });
});

Deno.test("chooseRuns() falls back on interrupted runs with samples when none ended", () => {
  const { use } = chooseRuns(
    benchmark,
    runs({ state: "interrupted" }, { state: "interrupted", samples: [] }, { state: "failed" }),
    3,
  );
  assert.equal(use.use, "interrupted");
  assert.deepEqual(use.used, [0]);
});

Deno.test("chooseRuns() never takes a failed run, and reports its error", () => {
  const { use, runs: chosen, failures, unmeasured } = chooseRuns(
    benchmark,
    runs({ state: "failed", error: "Cannot write" }, { state: "failed" }, { state: "failed" }),
    3,
  );
  assert.equal(use.use, "none");
  assert.equal(chosen.length, 0);
  assert.deepEqual(failures[0], { run: 0, error: "Cannot write" });
  assert.deepEqual(failures[1], { run: 1, error: "no error was recorded" });
  assert.equal(unmeasured, "run 0 failed: Cannot write");
});

Deno.test("chooseRuns() tells runs without samples from runs that were never started", () => {
  const empty = chooseRuns(benchmark, runs({ samples: [] }, { samples: [] }, { samples: [] }), 3);
  assert.equal(empty.unmeasured, "its runs have no usable samples");
  const none: Partial<RunRecord> = { samples: [], state: "interrupted" };
  assert.equal(
    chooseRuns(benchmark, runs(none, none, none), 3).unmeasured,
    "its runs were interrupted",
  );
  assert.equal(chooseRuns(benchmark, [], 3).unmeasured, "none of its runs was started");
  assert.equal(chooseRuns(benchmark, own, 3).unmeasured, null);
});

Deno.test("chooseRuns() says of loads in which no operation ended how long they were measured", () => {
  const load = (ns: number) => ({ samples: [], load: { ns } as RunRecord["load"] });
  assert.equal(
    chooseRuns(benchmark, runs(load(20e6), load(357e6), load(21e6)), 3).unmeasured,
    "no operation ended in the 357.0 ms that were measured: let it measure longer (--for), or on a " +
      "machine that does less",
  );
  // Where one did not come as far, it is not known what was measured.
  assert.equal(
    chooseRuns(benchmark, runs(load(20e6), { samples: [] }, load(21e6)), 3).unmeasured,
    "its runs have no usable samples",
  );
  assert.equal(chooseRuns(benchmark, runs(load(20e6)), 3).unmeasured, null);
});

Deno.test("timePerOperation() is total time over total operations, not the mean of rates", () => {
  const samples = [
    { iterations: 1, ns: 1e6, atNs: 0 },
    { iterations: 3, ns: 9e6, atNs: 1e6 },
  ];
  const time = timePerOperation({ ...benchmark, elements: 10 }, { ...own[0]!, samples });
  assert.equal(time, 10e6 / 40);
});
