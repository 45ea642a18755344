/**
 * asv's results files (`results/<machine>/<commit>-<environment>.json`), form 1 (to 0.4) and 2. Each
 * benchmark has a value for each combination of its parameters, the last one changing first; `null`
 * where it failed, NaN where it was skipped:
 *
 * ```json
 * { "commit_hash": "3425…", "result_columns": ["result", "params", "version", "started_at"],
 *   "results": { "store.time_get": [[7.8e-07, null], [["10", "1000"]], "2481…", 1795877862694] },
 *   "version": 2 }
 * ```
 *
 * A value is the median of the samples; they are kept with `asv run --record-samples` alone. What kind
 * of value it is, only the name of a benchmark tells: `time_` is seconds.
 */
import * as v from "valibot";
import { count, time } from "./figures.ts";
import { Damage } from "./damage.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { isObject, type JsonObject, parseJson } from "./json_file.ts";
import { namesText, requireName } from "./named.ts";
import type { TextFile } from "./text_file.ts";
import { dateAfter, dateAt } from "./stated_date.ts";

const Text = v.nullish(v.string());
const File = v.looseObject({
  commit_hash: v.string(),
  env_name: Text,
  params: v.looseObject({}),
  results: v.record(v.string(), v.unknown()),
  result_columns: v.optional(v.array(v.string())),
  /** Of form 1; form 2 has a column. */
  benchmark_version: v.nullish(v.record(v.string(), v.unknown())),
  started_at: v.nullish(v.record(v.string(), v.unknown())),
  ended_at: v.nullish(v.record(v.string(), v.unknown())),
  version: v.optional(v.number()),
});
type File = v.InferOutput<typeof File>;

/** A value of one combination: seconds, `null` where it failed, a text (NaN) where it was skipped. */
const Value = v.nullable(v.union([v.number(), v.literal("NaN")]));
const Numbers = v.nullish(v.array(v.unknown()));
/** A benchmark's row, from either form. */
const Row = v.object({
  /** `null` where all of it failed. */
  result: v.nullable(v.array(Value)),
  params: v.nullish(v.array(v.array(v.string()))),
  number: Numbers,
  samples: v.nullish(v.array(v.nullable(v.array(v.number())))),
  /** Of the benchmark's own code. */
  version: v.unknown(),
  startedAt: v.unknown(),
  seconds: v.unknown(),
});
type Row = v.InferOutput<typeof Row>;

/** Whether JSON is of this form. */
export function isAsv(json: JsonObject | null): boolean {
  return typeof json?.commit_hash === "string" && isObject(json.results) && isObject(json.params);
}

const MEND = "take the file as asv wrote it";

/** Those that measure time, by asv's rule for names. */
const TIMED = /(?:^|\.)(?:time(?:raw)?_|Time(?:raw)?[A-Z_])[^.]*$/;

/**
 * Reads one file. Each combination of a benchmark's parameters is a benchmark, as `name(10, 'dict')`.
 *
 * @throws {ResultError} Where a figure is none, values and parameters do not go together, or no time
 * is in the file.
 */
export function parseAsv({ path, name, text, modified }: TextFile): Imported {
  const file = parseJson(File, text, { path, writer: "asv, form 1 or 2,", mend: MEND });
  if (file.version !== undefined && file.version !== 1 && file.version !== 2) {
    throw cannotImport(path, `it is of asv's form ${file.version}, and 1 and 2 are known; ${MEND}`);
  }
  const found = { failed: [], skipped: [], untimed: [], medians: [] } as Record<Fate, string[]>;
  const damage = new Damage();
  const benchmarks: ImportedBenchmark[] = [];
  const times: { start: number; end: number }[] = [];
  for (const [key, value] of Object.entries(file.results)) {
    damage.orNull(() => {
      const id = requireName(key, "a benchmark", path);
      if (!TIMED.test(id)) {
        found.untimed.push(id);
        return;
      }
      const row = rowOf(file, id, value, path);
      const when = timeOf(row);
      if (when !== null) times.push(when);
      benchmarks.push(...combinationsOf(id, row, found, damage, path));
    });
  }
  const warnings = [...notes(found), ...damage.notes(name)];
  if (benchmarks.length === 0) {
    if (damage.first !== undefined) throw damage.first;
    const why = warnings[0]?.replace(/\.$/, "") ?? "it has no benchmark";
    throw cannotImport(path, `${why}; name the results of benchmarks that have a time`);
  }
  const dated = times.length > 0;
  return {
    tool: "asv",
    toolVersion: null,
    files: [name],
    startedAt: dated ? new Date(Math.min(...times.map(({ start }) => start))) : null,
    endedAt: dated ? new Date(Math.max(...times.map(({ end }) => end))) : null,
    modified,
    environment: environmentOf(file.params),
    subject: {
      commit: file.commit_hash,
      ...(typeof file.env_name === "string" && { environment: file.env_name }),
      ...(typeof file.params.machine === "string" && { machine: file.params.machine }),
    },
    benchmarks,
    warnings,
  };
}

/** What becomes of a value beside those that are taken. */
type Fate = "failed" | "skipped" | "untimed" | "medians";

function notes({ failed, skipped, untimed, medians }: Record<Fate, string[]>): string[] {
  const withoutSamples = namesText(medians);
  return [
    ...(failed.length > 0 ? [`Failed, and left out: ${namesText(failed)}.`] : []),
    ...(skipped.length > 0 ? [`Skipped, and left out: ${namesText(skipped)}.`] : []),
    ...(untimed.length > 0 ? [`No times, and left out: ${namesText(untimed)}.`] : []),
    ...(medians.length > 0
      ? [
        `The samples of ${withoutSamples} are not in the file, only their median, which stands for ` +
        "the mean and has no interval; asv run --record-samples keeps them.",
      ]
      : []),
  ];
}

/** A benchmark's row, whichever form the file has. */
function rowOf(file: File, id: string, value: unknown, path: string): Row {
  if (Array.isArray(value) && !file.result_columns?.includes("result")) {
    throw cannotImport(path, `it does not say what its columns are (result_columns); ${MEND}`);
  }
  const raw = Array.isArray(value) ? columnsOf(file, value) : fieldsOf(file, id, value);
  const parsed = v.safeParse(Row, raw, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const where = v.getDotPath(parsed.issues[0]);
  throw cannotImport(
    path,
    `${shown(`results.${id}${where === null ? "" : `.${where}`}`)} is not what asv writes; ${MEND}`,
  );
}

/** Form 2: a list by the file's columns, of which the last ones may be absent. */
function columnsOf({ result_columns: columns = [] }: File, values: readonly unknown[]) {
  const at = (column: string) => {
    const index = columns.indexOf(column);
    return index < 0 ? undefined : values[index];
  };
  return {
    result: at("result") ?? null,
    params: at("params"),
    number: at("stats_number"),
    samples: at("samples"),
    version: at("version"),
    startedAt: at("started_at"),
    seconds: at("duration"),
  };
}

/** Form 1: a value alone, or an object with the values of all combinations. */
function fieldsOf(file: File, id: string, value: unknown) {
  const { result, params, stats, samples } = isObject(value)
    ? value
    : { result: value } as JsonObject;
  const own = (times: File["started_at"]) => {
    const at = times !== null && times !== undefined && Object.hasOwn(times, id) ? times[id] : null;
    return typeof at === "number" ? at : null;
  };
  const [start, end] = [own(file.started_at), own(file.ended_at)];
  const versions = file.benchmark_version;
  const all = Array.isArray(stats) ? stats : [stats];
  return {
    result: result === undefined || result === null || Array.isArray(result)
      ? result ?? null
      : [result],
    params,
    version: isObject(versions) && Object.hasOwn(versions, id) ? versions[id] : undefined,
    number: all.map((each) => isObject(each) ? each.number : null),
    samples,
    startedAt: start,
    seconds: start === null || end === null ? null : (end - start) / 1e3,
  };
}

function combinationsOf(
  id: string,
  { result, params, number, samples, version }: Row,
  found: Record<Fate, string[]>,
  damage: Damage,
  path: string,
): ImportedBenchmark[] {
  if (result === null) {
    found.failed.push(id);
    return [];
  }
  const names = combinationNames(id, params ?? [], result.length);
  if (names === null) {
    const sizes = (params ?? []).map((values) => values.length).join(" × ") || "no";
    throw cannotImport(
      path,
      `${shown(id)} has ${result.length} values for ${sizes} parameters; ${MEND}`,
    );
  }
  return result.flatMap((value, index) => {
    const name = requireName(names[index]!, "a benchmark", path);
    if (value === null || value === "NaN") {
      found[value === null ? "failed" : "skipped"].push(name);
      return [];
    }
    const where = `results.${id}.${index}`;
    const own = samples?.[index] ?? [];
    const taken = damage.orNull(() => {
      const iterations = iterationsOf(number?.[index], where, path);
      return (own.length === 0 ? [value] : own).map((seconds) => ({
        iterations,
        ns: time(seconds, 1e9, `a time of ${shown(where)}`, { path }) * iterations,
        atNs: null,
      }));
    });
    if (taken === null) return [];
    if (own.length === 0) found.medians.push(name);
    return [
      {
        name,
        kind: "latency" as const,
        sampling: "flat" as const,
        ...(own.length === 0 && { estimator: "median" as const }),
        elements: 1,
        workload: {},
        config: typeof version === "string" ? [["version of the benchmark", version]] : [],
        samples: taken,
      },
    ];
  });
}

/** Calls in a sample; older files do not say it. */
function iterationsOf(number: unknown, where: string, path: string): number {
  if (typeof number !== "number") return 1;
  const counted = count(number, `the number of calls of ${shown(where)}`, { path });
  if (counted === 0) throw cannotImport(path, `${shown(where)} has samples of no call; ${MEND}`);
  return counted;
}

/** A name for each combination, the last parameter changing first; `null` where there are not as many. */
function combinationNames(
  id: string,
  params: readonly (readonly string[])[],
  values: number,
): string[] | null {
  if (params.reduce((product, { length }) => product * length, 1) !== values) return null;
  if (params.length === 0) return [id];
  return Array.from({ length: values }, (_, index) => {
    let rest = index;
    const own = params.toReversed().map((each) => {
      const value = each[rest % each.length]!;
      rest = Math.floor(rest / each.length);
      return value;
    });
    return `${id}(${own.reverse().join(", ")})`;
  });
}

/** When a benchmark ran; `null` where the file does not say it. */
function timeOf({ startedAt, seconds }: Row): { start: number; end: number } | null {
  const start = typeof startedAt === "number" ? dateAt(startedAt) : null;
  if (start === null) return null;
  const lasted = typeof seconds === "number" && seconds >= 0 ? seconds * 1e3 : 0;
  return { start: start.getTime(), end: dateAfter(start, lasted).getTime() };
}

/** What asv says of the machine; its users may have written it themselves. */
function environmentOf(params: JsonObject): Imported["environment"] {
  const plain = (key: string) => {
    const text = params[key];
    return typeof text === "string" && /^[\w .,@()/+-]{1,100}$/.test(text) ? text : undefined;
  };
  const [os, arch, cpu] = [plain("os"), plain("arch"), plain("cpu")];
  const logical = Number(plain("num_cpu") ?? params.num_cpu ?? NaN);
  return {
    ...(os !== undefined && { os: os.split(" ")[0]!.toLowerCase() }),
    ...(arch !== undefined && { arch }),
    ...(cpu !== undefined && { cpuModel: cpu }),
    ...(Number.isSafeInteger(logical) && logical > 0 && { logicalCpus: logical }),
  };
}
