/**
 * db_bench's text output, RocksDB 6 to 10. A benchmark's line has, since 7.1, its seconds and its
 * operations; with `--histogram` a block of percentiles follows:
 *
 * ```text
 * fillseq      :       6.730 micros/op 148524 ops/sec 0.135 seconds 20000 operations;   16.4 MB/s
 * Microseconds per write:
 * Count: 20000 Average: 6.6410  StdDev: 30.83
 * Min: 2  Median: 5.3012  Max: 2790
 * Percentiles: P50: 5.30 P75: 7.31 P99: 21.67 P99.9: 95.54 P99.99: 982.10
 * ```
 *
 * `ops/sec` is over wall time, `micros/op` the mean over the threads' own times: with one thread each
 * is the other's inverse, with several it is not.
 */
import type { SampleRecord, StatedRecord, WorkloadRecord } from "../result/mod.ts";
import { boundsOf, count, notNegative, type Place, positive } from "./figures.ts";
import { cannotImport, hasUnseen, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark, KnownStore } from "./imported.ts";
import { linesOf, type TextFile } from "./text_file.ts";

/** A benchmark's own line. */
const LINE =
  /^(\S+)\s*:\s+(\S+) micros\/op\s+(\S+) ops\/sec(?:\s+(\S+) seconds (\S+) operations)?;/;
/** A line that begins like one, and is none. */
const TORN = /^\S+\s*:\s+\S+ micros\/op/;
const HISTOGRAM = /^Microseconds per (\S+):$/;
const COUNT = /^Count: (\S+)\s+Average: (\S+)\s+StdDev: (\S+)$/;
const RANGE = /^Min: (\S+)\s+Median: (\S+)\s+Max: (\S+)$/;
const PERCENTILES = /^Percentiles: (.+)$/;

/** Whether a text looks like this format. */
export function isDbBench(text: string): boolean {
  return /^\S+\s*:\s+\S+ micros\/op /m.test(text);
}

/** What each of db_bench's benchmarks does, where all of it is one kind of operation. */
const OPERATIONS: Record<string, WorkloadRecord["operation"]> = {
  fillseq: "put",
  fillrandom: "put",
  filluniquerandom: "put",
  fillbatch: "put",
  fillsync: "put",
  fill100K: "put",
  overwrite: "put",
  readrandom: "get",
  readmissing: "get",
  readhot: "get",
  readseq: "scan",
  readreverse: "scan",
};

/** Those that go through the keys in their order. */
const SEQUENTIAL: ReadonlySet<string> = new Set(["fillseq", "fillbatch", "readseq"]);

/**
 * Reads what one db_bench printed. A benchmark that was run several times in it (`fillseq[X3]`) has
 * a sample for each time, all of one run.
 *
 * @throws {ResultError} Where a figure is none, the figures of a line contradict each other, or no
 * benchmark is in the text.
 */
export function parseDbBench({ path, name, text, modified }: TextFile): Imported {
  const head = new Map<string, string>();
  const benchmarks = new Map<string, ImportedBenchmark>();
  const warnings: string[] = [];
  let current: ImportedBenchmark | undefined;
  let histogram: { line: number; stated: StatedRecord & { mean: number; count: number } } | null =
    null;
  for (const [index, line] of linesOf(text).entries()) {
    const place = { path, line: index + 1 };
    const match = line.match(LINE);
    if (match !== null) {
      const read = readLine(match, place);
      current = append(benchmarks, read.name, "throughput", read.sample, place);
      current.properties = { "db_bench.micros_per_op": read.microsPerOp };
      histogram = null;
      continue;
    }
    if (TORN.test(line)) {
      throw cannotImport(path, "the line of a benchmark is cut off; measure it again", place);
    }
    const counted = line.match(COUNT);
    if (counted !== null && current !== undefined) {
      const [, operations = "", mean = ""] = counted;
      histogram = {
        line: index + 1,
        stated: {
          count: count(operations, "the histogram's count", place),
          mean: 1e3 * notNegative(mean, "the histogram's average", place),
        },
      };
      continue;
    }
    const range = line.match(RANGE);
    if (range !== null && histogram !== null) {
      const [, min = "", , max = ""] = range;
      histogram.stated.min = 1e3 * notNegative(min, "the least latency", place);
      histogram.stated.max = 1e3 * notNegative(max, "the largest latency", place);
      continue;
    }
    const percentiles = line.match(PERCENTILES)?.[1];
    if (percentiles !== undefined && histogram !== null && current !== undefined) {
      Object.assign(histogram.stated, readPercentiles(percentiles, place));
      addHistogram(benchmarks, current, histogram.stated, warnings, place);
      histogram = null;
      continue;
    }
    if (HISTOGRAM.test(line)) continue;
    const warned = line.match(/^WARNING: (\S.{0,200})$/)?.[1];
    if (warned !== undefined && !hasUnseen(warned)) warnings.push(`db_bench warned: ${warned}.`);
    const [, key, value] =
      line.match(/^(RocksDB|CPU|Keys|Values|Entries|Compression):\s+(\S.*)$/) ??
        [];
    if (key !== undefined && value !== undefined && !hasUnseen(value)) head.set(key, value);
  }
  if (histogram !== null) {
    throw cannotImport(path, "a histogram has no percentiles; the text is cut off, measure again", {
      line: histogram.line,
    });
  }
  if (benchmarks.size === 0) {
    throw cannotImport(path, "it has no db_bench benchmark; name the text that db_bench printed");
  }
  const version = head.get("RocksDB")?.match(/^version (\d[\w.]*)$/)?.[1] ?? null;
  const store = version === null ? undefined : storeOf(version, head);
  for (const benchmark of benchmarks.values()) {
    benchmark.workload = workloadOf(benchmark.name.replace(/\/latency$/, ""), head);
    if (store !== undefined) benchmark.store = store;
  }
  const cpu = head.get("CPU")?.match(/^(\d{1,5}) \* (.+)$/);
  return {
    tool: "db_bench",
    toolVersion: version,
    files: [name],
    startedAt: null,
    endedAt: null,
    modified,
    environment: cpu ? { logicalCpus: Number(cpu[1]), cpuModel: cpu[2]! } : {},
    benchmarks: [...benchmarks.values()],
    warnings: [
      ...new Set(warnings),
      "db_bench does not print its threads, its durability, or the order in which random keys came.",
    ],
  };
}

/** A benchmark's line as a sample of wall time. */
function readLine(match: RegExpMatchArray, place: Place) {
  const [, name = "", microsPerOp = "", rate = "", seconds, operations] = match;
  if (hasUnseen(name)) throw hostileName(name, place);
  const micros = positive(microsPerOp, `the time of ${name}`, place);
  const perSecond = positive(rate, `the rate of ${name}`, place);
  if (seconds === undefined || operations === undefined) {
    // Before 7.1 a line has no count: a second at the printed rate is all that is known.
    return { name, microsPerOp: micros, sample: { iterations: perSecond, ns: 1e9, atNs: null } };
  }
  const elapsed = positive(seconds, `the duration of ${name}`, place);
  const done = count(operations, `the operations of ${name}`, place);
  if (done === 0) {
    throw cannotImport(place.path, `${name} did no operation; measure it again`, place);
  }
  const [time, speed] = [boundsOf(seconds), boundsOf(rate)];
  if (done < time.low * speed.low - 1 || done > time.high * speed.high + 1) {
    throw cannotImport(
      place.path,
      `the figures of ${name} contradict each other (${shown(operations)} operations in ` +
        `${shown(seconds)} s at ${shown(rate)} ops/sec); take the text as db_bench printed it`,
      place,
    );
  }
  // Of the two roundings the finer one: the rate is cut off to a whole number, the time to 1 ms.
  const ns = 0.5 / perSecond < 0.0005 / elapsed ? done / (perSecond + 0.5) * 1e9 : elapsed * 1e9;
  return { name, microsPerOp: micros, sample: { iterations: done, ns, atNs: null } };
}

function hostileName(name: string, place: Place) {
  return cannotImport(
    place.path,
    `the name ${
      shown(name)
    } has characters that are not seen; take the text as the tool printed it`,
    place,
  );
}

function append(
  benchmarks: Map<string, ImportedBenchmark>,
  name: string,
  kind: ImportedBenchmark["kind"],
  sample: SampleRecord,
  place: Place,
): ImportedBenchmark {
  const known = benchmarks.get(name);
  if (known !== undefined) {
    if (known.kind !== kind) {
      throw cannotImport(place.path, `two benchmarks have the name ${shown(name)}; rename one`, {
        line: place.line ?? 0,
      });
    }
    known.samples.push(sample);
    return known;
  }
  const benchmark: ImportedBenchmark = {
    name,
    kind,
    sampling: "flat",
    elements: 1,
    workload: {},
    samples: [sample],
  };
  benchmarks.set(name, benchmark);
  return benchmark;
}

const QUANTILES: Record<string, keyof StatedRecord> = {
  P50: "p50",
  P75: "p75",
  P99: "p99",
  "P99.9": "p999",
  "P99.99": "p9999",
};

/** `P50: 5.30 P75: 7.31 …`, in µs, as ns. */
function readPercentiles(text: string, place: Place): StatedRecord {
  const stated: Record<string, number> = {};
  const words = text.trim().split(/\s+/);
  let before = 0;
  for (let i = 0; i < words.length; i += 2) {
    const label = words[i]!.replace(/:$/, "");
    const value = 1e3 * notNegative(words[i + 1] ?? "", `the percentile ${shown(label)}`, place);
    if (value < before) {
      throw cannotImport(
        place.path,
        "its percentiles fall; take the text as db_bench printed it",
        place,
      );
    }
    before = value;
    if (Object.hasOwn(QUANTILES, label)) stated[QUANTILES[label] as string] = value;
  }
  return stated;
}

/** Single operations' latencies, as a benchmark beside the throughput's. */
function addHistogram(
  benchmarks: Map<string, ImportedBenchmark>,
  of: ImportedBenchmark,
  stated: StatedRecord & { mean: number; count: number },
  warnings: string[],
  place: Place,
): void {
  if (stated.count === 0 || stated.mean === 0) {
    warnings.push(`The histogram of ${of.name} is empty, and is left out.`);
    return;
  }
  const sample = { iterations: stated.count, ns: stated.mean * stated.count, atNs: null };
  const latency = append(benchmarks, `${of.name}/latency`, "latency", sample, place);
  if (latency.samples.length === 1) latency.stated = stated;
  else if (latency.stated !== undefined) {
    // Percentiles of several repeats cannot be merged, and one of them is not all of them.
    delete latency.stated;
    warnings.push(
      `${of.name} was repeated: the percentiles of its repeats cannot be merged, and are left out.`,
    );
  }
}

function workloadOf(name: string, head: Map<string, string>): Partial<WorkloadRecord> {
  const bytes = (key: string) => {
    const text = head.get(key)?.match(/^(\d{1,9}) bytes each/)?.[1];
    return text === undefined ? {} : { [key === "Keys" ? "keyBytes" : "valueBytes"]: Number(text) };
  };
  const entries = head.get("Entries")?.match(/^\d{1,15}$/)?.[0];
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name]! : null;
  return {
    operation,
    ...(entries === undefined ? {} : { keys: Number(entries) }),
    ...bytes("Keys"),
    ...bytes("Values"),
    ...(SEQUENTIAL.has(name) ? { order: "sequential" as const } : {}),
  };
}

function storeOf(version: string, head: Map<string, string>): KnownStore {
  const compression = head.get("Compression");
  return {
    engine: "RocksDB",
    version,
    library: "db_bench",
    api: "sync",
    durability: null,
    network: false,
    options: compression === undefined ? {} : { compression },
  };
}
