import assert from "node:assert/strict";
import * as fc from "fast-check";
import { analyse } from "../../analysis/mod.ts";
import { sampleResult, sampleStore, threeStores } from "../../analysis/_testing/sample_result.ts";
import { criterionEstimates } from "../../stats/mod.ts";
import { toCriterionTree } from "./criterion_tree.ts";
import { toMetricsCsv, toSamplesCsv } from "./csv.ts";
import { toGoBenchmark } from "./go_benchmark.ts";

const result = threeStores();

const small = sampleResult({ runs: 1, stores: [sampleStore("raw", 1)] });

/** A result of one benchmark, which has another name. */
function renamed(name: string) {
  const [benchmark] = small.benchmarks;
  return {
    ...small,
    benchmarks: [{ ...benchmark!, id: name, name }],
    runs: small.runs.filter((run) => run.benchmark === benchmark!.id)
      .map((run) => ({ ...run, benchmark: name })),
  };
}

/** Names as no benchmark should have them. */
const hostileName = fc.oneof(
  fc.constantFrom(
    "..",
    ".",
    "/",
    "//",
    "../../etc/passwd",
    "a/../b",
    "new",
    "x/new",
    "CON",
    "\u001b[2J",
    "<b>",
    "=1+1",
    'a"b,c\r\nd',
    "\ud800",
    "ß",
    "é".repeat(80),
    "a/run-0",
    " ",
  ),
  fc.string({ unit: "binary", minLength: 1, maxLength: 90 }),
);

Deno.test("toCriterionTree() gives each benchmark its median run as new, and every run by name", () => {
  const files = toCriterionTree(result, { resamples: 100 });
  const of = (directory: string) =>
    files.filter(({ path }) => path.startsWith(`${directory}/`)).map(({ path }) => path);
  assert.deepEqual(
    of("raw_write_throughput/10000").map((path) => path.split("/").slice(2).join("/")),
    ["new", "run-0", "run-1", "run-2"].flatMap((name) =>
      ["benchmark.json", "sample.json", "estimates.json", "tukey.json"].map((file) =>
        `${name}/${file}`
      )
    ),
  );
  const read = (path: string) => JSON.parse(files.find((file) => file.path === path)!.text);
  const runs = result.runs.filter((run) => run.benchmark === "raw/write_throughput/10000");
  for (const run of runs) {
    const sample = read(`raw_write_throughput/10000/run-${run.run}/sample.json`);
    assert.deepEqual(sample, {
      sampling_mode: "Flat",
      iters: run.samples.map(({ iterations }) => iterations),
      times: run.samples.map(({ ns }) => ns),
    });
  }
  const { criterion } = analyse(result, { resamples: 100 }).benchmarks
    .find(({ id }) => id === "raw/write_throughput/10000")!;
  assert.deepEqual(
    read("raw_write_throughput/10000/new/sample.json"),
    read(`raw_write_throughput/10000/run-${criterion!.run}/sample.json`),
  );
  assert.deepEqual(read("raw_write_throughput/10000/new/benchmark.json"), {
    group_id: "raw/write_throughput",
    function_id: null,
    value_str: "10000",
    throughput: { Elements: 10000 },
    full_id: "raw/write_throughput/10000",
    directory_name: "raw_write_throughput/10000",
    title: "raw/write_throughput/10000",
  });
});

Deno.test("toCriterionTree() has criterion's estimates of the samples beside them", () => {
  const files = toCriterionTree(result, { resamples: 1000 });
  for (const { path, text } of files.filter(({ path }) => path.endsWith("new/sample.json"))) {
    const { iters, times } = JSON.parse(text);
    const estimates = JSON.parse(
      files.find((file) => file.path === path.replace("sample.json", "estimates.json"))!.text,
    );
    const ours = criterionEstimates({
      iterations: iters,
      ns: times,
      mode: "flat",
      resamples: 2,
      seed: 1,
    });
    assert.equal(estimates.mean.point_estimate, ours.mean.value);
    assert.equal(estimates.median_abs_dev.point_estimate, ours.medianAbsDev.value);
    assert.equal(estimates.slope, null);
    const { lower_bound: low, upper_bound: high } = estimates.mean.confidence_interval;
    assert.ok(low < ours.mean.value && ours.mean.value < high);
  }
});

Deno.test("toCriterionTree() leaves the directory to no name", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const files = toCriterionTree(renamed(name), { resamples: 2 });
      assert.equal(files.length, 8);
      for (const { path } of files) {
        const parts = path.split("/");
        assert.ok(parts.length >= 3, path);
        for (const part of parts) {
          assert.ok(part !== "" && part !== "." && part !== "..", path);
          assert.doesNotMatch(part, /[\p{C}\\:*?"<>|]/u);
          assert.ok(new TextEncoder().encode(part).length <= 80, path);
        }
        assert.ok(!parts.slice(0, -2).some((part) => part === "new"), path);
      }
    }),
    { seed: 1 },
  );
});

Deno.test("toCriterionTree() gives names that look alike directories of their own", () => {
  const twice = threeStores();
  const [first, second] = twice.benchmarks;
  for (const [benchmark, id] of [[first!, "a?b/one"], [second!, "A*B/one"]] as const) {
    for (const run of twice.runs) if (run.benchmark === benchmark.id) run.benchmark = id;
    benchmark.id = id;
  }
  const paths = toCriterionTree(twice, { resamples: 2 }).map(({ path }) => path.toLowerCase());
  assert.equal(new Set(paths).size, paths.length);
});

Deno.test("toGoBenchmark() writes a line for each run, as benchstat wants it", () => {
  const text = toGoBenchmark(result);
  const lines = text.split("\n").filter((line) => line.startsWith("Benchmark"));
  assert.equal(lines.length, result.runs.length);
  for (const line of lines) {
    // benchfmt: name, iterations, then pairs of value and unit.
    assert.match(line, /^Benchmark[^a-z\s]\S* [1-9]\d*( \S+ \S+)+$/);
  }
  assert.match(text, /^goos: linux\ngoarch: x86_64\ncpu: Example CPU 3\.0 GHz\n/);
  const run = result.runs.find((run) => run.benchmark === "raw/write_throughput/10000")!;
  const ns = run.samples.reduce((sum, sample) => sum + sample.ns, 0);
  const operations = run.samples.reduce((sum, { iterations }) => sum + iterations * 10_000, 0);
  const time = ns / operations;
  const figures = `${operations} ${time} ns/op ${1e9 / time} ops/s`;
  assert.ok(lines.includes(`BenchmarkRaw/write_throughput/10000 ${figures}`));
});

Deno.test("toGoBenchmark() makes one word of any name", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const lines = toGoBenchmark(renamed(name)).split("\n").filter((line) => line !== "");
      assert.equal(lines.length, 5);
      assert.match(lines.at(-1)!, /^Benchmark[^\p{Ll}\s\p{C}][^\s\p{C}]* \d+ \S+ ns\/op/u);
    }),
    { seed: 2 },
  );
});

/** A reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [, value = "", end] = match;
    rows.at(-1)!.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === "\r\n") rows.push([]);
  }
  assert.deepEqual(rows.pop(), [], "the text ends with a line end");
  return rows;
}

Deno.test("toSamplesCsv() loses no sample", () => {
  const [header, ...rows] = readCsv(toSamplesCsv(result));
  const column = (row: string[], name: string) => row[header!.indexOf(name)]!;
  const samples = result.runs.flatMap((run) => run.samples.map((sample) => ({ run, sample })));
  assert.equal(rows.length, samples.length);
  for (const [index, { run, sample }] of samples.entries()) {
    const row = rows[index]!;
    assert.equal(column(row, "benchmark"), run.benchmark);
    assert.equal(Number(column(row, "ns")), sample.ns);
    assert.equal(Number(column(row, "iterations")), sample.iterations);
  }
});

Deno.test("toMetricsCsv() has every metric with its interval, or the reason why it has none", () => {
  const analysis = analyse(result, { resamples: 100 });
  const [header, ...rows] = readCsv(toMetricsCsv(analysis));
  const metrics = analysis.benchmarks.flatMap(({ metrics }) => metrics);
  assert.equal(rows.length, metrics.length);
  for (const [index, { metric, estimate, point, pooled, reason }] of metrics.entries()) {
    const cell = (name: string) => rows[index]![header!.indexOf(name)]!;
    assert.equal(cell("metric"), metric);
    assert.equal(cell("value"), String(estimate?.value ?? point ?? ""));
    assert.equal(cell("pooled"), String(pooled ?? ""));
    assert.equal(cell("high"), estimate === null ? "" : String(estimate.high));
    assert.equal(cell("reason"), reason ?? "");
  }
});

const formulas = ["=1", "+1", "-1", "@SUM", "\t=1", "\n=1", "\x1b[0m=cmd|' /C calc'!A0"]
  .concat("\u200b=1", " \u009b=1", "\uff1d1", "%0A=1", "|calc");
Deno.test.each(formulas)("toSamplesCsv() makes no formula of %j", (name) => {
  const [, [cell]] = readCsv(toSamplesCsv(renamed(name))) as [string[], string[]];
  // What stripping escapes leaves behind is no formula either.
  assert.equal(cell, `'${name}`);
});

Deno.test("toSamplesCsv() keeps any name in its cell, and makes no formula of it", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const [, ...rows] = readCsv(toSamplesCsv(renamed(name)));
      assert.equal(rows.length, 10);
      for (const [cell] of rows) {
        assert.ok(cell === name || cell === `'${name}`);
        assert.doesNotMatch(cell!, /^[\s\p{C}]*[=+\-@|%]|^[\t\r\n]/u);
      }
    }),
    { seed: 3 },
  );
});
