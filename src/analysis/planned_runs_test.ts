import assert from "node:assert/strict";
import { threeStores } from "./_testing/sample_result.ts";
import { otherRunsInWords, plannedRunsInWords } from "./planned_runs.ts";
import type { BenchmarkRecord } from "../result/mod.ts";

/** The sample with something else in its benchmarks. */
function planned(change: (benchmark: BenchmarkRecord) => Partial<BenchmarkRecord>) {
  const { benchmarks, profile } = threeStores();
  return {
    profile: { ...profile, runs: 8 },
    benchmarks: benchmarks.map((benchmark) => ({ ...benchmark, ...change(benchmark) })),
  };
}
const kindOf = (kind: string) => ({ kind: own }: BenchmarkRecord) => own === kind;
const [isLatency, isThroughput] = [kindOf("latency"), kindOf("throughput")];
const latencies = [...new Set(threeStores().benchmarks.filter(isLatency).map(({ name }) => name))];
const batches = [...new Set(threeStores().benchmarks.filter(isThroughput).map(({ name }) => name))];

Deno.test("the planned runs are one number where all benchmarks have as many", () => {
  const same = planned(() => ({}));
  assert.equal(plannedRunsInWords(same), "8 runs of each benchmark");
  assert.equal(otherRunsInWords(same), "none");
  const others = planned(({ store }) => store.startsWith("null") ? { runs: 1 } : { runs: 12 });
  assert.equal(plannedRunsInWords(others), "12 runs of each benchmark");
  assert.equal(plannedRunsInWords({ ...same, benchmarks: [] }), "8 runs of each benchmark");
  const { profile } = same;
  const single = { ...same, profile: { ...profile, runs: 1 } };
  assert.equal(plannedRunsInWords(single), "1 run of each benchmark");
});

Deno.test("the planned runs name the benchmarks that have others than the profile's", () => {
  assert.equal(latencies.length, 2);
  const uneven = planned((own) => isLatency(own) ? { runs: 18 } : {});
  const named = `18 of ${latencies.join(" and ")}`;
  assert.equal(plannedRunsInWords(uneven), `8 runs of each benchmark (${named})`);
  assert.equal(otherRunsInWords(uneven), named);
  // Where none has the profile's, none is said to.
  const none = planned((own) => ({ runs: isLatency(own) ? 18 : 12 }));
  assert.equal(
    plannedRunsInWords(none),
    `12 runs of ${batches.join(", ").replace(/, (\S+)$/, " and $1")}; ${named}`,
  );
});

Deno.test("the planned runs are those of the plan, and of what is measured for its own figures", () => {
  const grown = planned((own) => isLatency(own) ? { runs: 16, added: 8 } : {});
  assert.equal(plannedRunsInWords(grown), "8 runs of each benchmark");
  const control = planned((own) => isLatency(own) ? { runs: 20, part: "control" } : {});
  assert.equal(plannedRunsInWords(control), "8 runs of each benchmark");
});
