import assert from "node:assert/strict";
import { SuiteError } from "./error.ts";
import { exampleSuite } from "./_testing/fixtures.ts";
import { calibrationOf, planBenchmarks } from "./plan.ts";

Deno.test("planBenchmarks() has every benchmark for every store, store by store", () => {
  const planned = planBenchmarks(exampleSuite, { stores: ["level", "raw"] });
  assert.deepEqual(planned.map(({ id }) => id), [
    "level/write/100",
    "level/read/one",
    "level/scan/10",
    "raw/write/100",
    "raw/read/one",
    "raw/scan/10",
  ]);
});

Deno.test("planBenchmarks() keeps what the filter finds in an id, stores included", () => {
  const ids = (filter: string) =>
    planBenchmarks(exampleSuite, { stores: ["raw", "level"], filter }).map(({ id }) => id);
  assert.deepEqual(ids("read"), ["raw/read/one", "level/read/one"]);
  assert.deepEqual(ids("level/s"), ["level/scan/10"]);
  assert.equal(ids("").length, 6);
});

Deno.test("planBenchmarks() changes the sampling of all when one is asked for", () => {
  const sampling = (asked?: "linear") =>
    planBenchmarks(exampleSuite, { stores: ["raw"], sampling: asked }).map((one) => one.sampling);
  assert.deepEqual(sampling(), ["flat", "flat", "flat"]);
  assert.deepEqual(sampling("linear"), ["linear", "linear", "linear"]);
});

Deno.test("planBenchmarks() lists what there is when the filter leaves nothing", () => {
  assert.throws(
    () => planBenchmarks(exampleSuite, { stores: ["raw"], filter: "nope" }),
    new SuiteError(
      'Cannot filter by "nope": no benchmark\'s id contains it; ' +
        "there is raw/write/100, raw/read/one, raw/scan/10",
    ),
  );
});

Deno.test("planBenchmarks() says that no store is left when there is none", () => {
  assert.throws(
    () => planBenchmarks(exampleSuite, { stores: [] }),
    new SuiteError("Cannot measure the suite example: no store is left to measure"),
  );
});

Deno.test("calibrationOf() has each benchmark once, one run each, whatever the stores", () => {
  const planned = planBenchmarks(exampleSuite, { stores: ["raw", "level"], filter: "write" });
  const [first] = planned;
  assert.deepEqual(calibrationOf(planned, "null"), [
    { ...first!, id: "null/write/100", store: "null", runs: 1 },
  ]);
});

Deno.test("planBenchmarks() has every benchmark for every variant of every store", () => {
  const variants = ["7.10.2", "10.4.2"].map((name) => ({ name, options: { release: name } }));
  const planned = planBenchmarks(exampleSuite, { stores: ["raw"], variants, filter: "read" });
  assert.deepEqual(planned.map(({ id, store, variant }) => ({ id, store, variant })), [
    { id: "raw@7.10.2/read/one", store: "raw@7.10.2", variant: { release: "7.10.2" } },
    { id: "raw@10.4.2/read/one", store: "raw@10.4.2", variant: { release: "10.4.2" } },
  ]);
  const [one, ...more] = calibrationOf(planned, "null");
  assert.deepEqual([one!.id, "variant" in one!, more], ["null/read/one", false, []]);
});

Deno.test("planBenchmarks() refuses a name that no folder can bear, before anything is measured", () => {
  const named = (letters: number) => ({
    ...exampleSuite,
    benchmarks: [{ ...exampleSuite.benchmarks[0]!, name: "n".repeat(letters) }],
  });
  assert.equal(planBenchmarks(named(196), { stores: ["raw"] }).length, 1);
  assert.throws(() => planBenchmarks(named(300), { stores: ["raw"] }), {
    name: "SuiteError",
    message: /its name has 304 letters, and a benchmark's with its store has at most 200/,
  });
});
