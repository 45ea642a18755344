/**
 * A result in the form of criterion.rs's `target/criterion`, for what reads that: critcmp,
 * cargo-criterion's consumers, own scripts.
 */
import type { BenchmarkRecord, Result, RunRecord } from "../../result/mod.ts";
import { criterionEstimates, derive, type Estimate } from "../../stats/mod.ts";
import { exportedRuns } from "./runs.ts";

/** A file of a tree. */
export interface TreeFile {
  /** Relative, its parts parted by slashes; no part is `.` or `..`. */
  path: string;
  text: string;
}

/** How a tree is made. */
export interface CriterionTreeOptions {
  /** Bootstrap resamples of the estimates. @default 100_000 */
  resamples?: number;
  /** @default 0.95 */
  confidence?: number;
}

/** criterion cuts the names of directories to this many bytes. */
const MOST_NAME = 64;
/** criterion's estimates need as many samples. */
const LEAST_SAMPLES = 2;

/**
 * Makes the files of the tree. criterion knows one process: under `new` is the run whose mean time is
 * the (lower) median of the runs', and each run is a baseline by its number besides, `run-0`, `run-1`,
 * …, so that critcmp or an import can take them all. Runs with fewer than two samples, of which
 * criterion makes no estimates, are left out.
 *
 * @throws {RangeError} As {@linkcode criterionEstimates}.
 */
export function toCriterionTree(
  result: Result,
  { resamples = 100_000, confidence = 0.95 }: CriterionTreeOptions = {},
): TreeFile[] {
  const taken = new Set<string>();
  return exportedRuns(result).flatMap(({ benchmark, runs }) => {
    const shown = runs.filter(({ samples }) => samples.length >= LEAST_SAMPLES);
    if (shown.length === 0) return [];
    const parts = idParts(benchmark);
    const directory = freeDirectory(parts, taken);
    const benchmarkFile = json({
      group_id: parts.group,
      function_id: parts.function,
      value_str: parts.value,
      throughput: benchmark.kind === "throughput" && benchmark.elements > 0
        ? { Elements: benchmark.elements }
        : null,
      full_id: benchmark.id,
      directory_name: directory,
      title: benchmark.id,
    });
    const filesOf = (run: RunRecord, name: string): TreeFile[] =>
      Object.entries({
        "benchmark.json": benchmarkFile,
        ...sampleFiles(result, benchmark, run, resamples, confidence),
      }).map(([file, text]) => ({ path: `${directory}/${name}/${file}`, text }));
    return [
      ...filesOf(medianRun(shown), "new"),
      ...shown.flatMap((run) => filesOf(run, `run-${run.run}`)),
    ];
  });
}

/** criterion's `sample.json`, `estimates.json` and `tukey.json` of a run. */
function sampleFiles(
  result: Result,
  benchmark: BenchmarkRecord,
  run: RunRecord,
  resamples: number,
  confidence: number,
): Record<string, string> {
  const iters = run.samples.map(({ iterations }) => iterations);
  const times = run.samples.map(({ ns }) => ns);
  const estimates = criterionEstimates({
    iterations: iters,
    ns: times,
    mode: benchmark.sampling,
    resamples,
    confidence,
    seed: derive(result.seed % Number.MAX_SAFE_INTEGER, "export", benchmark.id, String(run.run)),
  });
  const { lowSevere, lowMild, highMild, highSevere } = estimates.tukey.fences;
  return {
    "sample.json": json({
      sampling_mode: benchmark.sampling === "linear" ? "Linear" : "Flat",
      iters,
      times,
    }),
    "estimates.json": json({
      mean: estimateJson(estimates.mean),
      median: estimateJson(estimates.median),
      median_abs_dev: estimateJson(estimates.medianAbsDev),
      slope: estimates.slope === null ? null : estimateJson(estimates.slope),
      std_dev: estimateJson(estimates.stdDev),
    }),
    "tukey.json": json([lowSevere, lowMild, highMild, highSevere]),
  };
}

function estimateJson({ value, low, high, confidence, standardError }: Estimate) {
  return {
    confidence_interval: {
      confidence_level: confidence,
      lower_bound: low,
      upper_bound: high,
    },
    point_estimate: value,
    standard_error: standardError,
  };
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

/** The run whose mean time of an iteration is the (lower) median. */
function medianRun(runs: readonly RunRecord[]): RunRecord {
  const time = ({ samples }: RunRecord) => {
    let [ns, iterations] = [0, 0];
    for (const sample of samples) {
      ns += sample.ns;
      iterations += sample.iterations;
    }
    return ns / iterations;
  };
  const sorted = runs.toSorted((a, b) => time(a) - time(b) || a.run - b.run);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

/** criterion's three parts of an id: a group, a function and a value. */
interface IdParts {
  group: string;
  function: string | null;
  value: string | null;
}

/** `raw/write_throughput/10000` is the value 10000 of a group, `raw/get/one` the function one. */
function idParts({ id }: BenchmarkRecord): IdParts {
  const slash = id.lastIndexOf("/");
  if (slash <= 0 || slash === id.length - 1) return { group: id, function: null, value: null };
  const [group, last] = [id.slice(0, slash), id.slice(slash + 1)];
  return /^\d+$/.test(last)
    ? { group, function: null, value: last }
    : { group, function: last, value: null };
}

/** A directory of a benchmark's own, whatever its name holds. */
function freeDirectory(parts: IdParts, taken: Set<string>): string {
  const names = [parts.group, parts.function, parts.value].filter((part) => part !== null);
  const base = names.map(safeName).join("/");
  for (let i = 1;; i++) {
    const directory = i === 1 ? base : `${base}_${i}`;
    // A file system may take two names that differ in case for one.
    if (!taken.has(directory.toLowerCase())) {
      taken.add(directory.toLowerCase());
      return directory;
    }
  }
}

/**
 * criterion's rule for a directory's name (`?"/\*<>:|^` become `_`), for control characters and names
 * that mean another directory as well.
 */
function safeName(part: string): string {
  const safe = part.replace(/[?"/\\*<>:|^\p{C}\p{Zl}\p{Zp}]/gu, "_");
  const whole = /^\.*$/.test(safe.trim()) ? `_${safe.replaceAll(".", "_")}` : safe;
  let cut = "";
  for (const character of whole) {
    if (new TextEncoder().encode(cut + character).length > MOST_NAME) break;
    cut += character;
  }
  // The names of measurements would be taken for one.
  return /^(new|base|change|report|run-\d+)$/.test(cut) ? `${cut}_` : cut;
}
