/** One metric of one result has one value and one interval, whoever shows it. */
import assert from "node:assert/strict";
import { sampleResult, sampleStore } from "../analysis/_testing/sample_result.ts";
import {
  analyse,
  type Analysis,
  compareNodes,
  compareResults,
  formatMetricPoint,
  formatMetricRange,
  nightRecord,
} from "../analysis/mod.ts";
import type { Result } from "../result/mod.ts";
import { buildBaselineReport } from "./baseline_report.ts";
import { toConsole } from "./console.ts";
import { toGoBenchmark, toMetricsCsv } from "./export/mod.ts";
import { toHtml } from "./html/document.tsx";
import { toJson } from "./json.ts";
import { toMarkdown } from "./markdown.ts";

const OPTIONS = { resamples: 200 };

/** Two stores, one of them far from steady between its runs. */
function measured(runs: number): Result {
  const wild = sampleStore("kvstore", 2);
  for (const cost of Object.values(wild.costs)) cost.between = 0.1;
  return sampleResult({ runs, stores: [sampleStore("raw", 1), wild] });
}

/** Samples that grow by the same number of iterations, as criterion's do. */
function linear(result: Result): Result {
  for (const benchmark of result.benchmarks) benchmark.sampling = "linear";
  for (const { samples } of result.runs) {
    samples.forEach((sample, index) => {
      // The overhead of a sample makes slope and mean two numbers.
      sample.ns = sample.ns * (index + 1) + 1e5;
      sample.iterations *= index + 1;
    });
  }
  return result;
}

/** Samples of unequal weight, as the intervals of a log are. */
function uneven(result: Result): Result {
  for (const { samples } of result.runs) {
    samples.forEach((sample, index) => {
      if (index % 2 === 0) sample.iterations *= 50;
    });
  }
  return result;
}

/** One sample a run, which has a value and no interval. */
function lone(result: Result): Result {
  for (const run of result.runs) run.samples.splice(1);
  return result;
}

const CASES: [name: string, make: () => Result][] = [
  ["ten runs", () => measured(10)],
  ["three runs", () => measured(3)],
  ["two runs", () => measured(2)],
  ["one run", () => measured(1)],
  ["linear samples", () => linear(measured(3))],
  ["linear samples of one run", () => linear(measured(1))],
  ["uneven samples", () => uneven(measured(3))],
  ["uneven samples of one run", () => uneven(measured(1))],
  ["one sample of one run", () => lone(measured(1))],
  ["one sample of each of two runs", () => lone(measured(2))],
];

/** Numbers that went through logarithms once more than others. */
function assertClose(actual: number, expected: number): void {
  assert.ok(Math.abs(actual / expected - 1) < 1e-12, `${actual} is not ${expected}`);
}

function rowsOf({ benchmarks }: Analysis) {
  return benchmarks.flatMap((benchmark) => benchmark.metrics.map((row) => ({ benchmark, row })));
}

Deno.test.each(CASES)("a metric of %s has one value and one interval everywhere", (_name, make) => {
  const result = make();
  const analysis = analyse(result, OPTIONS);
  const report = buildBaselineReport(result, analysis);
  const texts = {
    console: toConsole(result, analysis, { columns: 1000 }),
    markdown: toMarkdown(report),
    html: toHtml(report).replaceAll(/<[^>]+>/g, ""),
  };
  const json = JSON.parse(toJson(result, analysis)).analysis as Analysis;
  assert.deepEqual(json.benchmarks, JSON.parse(JSON.stringify(analysis.benchmarks)));
  const csv = toMetricsCsv(analysis).trim().split("\r\n").map((line) => line.split(","));
  const night = nightRecord(result, analysis);
  const other = structuredClone(result);
  other.id += "-again";
  const sides = [{ label: "a", result }, { label: "b", result: other }] as const;
  const compared = compareResults(...sides);
  const nodes = compareNodes(sides.map(({ label, result }) => ({ node: label, result })));
  const go = toGoBenchmark(result).split("\n");

  for (const { benchmark, row: { metric, estimate, point } } of rowsOf(analysis)) {
    const value = estimate?.value ?? point ?? null;
    const ends = [estimate?.low ?? null, estimate?.high ?? null];
    const own = `${benchmark.id} ${metric}`;

    const cells = csv.find((line) => line[0] === benchmark.id && line[5] === metric)!;
    assert.deepEqual(cells.slice(7, 10), [value, ...ends].map((cell) => String(cell ?? "")), own);

    const kept = night.benchmarks.find(({ id }) => id === benchmark.id)!
      .metrics.find((each) => each.metric === metric)!;
    assert.deepEqual([kept.value, kept.low, kept.high], [value, ...ends], own);

    // The mean time of a throughput benchmark is shown where a target asks for it.
    if (value !== null && (benchmark.kind === "latency" || metric === "throughput")) {
      const shown = estimate === null
        ? formatMetricPoint(metric, value)
        : formatMetricRange(metric, estimate);
      for (const [name, text] of Object.entries(texts)) {
        assert.ok(text.includes(shown), `${own}: ${shown} is not in ${name}`);
      }
    }
    for (const rows of [compared.rows, nodes.rows]) {
      const row = rows.find((each) => each.id === benchmark.id && each.metric === metric);
      if (row === undefined) continue;
      const sides = "values" in row ? row.values : [row.base, row.candidate];
      for (const side of sides) {
        if (value === null) continue;
        assert.equal(side.value, value, own);
        if (side.estimate !== null) assert.deepEqual(side.estimate, estimate, own);
        else assert.notEqual(estimate?.method, "runs", own);
      }
    }
    if (metric === "mean") {
      const name = `Benchmark${benchmark.id.charAt(0).toUpperCase()}${benchmark.id.slice(1)} `;
      const times = go.filter((line) => line.startsWith(name)).map((line) => line.split(" ")[2]);
      const logs = times.map((time) => Math.log(Number(time)));
      assert.equal(times.length, benchmark.runs.used.length);
      assertClose(Math.exp(logs.reduce((a, b) => a + b) / logs.length), value!);
    }
  }
  for (const { store, base, name, metric, kind, ratio } of analysis.ratios) {
    const of = (system: string) =>
      rowsOf(analysis).find(({ benchmark, row }) =>
        benchmark.store === system && benchmark.name === name && benchmark.kind === kind &&
        row.metric === metric
      )!.row.estimate!;
    assertClose(ratio.value, of(store).value / of(base).value);
  }
});
