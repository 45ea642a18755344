import assert from "node:assert/strict";
import type { Result, RunRecord, SlowCause } from "../result/schema.ts";
import { analyse } from "./analyse.ts";
import { Random } from "../stats/mod.ts";
import type { Remark } from "../remark/mod.ts";
import {
  judgedResult,
  RAW_COSTS,
  sampleResult,
  type SampleStore,
  sampleStore,
  threeStores,
  troubledResult,
  withLoad,
} from "./_testing/sample_result.ts";

function findings(result: Result): Map<string, Remark> {
  const found = analyse(result, { resamples: 500 }).findings;
  assert.equal(new Set(found.map(({ id }) => id)).size, found.length);
  return new Map(found.map((finding) => [finding.id, finding]));
}

/** Three runs of raw, with some costs of its own, and other stores. */
function withRaw(costs: SampleStore["costs"], ...others: SampleStore[]): Result {
  const raw = sampleStore("raw", 1);
  return sampleResult({
    runs: 3,
    observations: 2000,
    stores: [{ ...raw, costs: { ...raw.costs, ...costs } }, ...others],
  });
}

/** The result with every run of some benchmarks changed. */
function changeRuns(
  result: Result,
  prefix: string,
  change: (run: RunRecord) => Partial<RunRecord>,
): Result {
  return {
    ...result,
    runs: result.runs.map((run) =>
      run.benchmark.startsWith(prefix) ? { ...run, ...change(run) } : run
    ),
  };
}

Deno.test("targets finding counts and takes its ranges from the table", () => {
  const all = analyse(threeStores(), { resamples: 500 });
  const factors = all.targets.filter(({ target }) => target.metric === "throughput")
    .map(({ factor }) => factor!.value);
  const { numbers, text } = all.findings.find(({ id }) => id === "targets")!;
  assert.equal(numbers["leastRateFactor"], Math.min(...factors));
  assert.equal(numbers["mostRateFactor"], Math.max(...factors));
  assert.match(text, /^All 12 targets are met\. The rates are /);
  assert.match(
    findings(judgedResult()).get("targets")!.text,
    /^Of 8 targets, 4 are met, 3 are missed and 1 is inconclusive\./,
  );
});

Deno.test("targets finding counts nothing of what there is none", () => {
  const judged = judgedResult();
  const text = (targets: Result["suite"]["targets"], runs = 3) =>
    findings({
      ...judged,
      runs: judged.runs.filter(({ run }) => run < runs),
      suite: { ...judged.suite, targets },
    }).get("targets")!.text;
  const target = { benchmark: "read_throughput/10000", metric: "throughput" as const };
  const easy = { ...target, stores: ["raw"], bound: "atLeast" as const, value: 1 };
  const hard = { ...easy, value: 1e12 };
  assert.match(text([easy]), /^The one target is met\./);
  assert.match(text([hard]), /^The one target is missed\./);
  assert.match(text([hard, hard]), /^All 2 targets are missed\./);
  assert.match(text([easy, hard]), /^Of 2 targets, 1 is met and 1 is missed\./);
  assert.match(text([easy, easy], 1), /^All 2 targets are met in fewer than 3 runs only\./);
  assert.match(
    text([easy, hard], 1),
    /^Of 2 targets, 1 is met in fewer than 3 runs only and 1 is inconclusive\./,
  );
});

Deno.test("sub-microsecond finding appears only when the interval ends below 1 µs", () => {
  const latency = "read_latency/single_read";
  assert.ok(!findings(withRaw({})).has("sub-microsecond-reads"));
  // Just below in value, above at the upper end.
  const close = withRaw({ [latency]: { ns: 990, between: 0.02 } });
  assert.ok(!findings(close).has("sub-microsecond-reads"));
  const fast = findings(withRaw({ [latency]: { ns: 500 } })).get("sub-microsecond-reads")!;
  assert.match(
    fast.text,
    /^The mean read takes less than a microsecond: 4\d\d\.\d ns \(.*\) in raw\.$/,
  );
});

Deno.test("KvStore finding calls no difference sure that rests on fewer than three runs", () => {
  const few = findings(threeStores(2)).get("kvstore-overhead")!;
  assert.match(few.text, /No difference is sure: they rest on fewer than 3 runs\./);
  assert.equal(few.numbers.slower, 0);
});

Deno.test("KvStore finding says that it is slower in every row only when every interval is", () => {
  const sure = findings(threeStores()).get("kvstore-overhead")!;
  assert.match(sure.text, /It is slower in every row\./);
  assert.deepEqual([sure.numbers["slower"], sure.numbers["even"]], [2, 0]);

  const kvstore = sampleStore("kvstore", 2);
  const mixed = findings(withRaw({}, {
    ...kvstore,
    costs: { ...kvstore.costs, "scan_throughput/1000": RAW_COSTS["scan_throughput/1000"]! },
  })).get("kvstore-overhead")!;
  assert.match(mixed.text, /It is slower in 2, without a sure difference in 1 of the 3 rows\./);

  const faster = findings(withRaw({}, sampleStore("kvstore", 0.5))).get("kvstore-overhead")!;
  assert.match(faster.text, /It is faster in every row\./);
});

Deno.test("KvStore finding says what else differs between the stores", () => {
  const text = (changes: Parameters<typeof sampleStore>[2]) =>
    findings(withRaw({}, sampleStore("kvstore", 2, changes))).get("kvstore-overhead")!.text;
  assert.ok(!text({}).includes("also differ"));
  // The layer is what is compared.
  assert.ok(
    !text({ engine: `KvStore over ${sampleStore("raw", 1).description.engine}` }).includes(
      "differ",
    ),
  );
  assert.match(text({ engine: "another" }), /also differ in engine \(another against /);
  assert.match(
    text({ durability: "synced" }),
    /also differ in durability \(synced against buffered\)\.$/,
  );
  assert.match(
    text({ options: { compression: "none", extra: 1 } }),
    /also differ in option compression \(none against snappy\)\.$/,
  );
});

/** The result with the runs of some benchmarks forty times slower and twenty times faster in turn. */
function withWildRuns(result: Result, prefix: string): Result {
  const factors = [1, 40, 0.05];
  return changeRuns(result, prefix, ({ run, samples }) => ({
    samples: samples.map((sample) => ({ ...sample, ns: sample.ns * factors[run]! })),
  }));
}

const TOO_FAR = /\(the interval's ends lie more than tenfold apart\)/;

Deno.test("KvStore finding tells no ratio of what differs too much from run to run", () => {
  const text = (prefix: string) =>
    findings(withWildRuns(threeStores(), prefix)).get("kvstore-overhead")!.text;
  assert.doesNotMatch(text("level/"), TOO_FAR);
  assert.match(
    text("kvstore/read_throughput"),
    /^Through the KvStore a write takes \S+× \(\S+\) as long as in raw \(mean times\); no ratio can be told of the mean times of a read, which differ too much \(/,
  );
  assert.match(
    text("kvstore/"),
    /^Through the KvStore no ratio can be told of the mean times of a write or a read, which differ too much \(.*\)\. No difference is sure\./,
  );
});

Deno.test("findings of reads, writes and scans tell no ratio of what differs too much from run to run", () => {
  const of = (id: string, prefix: string) =>
    findings(withWildRuns(threeStores(), prefix)).get(id)!.text;
  const reads = "read-against-write";
  assert.match(
    of(reads, "nothing/"),
    /^By the throughputs a write takes \S+× \(\S+\) as long as a read in raw, .* in level\.$/,
  );
  const some = of(reads, "raw/read_throughput");
  assert.match(
    some,
    /^By the throughputs a write takes \S+× \(\S+\) as long as a read in kvstore and \S+× \(\S+\) as long as a read in level\. The throughputs of writes and reads in raw differ too much for a ratio /,
  );
  assert.match(
    of(reads, ""),
    /^The throughputs of writes and reads in raw, kvstore and level differ too much for a ratio /,
  );
  assert.match(
    of("scan-against-get", "raw/scan"),
    / entries a second in raw, too far apart from run to run for a ratio to its rate of single reads; .* in level, \S+× \(\S+\) its rate of single reads\.$/,
  );
  // A tail beside a median is none where one of them says nothing.
  const tails = (prefix: string) =>
    findings(changeRuns(threeStores(), prefix, ({ run }) => ({
      latency: withRaw({ "read_latency/single_read": { ns: [20, 1500, 90_000][run]! } }).runs
        .find((other) => other.benchmark === "raw/read_latency/single_read")!.latency,
    }))).get("tail")!.numbers["benchmarks"];
  assert.equal(tails("nothing/"), 6);
  assert.equal(tails("raw/read_latency"), 5);
});

Deno.test("targets and verdict findings tell no ratio to a target of what differs too much from run to run", () => {
  const of = (value: number) => {
    const result = withWildRuns(threeStores(), "raw/read_throughput");
    const targets = [
      { benchmark: "write_throughput/10000", metric: "throughput" as const },
      { benchmark: "read_throughput/10000", metric: "throughput" as const },
    ].map((target) => ({ ...target, stores: ["raw"], bound: "atLeast" as const, value }));
    const suite = { ...result.suite, targets };
    const [calm, wild] = [{ ...threeStores(), suite }, { ...result, suite }].map(findings);
    return { calm: calm!, wild: wild! };
  };
  const { calm, wild } = of(1);
  assert.match(
    calm.get("targets")!.text,
    /\. The rates are \S+× to \S+× what the targets ask for\./,
  );
  const { text } = wild.get("targets")!;
  assert.match(text, /\. The rates that do not differ too much for a ratio are \S+× what the /);
  const least = of(1e-9);
  assert.match(least.calm.get("verdict")!.text, /^raw meets all of its 2 targets, the closest by /);
  assert.equal(least.wild.get("verdict")!.text, "raw meets all of its 2 targets.");
});

Deno.test("asynchronous finding appears only when level is asynchronous and raw is not", () => {
  assert.ok(findings(threeStores()).has("async-overhead"));
  const sync = withRaw({}, sampleStore("level", 2, { api: "sync" }));
  assert.ok(!findings(sync).has("async-overhead"));
  assert.ok(!findings(withRaw({})).has("async-overhead"));
});

Deno.test("scan finding compares scans with single reads in the same store", () => {
  const { numbers } = findings(withRaw({})).get("scan-against-get")!;
  assert.ok(Math.abs(numbers["raw"]! - 1264 / 292) < 0.4);
  const none = sampleResult({
    runs: 3,
    stores: [sampleStore("raw", 1, {}, ["scan_throughput/1000"])],
    observations: 100,
  });
  assert.ok(!findings(none).has("scan-against-get"));
});

Deno.test("data findings follow what the engine said at the end of each run", () => {
  const result = withRaw({});
  const memory = findings(result);
  assert.match(
    memory.get("data-in-memory")!.text,
    /^All reads and scans of raw came from memtables/,
  );
  assert.match(
    memory.get("writes-not-flushed")!.text,
    /^The writes of raw stayed in memtables/,
  );
  assert.ok(!memory.has("data-in-files"));

  const files = findings(changeRuns(result, "raw/", () => ({ facts: { liveFileBytes: 4096 } })));
  assert.ok(!files.has("data-in-memory") && !files.has("writes-not-flushed"));
  assert.match(
    files.get("data-in-files")!.text,
    /^Of 9 read and scan runs of raw, 9 ended with 4 KiB/,
  );
  // An engine that tells of no memtables may have none.
  assert.match(files.get("writes-flushed")!.text, /ended with files of up to 4 KiB: data reached/);
  const flushed = findings(
    changeRuns(result, "raw/", () => ({ facts: { liveFileBytes: 4096, memtableBytes: 0 } })),
  );
  assert.match(flushed.get("writes-flushed")!.text, /memtables were flushed while they ran\.$/);

  const some = findings(
    changeRuns(result, "raw/", ({ run }) => ({ facts: { liveFileBytes: run === 0 ? 4096 : 0 } })),
  );
  assert.ok(!some.has("data-in-memory"));
  assert.match(some.get("data-in-files")!.text, /^Of 9 read and scan runs of raw, 3 ended/);

  const unknown = changeRuns(result, "raw/", () => ({ facts: {} }));
  assert.ok([...findings(unknown).keys()].every((id) => !id.startsWith("data-in")));
  const { caveats } = analyse(unknown, { resamples: 500 });
  assert.ok(caveats.some(({ id }) => id === "placement-unknown"));
});

Deno.test("data findings leave loads out, and say so", () => {
  // The load's own runs ended with files, which would end both sentences if they counted.
  const loaded = withLoad(withRaw({}), { get: 1 });
  const [load] = loaded.benchmarks;
  const found = findings(changeRuns(loaded, load!.id, () => ({ facts: { liveFileBytes: 4096 } })));
  assert.match(
    found.get("data-in-memory")!.text,
    /^All reads and scans of raw, those of loads apart, came from memtables/,
  );
  assert.match(
    found.get("writes-not-flushed")!.text,
    /^The writes of raw, those of loads apart, stayed in memtables/,
  );
});

Deno.test("compaction finding appears only when some was under way or due", () => {
  const result = withRaw({});
  assert.ok(!findings(result).has("compaction-due"));
  const due = changeRuns(result, "raw/write_throughput", () => ({
    facts: { pendingCompactionBytes: 1 },
  }));
  assert.match(findings(due).get("compaction-due")!.text, /at the end of 3 of 3 runs/);
});

Deno.test("harness finding warns when the loop takes more than 5 %", () => {
  assert.match(findings(threeStores()).get("harness-share")!.text, /It is nowhere above 5%\./);
  const fast = withRaw({ "scan_throughput/1000": { ns: 60 } });
  const { text, numbers } = findings(fast).get("harness-share")!;
  assert.match(text, /It is above 5% in raw\/scan_throughput\/1000 \(\d+\.?\d*%\)/);
  assert.equal(numbers["aboveLimit"], 1);
  assert.doesNotMatch(text, /is not known/);
  const slower = withRaw({ "scan_throughput/1000": { ns: 0.5 } });
  const beyond = findings(slower).get("harness-share")!.text;
  // More than all is no share, and in none of the others' numbers.
  assert.match(beyond, /Where that is known, it is nowhere above 5%\./);
  assert.doesNotMatch(beyond, /\d{3}%|faster than they look/);
  assert.match(
    beyond,
    /In raw\/scan_throughput\/1000 the store that does nothing took longer than what was measured, so that the harness's share there is not known\./,
  );
});

Deno.test("crossing finding tells what an empty call takes, of our own code and of a plug-in's", () => {
  assert.ok(!findings(threeStores()).has("crossing"));
  const measured = changeRuns(threeStores(), "raw/", ({ run }) => ({ crossingNs: 6 + run }));
  assert.match(
    findings(measured).get("crossing")!.text,
    /^A call into native code that does nothing there, with as many arguments as a put's, took 6\.0 ns to 8\.0 ns in the runs of raw, 0\.\d+% to \d\.\d+% of the mean times; every operation makes one or more\.$/,
  );
  const plugin = changeRuns(threeStores(), "level/", () => ({ crossingNs: 5 }));
  assert.match(
    findings(plugin).get("crossing")!.text,
    /^A call into the library of level that does nothing there takes 5\.0 ns; a write/,
  );
});

Deno.test("harness finding says that no part of the crossing is in the loop's share", () => {
  assert.match(
    findings(threeStores()).get("harness-share")!.text,
    /no part of the crossing into the engine's native code is in it\./,
  );
});

Deno.test("clock finding tells the median step, and calls the largest of all runs no usual one", () => {
  const steps = changeRuns(threeStores(), "raw/read_latency", ({ run }) => ({
    clock: { costNs: 30, stepNs: run === 1 ? 120 : 29 },
  }));
  const { text } = findings(steps).get("clock-share")!;
  assert.match(text, /its smallest step was \d+ ns in the median run and 120 ns in the coarsest/);
  assert.doesNotMatch(text, /smallest step was 120 ns/);
  // What reads the same is said once, though the numbers are two.
  const alike = changeRuns(threeStores(), "", ({ run }) => ({
    clock: { costNs: 30, stepNs: run === 1 ? 29.3 : 29 },
  }));
  assert.match(
    findings(alike).get("clock-share")!.text,
    /; its smallest step was 29 ns\. The cost/,
  );
});

Deno.test("clock finding warns when reading it takes more than 5 %", () => {
  const slow = changeRuns(threeStores(), "raw/read_latency", () => ({
    clock: { costNs: 100, stepNs: 100 },
  }));
  const { text } = findings(slow).get("clock-share")!;
  assert.match(text, /31 ns to 100 ns/);
  assert.match(text, /The cost is above 5% in raw\/read_latency\/single_read\.$/);
});

Deno.test("clock finding says a cost once where it reads the same everywhere", () => {
  const costs = changeRuns(threeStores(), "", ({ benchmark }) => ({
    clock: { costNs: benchmark.startsWith("raw/") ? 26.8 : 27.2, stepNs: 20 },
  }));
  assert.match(findings(costs).get("clock-share")!.text, /one reading of the clock, 27 ns or /);
});

Deno.test("run spread finding needs three runs", () => {
  const { numbers } = findings(threeStores()).get("run-spread")!;
  assert.ok(numbers["mostBetween"]! > 0 && numbers["mostWider"]! > 1);
  assert.ok(!findings(troubledResult()).has("run-spread"));
});

Deno.test("session finding tells of a machine that changed, and of none that did not", () => {
  // Each benchmark's run before any benchmark's next one.
  const steady = changeRuns(threeStores(5), "", ({ run, position }) => ({
    position: run * 1000 + position,
  }));
  assert.ok(!findings(steady).has("session-change"));
  const slowing = changeRuns(steady, "", ({ samples, run }) => ({
    samples: samples.map((sample) => ({ ...sample, ns: sample.ns * (1 + 0.3 * run / 4) })),
  }));
  const { text, numbers } = findings(slowing).get("session-change")!;
  assert.match(
    text,
    /all stores and benchmarks together: the time of an operation went to 1\.[23]\d*× /,
  );
  assert.ok(numbers["drift"]! > 1.2 && numbers["drift"]! < 1.4);
});

Deno.test("steadiness finding tells steady runs from runs that drift", () => {
  assert.equal(findings(withRaw({})).has("steady-runs"), true);
  const drifting = changeRuns(withRaw({}), "raw/write_latency", ({ samples }) => ({
    samples: samples.map((sample, index) => ({ ...sample, ns: sample.ns * (1 + index / 200) })),
  }));
  const found = findings(drifting);
  assert.ok(!found.has("steady-runs"));
  const { text, numbers } = found.get("unsteady-runs")!;
  assert.equal(numbers["drift"], 3);
  assert.match(
    text,
    /^3 of 15 runs were not steady \(3 drifted.*, in raw\/write_latency\/single_write\./,
  );
});

Deno.test("pressure findings appear only when it was high", () => {
  assert.ok(!findings(threeStores()).has("steal"));
  const troubled = findings(troubledResult());
  assert.match(troubled.get("steal")!.text, /^The hypervisor took up to 4\.0% .* in 7 of 7 runs/);
  assert.match(troubled.get("other-load")!.text, /^Other processes took up to 20%/);
});

Deno.test("outlier finding counts every class and drops nothing", () => {
  const { benchmarks, findings: found } = analyse(threeStores(), { resamples: 500 });
  const { numbers } = found.find(({ id }) => id === "outliers")!;
  const sum = (read: (benchmark: typeof benchmarks[number]) => number) =>
    benchmarks.reduce((total, benchmark) => total + read(benchmark), 0);
  assert.equal(numbers["samples"], sum(({ samples }) => samples));
  assert.equal(numbers["total"], sum(({ outliers }) => outliers.total));
});

Deno.test("outlier finding says of one alone what it is, and of several how many are severe", () => {
  // Steady samples, of which some are out of measure.
  const withOutliers = (ns: number[]) =>
    findings(changeRuns(threeStores(), "", ({ benchmark, run, samples }) => ({
      samples: samples.map((sample, index) => {
        const steady = 1e6 + 1e3 * (index % 5);
        const own = benchmark === "raw/write_throughput/10000" && run === 0 ? ns[index] : undefined;
        return { ...sample, ns: own ?? steady };
      }),
    }))).get("outliers")?.text;
  assert.equal(withOutliers([]), undefined);
  const alone = (how: string) =>
    new RegExp(
      `^Of [\\d,]+ samples, one \\(0\\.\\d+%\\) lies .*, ${how}, in raw/write_throughput/10000\\. It is`,
    );
  assert.match(withOutliers([9e6])!, alone("severely"));
  assert.match(withOutliers([1.009e6])!, alone("mildly"));
  assert.match(withOutliers([1.009e6, 1.0091e6])!, / 2 \(.*\) lie .*, none of them severely;/);
  assert.match(withOutliers([9e6, 1.009e6])!, / 2 \(.*\) lie .*, 1 of them severely;/);
});

Deno.test("unsteady finding says that its counts overlap only where they do", () => {
  const text = (change: (index: number) => number, runs = [0, 1, 2]) =>
    findings(changeRuns(withRaw({}), "raw/write_latency", ({ run, samples }) => ({
      samples: samples.map((sample, index) => ({
        ...sample,
        ns: runs.includes(run) ? sample.ns * change(index) : sample.ns,
      })),
    }))).get("unsteady-runs")!;
  const [slope, one] = [text((index) => 1 + index / 200), text((index) => 1 + index / 200, [1])];
  for (const { text, numbers } of [slope, one]) {
    const { drift = 0, warmUp = 0, range = 0, unsteady = 0 } = numbers;
    assert.equal(/some of them are several/.test(text), drift + warmUp + range > unsteady, text);
  }
  assert.match(one.text, /^1 of 15 runs was not steady \(1 /);
});

Deno.test("verdict finding says in one sentence who meets all targets, and who misses what", () => {
  const text = (result: Result) => findings(result).get("verdict")!.text;
  assert.match(
    text(threeStores()),
    /^raw, kvstore and level meet all of their 12 targets, the closest by 3\.2\d× \(level, read throughput\)\.$/,
  );
  assert.match(
    text(judgedResult()),
    /^raw misses read p99 \(2\.4\d+ µs, target ≤ 1 µs\), leaves open read throughput \(79[\d,]+ ops\/s, target ≥ 790,000 ops\/s: the interval holds the bound\), meets 3 of 5 targets; kvstore misses .*, meets 1 of 3 targets\.$/,
  );
  assert.equal(
    text(threeStores(1)),
    "raw, kvstore and level meet all of their 12 targets in so few runs that they say nothing of the next.",
  );
  // One run each: what is met is met in it alone, also beside what stays open.
  const judged = judgedResult();
  const once = { ...judged, runs: judged.runs.filter(({ run }) => run === 0) };
  assert.match(
    text(once),
    /^raw leaves open .*: it was missed in one run, and fewer than 3 say nothing of the next\).*, meets \d of 5 targets in so few runs that they say nothing of the next; /,
  );
  // One benchmark has one run, and the others have all of theirs.
  const partly = {
    ...judged,
    runs: judged.runs.filter(({ benchmark, run }) =>
      run === 0 || !benchmark.startsWith("raw/write_throughput")
    ),
  };
  assert.match(text(partly), /meets 2 of 5 targets, 1 more in so few runs that they .* next; /);
  assert.equal(text(troubledResult()), "Nothing is judged: the bench was interrupted.");
  const { suite, ...rest } = threeStores();
  assert.equal(
    text({ ...rest, suite: { ...suite, targets: [] } }),
    "No target was set for what was measured.",
  );
});

Deno.test("verdict finding and the targets' count leave out what a filter left out", () => {
  const all = threeStores();
  const kept = all.benchmarks.filter(({ name }) => name.startsWith("read"));
  const ids = new Set(kept.map(({ id }) => id));
  const found = findings({
    ...all,
    benchmarks: kept,
    runs: all.runs.filter(({ benchmark }) => ids.has(benchmark)),
  });
  assert.match(found.get("verdict")!.text, /meet all of their 6 targets/);
  assert.match(found.get("targets")!.text, /^All 6 targets are met\./);
});

Deno.test("noise finding is a warning only where others took more than their bounds", () => {
  const with_ = (busyOthers: number | null, steal: number | null) =>
    findings(changeRuns(threeStores(), "raw/read", () => ({
      pressure: { load1: 1, busyOthers, steal },
    }))).get("machine-noise")!;
  const calm = with_(0.04, 0.01);
  assert.equal(calm.severity, "info");
  assert.match(
    calm.text,
    /^Noise: others took up to 4\.0% of the processors; runs spread by .*%\.$/,
  );
  const busy = with_(0.38, 0.049);
  assert.equal(busy.severity, "warn");
  assert.match(
    busy.text,
    /^Noisy machine: others took up to 38% of the processors, the hypervisor 4\.9%; runs spread by /,
  );
  const unknown = findings(
    changeRuns(threeStores(), "", () => ({ pressure: null })),
  ).get("machine-noise")!;
  assert.match(unknown.text, /^Noise: what else the machine did is not known; /);
  const few = (runs: number) => findings(threeStores(runs)).get("machine-noise")!.text;
  assert.match(few(1), /processors; one run of each benchmark, which says nothing of the next\.$/);
  assert.match(few(2), /; 2 runs of a benchmark at most, which say nothing of the next\.$/);
  // Of one benchmark alone the last two of three runs are left out.
  const some = changeRuns(
    threeStores(),
    "raw/read_latency/single_read",
    ({ run }) => run === 0 ? {} : { state: "failed", error: "it broke", samples: [] },
  );
  assert.match(
    findings(some).get("machine-noise")!.text,
    /; fewer than 3 runs in 1 of 14 benchmarks, which say nothing of the next\.$/,
  );
});

Deno.test("KvStore finding has the same rows whatever the others are", () => {
  const kvstore = sampleStore("kvstore", 2);
  const text = (ns: number) =>
    findings(withRaw({}, {
      ...kvstore,
      // The noisiest row of all is a single read's.
      costs: { ...kvstore.costs, "read_latency/single_read": { ns, between: 0.4 } },
    })).get("kvstore-overhead")!.text;
  assert.match(
    text(90_000),
    /^Through the KvStore a write takes \d.* as long as in raw, a read \d.* and a scan \d[^)]*\) \(mean times\)\. /,
  );
  assert.equal(text(90_000).split(" (mean times)")[0], text(2_000).split(" (mean times)")[0]);
});

/** The result without some benchmarks. */
function without(result: Result, pattern: RegExp): Result {
  return {
    ...result,
    benchmarks: result.benchmarks.filter(({ id }) => !pattern.test(id)),
    runs: result.runs.filter(({ benchmark }) => !pattern.test(benchmark)),
  };
}

/** As {@linkcode threeStores}, with every run changed. */
const changed = (change: (run: RunRecord) => Partial<RunRecord>) =>
  changeRuns(threeStores(), "", change);
const inFiles = changed(() => ({ facts: { liveFileBytes: 4096 } }));
const evenly = changed(({ samples }) => ({
  samples: samples.map((sample) => ({ ...sample, ns: 1000 * sample.iterations })),
}));
const drifting = changed(({ samples }) => ({
  samples: samples.map((sample, index) => ({ ...sample, ns: sample.ns * (1 + index / 20) })),
}));
const slowing = changeRuns(
  changeRuns(threeStores(5), "", ({ run, position }) => ({ position: run * 1000 + position })),
  "",
  ({ samples, run }) => ({
    samples: samples.map((sample) => ({ ...sample, ns: sample.ns * (1 + 0.3 * run / 4) })),
  }),
);
const pressed = changed(() => ({ pressure: { load1: 1, steal: 0.2, busyOthers: 0.5 } }));
const due = changed(() => ({ facts: { pendingCompactionBytes: 1 } }));
const crossed = changed(() => ({ crossingNs: 6 }));

const LAST_LOOK = { at: "2026-01-02T03:04:05.000Z", open: [], more: [], ended: "sure" as const };

/**
 * Of each finding data in which it is told, and data in which its condition is false. What servers tell
 * is told in decomposition_test.ts.
 */
const CASES: Record<string, { told?: Result; not: Result }> = {
  verdict: { told: threeStores(), not: without(threeStores(), /./) },
  "machine-noise": { told: threeStores(), not: without(threeStores(), /./) },
  targets: {
    told: threeStores(),
    not: { ...threeStores(), suite: { ...threeStores().suite, targets: [] } },
  },
  "sub-microsecond-reads": {
    told: withRaw({ "read_latency/single_read": { ns: 300 } }),
    not: without(threeStores(), /read_latency/),
  },
  tail: { told: threeStores(), not: without(threeStores(), /latency/) },
  "scan-against-get": { told: threeStores(), not: without(threeStores(), /scan/) },
  "read-against-write": { told: threeStores(), not: without(threeStores(), /write_throughput/) },
  "kvstore-overhead": { told: threeStores(), not: without(threeStores(), /^kvstore/) },
  "async-overhead": { told: threeStores(), not: without(threeStores(), /^level/) },
  "where-time-goes": { not: threeStores() },
  "parts-disagree": { not: threeStores() },
  "layer-costs": { not: threeStores() },
  "delay-growth": { not: threeStores() },
  "storage-share": { not: threeStores() },
  "load-share": { not: threeStores() },
  soak: { told: soaked(60), not: soaked(59) },
  "slow-causes": {
    told: slowLoad(["flush", 0.5]),
    // As seldom as chance would have it.
    not: slowLoad(["flush", 0]),
  },
  "cluster-trouble": { not: threeStores() },
  // That these two are told is in ratios_test.ts.
  "paired-stores": { not: threeStores() },
  "broken-turns": { not: threeStores() },
  "data-in-memory": { told: threeStores(), not: inFiles },
  "data-in-files": { told: inFiles, not: threeStores() },
  "writes-not-flushed": { told: threeStores(), not: inFiles },
  "writes-flushed": { told: inFiles, not: threeStores() },
  "compaction-due": { told: due, not: threeStores() },
  "run-spread": { told: threeStores(), not: threeStores(2) },
  "session-change": { told: slowing, not: threeStores(1) },
  "steady-runs": { told: withRaw({}), not: drifting },
  "until-sure": {
    told: { ...threeStores(), untilSure: { atMostMs: 1000, looks: [LAST_LOOK] } },
    not: { ...threeStores(), untilSure: { atMostMs: 1000 } },
  },
  "unsteady-runs": { told: drifting, not: evenly },
  outliers: { told: threeStores(), not: evenly },
  "harness-share": { told: threeStores(), not: without(threeStores(), /^null/) },
  crossing: { told: crossed, not: threeStores() },
  "clock-share": { told: threeStores(), not: without(threeStores(), /latency/) },
  steal: { told: pressed, not: threeStores() },
  "other-load": { told: pressed, not: threeStores() },
};

/** A load of raw with these causes of shares of 40 slow operations, each for a hundredth of the time. */
function slowLoad(...shares: [SlowCause, number][]): Result {
  const result = withLoad(withRaw({}), { get: 1 });
  const causes = shares.map(([cause, share]) => ({
    cause,
    operations: 40 * share,
    share: cause === "unknown" ? null : 0.01,
  }));
  const slow = { operations: 40, causes, slowest: [] };
  const load = { ns: 1e9, clients: [], operations: [], keysRead: 0, counts: {}, slow };
  const record = load as unknown as NonNullable<RunRecord["load"]>;
  return changeRuns(result, result.benchmarks[0]!.id, () => ({ load: record }));
}

/** A load of raw with so many windows, one like the other but for their noise and a memory that grows. */
function soaked(windows: number, spread = 0.01): Result {
  const result = withLoad(withRaw({}), { get: 1 });
  const random = new Random(1);
  const load = { ns: windows * 1e9, clients: [], operations: [], keysRead: 0, counts: {} };
  const own = Array.from({ length: windows }, (_, i) => ({
    atNs: i * 1e9,
    ns: 1e9,
    operations: 1000 + Math.round(10 * random.normal()),
    service: { p50: 1, p99: 100 * Math.exp(spread * random.normal()), p999: 200, max: 300 },
    rssBytes: 2 ** 28 + i * 2 ** 20 + random.normal() * 2 ** 16,
    facts: {},
    counts: {},
    bytesPut: 0,
  }));
  const changes = { load, windows: own } as unknown as Partial<RunRecord>;
  return changeRuns(result, result.benchmarks[0]!.id, ({ run }) => run === 2 ? changes : {});
}

Deno.test("the finding of a soak holds its end against its beginning, and tells what memory did", () => {
  assert.match(
    findings(soaked(120)).get("soak")!.text,
    /^Run 2 of raw\/write_throughput\/10000 lasted 2m: of its last 12s, held against its first, the rate is [01]\.\d+× \(\S+\) of it and the p99 is [01]\.\d+× \(\S+\) of it; its memory grew by 3\.\d+ GiB \(3\.\d+ GiB to 3\.\d+ GiB\) an hour\.$/,
  );
  assert.match(
    findings(soaked(120, 5)).get("soak")!.text,
    /the rate is [01]\.\d+× \(\S+\) of it and the p99 differs too much for a ratio; its memory /,
  );
});

Deno.test("the finding of slow operations names the cause that explains most of them, beyond chance", () => {
  const [told, unknown] = [
    slowLoad(["compaction", 0.6], ["flush", 0.2], ["unknown", 0.2]),
    slowLoad(["compaction", 0.1], ["unknown", 0.9]),
  ].map((result) => findings(result).get("slow-causes")!.text);
  const before = "What explains most of the slowest operations, those beyond the p99.9 of the " +
    "window before: in raw/write_throughput/10000 ";
  // (0.6 − 0.01) / (1 − 0.01), of three runs.
  assert.equal(told, `${before}“a compaction” (60% of 120).`);
  assert.equal(unknown, `${before}nothing that is known (90% of 120).`);
});

for (const [id, { told, not }] of Object.entries(CASES)) {
  Deno.test(`the finding ${id} is told where its condition holds, and not where it does not`, () => {
    if (told !== undefined) assert.ok(findings(told).has(id), "told");
    assert.ok(!findings(not).has(id), "not told");
  });
}

Deno.test("every finding has data in which it is false", () => {
  const folder = new URL("./findings/", import.meta.url);
  const ids = [...Deno.readDirSync(folder)].flatMap(({ name }) =>
    [...Deno.readTextFileSync(new URL(name, folder)).matchAll(/^ {4}id: (.*),$/gm)]
      .flatMap(([, written]) => [...written!.matchAll(/"([a-z-]+)"/g)].map(([, id]) => id!))
  );
  assert.ok(ids.length > 20);
  assert.deepEqual(ids.filter((id) => !Object.hasOwn(CASES, id)), []);
});

Deno.test("until-sure finding tells the looks, their levels and what stayed open", () => {
  const result = threeStores();
  const id = "raw/read_latency/single_read";
  assert.ok(!findings(result).has("until-sure"));
  const look = (more: { benchmark: string; runs: number }[], open: string[], ended?: "sure") => ({
    at: result.startedAt,
    open,
    more,
    ...(ended !== undefined && { ended }),
  });
  const first = look([{ benchmark: id, runs: 6 }], [`${id} p99`]);
  const benchmarks = result.benchmarks.map((own) =>
    own.id === id ? { ...own, runs: 6, added: 3 } : own
  );
  const told = (ended: "sure" | "time" | "runs" | undefined, open: string[]) =>
    findings({
      ...result,
      benchmarks,
      untilSure: {
        atMostMs: 900_000,
        looks: [first, { ...look([], open), ...(ended !== undefined && { ended }) }],
      },
    }).get("until-sure")!;
  assert.equal(
    told("sure", []).text,
    "The bench went on until everything asked was decided: 2 looks added 3 runs, so that " +
      `${id} has 6. Nothing was open then that more runs can decide. Looking again and again costs ` +
      "certainty, so that the intervals of what is asked are wider, at 97.5% at look 1 and 99.17% at " +
      "look 2: over all looks together they hold with 95%.",
  );
  assert.equal(told("sure", []).severity, "info");
  const late = told("time", [`${id} p99`]);
  assert.equal(late.severity, "warn");
  assert.match(
    late.text,
    /The time that it had, 15m, was up when raw\/.*single_read p99 was open\./,
  );
  assert.match(
    told("runs", ["Bet 1", "Bet 2"]).text,
    /as many runs .* Bet 1 and Bet 2 were open\./,
  );
  assert.match(
    told(undefined, ["Bet 1"]).text,
    /did not come to its end; at its last look Bet 1 was/,
  );
  const none = { ...result, untilSure: { atMostMs: 1000, looks: [look([], [], "sure")] } };
  assert.match(findings(none).get("until-sure")!.text, /and no runs were added\. Nothing was open/);
});
