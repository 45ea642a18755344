/**
 * db_bench's text output, RocksDB 6 to 10 and LevelDB's, whose lines have no rate. A benchmark's line
 * has, since 7.1, its seconds and its operations; with `--histogram` a block of percentiles follows:
 *
 * ```text
 * fillseq      :       6.730 micros/op 148524 ops/sec 0.135 seconds 20000 operations;   16.4 MB/s
 * Microseconds per write:
 * Count: 20000 Average: 6.6410  StdDev: 30.83
 * Min: 2  Median: 5.3012  Max: 2790
 * Percentiles: P50: 5.30 P75: 7.31 P99: 21.67 P99.9: 95.54 P99.99: 982.10
 * ```
 *
 * A benchmark of several kinds of operation has a block for each; with `--statistics` blocks of the
 * same form stand under other headings, and are of other things. `ops/sec` is over wall time,
 * `micros/op` the mean over the threads' own times: with one thread each is the other's inverse, with
 * several it is not.
 */
import { formatCount, formatPercent, hasUnseen } from "../format/mod.ts";
import type { SampleRecord, WorkloadRecord } from "../result/mod.ts";
import { boundsOf, count, notNegative, type Place } from "./figures.ts";
import { Damage } from "./damage.ts";
import { eachOutput } from "./each_output.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark, KnownStore } from "./imported.ts";
import {
  type BucketedLatencies,
  latenciesIn,
  readHistogram,
  repeatedLatencies,
} from "./db_bench_histogram.ts";
import { namesText } from "./named.ts";
import { linesOf, outputsIn, type TextFile } from "./text_file.ts";
import { dateAfter, utcOf, zonelessWarning } from "./stated_date.ts";

/** A benchmark's own line; the writer of `timeseries` is called `timeseries write`. */
const LINE =
  /^(\S+(?: \S+){0,3}?)\s*:\s+(\S+) micros\/op(?:\s+(\S+) ops\/sec(?:\s+(\S+) seconds (\S+) operations)?)?;/;
/** A line that begins like one, and is none. */
const TORN = /^\S+(?: \S+){0,3}?\s*:\s+\S+ micros\/op/;
/** What stands above the runs of `fillseq[X3-W1]` that are no measurement. */
const WARM_UP = /^Warming up benchmark by running (\d{1,9}) times$/;
/** What a line says of an operation that could not be done: nothing of it was measured. */
const UNDONE = /\(((?:\S{1,20} )?failure)\)/;
/** A sum of the runs of `fillseq[X3]`, each of which has a line of its own above it. */
const SUM = /^(\S{1,100}) \[(?:AVG|MEDIAN) +\d+ runs\] +:/;
/** What the latencies of a benchmark's operations stand under; those of `uncompress` have no word. */
const HISTOGRAM = /^Microseconds per (\S*):$/;
/** What db_bench calls operations that it has no other word for. */
const OTHER_KIND = "op";
/** What db_bench, or the system, says where something went wrong. */
const FAILURE =
  /^(?:[\w()' -]{0,60}\b(?:error|failed|FAILED)\b[\w()' -]{0,40}[:,!].*|(?:ERROR|Error): .*|Received signal .*|Segmentation fault.*|\S+: .*Assertion .* failed\..*)$/;

/** Whether a text looks like this format. */
export function isDbBench(text: string): boolean {
  return /^\S+(?: \S+){0,3}?\s*:\s+\S+ micros\/op[ ;]/m.test(text);
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

/** Those whose operations are of several kinds, whichever of them a run comes to. */
const MIXED: ReadonlySet<string> = new Set([
  "readrandomwriterandom",
  "readwhilewriting",
  "readwhilemerging",
  "readrandommergerandom",
  "multireadwhilewriting",
  "fillanddeleteuniquerandom",
  "randomwithverify",
  "seekrandomwhilewriting",
  "updaterandom",
  "mixgraph",
]);

/** Those that go through the keys in their order. */
const SEQUENTIAL: ReadonlySet<string> = new Set(["fillseq", "fillbatch", "readseq"]);

/** What the latencies of a kind of operation are of, where a store has such an operation. */
const KINDS: Record<string, WorkloadRecord["operation"]> = { read: "get", write: "put" };

/** What db_bench prints before it measures: to stderr, and then to stdout. */
const HEAD = /^(RocksDB|LevelDB|Speedb): +version |^Keys: +\d+ bytes each/;

/**
 * Reads a file, to which several db_benches may have printed one after the other.
 *
 * @throws {ResultError} Where what one of them printed cannot be read.
 */
export function parseDbBenches(file: TextFile): Imported[] {
  const outputs = outputsIn(file, (line) => HEAD.test(line), (line) => LINE.test(line));
  return eachOutput(file, outputs, parseDbBench);
}

/**
 * Reads what one db_bench printed. A benchmark that was run several times in it (`fillseq[X3]`) has
 * a sample for each time, all of one run.
 *
 * @throws {ResultError} Where a figure is none, the figures of a line contradict each other, or no
 * benchmark is in the text.
 */
export function parseDbBench(
  { path, name, text, modified, firstLine = 1 }: TextFile,
): Imported {
  const head = new Map<string, string>();
  const conditions = new Map<string, string>();
  const benchmarks = new Map<string, ImportedBenchmark>();
  const latencies = new Map<string, BenchmarkLatencies>();
  const warnings: string[] = [];
  const dates: Date[] = [];
  const damage = new Damage();
  const lines = linesOf(text);
  let seconds = 0;
  let timesAlone = false;
  let current: ImportedBenchmark | undefined;
  let warmUps = 0;
  const turns = new Turns();
  const lone = new Set<string>();
  const looked = new Map<string, Looked>();
  // What the lines count; NaN where one has no count.
  const operations = new Map<string, number>();
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    const place = { path, line: firstLine + index };
    const match = line.match(LINE);
    const warming = line.match(WARM_UP)?.[1];
    if (warming !== undefined) {
      warmUps = Number(warming);
      continue;
    }
    if (match !== null && warmUps > 0) {
      current = undefined;
      warmUps--;
      if (!hasUnseen(match[1]!)) {
        warnings.push(`The runs of ${match[1]} that warm it up are left out, as db_bench does.`);
      }
      continue;
    }
    if (match !== null) {
      current = undefined;
      const line = damage.orNull(() => readLine(match, place));
      if (line === null) continue;
      const read = { ...line, name: turns.nameOf(line.name) };
      warnings.push(...abortsOf(read.name, match.input!));
      if (read.sample === null) {
        warnings.push(`${read.name} is left out: ${read.reason}.`);
        continue;
      }
      const now = lookedFor(match.input!);
      if (now !== null) {
        const { found, all } = looked.get(read.name) ?? { found: 0, all: 0 };
        looked.set(read.name, { found: found + now.found, all: all + now.all });
      }
      timesAlone ||= match[3] === undefined;
      if (match[5] === "1") lone.add(read.name);
      operations.set(read.name, (operations.get(read.name) ?? 0) + Number(match[5]));
      seconds += read.sample.ns / 1e9;
      current = append(benchmarks, read.name, read.sample);
      current.properties = { "db_bench.micros_per_op": read.microsPerOp };
      continue;
    }
    if (TORN.test(line)) {
      current = undefined;
      damage.add(
        cannotImport(path, "the line of a benchmark is cut off; measure it again", place),
      );
      continue;
    }
    const summed = line.match(SUM)?.[1];
    if (summed !== undefined && !benchmarks.has(summed) && !hasUnseen(summed)) {
      warnings.push(
        `The mean and the median of the runs of ${summed} are left out: their own lines are not here.`,
      );
      continue;
    }
    const word = line.match(HISTOGRAM)?.[1];
    if (word !== undefined) {
      const kind = word === "" ? OTHER_KIND : word;
      const read = damage.orNull(() => {
        if (hasUnseen(kind)) throw hostileName(kind, place);
        return readHistogram(lines, index + 1, { path, line: firstLine });
      });
      if (read === null) continue;
      const { histogram, next } = read;
      index = next - 1;
      if (current === undefined) continue;
      if (histogram === null) {
        warnings.push(`The histogram of ${current.name} (${kind}) is empty, and is left out.`);
        continue;
      }
      const own = latencies.get(current.name) ?? new Map<string, BucketedLatencies[]>();
      latencies.set(current.name, own);
      own.set(kind, [...own.get(kind) ?? [], histogram]);
      continue;
    }
    const warned = line.match(/^WARNING: (\S.{0,200})$/)?.[1];
    if (warned !== undefined && !hasUnseen(warned)) {
      warnings.push(`db_bench warned: ${warned}.`);
      if (benchmarks.size > 0) continue;
      const before = conditions.get("WARNING");
      conditions.set("WARNING", before === undefined ? warned : `${before}; ${warned}`);
    }
    const failure = line.match(FAILURE)?.[0].trim().slice(0, 200);
    if (failure !== undefined && !hasUnseen(failure)) {
      warnings.push(`db_bench said: ${failure.replace(/\.$/, "")}.`);
    }
    const date = utcOf(line.match(/^Date:\s+(\S.*)$/)?.[1] ?? "");
    if (date !== null) dates.push(date);
    const [, key, value] =
      line.match(/^(RocksDB|LevelDB|CPU|Keys|Values|Entries|Compression):\s+(\S.*)$/) ??
        [];
    if (key !== undefined && value !== undefined && !hasUnseen(value)) head.set(key, value);
    const [, condition, state] = line.match(CONDITION) ?? [];
    if (condition !== undefined && state !== undefined && benchmarks.size === 0) {
      conditions.set(condition, state);
    }
    const compressed = line.match(/^Values: .*\((\d+ bytes after compression)\)/)?.[1];
    if (compressed !== undefined) conditions.set("Values", compressed);
  }
  if (benchmarks.size === 0) {
    if (damage.first !== undefined) throw damage.first;
    throw cannotImport(
      path,
      warnings.find((warning) => warning.includes("is left out"))?.replace(/\.$/, "") ??
        "it has no db_bench benchmark; name the text that db_bench printed",
    );
  }
  const engine = head.has("LevelDB") ? "LevelDB" : "RocksDB";
  const version = head.get(engine)?.match(/^version (\d[\w.]*)$/)?.[1] ?? null;
  const store = version === null ? undefined : storeOf(engine, version, head);
  const all = [...benchmarks.values()].flatMap((benchmark) => [
    { ...benchmark, workload: workloadOf(turns.ownName(benchmark.name), head) },
    ...latencyBenchmarks(benchmark.name, latencies.get(benchmark.name), {
      own: turns.ownName(benchmark.name),
      head,
      // What is left out of the text is not there to be counted.
      operations: damage.first === undefined ? operations.get(benchmark.name)! : NaN,
      warnings,
    }),
  ]);
  const cpu = head.get("CPU")?.match(/^(\d{1,5}) \* (.+)$/);
  const [startedAt = null] = dates;
  return {
    tool: "db_bench",
    toolVersion: version,
    files: [name],
    startedAt,
    // The date is printed as the process begins.
    endedAt: startedAt && dateAfter(dates.at(-1)!, 1000 * seconds),
    modified,
    environment: cpu ? { logicalCpus: Number(cpu[1]), cpuModel: cpu[2]! } : {},
    benchmarks: all.map((benchmark) => ({
      ...benchmark,
      config: [...conditions].sort(),
      ...(store !== undefined && { store }),
    })),
    warnings: [
      ...damage.notes(name),
      ...new Set([...turns.notes(), ...missesOf(looked), ...warnings]),
      "db_bench does not print its threads, its durability, or the order in which random keys came.",
      ...(timesAlone ? [TIMES_ALONE] : []),
      ...loneNote([...lone]),
      ...(startedAt === null ? [] : [zonelessWarning("db_bench")]),
    ],
  };
}

const TIMES_ALONE =
  "LevelDB's db_bench prints no rate: it is the inverse of the time, which is so of one thread alone.";

/**
 * Lines of the head that are conditions, and are kept in no other field. Sizes of the whole are
 * reckoned from the others.
 */
const CONDITION =
  /^(CPUCache|Prefix|Keys per prefix|Write rate|Read rate|Compression sampling rate|Memtablerep|Perf Level):\s+(\S.*)$/;

/** The latencies of a benchmark, by kind of operation; several where it was repeated. */
type BenchmarkLatencies = Map<string, BucketedLatencies[]>;

/** What a line says, and its sample of wall time; `null` with the reason where it says no rate. */
type Line =
  & { name: string; microsPerOp: number }
  & ({ sample: SampleRecord } | { sample: null; reason: string });

/**
 * The turns of a benchmark. Those that follow each other are repeats; after another one has run, the
 * database is another, as LevelDB's `readrandom` before and after `compact`.
 */
class Turns {
  readonly #turns = new Map<string, number>();
  readonly #own = new Map<string, string>();
  #last = "";

  /** The name of the turn that a line is of: `readrandom`, and then `readrandom #2`. */
  nameOf(name: string): string {
    if (name !== this.#last) this.#turns.set(name, (this.#turns.get(name) ?? 0) + 1);
    this.#last = name;
    const turn = this.#turns.get(name)!;
    const turned = turn === 1 ? name : `${name} #${turn}`;
    this.#own.set(turned, name);
    return turned;
  }

  /** A benchmark's own name. */
  ownName(turned: string): string {
    return this.#own.get(turned) ?? turned;
  }

  /** What is said of benchmarks with several turns. */
  notes(): string[] {
    const names = [...this.#turns].filter(([, turns]) => turns > 1).map(([name]) => name);
    return names.length === 0 ? [] : [
      `Measured again after others had run, and kept apart: ${namesText(names)}.`,
    ];
  }
}

/** Keys that were looked for. */
interface Looked {
  found: number;
  all: number;
}

/** How many keys a line looked for, and found: one thread's, where there were several. */
function lookedFor(line: string): Looked | null {
  const [, found, all] = line.match(/\((\d{1,15}) of (\d{1,15}) found\)/) ?? [];
  return found === undefined ? null : { found: Number(found), all: Number(all) };
}

/** Reads that did not find their key, which most stores answer faster. */
function missesOf(looked: ReadonlyMap<string, Looked>): string[] {
  return [...looked].flatMap(([name, { found, all }]) =>
    found >= all || name.includes("missing") ? [] : [
      `${name} found ${formatCount(found)} of the ${formatCount(all)} keys that it looked for.`,
    ]
  );
}

/** What is said of benchmarks whose line has one operation. */
function loneNote(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const may = namesText(names);
  return [`db_bench prints one operation for a benchmark that counts none, as ${may} may.`];
}

/** Transactions that were given up. */
function abortsOf(name: string, line: string): string[] {
  const [, all, aborted] = line.match(/\( ?transactions:(\d{1,15}) aborts:(\d{1,15})/) ?? [];
  if (all === undefined || Number(aborted) === 0) return [];
  const share = formatPercent(Math.min(1, Number(aborted) / Number(all)));
  return [
    `${formatCount(Number(aborted))} of the ${formatCount(Number(all))} transactions of ${name} ` +
    `that one thread began were aborted (${share}).`,
  ];
}

/** Reads a benchmark's line. */
function readLine(match: RegExpMatchArray, place: Place): Line {
  const [, name = "", microsPerOp = "", rate = "0", seconds, operations] = match;
  if (hasUnseen(name)) throw hostileName(name, place);
  const micros = notNegative(microsPerOp, `the time of ${name}`, place);
  const perSecond = notNegative(rate, `the rate of ${name}`, place);
  const line = { name, microsPerOp: micros };
  const leftOut = (reason: string) => ({ ...line, sample: null, reason });
  const undone = match.input!.match(UNDONE)?.[1];
  if (undone !== undefined) return leftOut(`db_bench says "${undone}"`);
  if (seconds === undefined || operations === undefined) {
    // Before 7.1 a line has no count: a second at the printed rate is all that is known. A rate
    // below 1 is printed as 0, LevelDB prints none, and with one thread the time is its inverse.
    const known = perSecond > 0 ? perSecond : micros > 0 ? 1e6 / micros : 0;
    if (known === 0) return leftOut("its rate is printed as 0, and so is its time");
    return { ...line, sample: { iterations: known, ns: 1e9, atNs: null } };
  }
  const elapsed = notNegative(seconds, `the duration of ${name}`, place);
  const done = count(operations, `the operations of ${name}`, place);
  if (done === 0) return leftOut("it did no operation");
  const looked = lookedFor(match.input!)?.all ?? 0;
  if (done === 1 && looked > 1) {
    return leftOut(`it looked for ${formatCount(looked)} keys, and counts one operation`);
  }
  const [time, speed] = [boundsOf(seconds), { low: perSecond, high: perSecond + 1 }];
  if (done < time.low * speed.low - 1 || done > time.high * speed.high + 1) {
    throw cannotImport(
      place.path,
      `the figures of ${name} contradict each other (${shown(operations)} operations in ` +
        `${shown(seconds)} s at ${shown(rate)} ops/sec); take the text as db_bench printed it`,
      place,
    );
  }
  if (perSecond === 0 && elapsed === 0) return leftOut("its rate and its seconds are printed as 0");
  // Of the two roundings the finer one: the rate is cut off to a whole number, the time to 1 ms. The
  // rate is taken as it stands, since anything above it may read as another.
  const finer = perSecond > 0 && 0.5 / perSecond < 0.0005 / elapsed;
  const ns = finer ? done / perSecond * 1e9 : elapsed * 1e9;
  return { ...line, sample: { iterations: done, ns, atNs: null } };
}

function hostileName(name: string, place: Place) {
  return cannotImport(
    place.path,
    `the name ${shown(name)} has characters that are not seen; take the text as the tool printed ` +
      "it",
    place,
  );
}

function append(
  benchmarks: Map<string, ImportedBenchmark>,
  name: string,
  sample: SampleRecord,
): ImportedBenchmark {
  const known = benchmarks.get(name);
  if (known !== undefined) {
    known.samples.push(sample);
    return known;
  }
  const benchmark: ImportedBenchmark = {
    name,
    kind: "throughput",
    sampling: "flat",
    elements: 1,
    workload: {},
    samples: [sample],
  };
  benchmarks.set(name, benchmark);
  return benchmark;
}

/**
 * Single operations' latencies, as benchmarks beside the throughput's: `fillseq/latency`, and for each
 * kind where the operations are of several, `readrandomwriterandom/latency/read`.
 */
function latencyBenchmarks(
  name: string,
  latencies: BenchmarkLatencies = new Map(),
  { own: named, head, operations, warnings }: {
    /** Its name, whichever turn it is. */
    own: string;
    head: Map<string, string>;
    /** That all its lines count; NaN where one has no count. */
    operations: number;
    /** What is noticed is added to it. */
    warnings: string[];
  },
): ImportedBenchmark[] {
  const mixed = latencies.size > 1 || MIXED.has(named);
  const timed = [...latencies.values()].flat().reduce((sum, { stated }) => sum + stated.count, 0);
  // With --batch_size a call does several operations, and is timed as one.
  const batched = timed > 0 && 2 * timed <= operations;
  if (batched) {
    warnings.push(
      `The latencies of ${name} are of ${formatCount(timed)} calls that did ` +
        `${formatCount(operations)} operations together, and of no single operation.`,
    );
  }
  return [...latencies].map(([kind, repeats]) => {
    const workload = workloadOf(named, head);
    const own = batched
      ? null
      : mixed && Object.hasOwn(KINDS, kind)
      ? KINDS[kind]!
      : workload.operation ?? null;
    const { stated, warning } = repeatedLatencies(repeats);
    if (warning !== null) warnings.push(`${name} was repeated: ${warning}.`);
    const buckets = latenciesIn(repeats);
    return {
      name: mixed ? `${name}/latency/${kind}` : `${name}/latency`,
      kind: "latency",
      sampling: "flat",
      elements: 1,
      workload: { ...workload, operation: own },
      samples: repeats.map(({ stated: { count, mean } }) => ({
        iterations: count,
        ns: mean * count,
        atNs: null,
      })),
      ...(stated !== null && { stated }),
      ...(stated !== null && buckets !== undefined && { buckets }),
    };
  });
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

function storeOf(engine: string, version: string, head: Map<string, string>): KnownStore {
  const compression = head.get("Compression");
  return {
    engine,
    version,
    library: "db_bench",
    api: "sync",
    durability: null,
    network: false,
    options: compression === undefined ? {} : { compression },
  };
}
