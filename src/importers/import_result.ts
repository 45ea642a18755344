/** Imported outputs, put together as a result. */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { isFolder } from "../disk/mod.ts";
import {
  type BenchmarkRecord,
  contentOf,
  copyOf,
  type EnvironmentRecord,
  FIRST_ISSUE,
  issueText,
  type LatencyRecord,
  Result,
  type RunRecord,
  SCHEMA_VERSION,
  type SuiteRecord,
} from "../result/mod.ts";
import { type Measured, requireSameConditions } from "./conditions.ts";
import { readCriterionTree } from "./criterion.ts";
import { detectFormat, type FormatName, type HdrUnit, parseText } from "./format.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { namesText } from "./named.ts";
import { readTextFile } from "./text_file.ts";

/** How outputs are imported. */
export interface ImportOptions {
  /** The form; told from the content where it is not given. */
  format?: FormatName | undefined;
  /** Name of the store that was measured. @default the form's name */
  store?: string | undefined;
  /** Unit of the values of an HDR histogram log that does not say it. */
  unit?: HdrUnit | undefined;
  /** Measurements of a criterion tree, each one a run. @default ["new"] */
  baselines?: readonly string[] | undefined;
  /** The suite whose targets, claims and prose the result is to be judged by. */
  suite?: SuiteRecord | undefined;
  /** What the suite's benchmarks do, by name, for benchmarks of which the output does not say it. */
  operations?: ReadonlyMap<string, NonNullable<BenchmarkRecord["workload"]["operation"]>>;
  /** Version of Tidemark. */
  version: string;
  command: string[];
}

/**
 * Imports the outputs of another tool as one result, which goes the way of our own from there on.
 *
 * Several files of one form are several processes, so each is a run of the benchmarks in it. What an
 * output lacks is `null` in the result, and what it means for the numbers is in its warnings.
 *
 * @param paths Files, or one directory of criterion's.
 * @throws {ResultError} Where a file cannot be read, is of no known form, or is not what its tool
 * writes; in one line that says what, where and how to mend it.
 */
export function importResult(paths: readonly string[], options: ImportOptions): Result {
  const { format, outputs } = readOutputs(paths, options);
  return assemble(format, outputs, options);
}

function readOutputs(
  paths: readonly string[],
  { format, unit, baselines = ["new"] }: ImportOptions,
): { format: FormatName; outputs: Imported[] } {
  const [first, ...others] = paths;
  if (first === undefined) throw new RangeError("Cannot import: no file was named");
  if (format === "criterion" || (format === undefined && isFolder(first))) {
    // Trees of several crates, or of the same benchmarks measured several times.
    return {
      format: "criterion",
      outputs: paths.flatMap((path) =>
        baselines.map((baseline) => readCriterionTree(path, baseline))
      ),
    };
  }
  const file = readTextFile(first);
  const name = format ?? detectFormat(file);
  const outputs = parseText(name, file, unit);
  for (const path of others) {
    const other = readTextFile(path);
    const found = format ?? detectFormat(other);
    if (found !== name) {
      throw cannotImport(
        path,
        `it is ${found}, and the files before it are ${name}; import it alone`,
      );
    }
    outputs.push(...parseText(name, other, unit));
  }
  return { format: name, outputs };
}

/**
 * Puts what was read together.
 *
 * @throws {ResultError} Where one benchmark has two meanings in two outputs, or they are of different
 * things.
 */
export function assemble(
  format: FormatName,
  read: readonly Imported[],
  { store = format, suite, operations, version, command }: ImportOptions,
): Result {
  const { distinct: outputs, repeats, digest } = distinctOutputs(read);
  const [first] = outputs;
  if (first === undefined) throw new RangeError("Cannot import: nothing was read");
  for (const output of outputs) requireSameSubject(first, output);
  const time = timesOf(outputs);
  const benchmarks = new Map<string, BenchmarkRecord & { runs: number }>();
  const firsts = new Map<string, Measured>();
  const runs: RunRecord[] = [];
  const contents = new Map<string, string>();
  const copies: string[] = [];
  const buckets = new Map<RunRecord, LatencyRecord>();
  for (const output of outputs) {
    for (const benchmark of output.benchmarks) {
      const id = `${store}/${benchmark.name}`;
      const known = benchmarks.get(id);
      const record = benchmarkRecord(id, store, benchmark, operations);
      if (known !== undefined) {
        requireSame(known, record, output.files.join(", "));
        requireSameConditions(format, { benchmark, output }, firsts.get(id)!);
      } else {
        benchmarks.set(id, record);
        firsts.set(id, { benchmark, output });
      }
      const own = known ?? record;
      const run = runRecord(own, benchmark, own.runs, runs.length, store, output, time);
      const content = contentOf(run);
      if (content !== null && contents.has(content)) {
        const [name, same] = [output.files.join(", "), contents.get(content)!];
        copies.push(
          `What ${name} says of ${benchmark.name} is what ${same} says already: it is counted once.`,
        );
        continue;
      }
      if (content !== null) contents.set(content, output.files.join(", "));
      runs.push(run);
      if (benchmark.buckets !== undefined) buckets.set(run, benchmark.buckets);
      own.runs++;
      own.samples = Math.max(own.samples, benchmark.samples.length);
    }
  }
  const merged = mergeBuckets(runs, buckets);
  const most = Math.max(...[...benchmarks.values()].map((benchmark) => benchmark.runs));
  const versions = new Set(outputs.map(({ toolVersion }) => toolVersion));
  const began = time.startedAt.replace(/\.\d+/, "").replaceAll(":", "-");
  return requireReadable({
    schema: "tidemark.result",
    version: SCHEMA_VERSION,
    // Files of one archive have one time: what is in them tells two results apart.
    id: `${began}-${format}-${store}-${digest.slice(0, 8)}`,
    startedAt: time.startedAt,
    endedAt: time.endedAt,
    complete: true,
    tool: { version, commit: null },
    imported: {
      format,
      tool: first.tool,
      toolVersion: versions.size === 1 ? first.toolVersion : null,
      files: [...new Set(outputs.flatMap(({ files }) => files))],
      times: time.source,
    },
    command,
    seed: 0,
    profile: { name: "imported", runs: most, warmupMs: 0, measureMs: 0 },
    suite: suite ?? {
      name: format,
      title: `Benchmarks of ${store}, imported from ${first.tool}`,
      summary: `What ${first.tool} measured, read from its output.`,
      targets: [],
      claims: [],
      figures: [],
      nextSteps: [],
    },
    environment: environmentOf(outputs),
    benchmarks: [...benchmarks.values()],
    runs,
    warnings: [
      ...new Set([
        ...outputs.flatMap(({ warnings }) => warnings),
        ...repeats,
        ...copies,
        ...merged,
      ]),
      ...lacks(time, runs, buckets),
    ],
  }, outputs);
}

/**
 * Puts latencies by their buckets in the place of stated percentiles, where a benchmark has several
 * runs that all have them.
 *
 * @returns What is to be said of it.
 */
function mergeBuckets(
  runs: readonly RunRecord[],
  buckets: ReadonlyMap<RunRecord, LatencyRecord>,
): string[] {
  const merged: string[] = [];
  for (const [benchmark, own] of Map.groupBy(runs, ({ benchmark }) => benchmark)) {
    if (own.length < 2 || !own.every((run) => buckets.has(run))) continue;
    for (const run of own) {
      run.latency = buckets.get(run)!;
      delete run.stated;
    }
    merged.push(benchmark);
  }
  const names = namesText(merged);
  return merged.length === 0 ? [] : [
    `The percentiles of ${names} are made of the runs' buckets, in which latencies are taken as ` +
    "spread evenly, as the tool's own percentiles are.",
  ];
}

/** Refuses what could not be read again, such as a time that no clock gives. */
function requireReadable(result: Result, outputs: readonly Imported[]): Result {
  const parsed = v.safeParse(Result, result, FIRST_ISSUE);
  const copy = parsed.success ? copyOf(result) : undefined;
  if (parsed.success && copy === undefined) return result;
  const files = [...new Set(outputs.flatMap(({ files }) => files))].join(", ");
  const wrong = parsed.success ? copy! : `${issueText(parsed.issues)}; measure again`;
  throw cannotImport(files, wrong);
}

/**
 * The outputs that differ. No two processes measure the same times: what is the same again is a copy,
 * and would only seem to make the result surer.
 */
function distinctOutputs(outputs: readonly Imported[]) {
  const files = new Map<string, string>();
  const distinct: Imported[] = [];
  const repeats: string[] = [];
  for (const output of outputs) {
    const { benchmarks, environment, subject, toolVersion } = output;
    const digest = sha256(JSON.stringify([benchmarks, environment, subject, toolVersion]));
    const [name, same] = [output.files.join(", "), files.get(digest)];
    if (same !== undefined) {
      repeats.push(`What ${name} holds is what ${same} holds already: it is counted once.`);
      continue;
    }
    files.set(digest, name);
    distinct.push(output);
  }
  return { distinct, repeats, digest: sha256([...files.keys()].join()) };
}

/** In hexadecimal. */
function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

interface Times {
  startedAt: string;
  endedAt: string;
  source: "output" | "files";
}

/** When it was measured: as the outputs say, else when their files were last changed. */
function timesOf(outputs: readonly Imported[]): Times {
  const iso = (dates: readonly Date[], pick: "min" | "max") =>
    new Date(Math[pick](...dates.map((date) => date.getTime()))).toISOString();
  const starts = outputs.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = outputs.flatMap(({ endedAt }) => endedAt ?? []);
  if (starts.length === outputs.length && ends.length === outputs.length) {
    return { startedAt: iso(starts, "min"), endedAt: iso(ends, "max"), source: "output" };
  }
  const changed = outputs.flatMap(({ modified }) => modified ?? []);
  const known = changed.length > 0 ? changed : [new Date(0)];
  return { startedAt: iso(known, "min"), endedAt: iso(known, "max"), source: "files" };
}

/** What every output of the kind lacks, in whole sentences. */
function lacks(
  time: Times,
  runs: readonly RunRecord[],
  buckets: ReadonlyMap<RunRecord, LatencyRecord>,
): string[] {
  const stated = runs.filter((run) => run.stated !== undefined);
  return [
    ...(time.source === "files"
      ? ["The output has no time of measuring: the time is when its files were last changed."]
      : []),
    ...(stated.some((run) => !buckets.has(run))
      ? [
        "The tool summed latencies up without their histogram: its percentiles have no interval, " +
        "and those of several runs cannot be merged.",
      ]
      : []),
    ...(stated.some((run) => buckets.has(run))
      ? [
        "The tool printed percentiles with the buckets that they are of: those of one run have no " +
        "interval, and several runs that all have buckets are put together by them.",
      ]
      : []),
    "The output does not have the state of the machine while it was measured.",
  ];
}

function benchmarkRecord(
  id: string,
  store: string,
  { name, kind, sampling, estimator, elements, workload, samples }: ImportedBenchmark,
  operations: ImportOptions["operations"],
): BenchmarkRecord & { runs: number } {
  return {
    id,
    store,
    name,
    kind,
    sampling,
    samples: samples.length,
    runs: 0,
    ...(estimator !== undefined && { estimator }),
    elements,
    workload: {
      keys: null,
      keyBytes: null,
      valueBytes: null,
      order: null,
      clients: null,
      ...workload,
      operation: workload.operation ?? operations?.get(name) ?? null,
    },
  };
}

function requireSameSubject(a: Imported, b: Imported): void {
  const keys = [...new Set([...Object.keys(a.subject ?? {}), ...Object.keys(b.subject ?? {})])];
  const key = keys.find((key) => a.subject?.[key] !== b.subject?.[key]);
  if (key === undefined) return;
  const [was, is] = [a, b].map(({ subject }) => shown(subject?.[key] ?? "not said"));
  throw cannotImport(
    b.files.join(", "),
    `its ${key} is ${is}, and ${was} in the output before; import each alone, and compare them`,
  );
}

function requireSame(a: BenchmarkRecord, b: BenchmarkRecord, files: string): void {
  if (a.estimator !== b.estimator) {
    const [was, is] = [a, b].map(({ estimator }) => estimator ?? "mean");
    const name = shown(a.name);
    throw cannotImport(
      files,
      `the time of ${name} is a ${is}, and a ${was} in the output before; import outputs that say ` +
        "the same",
    );
  }
  for (const field of ["kind", "sampling", "elements"] as const) {
    if (a[field] === b[field]) continue;
    throw cannotImport(
      files,
      `${shown(a.name)} has ${field} ${b[field]}, and ${a[field]} in the output before; ` +
        "import outputs of one version of a benchmark",
    );
  }
}

function runRecord(
  { id }: BenchmarkRecord,
  { samples, latency, stated, store: known, properties }: ImportedBenchmark,
  run: number,
  position: number,
  store: string,
  output: Imported,
  time: Times,
): RunRecord {
  return {
    benchmark: id,
    run,
    position,
    state: "ended",
    startedAt: output.startedAt?.toISOString() ?? output.modified?.toISOString() ?? time.startedAt,
    endedAt: output.endedAt?.toISOString() ?? output.modified?.toISOString() ?? time.endedAt,
    store: known === undefined ? null : { store, ...known },
    clock: null,
    warmup: null,
    samples,
    latency: latency ?? null,
    ...(stated === undefined ? {} : { stated }),
    pressure: null,
    facts: {},
    properties: properties ?? {},
    peakRssBytes: null,
  };
}

/** What all outputs say alike; what they do not is not known. */
function environmentOf(outputs: readonly Imported[]): EnvironmentRecord {
  const same = <Key extends keyof Imported["environment"]>(key: Key) => {
    const values = new Set(outputs.map(({ environment }) => environment[key]));
    const [value] = values;
    return values.size === 1 && value !== undefined ? value : null;
  };
  return {
    os: same("os"),
    kernel: null,
    arch: same("arch"),
    cpu: {
      model: same("cpuModel"),
      logical: same("logicalCpus"),
      governor: null,
      turbo: null,
      virtual: null,
    },
    memoryBytes: null,
    data: {
      filesystem: null,
      mountOptions: null,
      device: null,
      rotational: null,
      scheduler: null,
      freeBytes: null,
    },
    transparentHugePages: null,
    swapBytes: null,
    runtime: null,
    host: null,
  };
}
