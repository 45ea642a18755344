import assert from "node:assert/strict";
import {
  calibrationOf,
  DEFAULT_PROFILE,
  defineSuite,
  planBenchmarks,
  PROFILES,
} from "../suite/mod.ts";
import { withOwnRuns } from "./own_runs.ts";

const size = { keys: 20, valueBytes: 16 } as const;
const suite = defineSuite({
  name: "uneven",
  title: "Uneven",
  summary: "Measures nothing.",
  stores: ["raw"],
  benchmarks: [
    { name: "write/20", kind: "throughput", operation: "put", samples: 2, elements: 20, ...size },
    { name: "read/one", kind: "latency", operation: "get", samples: 2, runs: 14, ...size },
  ],
  loads: [{
    name: "mixed",
    runs: 9,
    load: { keys: 20, valueSize: 16, mix: { get: 1 } },
  }],
});
const planned = planBenchmarks(suite, { stores: ["raw", "kvstore"] });
const runsBy = (
  profile: string,
  { runs = PROFILES[profile]!.runs, sameRuns }: { runs?: number; sameRuns?: boolean } = {},
) =>
  withOwnRuns(planned, { suite, profile: { ...PROFILES[profile]!, runs }, sameRuns })
    .map(({ runs }) => runs);

Deno.test("withOwnRuns() gives benchmarks the runs that the suite asks for, over every store", () => {
  assert.deepEqual(runsBy(DEFAULT_PROFILE), [undefined, 14, 9, undefined, 14, 9]);
  assert.ok(planned.every(({ runs }) => runs === undefined), "the plan itself is not changed");
});

Deno.test("withOwnRuns() takes them for a least number: a longer profile has no fewer", () => {
  assert.equal(PROFILES.nightly!.runs, 10);
  assert.deepEqual(runsBy("nightly").slice(0, 3), [undefined, 14, undefined]);
  assert.deepEqual(runsBy("nightly", { runs: 14 }).slice(0, 3), [undefined, undefined, undefined]);
  assert.deepEqual(runsBy("nightly", { runs: 3 }).slice(0, 3), [undefined, 14, 9]);
});

Deno.test("withOwnRuns() leaves looks as short as they are, and a call its own number", () => {
  const none = planned.map(() => undefined);
  for (const profile of ["smoke", "quick"]) assert.deepEqual(runsBy(profile), none);
  assert.deepEqual(runsBy(DEFAULT_PROFILE, { runs: 2 }), none);
  assert.deepEqual(runsBy(DEFAULT_PROFILE, { runs: 5, sameRuns: true }), none);
});

Deno.test("withOwnRuns() lets what calibrates run once", () => {
  const floor = calibrationOf(planned, "null");
  const runs = withOwnRuns(floor, { suite, profile: PROFILES.baseline! }).map(({ runs }) => runs);
  assert.deepEqual(runs, [1, 1, 1]);
});
