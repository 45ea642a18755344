import { fixture, FIXTURES, withProcesses } from "../importers/_testing/fixtures.ts";
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { type ImportOptions, importResult } from "../importers/mod.ts";
import { buildBaselineReport, toConsole, toHtml, toMarkdown } from "../report/mod.ts";
import { toCriterionTree, toGoBenchmark, toMetricsCsv } from "../report/export/mod.ts";
import { readResult, type Result } from "../result/mod.ts";
import { criterionEstimates, type Estimate } from "../stats/mod.ts";
import { threeStores } from "../analysis/_testing/sample_result.ts";
import { analyse, type Analysis } from "../analysis/mod.ts";
import { fakeStreams } from "./_testing/fake_streams.ts";
import { main } from "./main.ts";

const OPTIONS: ImportOptions = { version: "0.1.0", command: ["import"] };

/** Runs a test in a directory of its own. */
async function inDirectory(test: (directory: string) => void | Promise<void>) {
  const directory = Deno.makeTempDirSync();
  try {
    await test(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** The names of estimates here and in criterion's files. */
const ESTIMATES = [
  ["mean", "mean"],
  ["median", "median"],
  ["stdDev", "std_dev"],
  ["medianAbsDev", "median_abs_dev"],
  ["slope", "slope"],
] as const;

/**
 * How far two bounds of 100,000 resamples may be apart, in standard errors. A quantile at 2.5 % of a
 * normal bootstrap distribution has a Monte Carlo error of √(0.025 · 0.975 / 100,000) / φ(1.96) =
 * 0.0084 standard errors, the difference of two of them 0.012; of medians, which take few values, it
 * is up to a step between two of these.
 */
const MONTE_CARLO = { mean: 0.06, stdDev: 0.06, slope: 0.06, median: 0.25, medianAbsDev: 0.25 };

Deno.test("criterion's own estimates are ours when its samples are imported", () => {
  const tree = `${FIXTURES}/criterion`;
  const result = importResult([tree], OPTIONS);
  for (
    const [directory, name] of [
      ["write_throughput/10000", "write_throughput/10000"],
      ["write_latency/single_write", "write_latency/single_write"],
      ["copy _b_/.._1 KiB", "copy <b>/../1 KiB"],
    ] as const
  ) {
    const benchmark = result.benchmarks.find((benchmark) => benchmark.name === name)!;
    const { samples } = result.runs.find((run) => run.benchmark === benchmark.id)!;
    const read = (file: string) =>
      JSON.parse(Deno.readTextFileSync(`${tree}/${directory}/new/${file}.json`));
    const theirs = read("estimates");
    const ours = criterionEstimates({
      iterations: samples.map(({ iterations }) => iterations),
      ns: samples.map(({ ns }) => ns),
      mode: benchmark.sampling,
      seed: 1,
    });
    for (const [own, their] of ESTIMATES) {
      const [a, b]: [Estimate | null, typeof theirs.mean | null] = [ours[own], theirs[their]];
      assert.equal(a === null, b === null, `${name} ${their}`);
      if (a === null) continue;
      const { point_estimate: value, standard_error: error, confidence_interval: interval } = b;
      assert.ok(
        Math.abs(a.value / value - 1) <= 1e-9,
        `${name} ${their}: ${a.value}, not ${value}`,
      );
      for (
        const [ourBound, bound] of [[a.low, interval.lower_bound], [a.high, interval.upper_bound]]
      ) {
        const distance = Math.abs(ourBound - bound) / error;
        assert.ok(distance <= MONTE_CARLO[own], `${name} ${their}: ${distance} standard errors`);
      }
    }
    const [lowSevere, lowMild, highMild, highSevere] = read("tukey");
    const classes = samples.map(({ ns, iterations }) => {
      const time = ns / iterations;
      if (time < lowSevere) return "low severe";
      if (time > highSevere) return "high severe";
      if (time < lowMild) return "low mild";
      return time > highMild ? "high mild" : "none";
    });
    assert.deepEqual(ours.tukey.labels, classes);
  }
});

const OUTPUTS = [
  "criterion",
  "db_bench.txt",
  "db_bench_histogram.txt",
  "report.tsv",
  "ycsb.txt",
  "go_ycsb.txt",
  "READ.hdr",
  "go_benchmark.txt",
  "google_benchmark.json",
  "google_benchmark_aggregates.json",
  "hyperfine.json",
  "hyperfine_failed.json",
  "pytest_benchmark.json",
  "pytest_benchmark_sums.json",
  "asv.json",
  "asv_medians.json",
  "fio.json",
  "fio_threads.json",
  "k6_export.json",
  "k6_handle.json",
];

/** What only our own measurements can say. */
const UNTRUE = [
  /fresh process with a fresh database/,
  /measured here/,
  /did not come to its end/,
  /closed loop of/,
  /shuffled/,
  /reads and writes do not disturb/,
  /timed one by one/,
  /\bnull\b(?!\s*store)/,
  /undefined|NaN|\[object/,
  /\b0 (keys|clients|B|logical processors)\b/,
];

Deno.test.each(OUTPUTS.map((name) => [name]))(
  "the report of %s says nothing untrue",
  (name) => {
    const result = importResult([`${FIXTURES}/${name}`], OPTIONS);
    const analysis = analyse(result, { resamples: 200 });
    const document = buildBaselineReport(result, analysis);
    const markdown = toMarkdown(document);
    const html = toHtml(document);
    assert.ok(html.startsWith("<!"), "the page is one");
    assert.ok(!html.includes("<b>/.."), "a name is text");
    for (const text of [markdown, toConsole(result, analysis)]) {
      for (const untrue of UNTRUE) assert.doesNotMatch(text, untrue);
    }
    // Where it is from, and what it lacks.
    assert.ok(markdown.includes(result.imported!.tool));
    for (const warning of result.warnings) {
      assert.ok(
        markdown.replaceAll("\\", "").includes(warning.replace(/\s+/g, " ")),
        `the report does not say: ${warning}`,
      );
    }
    // Every benchmark has a value, with an interval or alone; none is called not measured as a whole.
    for (const benchmark of analysis.benchmarks) {
      const [metric] = benchmark.metrics;
      assert.ok(metric?.estimate !== null || metric.point !== undefined, benchmark.id);
    }
  },
);

const GOLDEN = [
  "asv.json",
  "fio.json",
  "fio_threads.json",
  "google_benchmark.json",
  "hyperfine_failed.json",
  "k6_export.json",
  "pytest_benchmark.json",
];
for (const name of GOLDEN) {
  Deno.test(`the values and the notes of ${name} are as they were`, async (t) => {
    const result = importResult([`${FIXTURES}/${name}`], OPTIONS);
    const values = toMetricsCsv(analyse(result, { resamples: 200 }));
    await t.assertSnapshot([...values.trim().split("\r\n"), ...result.warnings]);
  });
}

Deno.test("a value has an interval over runs when three outputs are imported", () => {
  withProcesses("db_bench.txt", 3, "84783", (paths) => {
    const analysis = analyse(importResult(paths, OPTIONS), { resamples: 200 });
    const fillseq = analysis.benchmarks.find(({ name }) => name === "fillseq")!;
    assert.equal(fillseq.metrics[0]?.estimate?.method, "runs");
    assert.equal(fillseq.metrics[0]!.basis, "over 3 runs");
    assert.ok(!analysis.caveats.some(({ id }) => id === "incomplete"));
  });
});

/** The samples of a result by benchmark and run, without when they began. */
function samplesOf({ runs }: Result) {
  return runs.map(({ samples }) => samples.map(({ iterations, ns }) => [iterations, ns]));
}

Deno.test("samples are the same when a result is exported to criterion's form and imported", async () => {
  const original = threeStores();
  await inDirectory((directory) => {
    for (const { path, text } of toCriterionTree(original, { resamples: 100 })) {
      const file = `${directory}/${path}`;
      Deno.mkdirSync(dirname(file), { recursive: true });
      Deno.writeTextFileSync(file, text);
    }
    const imported = importResult([directory], {
      ...OPTIONS,
      baselines: ["run-0", "run-1", "run-2"],
    });
    const sorted = original.runs.toSorted((a, b) =>
      a.run - b.run || a.benchmark.localeCompare(b.benchmark, "en", { numeric: true })
    );
    assert.deepEqual(samplesOf(imported), samplesOf({ ...original, runs: sorted }));
    for (const { name, elements } of imported.benchmarks) {
      const benchmark = original.benchmarks.find(({ id }) => id === name)!;
      assert.equal(elements, benchmark.elements);
    }
  });
});

Deno.test("times are the same when a result is exported to Go's form and imported", async () => {
  const original = threeStores();
  await inDirectory((directory) => {
    const path = `${directory}/go.txt`;
    Deno.writeTextFileSync(path, toGoBenchmark(original));
    const imported = importResult([path], OPTIONS);
    assert.equal(imported.benchmarks.length, original.benchmarks.length);
    for (const [index, benchmark] of original.benchmarks.entries()) {
      const runs = original.runs.filter((run) => run.benchmark === benchmark.id);
      const { samples } = imported.runs[index]!;
      assert.equal(samples.length, runs.length, "a line a run");
      for (const [line, run] of runs.entries()) {
        const ns = run.samples.reduce((sum, sample) => sum + sample.ns, 0);
        assert.ok(Math.abs(samples[line]!.ns / ns - 1) < 1e-12);
      }
    }
  });
});

Deno.test("main() imports, reports and exports, and overwrites nothing", async () => {
  await inDirectory(async (directory) => {
    const out = `${directory}/imported`;
    const args = ["import", `${FIXTURES}/criterion`, "--store", "flaredb", "--suite", "baseline"];
    const streams = fakeStreams();
    assert.equal(await main([...args, "--out", out], streams), 0, streams.told);
    assert.match(streams.written, /write_throughput\/10000/);
    const result = readResult(`${out}/result.json`);
    assert.deepEqual(result.command, [
      "import",
      "criterion",
      "--store",
      "flaredb",
      "--suite",
      "baseline",
    ]);
    assert.match(Deno.readTextFileSync(`${out}/report.md`), /flaredb/);
    assert.ok(result.suite.targets.length > 0);

    const before = Deno.readTextFileSync(`${out}/report.md`);
    const again = fakeStreams();
    assert.equal(await main([...args, "--out", out], again), 2);
    assert.match(again.told, /Cannot use .*: it is not empty; name an empty or a new directory\n$/);
    assert.equal(Deno.readTextFileSync(`${out}/report.md`), before);

    for (const format of ["go", "csv", "samples-csv"]) {
      const exported = fakeStreams();
      assert.equal(await main(["export", out, "--format", format], exported), 0, exported.told);
      assert.match(exported.written, /write_throughput\/10000/);
      assert.equal(exported.told, "");
    }
    const tree = `${directory}/tree`;
    const treeArgs = ["export", `${out}/result.json`, "--format", "criterion", "--out", tree];
    assert.equal(await main(treeArgs, fakeStreams()), 0);
    assert.equal(importResult([tree], OPTIONS).benchmarks.length, 3);
    assert.equal(await main(treeArgs, fakeStreams()), 2, "nothing is overwritten");
  });
});

const MISTAKES: [args: string[], line: RegExp][] = [
  [["import"], /Missing required argument 'output'/],
  [["import", "none"], /Cannot import none: there is no such file or folder; check the path/],
  [["import", FIXTURES], /: no benchmark in it has the measurement "nwe"/],
  [["import", "x", "--format", "criteron"], /Unknown form "criteron": did you mean criterion\?/],
  [["import", "x", "--unit", "min"], /Unknown unit "min": there is ns, us, ms, s|did you mean/],
  [["import", "x", "--store", "../x"], /Cannot name a store "\.\.\/x": use letters/],
  [["import", "x", "--store", "null"], /leave null to calibration/],
  [["import", "x", "--suite", "nope"], /Unknown suite "nope"/],
  [["export", "x"], /Required option '--format <name>' not specified/],
  [["export", "x", "--format", "toml"], /Unknown form "toml": .*there is criterion, go, csv/],
  [["export", "none", "--format", "go"], /Cannot read the result none: there is no such file/],
];
for (const [args, line] of MISTAKES) {
  Deno.test(`main() ends with 2 and one line when called with ${args.join(" ").slice(-60)}`, async () => {
    const streams = fakeStreams();
    const call = args[1] === FIXTURES ? [...args, "--baseline", "nwe"] : args;
    assert.equal(await main(call, streams), 2);
    assert.match(streams.told, line);
    assert.equal(streams.told.trimEnd().split("\n").length, 1);
    assert.equal(streams.written, "");
  });
}

Deno.test("main() ends with 2 and one line when a file of one of the forms is cut off", async () => {
  for (const name of ["fio.json", "k6_export.json"]) {
    const { text } = fixture(name);
    await inDirectory(async (directory) => {
      Deno.writeTextFileSync(`${directory}/${name}`, text.slice(0, text.length / 2));
      const streams = fakeStreams();
      const out = `${directory}/out`;
      assert.equal(await main(["import", `${directory}/${name}`, "--out", out], streams), 2);
      assert.match(streams.told, /^error: Cannot import [^\n]+\n$/);
      assert.throws(() => Deno.statSync(out), Deno.errors.NotFound, "nothing is written");
    });
  }
});

Deno.test("main() imports what is left of a file with wrong figures, and names them", async () => {
  const wrong = [
    ["fio.json", '"iops" : "1"', /"jobs\.0\.write\.iops"/],
    ["k6_export.json", '"rate": "1"', /"http_reqs\.rate"/],
  ] as const;
  for (const [name, figure, named] of wrong) {
    const { text } = fixture(name);
    await inDirectory(async (directory) => {
      const figures = /"(?:iops|rate)"\s?: [\d.]*[1-9][\d.]*/g;
      Deno.writeTextFileSync(`${directory}/${name}`, text.replaceAll(figures, figure));
      const out = `${directory}/out`;
      assert.equal(await main(["import", `${directory}/${name}`, "--out", out], fakeStreams()), 0);
      const warnings = readResult(`${out}/result.json`).warnings.filter((line) =>
        line.startsWith(`Left out of ${name}: `)
      );
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, named);
    });
  }
});

/** A log of YCSB's of some intervals, each a count of operations that all took as long, in µs. */
function hdrLog(intervals: readonly [count: number, micros: number][]): string {
  const lines = intervals.map(([count, micros], second) => {
    const histogram = build({ numberOfSignificantValueDigits: 3 });
    histogram.recordValueWithCount(micros, count);
    return `${second}.000,1.000,${micros}.000,${encodeIntoCompressedBase64(histogram)}`;
  });
  return [
    "#[Logging for: READ]",
    "#[Histogram log format version 1.3]",
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ...lines,
    "",
  ].join("\n");
}

/** What is shown of a file, and what Go's form has of it. */
async function shown(name: string, text: string) {
  const parts = {
    console: "",
    markdown: "",
    go: "",
    csv: "",
    analysis: undefined as Analysis | undefined,
  };
  await inDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/${name}`, text);
    const result = importResult([`${directory}/${name}`], OPTIONS);
    const analysis = analyse(result, { resamples: 200 });
    parts.console = toConsole(result, analysis, { columns: 200 });
    parts.markdown = toMarkdown(buildBaselineReport(result, analysis));
    parts.go = toGoBenchmark(result);
    parts.csv = toMetricsCsv(analysis);
    parts.analysis = analysis;
  });
  return { ...parts, analysis: parts.analysis! };
}

Deno.test("the mean of a log is all its time over all its operations, not the mean of its intervals' means", async () => {
  const { console, go, csv } = await shown("log.hlog", hdrLog([[1000, 100], [1, 100_000]]));
  assert.match(console, /mean time {2}199\.8 µs, no interval/);
  assert.match(go, /BenchmarkHdr\/READ 1001 1998\d\d\.\d+ ns\/op/);
  assert.match(csv, /^hdr\/READ,hdr,READ,latency,get,mean,ns,1998\d\d\.\d+,/m);
  assert.doesNotMatch(console, /50\.05 ms/);
});

Deno.test("a log of one interval has quantiles from inside one run, and a mean that stands alone", async () => {
  const { console, analysis } = await shown("log.hlog", hdrLog([[1000, 100]]));
  assert.doesNotMatch(console, /null/);
  assert.match(console, /p50 {8}100\.0 µs \([\d.–]+\), inside one run only/);
  assert.match(console, /Values of hdr\/READ \(mean time\) stand without an interval/);
  assert.deepEqual(
    analysis.benchmarks[0]!.metrics.map(({ basis }) => basis),
    [null, ...Array(3).fill("inside one run only"), null],
  );
});

Deno.test("a percentile that each run stated is not called not measured, nor one that none stated", async () => {
  const { text } = fixture("report.tsv");
  const at = text.split("\n").findIndex((line) => line.startsWith("ops_sec\t"));
  const [header, row] = text.split("\n").slice(at, at + 2) as [string, string];
  const cells = row.split("\t");
  const again = cells.with(0, String(Number(cells[0]) + 1)).join("\t");
  const { markdown } = await shown("report.tsv", [header, row, again, ""].join("\n"));
  assert.match(
    markdown,
    /latency p99[^|]*\| not merged \| none \| each run stated it as one figure, and/,
  );
  assert.match(
    markdown,
    /latency p90[^|]*\| not stated \| none \| the tool that measured stated none that/,
  );
  assert.doesNotMatch(markdown, /latency p\d[^|]*\| not measured/);
});

Deno.test("Go's lines weigh alike however many iterations they have, in every form", async () => {
  const lines = "BenchmarkGet 1000000 100 ns/op\nBenchmarkGet 10 1000 ns/op\n";
  const { console, go, csv } = await shown("go.txt", lines);
  assert.match(console, /1,818,200 ops\/s/);
  assert.match(go, / 550 ns\/op /);
  assert.match(csv, /,mean,ns,550,/);
});

Deno.test("main() says that a result has the runs of several days when it is added to one night", async () => {
  await inDirectory(async (directory) => {
    const text = fixture("report.tsv").text.replaceAll("2026-11-22", "2024-03-01");
    const [row] = text.split("\n").filter((line) => /\treadrandom/.test(line));
    const later = row!.replace("2024-03-01", "2024-03-02").replace(/^\d+/, "1");
    const file = `${directory}/report.tsv`;
    Deno.writeTextFileSync(file, text + later + "\n");
    const out = `${directory}/out`;
    assert.equal(await main(["import", file, "--out", out], fakeStreams()), 0);
    const add = ["history", "add", out, "--node", "a", "--history"];
    const streams = fakeStreams();
    assert.equal(await main([...add, `${directory}/one`], streams), 0, streams.told);
    assert.match(
      streams.told,
      /has runs of 2024-03-01 to 2024-03-02, and is added to 2024-03-01; import the nights/,
    );
    // Whoever names the night is not told.
    const named = fakeStreams();
    assert.equal(
      await main([...add, `${directory}/other`, "--night", "2024-03-02"], named),
      0,
      named.told,
    );
    assert.doesNotMatch(named.told, /has runs of/);
  });
});
