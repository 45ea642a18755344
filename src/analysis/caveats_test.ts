import assert from "node:assert/strict";
import type { Result } from "../result/schema.ts";
import type { OperationMix } from "../workload/mod.ts";
import { analyse } from "./analyse.ts";
import {
  describe,
  sampleResult,
  sampleStore,
  threeStores,
  troubledResult,
  withLoad,
} from "./_testing/sample_result.ts";

function caveats(result: Result): Map<string, string> {
  return new Map(
    analyse(result, { resamples: 500 }).caveats.map(({ id, text }) => [id, text]),
  );
}

Deno.test("analyse() gives the caveats of a clean result", () => {
  assert.deepEqual([...caveats(threeStores()).keys()], [
    "one-machine",
    "clients",
    "closed-loop",
    "data-size",
    "sequential-keys",
    "value-size",
    "compressible-values",
    "unmixed",
    "durability",
    "no-network",
    "engine-versions",
    "runs",
    "many-intervals",
  ]);
});

Deno.test("analyse() adds the caveats of a troubled one", () => {
  const clean = caveats(threeStores());
  const added = [...caveats(troubledResult())].filter(([id]) => !clean.has(id));
  assert.deepEqual(added.map(([id]) => id), [
    "virtual-machine",
    "governor",
    "incomplete",
    "failed-runs",
    "few-runs",
    "no-calibration",
  ]);
});

Deno.test("analyse() names the runs that failed with their errors", () => {
  assert.equal(
    caveats(troubledResult()).get("failed-runs"),
    "Failed and not in the numbers: run 0 of kvstore/read_throughput/10000 (Cannot open the store: " +
      "the directory is in use).",
  );
});

Deno.test("analyse() leaves a caveat out when its condition does not hold", () => {
  const result = sampleResult({
    runs: 3,
    stores: [sampleStore("raw", 1, { durability: "synced", network: true })],
    observations: 100,
  });
  const open = caveats({
    ...result,
    environment: { ...result.environment, memoryBytes: 1 << 20 },
    benchmarks: result.benchmarks.map((benchmark, index) => ({
      ...benchmark,
      workload: { ...benchmark.workload, clients: 1 + index, valueBytes: 100 * (1 + index) },
    })),
  });
  for (const id of ["durability", "no-network", "data-size", "clients", "value-size"]) {
    assert.ok(!open.has(id), id);
  }
});

Deno.test("analyse() does not say of a mixed load that its operations are of one kind, or not known", () => {
  const told = (mix: OperationMix) => caveats(withLoad(threeStores(), mix));
  assert.equal(told({ get: 0.9, update: 0.1 }).has("unmixed"), false);
  assert.equal(told({ get: 1 }).has("unmixed"), true);
  assert.equal(told({ get: 1 }).has("workload-unknown"), false);
  const sequential = "sequential-keys";
  assert.match(told({ get: 1 }).get(sequential)!, /It is so in (\d+) of (?!\1 )\d+ benchmarks\.$/);
  assert.doesNotMatch(caveats(threeStores()).get(sequential)!, /It is so in/);
});

Deno.test("analyse() says of a schedule neither that nothing tells of queues nor that it is a closed loop", () => {
  const told = (loop: "open" | "closed") => {
    const result = withLoad(threeStores(), { get: 1 });
    const [first, ...others] = result.benchmarks;
    const groups = first!.workload.load!.groups.map((group) => ({ ...group, pace: { loop } }));
    const load = { ...first!.workload.load!, groups };
    const workload = { ...first!.workload, clients: 1, load };
    return caveats({ ...result, benchmarks: [{ ...first!, workload }, ...others] } as Result);
  };
  assert.match(told("open").get("clients")!, /tells of contention\.$/);
  assert.match(
    told("open").get("closed-loop")!,
    / It is so in 6 of the 7 benchmarks that have lat/,
  );
  assert.match(told("closed").get("clients")!, /tells of contention or queues\.$/);
  assert.doesNotMatch(told("closed").get("closed-loop")!, /It is so in/);
});

Deno.test("analyse() says that loads have few runs too, whose mean has no interval then", () => {
  const told = (runs: number) => {
    const result = withLoad(threeStores(runs), { get: 1 });
    const benchmarks = result.benchmarks.slice(0, 1);
    const own = result.runs.filter(({ benchmark }) => benchmark === benchmarks[0]!.id);
    return caveats({ ...result, benchmarks, runs: own }).get("few-runs");
  };
  assert.match(told(1)!, /^The one measured benchmark has fewer than 3 runs: /);
  assert.equal(told(3), undefined);
});

Deno.test("analyse() says that a store's servers are a double, where they say so", () => {
  const stores = [sampleStore("tikv", 1, { network: true, options: { double: true } })];
  assert.match(
    caveats(sampleResult({ runs: 3, stores, observations: 100 })).get("double") ?? "",
    /^The servers of tikv are a double: .* say nothing of the system/,
  );
});

Deno.test("analyse() says which other benches ran on the machine, or that nobody looked", () => {
  const [first, second] = [
    { startedAt: "2026-01-02T03:04:05.678Z", endedAt: "2026-01-02T03:14:05.000Z" },
    { startedAt: "2026-01-02T03:15:00.000Z", endedAt: null },
  ];
  const said = (company: Result["company"]) => {
    const told = caveats({ ...threeStores(), ...(company && { company }) });
    return [told.get("company"), told.get("company-unknown")];
  };
  assert.deepEqual(said(undefined), [undefined, undefined]);
  assert.deepEqual(said({ others: [first!], unchecked: null }), [
    "Another Tidemark bench ran on this machine from 2026-01-02 03:04:05 UTC to " +
    "2026-01-02 03:14:05 UTC: each is in the other's numbers.",
    undefined,
  ]);
  assert.match(
    said({ others: [first!, second!], unchecked: null })[0]!,
    /^2 other Tidemark benches ran on this machine from .* and from 2026-01-02 03:15:00 UTC on: /,
  );
  assert.deepEqual(said({ others: [], unchecked: "/tmp/x: permission is denied" }), [
    undefined,
    "Whether another Tidemark bench ran on this machine was not checked (/tmp/x: permission is denied).",
  ]);
});

Deno.test("analyse() says which stores are synced and which are not", () => {
  const stores = [
    sampleStore("raw", 1, { durability: "synced" }),
    sampleStore("kvstore", 2),
    sampleStore("level", 5, { durability: "off" }),
  ];
  assert.equal(
    caveats(sampleResult({ runs: 1, stores, observations: 100 })).get("durability"),
    "The write-ahead log is not synced to the device before a write is acknowledged (buffered) in " +
      "kvstore and off in level: a write that survives the machine costs more.",
  );
});

Deno.test("analyse() notices runs of one store that were not alike", () => {
  const result = threeStores();
  const changed = {
    ...result,
    runs: result.runs.map((run) =>
      run.benchmark === "raw/read_throughput/10000" && run.run === 1
        ? { ...run, store: describe("raw", { version: "8.0.0", options: { compression: "none" } }) }
        : run
    ),
  };
  const { stores } = analyse(changed, { resamples: 500 });
  assert.deepEqual(stores[0]!.differences, [
    "version",
    "option compression",
    "option writeBufferBytes",
  ]);
  assert.equal(
    caveats(changed).get("differing-stores"),
    "Runs of one store were not alike: raw differs in version, option compression and option " +
      "writeBufferBytes.",
  );
});

Deno.test("analyse() takes a store that one benchmark reaches otherwise than another for one", () => {
  const inFlight = (where: (benchmark: string, run: number) => boolean) => {
    const result = threeStores();
    const runs = result.runs.map((run) =>
      where(run.benchmark, run.run) ? { ...run, store: describe("raw", { api: "async" }) } : run
    );
    return caveats({ ...result, runs }).get("differing-stores");
  };
  const read = "raw/read_throughput/10000";
  assert.equal(inFlight((benchmark) => benchmark === read), undefined);
  assert.equal(
    inFlight((benchmark, run) => benchmark === read && run === 1),
    "Runs of one store were not alike: raw differs in api.",
  );
});

Deno.test("analyse() says which options were not as they were asked for", () => {
  const raw = sampleStore("raw", 1, {
    options: { bloomBits: 7, filterPolicy: "other" },
    asked: { bloomBits: 10, blockCacheBytes: 1024 },
  });
  const had = caveats(sampleResult({ runs: 3, stores: [raw], observations: 100 }));
  assert.equal(
    had.get("options-not-as-asked"),
    "By the engine's own word, options were not as they were asked for: raw was asked for " +
      "bloomBits=10 and ran with bloomBits=7; raw was asked for blockCacheBytes=1024 and has none such.",
  );
  assert.ok(!caveats(threeStores()).has("options-not-as-asked"));
});

Deno.test("analyse() says how much is written over the same keys, and who keeps what was written before", () => {
  const result = threeStores();
  // Eleven rounds of 10,000 puts of 1,040 bytes: the live data is a tenth of what is written.
  const benchmarks = result.benchmarks.filter(({ name }) => name === "write_throughput/10000");
  const text = caveats({
    ...result,
    benchmarks,
    runs: result.runs.filter(({ benchmark }) => benchmarks.some(({ id }) => id === benchmark))
      .map((run) => ({
        ...run,
        warmup: { iterations: 1, ns: 1 },
        samples: run.samples.slice(0, 10),
      })),
  }).get("data-size")!;
  assert.match(text, /^The keys of the largest data set and one value of each are 9\.9\d MiB/);
  assert.match(
    text,
    / A run puts up to 110,000 values \(109 MiB\) over 10,000 keys, so 91% of the puts are of a key that is there: raw and level overwrite them and kvstore keeps each as a revision\./,
  );
});

Deno.test("analyse() says of no other tool's values that they compress, nor how often it wrote", () => {
  const imported = {
    ...threeStores(),
    imported: { format: "x", tool: "x", toolVersion: null, files: [], times: "output" as const },
  };
  const own = caveats(threeStores());
  const other = caveats(imported);
  assert.match(own.get("compressible-values")!, /compression halves it/);
  assert.ok(!other.has("compressible-values"));
  assert.doesNotMatch(other.get("data-size") ?? "", /A run puts/);
});

Deno.test("analyse() takes no option from what every object has", () => {
  const raw = sampleStore("raw", 1, { options: {}, asked: { constructor: 1, toString: "x" } });
  assert.equal(
    caveats(sampleResult({ runs: 3, stores: [raw], observations: 100 })).get(
      "options-not-as-asked",
    ),
    "By the engine's own word, options were not as they were asked for: raw was asked for " +
      "constructor=1 and has none such; raw was asked for toString=x and has none such.",
  );
});
