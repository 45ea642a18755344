/**
 * fio's JSON (`--output-format=json` and `json+`), 2.0 to 3.x. Each job has what it read, wrote and
 * trimmed, with the latencies of submission, of completion, and of both:
 *
 * ```json
 * { "fio version": "fio-3.33", "timestamp_ms": 1795877703884,
 *   "jobs": [{ "jobname": "randread", "groupid": 0, "error": 0,
 *     "read": { "total_ios": 256, "runtime": 56, "iops": 4571.428571,
 *       "clat_ns": { "min": 4709, "max": 1299341, "mean": 242137.5, "N": 256,
 *         "percentile": { "50.000000": 214016 }, "bins": { "4704": 1 } } } }] }
 * ```
 *
 * `runtime` is ms; latencies are ns, before 3.0 µs (`clat` without its unit). Percentiles are of one of
 * the three latencies, and stand with its mean alone.
 */
import * as v from "valibot";
import { formatCount, formatPercent, plural } from "../format/mod.ts";
import type { SampleRecord, StatedRecord } from "../result/mod.ts";
import { count, notNegative, time } from "./figures.ts";
import { conditionsIn } from "./conditions.ts";
import { FioHistogram } from "./fio_histogram.ts";
import { Damage } from "./damage.ts";
import { cannotImport } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import {
  eachObject,
  holdPart,
  isObject,
  type JsonObject,
  jsonObjectIn,
  objectsIn,
  parseJson,
} from "./json_file.ts";
import { namesText, requireName } from "./named.ts";
import type { TextFile } from "./text_file.ts";
import { requireOrder, statedField } from "./ycsb.ts";
import { dateAt } from "./stated_date.ts";

const Options = v.optional(v.record(v.string(), v.unknown()));
const Job = v.looseObject({
  jobname: v.string(),
  groupid: v.optional(v.number()),
  error: v.optional(v.number()),
  elapsed: v.optional(v.number()),
  /** When it began, ms since the epoch; later versions of 3 alone. */
  job_start: v.optional(v.number()),
  "job options": Options,
  /** Of a client's jobs, the server that ran them. */
  hostname: v.optional(v.string()),
  /** With `continue_on_error`. */
  total_err: v.optional(v.number()),
});
type Job = v.InferOutput<typeof Job>;
const File = v.looseObject({
  "fio version": v.string(),
  timestamp: v.optional(v.number()),
  timestamp_ms: v.optional(v.number()),
  "global options": Options,
  jobs: v.optional(v.array(Job)),
  client_stats: v.optional(v.array(Job)),
});
type File = v.InferOutput<typeof File>;
/** What a job did in one direction. */
const Direction = v.looseObject({
  /** Since 2.2. */
  total_ios: v.optional(v.number()),
  runtime: v.number(),
  iops: v.number(),
  short_ios: v.optional(v.number()),
  drop_ios: v.optional(v.number()),
});
const Latency = v.looseObject({
  min: v.number(),
  max: v.number(),
  mean: v.number(),
  /** Since 3.8. */
  N: v.optional(v.number()),
  percentile: v.optional(v.record(v.string(), v.number())),
  bins: v.optional(v.record(v.string(), v.unknown())),
});
type Latency = v.InferOutput<typeof Latency>;

const MEND = "take the file as fio wrote it";
const source = (path: string) => ({ path, writer: "fio 2 or 3", mend: MEND });

/** Whether JSON is of this form. */
export function isFio(json: JsonObject | null): boolean {
  return typeof json?.["fio version"] === "string";
}

/** A job, or all its threads (`numjobs`) where each has figures of its own. */
interface Threads {
  /** The job's name, where it stands in the file, and its threads. */
  name: string;
  jobs: { job: Job; where: string }[];
  options: Record<string, unknown>;
}

/** What is noticed on the way, for the notes. */
interface Notes {
  failed: string[];
  short: string[];
  unmerged: string[];
  warnings: string[];
  damage: Damage;
}

/**
 * Reads a file, to which several fios may have written one after the other. One that tells how far it is
 * (`--status-interval`) writes its totals again and again: the last ones count all of it.
 *
 * @throws {ResultError} Where no output can be read.
 */
export function parseFios(file: TextFile): Imported[] {
  const objects = objectsIn(file.text);
  const heads = objects.map(({ text }) => v.safeParse(File, jsonObjectIn(text)));
  const last = objects.filter((_, index) => {
    const [now, next] = [heads[index]!, heads[index + 1]];
    return !(now.success && next?.success && goesOn(now.output, next.output));
  });
  const left = objects.length - last.length;
  if (left === 0) return eachObject(file, parseFio);
  const text = last.map((object) => object.text).join("\n");
  const note =
    `${file.name} has the totals of one fio again and again: of ${left + 1} the last ones ` +
    "are taken, which count all before them.";
  return eachObject({ ...file, text }, parseFio).map((output) => ({
    ...output,
    warnings: [...output.warnings, note],
  }));
}

/** How far a fio is. */
interface Totals {
  /** What it was told to do. */
  identity: string;
  /** Operations and ms, in turns. */
  totals: number[];
  /** When its longest part began, ms since the epoch. */
  began: number;
}

/** How far the beginnings of one fio's outputs may be apart by what each says, ms. */
const ONE_BEGINNING_MS = 500;

/** Whether a fio that wrote one output wrote the other after it, with totals that go on. */
function goesOn(before: File, after: File): boolean {
  const [old, now] = [before, after].map((file) => {
    const jobs = file.jobs ?? file.client_stats ?? [];
    const totals = jobs.flatMap((job) =>
      [...DIRECTIONS, "mixed"].flatMap((direction) => {
        const part = job[direction];
        const figure = (key: string) =>
          isObject(part) && typeof part[key] === "number" ? part[key] : 0;
        return [figure("total_ios"), figure("runtime")];
      })
    );
    const at = file.timestamp_ms ?? (file.timestamp ?? NaN) * 1e3;
    return {
      identity: JSON.stringify([
        file["fio version"],
        file["global options"],
        jobs.map((job) => [job.jobname, job.groupid, job["job options"], job.job_start]),
      ]),
      totals,
      began: at - Math.max(0, ...totals.filter((_, index) => index % 2 === 1)),
    };
  }) as [Totals, Totals];
  if (old.identity !== now.identity) return false;
  if (!old.totals.every((total, index) => total <= now.totals[index]!)) return false;
  // A job that is over says the same twice, which two runs of it never do.
  const over = old.totals.some((ms, index) =>
    index % 2 === 1 && ms > 0 && ms === now.totals[index] &&
    old.totals[index - 1] === now.totals[index - 1]
  );
  // Without ms the two times are cut off to whole seconds.
  const slack = before.timestamp_ms === undefined ? 1000 : ONE_BEGINNING_MS;
  return over || Math.abs(now.began - old.began) <= slack;
}

/**
 * Reads one output. Of each job, each direction is a benchmark of its rate, and each latency of it one
 * beside it: `randread/read`, `randread/read/clat`.
 *
 * @throws {ResultError} Where no job is left.
 */
export function parseFio({ path, name, text, modified }: TextFile): Imported {
  const file = parseJson(File, text, source(path));
  const notes: Notes = { failed: [], short: [], unmerged: [], warnings: [], damage: new Damage() };
  const benchmarks = threadsOf(file, path).flatMap((threads) =>
    jobBenchmarks(threads, notes, path)
  );
  const warnings = [...warningsOf(notes), ...notes.damage.notes(name)];
  if (benchmarks.length === 0) {
    if (notes.damage.first !== undefined) throw notes.damage.first;
    throw cannotImport(
      path,
      `${warnings[0]?.replace(/\.$/, "") ?? "no job of it did any I/O"}; measure again`,
    );
  }
  return {
    tool: "fio",
    toolVersion: file["fio version"].match(/^fio-(\d[\w.-]{0,30})$/)?.[1] ?? null,
    files: [name],
    ...timesOf(file),
    modified,
    environment: {},
    benchmarks,
    warnings,
  };
}

function warningsOf({ failed, short, unmerged, warnings }: Notes): string[] {
  return [
    ...(failed.length > 0 ? [`Failed, and left out: ${namesText(failed)}.`] : []),
    ...warnings,
    ...(short.length > 0
      ? [`Left out, since fio counts whole milliseconds: ${namesText(short)}.`]
      : []),
    ...(unmerged.length > 0
      ? [
        `The percentiles of threads cannot be merged, and are left out: ${namesText(unmerged)}. ` +
        "fio merges them with group_reporting, and json+ has their buckets.",
      ]
      : []),
  ];
}

/** What a client adds for all its servers together. */
const ALL_CLIENTS = "All clients";

/** The jobs, by name, with threads of one job together. */
function threadsOf(file: File, path: string): Threads[] {
  const [key, listed] = file.client_stats === undefined
    ? ["jobs", file.jobs ?? []] as const
    : ["client_stats", file.client_stats] as const;
  const all = listed.map((job, index) => ({ job, where: `${key}.${index}` }));
  const single = all.filter(({ job }) => key === "jobs" || job.jobname !== ALL_CLIENTS);
  const byIdentity = Map.groupBy(
    single.length > 0 ? single : all,
    ({ job }) =>
      JSON.stringify([job.hostname ?? "", job.jobname, job.groupid ?? 0, job["job options"] ?? {}]),
  );
  const times = new Map<string, number>();
  return [...byIdentity.values()].map((jobs) => {
    const { job } = jobs[0]!;
    const own = job.hostname === undefined ? job.jobname : `${job.hostname}/${job.jobname}`;
    // Sections of one name with other options are other jobs.
    const nth = (times.get(own) ?? 0) + 1;
    times.set(own, nth);
    return {
      name: requireName(nth === 1 ? own : `${own} #${nth}`, "a job", path),
      jobs,
      options: { ...file["global options"], ...job["job options"] },
    };
  });
}

/** The directions; `mixed` stands for all of them with `unified_rw_reporting`. */
const DIRECTIONS = ["read", "write", "trim"] as const;

function jobBenchmarks(threads: Threads, notes: Notes, path: string): ImportedBenchmark[] {
  const { name, jobs } = threads;
  const codes = jobs.map(({ job }) => job.error ?? 0).filter((code) => code !== 0);
  if (codes.length > 0) {
    notes.failed.push(`${name} (error ${codes[0]})`);
    return [];
  }
  const used = DIRECTIONS.filter((direction) => jobs.some(({ job }) => didAny(job[direction])));
  const directions: readonly string[] = used.length > 0 ? used : ["mixed"];
  notes.damage.orNull(() => noteErrors(threads, directions, notes, path));
  return [
    ...directions.flatMap((direction) =>
      notes.damage.orNull(() => directionBenchmarks(threads, direction, notes, path)) ?? []
    ),
    ...latencyBenchmarks(threads, "sync", null, notes, path),
  ];
}

/** Whether a direction of a job has anything in it; most jobs use one of three. */
function didAny(direction: unknown): boolean {
  return isObject(direction) &&
    [direction.total_ios, direction.iops, direction.runtime, direction.io_bytes]
      .some((figure) => typeof figure !== "number" ? figure !== undefined : figure !== 0);
}

/** Operations that failed, which `continue_on_error` counts, and those that did less than asked. */
function noteErrors(
  { name, jobs }: Threads,
  directions: readonly string[],
  notes: Notes,
  path: string,
): void {
  const parts = jobs.flatMap(({ job, where }) =>
    directions.flatMap((direction) => {
      const part = job[direction];
      return isObject(part) ? [{ part, at: `${where}.${direction}` }] : [];
    })
  );
  const figures = (key: string) =>
    parts.reduce((sum, { part, at }) => {
      const figure = part[key];
      return sum + (typeof figure === "number" ? count(figure, `${at}.${key}`, { path }) : 0);
    }, 0);
  const all = figures("total_ios");
  const failed = jobs.reduce(
    (sum, { job, where }) => sum + count(job.total_err ?? 0, `${where}.total_err`, { path }),
    0,
  );
  if (failed > 0) {
    const share = all > 0 ? ` (${formatPercent(Math.min(1, failed / all))})` : "";
    const part = `${formatCount(failed)} of ${formatCount(all)}`;
    notes.warnings.push(`${part} operations of ${name} failed${share}, and are in its figures.`);
  }
  for (const [key, kind] of [["short_ios", "short"], ["drop_ios", "dropped"]] as const) {
    const number = figures(key);
    if (number === 0) continue;
    const counted = plural(number, `${kind} operation`);
    notes.warnings.push(`${name} had ${counted} (fio's ${key}) among those of its figures.`);
  }
}

function directionBenchmarks(
  threads: Threads,
  direction: string,
  notes: Notes,
  path: string,
): ImportedBenchmark[] {
  const { name, jobs, options } = threads;
  const own = `${name}/${direction}`;
  let [done, ms] = [0, 0];
  let known = true;
  for (const { job, where } of jobs) {
    if (!didAny(job[direction])) continue;
    const at = `${where}.${direction}`;
    const part = holdPart(Direction, job[direction], at, source(path));
    const runtime = notNegative(part.runtime, `${at}.runtime`, { path });
    const iops = notNegative(part.iops, `${at}.iops`, { path });
    known &&= part.total_ios !== undefined;
    // Before 2.2 a rate alone: a second at it is all that is known.
    const ios = part.total_ios === undefined
      ? iops
      : count(part.total_ios, `${at}.total_ios`, { path });
    if (part.total_ios !== undefined && runtime > 0) requireRate(ios, runtime, iops, at, path);
    done += ios;
    // Threads of one job run beside each other, as fio's own sum of them takes it.
    ms = Math.max(ms, part.total_ios === undefined ? 1000 : runtime);
  }
  if (done === 0) {
    const any = jobs.some(({ job }) => didAny(job[direction]));
    const why = known ? "no operation ended" : "its rate is printed as 0";
    const said = any ? `${own} is left out: ${why}` : `${name} did no I/O, and is left out`;
    notes.warnings.push(`${said}.`);
    return [];
  }
  const workload = { clients: clientsOf(threads) };
  const rate: ImportedBenchmark = {
    name: own,
    kind: "throughput",
    sampling: "flat",
    elements: 1,
    workload,
    samples: [{ iterations: done, ns: ms * 1e6, atNs: null }],
    properties: propertiesOf(options),
  };
  if (ms === 0) notes.short.push(own);
  const config = conditionsIn(options, PLACES);
  return [
    ...(ms === 0 ? [] : [rate]),
    ...latencyBenchmarks(threads, direction, known ? done : null, notes, path)
      .map((benchmark) => ({ ...benchmark, workload })),
  ].map((benchmark) => ({ ...benchmark, config }));
}

/** fio divides the operations by the run time, and prints two digits or more, or none. */
function requireRate(
  done: number,
  ms: number,
  iops: number,
  where: string,
  path: string,
): void {
  const rate = done / ms * 1e3;
  if (Math.abs(rate - iops) <= 1 + 1e-5 * rate) return;
  throw cannotImport(
    path,
    `${where} has ${iops} operations a second, and ${done} in ${ms} ms, which contradict each ` +
      `other; ${MEND}`,
  );
}

/** The latencies of a direction, and the nanoseconds in their units before 3.0 and since. */
const LATENCIES = ["lat", "clat", "slat"] as const;
const UNITS = [["_ns", 1], ["", 1e3]] as const;

function latencyBenchmarks(
  threads: Threads,
  direction: string,
  done: number | null,
  notes: Notes,
  path: string,
): ImportedBenchmark[] {
  return LATENCIES.flatMap((kind) =>
    notes.damage.orNull(() => {
      const parts = threads.jobs.flatMap(({ job, where }) => {
        const own = job[direction];
        if (!isObject(own)) return [];
        const unit = UNITS.find(([suffix]) => isObject(own[kind + suffix]));
        if (unit === undefined) return [];
        const at = `${where}.${direction}.${kind}${unit[0]}`;
        const said = own[kind + unit[0]] as JsonObject;
        // What was not timed is all zeros, or has no mean (nan).
        if (said.N === 0 || said.max === 0) return [];
        const latency = holdPart(Latency, said, at, source(path));
        const ios = typeof own.total_ios === "number" ? own.total_ios : done;
        const counted = count(latency.N ?? ios ?? 1, `${at}.N`, { path });
        return counted === 0 || latency.max === 0 ? [] : [{ latency, at, unit: unit[1], counted }];
      });
      if (parts.length === 0) return [];
      const name = `${threads.name}/${direction}/${kind}`;
      return [latencyBenchmark(name, parts, direction === "sync" || done !== null, notes, path)];
    }) ?? []
  );
}

/** The latencies of one thread. */
interface LatencyPart {
  latency: Latency;
  at: string;
  unit: number;
  counted: number;
}

function latencyBenchmark(
  name: string,
  parts: readonly LatencyPart[],
  counts: boolean,
  notes: Notes,
  path: string,
): ImportedBenchmark {
  const samples = parts.map(({ latency, at, unit, counted }): SampleRecord => ({
    iterations: counted,
    ns: time(latency.mean, unit, `${at}.mean`, { path }) * counted,
    atNs: null,
  }));
  const benchmark: ImportedBenchmark = {
    name,
    kind: "latency",
    sampling: "flat",
    elements: 1,
    workload: {},
    samples,
  };
  const all = parts.map((part) => statedOf(part, counts, path));
  if (parts.every(({ latency }) => latency.bins !== undefined)) {
    const histogram = new FioHistogram();
    const whole = parts.every(({ latency, at, unit, counted }) =>
      histogram.add(latency.bins!, unit, at, path) === counted
    );
    if (whole) return { ...benchmark, latency: histogram.record() };
    notes.warnings.push(
      `The buckets of ${name} are not of as many operations as its mean, and are left out.`,
    );
  }
  if (all.length === 1) return { ...benchmark, stated: all[0]! };
  if (parts.some(({ latency }) => latency.percentile !== undefined)) notes.unmerged.push(name);
  return { ...benchmark, stated: mergedOf(all) };
}

function statedOf({ latency, at, unit, counted }: LatencyPart, counts: boolean, path: string) {
  const ns = (figure: number, key: string) => notNegative(figure, `${at}.${key}`, { path }) * unit;
  const stated: StatedRecord = {
    ...(counts && { count: counted }),
    mean: ns(latency.mean, "mean"),
    min: ns(latency.min, "min"),
    max: ns(latency.max, "max"),
  };
  for (const [key, value] of Object.entries(latency.percentile ?? {})) {
    // Older versions fill their list up with percentiles of 0.
    const field = Number(key) > 0 ? statedField(String(Number(key))) : undefined;
    if (field !== undefined) stated[field] = ns(value, `percentile.${key}`);
  }
  requireOrder({ ...stated, min: Math.min(stated.min!, stated.p50 ?? Infinity) }, at, { path });
  return stated;
}

/** What does merge of several threads' figures. */
function mergedOf(all: readonly StatedRecord[]): StatedRecord {
  const counts = all.flatMap(({ count }) => count ?? []);
  return {
    ...(counts.length === all.length && { count: counts.reduce((sum, each) => sum + each, 0) }),
    min: Math.min(...all.map(({ min }) => min!)),
    max: Math.max(...all.map(({ max }) => max!)),
  };
}

/** Threads of load: as many as have figures, or as the options say of those that were summed up. */
function clientsOf({ jobs, options }: Threads): number | null {
  if (jobs.length > 1) return jobs.length;
  const stated = typeof options.numjobs === "string" ? options.numjobs : "";
  return /^[1-9]\d{0,5}$/.test(stated) ? Number(stated) : null;
}

/** Options that say where files are, what is written down, and how long is measured. */
const PLACES: ReadonlySet<string> = new Set([
  ..."filename filename_format directory opendir name description output runtime time_based".split(
    " ",
  ),
  ..."write_bw_log write_lat_log write_iops_log write_hist_log log_avg_msec per_job_logs".split(
    " ",
  ),
  ..."percentile_list lat_percentiles clat_percentiles slat_percentiles randseed".split(" "),
]);

/** Options that say what was measured, and name no file. */
const TOLD = "rw readwrite bs blocksize size ioengine iodepth numjobs direct sync fsync fdatasync"
  .split(" ");

function propertiesOf(options: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(TOLD.flatMap((key) => {
    const value = options[key];
    return typeof value === "string" && /^[\w.,:%/-]{1,40}$/.test(value)
      ? [[`fio.${key}`, value]]
      : [];
  }));
}

/** The end is when fio printed; the beginning, as the job that took longest says. */
function timesOf(file: File): Pick<Imported, "startedAt" | "endedAt"> {
  const jobs = file.jobs ?? file.client_stats ?? [];
  const end = dateAt(file.timestamp_ms ?? (file.timestamp ?? NaN) * 1e3);
  if (end === null) return { startedAt: null, endedAt: null };
  const starts = jobs.flatMap(({ job_start: start }) =>
    start !== undefined && start > 0 && start <= end.getTime() ? [start] : []
  );
  const elapsed = Math.max(0, ...jobs.map(({ elapsed = 0 }) => elapsed)) * 1e3;
  const start = starts.length > 0 ? Math.min(...starts) : Math.max(1, end.getTime() - elapsed);
  return { startedAt: dateAt(start), endedAt: end };
}
