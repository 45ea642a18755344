/**
 * pytest-benchmark's JSON (`--benchmark-json`, `--benchmark-save`, `--benchmark-autosave`), 3 to 5:
 * seconds for one call; a round is `iterations` calls. `--benchmark-json` and `--benchmark-save-data`
 * keep each round (`data`), else there are only their sums.
 *
 * ```json
 * { "machine_info": {}, "commit_info": { "id": "…" }, "datetime": "2026-11-28T14:55:50+00:00",
 *   "benchmarks": [{ "fullname": "test_store.py::test_put[10]",
 *     "stats": { "mean": 1.8e-6, "rounds": 8, "iterations": 5, "data": [1.7e-6] } }] }
 * ```
 */
import * as v from "valibot";
import { conditionsIn } from "./conditions.ts";
import { count, notNegative, time } from "./figures.ts";
import { Damage } from "./damage.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { holdPart, isObject, type JsonObject, parseJson } from "./json_file.ts";
import { latenciesOf } from "./latency_histogram.ts";
import { namesText, requireName } from "./named.ts";
import { runsOfRepeated } from "./repeated_rows.ts";
import type { TextFile } from "./text_file.ts";
import { statedDate, zonelessWarning } from "./stated_date.ts";

const Stats = v.looseObject({
  min: v.number(),
  max: v.number(),
  mean: v.number(),
  median: v.optional(v.number()),
  rounds: v.number(),
  iterations: v.number(),
  data: v.optional(v.array(v.number())),
});
const Row = v.looseObject({
  fullname: v.string(),
  /** How it was measured: the timer, whether the collector was off. */
  options: v.optional(v.looseObject({ timer: v.optional(v.string()) })),
  stats: Stats,
});
type Row = v.InferOutput<typeof Row>;
const Text = v.nullish(v.string());
const File = v.looseObject({
  machine_info: v.looseObject({
    machine: Text,
    system: Text,
    cpu: v.nullish(v.looseObject({
      /** `brand` with py-cpuinfo before 6. */
      brand_raw: v.optional(v.unknown()),
      brand: v.optional(v.unknown()),
      count: v.optional(v.unknown()),
    })),
  }),
  commit_info: v.nullish(v.looseObject({ id: Text, dirty: v.nullish(v.boolean()) })),
  /** Tests are held against their form one by one: one that is none costs itself. */
  benchmarks: v.array(v.unknown()),
  datetime: Text,
  version: Text,
});
type File = v.InferOutput<typeof File>;

/** Whether JSON is of this form. */
export function isPytestBenchmark(json: JsonObject | null): boolean {
  return isObject(json?.machine_info) && Array.isArray(json.benchmarks);
}

/**
 * Reads a file. Each test is a benchmark by its full name, each round a sample.
 *
 * @throws {ResultError} Where a figure is none, the mean is not that of the rounds, or no test is
 * left.
 */
export function parsePytestBenchmark({ path, name, text, modified }: TextFile): Imported[] {
  const source = {
    path,
    writer: "pytest-benchmark 3 or later",
    mend: "take the file as pytest-benchmark wrote it",
  };
  const file = parseJson(File, text, source);
  const damage = new Damage();
  const zeros: string[] = [];
  const summed: string[] = [];
  const machine = conditionsIn(file.machine_info, KNOWN, "machine_info.");
  const timers = new Map<string, string>();
  const rows = file.benchmarks.flatMap((raw, index) => {
    const where = `benchmarks.${index}`;
    const read = damage.orNull(() => {
      const row = holdPart(Row, raw, where, source);
      return { row, benchmark: benchmarkOf(row, where, path) };
    });
    if (read === null) return [];
    const { row, benchmark } = read;
    if (benchmark === null) zeros.push(row.fullname);
    else if (row.stats.data === undefined) summed.push(benchmark.name);
    timers.set(row.fullname, row.options?.timer ?? "");
    const config = [...machine, ...conditionsIn(row.options ?? {}, LENGTHS, "options.")];
    return benchmark === null ? [] : { ...benchmark, config };
  });
  const leftOut = `a round of 0 is shorter than the clock can tell: ${namesText(zeros)}`;
  if (rows.length === 0) {
    if (damage.first !== undefined) throw damage.first;
    throw cannotImport(
      path,
      zeros.length > 0
        ? `${leftOut}; measure more calls in a round`
        : "it has no benchmark; pytest-benchmark leaves out tests that failed, so mend them",
    );
  }
  const warnings = [
    "pytest-benchmark does not say which tests failed: those whose measured code raised are not in its " +
    "file, and those that failed after measuring are in it like the others.",
    ...timersNote(timers),
    ...damage.notes(name),
  ];
  if (zeros.length > 0) warnings.push(`Left out, since ${leftOut}.`);
  if (summed.length > 0) {
    const names = namesText(summed);
    warnings.push(
      `Only the mean of the rounds is in the file, which has no interval: ${names}. ` +
        "--benchmark-save-data keeps the rounds.",
    );
  }
  if (file.commit_info?.dirty === true) {
    warnings.push("The tree had changes that were not committed.");
  }
  // Before 5 it has no zone.
  const date = statedDate(file.datetime ?? "");
  if (date?.zoneless) warnings.push(zonelessWarning("pytest-benchmark"));
  const version = file.version ?? null;
  return runsOfRepeated({
    tool: "pytest-benchmark",
    toolVersion: version !== null && /^\d[\w.]{0,20}$/.test(version) ? version : null,
    files: [name],
    // It is written when all tests have run.
    startedAt: date?.at ?? null,
    endedAt: date?.at ?? null,
    modified,
    environment: environmentOf(file),
    ...subjectOf(file),
    warnings,
  }, rows);
}

/** A test as a benchmark; `null` where a round took no time that the clock could tell. */
function benchmarkOf({ fullname, stats }: Row, where: string, path: string) {
  const place = { path };
  const name = requireName(fullname, "a test", path);
  const iterations = count(stats.iterations, `${where}.stats.iterations`, place);
  const rounds = count(stats.rounds, `${where}.stats.rounds`, place);
  const { data } = stats;
  if (iterations === 0 || rounds === 0 || (data !== undefined && data.length !== rounds)) {
    throw cannotImport(
      path,
      `${where} has ${stats.rounds} rounds of ${stats.iterations} calls and ` +
        `${data?.length ?? "no"} times; take the file as pytest-benchmark wrote it`,
    );
  }
  if (stats.min === 0 || data?.includes(0)) return null;
  const ns = (seconds: number, key: string) => time(seconds, 1e9, `${where}.stats.${key}`, place);
  const mean = ns(stats.mean, "mean");
  const [min, max] = [ns(stats.min, "min"), ns(stats.max, "max")];
  const rounded = data?.map((seconds, index) => ns(seconds, `data.${index}`)) ?? [];
  const average = rounded.reduce((sum, each) => sum + each, 0) / rounded.length;
  if (
    (data !== undefined && Math.abs(average - mean) > TOLERANCE * mean) ||
    mean < min * (1 - TOLERANCE) || mean > max * (1 + TOLERANCE)
  ) {
    throw cannotImport(
      path,
      `${shown(`${where}.stats.mean`)} is not the mean of its rounds; ` +
        "take the file as pytest-benchmark wrote it",
    );
  }
  const samples = data === undefined
    ? [{ iterations: rounds * iterations, ns: mean * rounds * iterations, atNs: null }]
    : rounded.map((each) => ({ iterations, ns: each * iterations, atNs: null }));
  // A round of one call is an operation that was timed by itself.
  const latency = iterations === 1 && data !== undefined ? latenciesOf(rounded) : undefined;
  const benchmark: ImportedBenchmark = {
    name,
    kind: "latency",
    sampling: "flat",
    elements: 1,
    workload: {},
    samples,
    ...(latency !== undefined && { latency }),
    // The median and the bounds are of rounds, and of single calls only where a round is one.
    ...(data === undefined && {
      properties: {
        "pytest_benchmark.rounds": rounds,
        "pytest_benchmark.min_s": stats.min,
        "pytest_benchmark.max_s": stats.max,
        ...(stats.median !== undefined && {
          "pytest_benchmark.median_s": notNegative(stats.median, `${where}.stats.median`, place),
        }),
      },
    }),
  };
  return benchmark;
}

/** Of the machine: its processor is among what is known of every tool's, but for its clock's speed. */
const KNOWN: ReadonlySet<string> = new Set(["cpu"]);
/** How long a test is measured. */
const LENGTHS: ReadonlySet<string> = new Set(["min_rounds", "max_time", "min_time"]);

/** How far its mean and ours may differ by the order in which rounds are added. */
const TOLERANCE = 1e-9;

/** What is said of timers that are no clock on the wall. */
function timersNote(timers: ReadonlyMap<string, string>): string[] {
  const others = [...timers].filter(([, timer]) => /process|thread|cpu/.test(timer));
  if (others.length === 0) return [];
  const names = namesText(others.map(([test]) => test));
  return [`Timed by the processor's time and not by the clock: ${names}.`];
}

function environmentOf({ machine_info: { machine, system, cpu } }: File): Imported["environment"] {
  const model = cpu?.brand_raw ?? cpu?.brand;
  const logical = cpu?.count;
  return {
    ...(plain(system) && { os: system!.toLowerCase() }),
    ...(plain(machine) && { arch: machine! }),
    ...(typeof model === "string" && plain(model) && { cpuModel: model }),
    ...(typeof logical === "number" && Number.isSafeInteger(logical) && logical > 0 &&
      { logicalCpus: logical }),
  };
}

/** Whether a text about the machine is one line of letters. */
function plain(text: string | null | undefined): boolean {
  return /^[\w .,@()/+-]{1,100}$/.test(text ?? "");
}

function subjectOf({ commit_info: commit }: File): Pick<Imported, "subject"> {
  const id = commit?.id ?? "";
  if (!/^[0-9a-f]{7,64}$/.test(id)) return {};
  const { dirty } = commit!;
  return {
    subject: {
      commit: id,
      ...(typeof dirty === "boolean" && { tree: dirty ? "changed" : "committed" }),
    },
  };
}
