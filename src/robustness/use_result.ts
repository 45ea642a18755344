/** Does with an accepted result what the commands do: a number that breaks a later stage is a fault too. */
import { CONTROL } from "./control.ts";
import assert from "node:assert/strict";
import { analyse, type Analysis, compareResults, nightRecord } from "../analysis/mod.ts";
import {
  buildBaselineReport,
  buildComparisonReport,
  comparisonToConsole,
  comparisonToJunit,
  toConsole,
  toCriterionTree,
  toGoBenchmark,
  toHtml,
  toJson,
  toMarkdown,
  toMetricsCsv,
  toSamplesCsv,
} from "../report/mod.ts";
import type { Random } from "../stats/mod.ts";
import { chance } from "./mutate.ts";
import { decodeHistogram, type Result } from "../result/mod.ts";

/** Few, since what is looked for is whether it works at all. */
const RESAMPLES = 10;

/** How often the reports are written and compared, too, which takes ten times as long. */
const WRITTEN = 0.3;

/** Analyses a result, compares it with a sound one and with itself, and writes all reports of it. */
export function useResult(result: Result, sound: Result, random: Random): void {
  const analysis = analyse(result, { resamples: RESAMPLES });
  requireNumbers(analysis, "analysis");
  requireBorne(result, analysis);
  if (!chance(random, WRITTEN)) return;
  const document = buildBaselineReport(result, analysis);
  assert.doesNotMatch(toMarkdown(document), CONTROL, "the Markdown has control characters");
  assert.doesNotMatch(toHtml(document), CONTROL, "the page has control characters");
  toConsole(result, analysis);
  JSON.parse(toJson(result, analysis));
  toMetricsCsv(analysis);
  toSamplesCsv(result);
  toGoBenchmark(result);
  for (const { path } of toCriterionTree(result, { resamples: RESAMPLES })) {
    assert.ok(!path.startsWith("/") && !path.split("/").includes(".."), `the path is ${path}`);
  }
  nightRecord(result, analysis, {
    node: "node01",
    // Of what only files' times are known of, the night has to be named.
    ...(result.imported?.times === "files" && { night: "2026-01-01" }),
  });
  for (const [base, candidate] of [[sound, result], [result, result]] as const) {
    const comparison = compareResults(
      { label: "base", result: base },
      { label: "candidate", result: candidate },
    );
    requireNumbers(comparison, "comparison");
    toMarkdown(buildComparisonReport(comparison));
    comparisonToConsole(comparison);
    comparisonToJunit(comparison);
  }
}

/** Asserts that no number in an analysis is none. */
function requireNumbers(value: unknown, where: string): void {
  if (typeof value === "number") assert.ok(!Number.isNaN(value), `${where} is NaN`);
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) requireNumbers(child, `${where}.${key}`);
}

/** Asserts that every value lies among the times that the result holds. */
function requireBorne(result: Result, { benchmarks }: Analysis): void {
  for (const { id, metrics } of benchmarks) {
    const times = timesOf(result, id);
    if (times.length === 0) continue;
    // An HDR histogram has a value to some digits, and its mean from the middle of its buckets.
    const low = times.reduce((a, b) => Math.min(a, b)) * 0.9;
    const high = times.reduce((a, b) => Math.max(a, b)) * 1.1;
    for (const { metric, estimate } of metrics) {
      if (estimate === null) continue;
      const time = metric === "throughput" ? 1e9 / estimate.value : estimate.value;
      assert.ok(
        time >= low && time <= high,
        `${metric} of ${JSON.stringify(id)} is ${time} ns, and the file has ${low} to ${high}`,
      );
    }
  }
}

/** All times of one operation that a result has of a benchmark, ns. */
function timesOf(result: Result, id: string): number[] {
  return result.benchmarks.filter((benchmark) => benchmark.id === id).flatMap(({ elements }) =>
    result.runs.filter((run) => run.benchmark === id).flatMap((run) => [
      ...run.samples.map(({ iterations, ns }) => ns / iterations / elements),
      ...Object.values(run.stated ?? {}).filter((value) => typeof value === "number"),
      ...histogramRange(run.latency?.histogram),
    ])
  );
}

function histogramRange(text: string | undefined): number[] {
  if (text === undefined) return [];
  try {
    const histogram = decodeHistogram(text);
    if (histogram.totalCount === 0) return [];
    return [histogram.minNonZeroValue, histogram.maxValue, histogram.getValueAtPercentile(0)];
  } catch {
    return [];
  }
}
