import assert from "node:assert/strict";
import baseline from "./baseline.ts";
import releases from "./releases.ts";

Deno.test("releases has the baseline's benchmarks and four of db_bench's over settled files", () => {
  const names = releases.benchmarks.map(({ name }) => name);
  const own = baseline.benchmarks.map(({ name }) => name);
  assert.deepEqual(names, [...own, "fillseq", "readrandom", "readseq", "seekrandom"]);
  const settled = releases.benchmarks.filter(({ shape }) => shape === "settled");
  assert.deepEqual(settled.map(({ keys, valueBytes }) => [keys, valueBytes + 16]), [
    [500_000, 116],
    [500_000, 116],
    [500_000, 116],
  ]);
});

Deno.test("releases has a profile of its own for each of the others, with runs enough to judge", () => {
  const { profiles } = releases.ladder!;
  assert.deepEqual(Object.keys(profiles), ["smoke", "quick", "baseline", "nightly"]);
  for (const [name, { runs, rungs }] of Object.entries(profiles)) {
    assert.ok(name === "smoke" || runs >= 3, name);
    assert.ok(rungs === null || rungs >= 2, name);
  }
  assert.equal(profiles.nightly!.rungs, null);
});
