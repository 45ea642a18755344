/** A result in the Go benchmark format, which benchstat reads. */
import { timePerOperation } from "../../analysis/mod.ts";
import type { BenchmarkRecord, Result, RunRecord } from "../../result/mod.ts";
import { exportedRuns, operationsOf } from "./runs.ts";

/**
 * Writes a line for each run, since benchstat takes lines for independent measurements, and samples
 * of one run are not. Latency benchmarks have the run's quantiles as `p50-ns`, `p99-ns`, … where the
 * tool that measured stated them; a histogram's are left to what can merge histograms.
 *
 * ```text
 * goos: linux
 * goarch: x86_64
 * cpu: Example 3000
 * BenchmarkRaw/write_throughput/10000 1000000 9588.5 ns/op 104291 ops/s
 * ```
 */
export function toGoBenchmark(result: Result): string {
  const { environment, id } = result;
  const head = [
    ["goos", environment.os],
    ["goarch", environment.arch],
    ["cpu", environment.cpu.model],
    ["tidemark-result", id],
  ].flatMap(([key, value]) => value ? [`${key}: ${oneLine(value)}`] : []);
  const names = new Map<string, string>();
  const lines = exportedRuns(result).flatMap(({ benchmark, runs }) => {
    const name = freeName(benchmark.id, names);
    return runs.map((run) => runLine(name, benchmark, run));
  });
  return `${[...head, "", ...lines].join("\n")}\n`;
}

function runLine(name: string, benchmark: BenchmarkRecord, run: RunRecord): string {
  const operations = run.samples.reduce((sum, { iterations }) => sum + iterations, 0) *
    operationsOf(benchmark);
  const time = timePerOperation(benchmark, run);
  const stated = run.stated === undefined ? [] : (["p50", "p90", "p99", "p999"] as const)
    .flatMap((quantile) => {
      const value = run.stated?.[quantile];
      return value === undefined ? [] : [`${value} ${quantile}-ns`];
    });
  return [
    name,
    // Rates without a count may come to a fraction of an operation.
    Math.max(1, Math.round(operations)),
    `${time} ns/op`,
    ...(benchmark.kind === "throughput" ? [`${1e9 / time} ops/s`] : []),
    ...stated,
  ].join(" ");
}

/** Go's names have no white space, and begin with what is no lower-case letter. */
function freeName(id: string, taken: Map<string, string>): string {
  const plain = id.replace(/[\s\p{C}\p{Zl}\p{Zp}]/gu, "_");
  const first = plain.charAt(0);
  const upper = first.toUpperCase();
  // `ß` becomes `SS`, and `ª` stays a lower-case letter.
  const name = `Benchmark${/^\p{Ll}/u.test(upper) ? `_${first}` : upper}${plain.slice(1)}`;
  for (let i = 1;; i++) {
    const free = i === 1 ? name : `${name}_${i}`;
    if (!taken.has(free)) {
      taken.set(free, id);
      return free;
    }
  }
}

function oneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
