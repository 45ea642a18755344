/**
 * google/benchmark's JSON (`--benchmark_format=json`, `--benchmark_out`), 1.4 to 1.9: a row for each
 * repetition, then rows that sum the repetitions up. Times are for one iteration, in the row's unit.
 *
 * ```json
 * { "context": { "date": "2026-11-28T14:55:57+00:00", "num_cpus": 2, "library_build_type": "release" },
 *   "benchmarks": [{ "name": "BM_Get/8", "run_name": "BM_Get/8", "run_type": "iteration",
 *     "repetition_index": 0, "threads": 1, "iterations": 1723498, "real_time": 17.0, "time_unit": "ns" }] }
 * ```
 */
import * as v from "valibot";
import { printable } from "../format/mod.ts";
import type { SampleRecord } from "../result/mod.ts";
import { conditionsIn } from "./conditions.ts";
import { count, nanosecondsIn, notNegative, time } from "./figures.ts";
import { Damage } from "./damage.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { holdPart, isObject, type JsonObject, parseJson } from "./json_file.ts";
import { namesText, requireName } from "./named.ts";
import type { TextFile } from "./text_file.ts";
import { weighedAlike } from "./weighed_alike.ts";
import { dateAfter, statedDate, zonelessWarning } from "./stated_date.ts";

const Row = v.looseObject({
  name: v.string(),
  /** Since 1.5; before, aggregates are told by their names. */
  run_name: v.optional(v.string()),
  run_type: v.optional(v.string()),
  aggregate_name: v.optional(v.string()),
  family_index: v.optional(v.number()),
  repetitions: v.optional(v.number()),
  threads: v.optional(v.number()),
  iterations: v.optional(v.number()),
  /** Absent of the rows of a fit (BigO, RMS). */
  real_time: v.optional(v.number()),
  time_unit: v.optional(v.string()),
  error_occurred: v.optional(v.boolean()),
  error_message: v.optional(v.string()),
  /** Since 1.8. */
  skipped: v.optional(v.boolean()),
  skip_message: v.optional(v.string()),
});
type Row = v.InferOutput<typeof Row>;
const File = v.looseObject({
  context: v.looseObject({
    date: v.optional(v.string()),
    num_cpus: v.optional(v.number()),
    cpu_scaling_enabled: v.optional(v.boolean()),
    library_build_type: v.optional(v.string()),
    /** Since 1.8. */
    library_version: v.optional(v.string()),
  }),
  // Rows are held against their schema one by one, once it is known that they count.
  benchmarks: v.array(v.unknown()),
});
type Context = v.InferOutput<typeof File>["context"];

const WRITER = "google/benchmark 1.4 or later";
const MEND = "take the file as the benchmark wrote it";

/** Whether JSON is of this form. */
export function isGoogleBenchmark(json: JsonObject | null): boolean {
  return isObject(json?.context) && Array.isArray(json.benchmarks);
}

/** A benchmark, as its rows are read. */
interface Benchmark {
  samples: SampleRecord[];
  failed: number;
  /** Whether a repetition cannot be read: then the mean of all of them is not used either. */
  lost: boolean;
  message: string;
  /** The mean of an aggregate. */
  mean: SampleRecord | null;
  threads: number;
  rates: Record<string, number>;
}

/**
 * Reads one file. The repetitions of a benchmark are samples of one run, each a measurement of its
 * own; what sums them up is not counted again, and stands only where the repetitions themselves are
 * not in the file.
 *
 * @throws {ResultError} Where a figure is none, a unit is not known, or no benchmark has a time.
 */
export function parseGoogleBenchmark({ path, name, text, modified }: TextFile): Imported {
  const file = parseJson(File, text, { path, writer: WRITER, mend: MEND });
  const damage = new Damage();
  let fits = 0;
  const placed = file.benchmarks.flatMap((raw, index) => {
    const where = `benchmarks.${index}`;
    // What sums up as no mean does is not used, and may be NaN.
    if (isObject(raw) && raw.run_type === "aggregate" && raw.aggregate_name !== "mean") {
      if (/^(BigO|RMS)$/.test(String(raw.aggregate_name))) fits++;
      return [];
    }
    const row = damage.orNull(() =>
      holdPart(Row, raw, where, { path, writer: WRITER, mend: MEND })
    );
    return row === null ? [] : [{ row, where }];
  });
  const rows = placed.map(({ row }) => row);
  const benchmarks = new Map<string, Benchmark>();
  const skipped: string[] = [];
  const timeless: string[] = [];
  let seconds = 0;
  const nameOf = namer(rows, path);
  for (const { row, where } of placed) {
    const { base, aggregate } = kindOf(row, rows);
    if (aggregate !== null && aggregate !== "mean") {
      if (aggregate === "BigO" || aggregate === "RMS") fits++;
      continue;
    }
    const id = damage.orNull(() => nameOf(base, row));
    if (id === null) continue;
    if (row.skipped === true) {
      skipped.push(id);
      continue;
    }
    const own: Benchmark = benchmarks.get(id) ??
      {
        samples: [],
        failed: 0,
        lost: false,
        message: "",
        mean: null,
        threads: row.threads ?? 1,
        rates: {},
      };
    benchmarks.set(id, own);
    if (row.error_occurred === true) {
      if (aggregate !== null) continue;
      own.failed++;
      own.message = row.error_message ?? "";
      continue;
    }
    const read = damage.orNull(() => ({ sample: sampleOf(row, where, path) }));
    if (read === null) {
      own.lost = true;
      continue;
    }
    const { sample } = read;
    if (sample === null) {
      timeless.push(`${id} (${where})`);
      continue;
    }
    if (aggregate === null) {
      own.samples.push(sample);
      seconds += sample.ns / 1e9;
    } else own.mean = { ...sample, iterations: 1, ns: sample.ns / sample.iterations };
  }
  const warnings: string[] = [];
  const config = conditionsIn(file.context, OUTCOMES);
  const read = [...benchmarks].flatMap(([id, own]) =>
    benchmarkOf(id, own, warnings).map((benchmark) => ({ ...benchmark, config }))
  );
  if (skipped.length > 0) warnings.push(`Skipped, and left out: ${namesText(unique(skipped))}.`);
  if (timeless.length > 0) {
    warnings.push(
      `No time or no iteration, and no error, and left out: ${namesText(unique(timeless))}.`,
    );
  }
  if (read.length === 0) {
    if (damage.first !== undefined) throw damage.first;
    const why = warnings[0]?.replace(/\.$/, "") ?? "none of its benchmarks has a time";
    throw cannotImport(path, `${why}; measure again`);
  }
  if (fits > 0) warnings.push("Complexities (BigO, RMS) are fits to the others, and are left out.");
  warnings.push(...damage.notes(name));
  // Before 1.5 it has no zone.
  const date = statedDate(file.context.date ?? "");
  warnings.push(...contextNotes(file.context, read, benchmarks));
  if (date?.zoneless) warnings.push(zonelessWarning("google/benchmark"));
  const { library_version: version = "", num_cpus: cpus = 0 } = file.context;
  return {
    tool: "google/benchmark",
    toolVersion: version.match(/^v?(\d[\w.]{0,20})/)?.[1] ?? null,
    files: [name],
    // It is written before the first benchmark.
    startedAt: date?.at ?? null,
    endedAt: date && dateAfter(date.at, 1000 * seconds),
    modified,
    environment: Number.isSafeInteger(cpus) && cpus > 0 ? { logicalCpus: cpus } : {},
    benchmarks: read,
    warnings,
  };
}

const AGGREGATE = /^(.+)_(mean|median|stddev|cv|BigO|RMS)$/;

/** Whose row it is, and of what sum of repetitions; `null` of a repetition itself. */
function kindOf(row: Row, rows: readonly Row[]): { base: string; aggregate: string | null } {
  if (row.run_type === "aggregate") {
    return { base: row.run_name ?? row.name, aggregate: row.aggregate_name ?? "" };
  }
  if (row.run_type !== undefined) return { base: row.run_name ?? row.name, aggregate: null };
  // Before 1.5 the name alone tells, and a benchmark may be called so itself: aggregates come together.
  const [, base, aggregate] = row.name.match(AGGREGATE) ?? [];
  if (base === undefined || aggregate === undefined) return { base: row.name, aggregate: null };
  const others = aggregate === "BigO" || aggregate === "RMS"
    ? [`${base}_BigO`, `${base}_RMS`]
    : [`${base}_mean`, `${base}_stddev`];
  return others.every((name) => rows.some((other) => other.name === name))
    ? { base, aggregate }
    : { base: row.name, aggregate: null };
}

/** Names of rows: a name that is registered twice is of two families, which are told apart. */
function namer(rows: readonly Row[], path: string): (base: string, row: Row) => string {
  const families = new Map<string, number[]>();
  for (const { run_name: name, family_index: family } of rows) {
    if (name === undefined || family === undefined) continue;
    const own = families.get(name) ?? [];
    if (!own.includes(family)) own.push(family);
    families.set(name, own);
  }
  return (base, { family_index: family }) => {
    const name = requireName(base, "a benchmark", path);
    const nth = family === undefined ? 0 : families.get(base)?.indexOf(family) ?? 0;
    return nth > 0 ? `${name} #${nth + 1}` : name;
  };
}

/** A row's time; `null` where it has none, as one that times by hand and never said a time. */
function sampleOf(row: Row, where: string, path: string): SampleRecord | null {
  const scale = nanosecondsIn(row.time_unit ?? "ns");
  if (scale === undefined) {
    throw cannotImport(
      path,
      `the unit ${shown(row.time_unit!)} of ${where} is not known; it can be ns, us, ms or s`,
    );
  }
  const iterations = count(row.iterations ?? 0, `${where}.iterations`, { path });
  const real = notNegative(row.real_time ?? 0, `${where}.real_time`, { path });
  if (iterations === 0 || real === 0) return null;
  const ns = time(real, scale, `${where}.real_time`, { path }) * iterations;
  const metrics = Object.entries(row).flatMap(([key, value]) =>
    typeof value === "number" && Number.isFinite(value) && !OWN.has(key) ? [[key, value]] : []
  );
  return {
    iterations,
    ns,
    atNs: null,
    ...(metrics.length > 0 && { metrics: Object.fromEntries(metrics) }),
  };
}

/** Figures of a row that are no counters of the benchmark's own. */
const OWN: ReadonlySet<string> = new Set([
  ...["family_index", "per_family_instance_index", "repetitions", "repetition_index", "threads"],
  ...["iterations", "real_time"],
]);

function benchmarkOf(id: string, own: Benchmark, warnings: string[]): ImportedBenchmark[] {
  const { samples, failed, message, mean, threads } = own;
  if (failed > 0) {
    const said = message === "" ? "" : `: ${printable(message.slice(0, 100)).trim()}`;
    const all = failed + samples.length;
    warnings.push(
      samples.length === 0
        ? `${id} failed and is left out${said}.`
        : `${failed} of ${all} repetitions of ${id} failed and are left out${said}.`,
    );
    // What sums all up has those in it that failed.
    if (samples.length === 0) return [];
  }
  const kept = samples.length > 0 ? samples : mean === null || own.lost ? [] : [mean];
  if (kept.length === 0) return [];
  return [weighedAlike({
    name: id,
    kind: "latency",
    sampling: "flat",
    elements: 1,
    workload: { clients: threads },
    samples: kept,
  })];
}

/** What of the context is new each time; what a caller added to it may be anything, and stays. */
const OUTCOMES: ReadonlySet<string> = new Set(["date", "load_avg", "json_schema_version"]);

/** What the context says that a reader has to know. */
function contextNotes(
  { cpu_scaling_enabled: scaling, library_build_type: build, library_version: version }: Context,
  read: readonly ImportedBenchmark[],
  benchmarks: ReadonlyMap<string, Benchmark>,
): string[] {
  const notes: string[] = [];
  if (build === "debug") {
    notes.push("google/benchmark itself was built for debugging, and its times have that in them.");
  }
  if (scaling === true) notes.push("The processor's clock was allowed to change while measuring.");
  const means = read.filter(({ name }) => benchmarks.get(name)!.samples.length === 0);
  if (means.length > 0) {
    notes.push(
      "The repetitions are not in the file, only their mean, which has no interval: " +
        `${namesText(means.map(({ name }) => name))}.`,
    );
  }
  const counters = new Set(
    read.flatMap(({ samples }) => samples.flatMap(({ metrics }) => Object.keys(metrics ?? {}))),
  );
  counters.delete("iterations");
  if (counters.size > 0) {
    notes.push(
      `Figures in ${namesText([...counters].map(printable))} are kept with the samples, and no ` +
        "report shows them.",
    );
  }
  const threaded = read.filter(({ name }) => benchmarks.get(name)!.threads > 1);
  if (threaded.length > 0) {
    const own = /^v?(1\.9|1\.[1-9]\d|[2-9])/.test(version ?? "");
    notes.push(
      own
        ? "With several threads a time is what one thread took for its iteration."
        : "With several threads a time is the time on the clock over the iterations of all threads.",
    );
  }
  return notes;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
