/**
 * hyperfine's `--export-json`, 1.0 to 1.20: each command with the times of all its executions, in
 * seconds whatever `--time-unit` shows.
 *
 * ```json
 * { "results": [{ "command": "sleep 0.02", "mean": 0.0215, "times": [0.021, 0.022],
 *     "exit_codes": [0, 0], "parameters": { "n": "2" } }] }
 * ```
 */
import * as v from "valibot";
import { formatPercent } from "../format/mod.ts";
import { notNegative, time } from "./figures.ts";
import { Damage } from "./damage.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { holdPart, isObject, type JsonObject, parseJson } from "./json_file.ts";
import { latenciesOf } from "./latency_histogram.ts";
import { namesText, requireName } from "./named.ts";
import { runsOfRepeated } from "./repeated_rows.ts";
import type { TextFile } from "./text_file.ts";

const Entry = v.looseObject({
  command: v.string(),
  mean: v.number(),
  min: v.optional(v.number()),
  max: v.optional(v.number()),
  user: v.optional(v.number()),
  system: v.optional(v.number()),
  times: v.nullish(v.array(v.number())),
  /** Since 1.12; `null` of a command that a signal ended. */
  exit_codes: v.nullish(v.array(v.nullable(v.number()))),
  /** Since 1.11; before, one value alone. */
  parameters: v.optional(v.record(v.string(), v.string())),
  parameter: v.nullish(v.string()),
});
type Entry = v.InferOutput<typeof Entry>;
/** Entries are held against their form one by one: one that is none costs itself. */
const Export = v.looseObject({ results: v.array(v.unknown()) });
/** hyperfine 2, of which there are only trial versions, counts its forms. */
const SchemaVersion = v.looseObject({ schema_version: v.optional(v.number()) });

/** Whether JSON is of this form. */
export function isHyperfine(json: JsonObject | null): boolean {
  const [first] = Array.isArray(json?.results) ? json.results : [];
  return isObject(first) && typeof first.command === "string" &&
    ("mean" in first || json?.schema_version !== undefined);
}

/**
 * Reads an export. Each command is a benchmark, each execution a sample; a command that comes again is
 * another run. Executions that failed are no measurement, and are left out.
 *
 * @throws {ResultError} Where a figure is none, the mean is not that of the times, or no command is
 * left.
 */
export function parseHyperfine({ path, name, text, modified }: TextFile): Imported[] {
  const source = { path, writer: "hyperfine 1", mend: "take the file as hyperfine wrote it" };
  const { schema_version: schema } = parseJson(SchemaVersion, text, source);
  if (schema !== undefined) {
    throw cannotImport(
      path,
      `it is of hyperfine's form ${schema}, and only that of hyperfine 1 is known; measure with ` +
        "hyperfine 1.20",
    );
  }
  const { results } = parseJson(Export, text, source);
  const warnings: string[] = [];
  const zeros: string[] = [];
  const unknown: string[] = [];
  const damage = new Damage();
  const rows = results.flatMap((entry, index) => {
    const where = `results.${index}`;
    const read = damage.orNull(() => readEntry(holdPart(Entry, entry, where, source), where, path));
    if (read === null) return [];
    if (read.failed > 0) {
      const share = formatPercent(read.failed / read.all);
      const left = read.left ? "their times are left out" : "it is left out";
      warnings.push(
        `${read.failed} of ${read.all} executions of ${read.name} failed (${share}): ${left}.`,
      );
    }
    if (!read.exitCodes) unknown.push(read.name);
    if (read.zero) zeros.push(read.name);
    return read.benchmark ?? [];
  });
  if (zeros.length > 0) {
    warnings.push(
      `Left out, since a time of 0 is shorter than hyperfine can tell: ${namesText(zeros)}.`,
    );
  }
  if (rows.length === 0) {
    if (damage.first !== undefined) throw damage.first;
    if (zeros.length > 0) {
      throw cannotImport(
        path,
        `a time of 0 is shorter than hyperfine can tell: ${namesText(zeros)}; measure what lasts ` +
          "longer, or without a shell (-N)",
      );
    }
    const why = warnings[0]?.replace(/\.$/, "") ?? "it has no command";
    throw cannotImport(path, `${why}; measure commands that succeed`);
  }
  if (unknown.length > 0) {
    warnings.push("hyperfine before 1.12 does not write whether its commands succeeded.");
  }
  warnings.push(...damage.notes(name));
  warnings.push("hyperfine's times are of whole processes, less what starting a shell takes.");
  return runsOfRepeated({
    tool: "hyperfine",
    toolVersion: null,
    files: [name],
    startedAt: null,
    endedAt: null,
    modified,
    environment: {},
    warnings,
  }, rows);
}

/** What an entry comes to. */
interface ReadEntry {
  name: string;
  /** Executions that failed, and all. */
  failed: number;
  all: number;
  /** Whether there are times of executions that did not fail. */
  left: boolean;
  /** Whether it says how executions ended. */
  exitCodes: boolean;
  /** Whether a time of 0 is among the others. */
  zero: boolean;
  /** `null` where nothing is left to measure by. */
  benchmark: ImportedBenchmark | null;
}

function readEntry(entry: Entry, where: string, path: string): ReadEntry {
  const { exit_codes: codes, times } = entry;
  const name = nameOf(entry, path);
  const mean = notNegative(entry.mean, `${where}.mean`, { path });
  const seconds = times?.map((each, index) =>
    notNegative(each, `${where}.times.${index}`, { path })
  );
  if (seconds !== undefined && codes && seconds.length !== codes.length) {
    throw cannotImport(
      path,
      `${where} has ${seconds.length} times and ${codes.length} exit codes; ` +
        "take the file as hyperfine wrote it",
    );
  }
  if (seconds !== undefined) requireMean(mean, seconds, where, path);
  const all = codes?.length ?? seconds?.length ?? 1;
  const failed = codes?.filter((code) => code !== 0).length ?? 0;
  // Without single times those that failed cannot be told from the others.
  const done = seconds?.filter((_, index) => !codes || codes[index] === 0) ??
    (failed > 0 ? [] : [mean]);
  const zero = done.includes(0);
  // Each execution is one operation, where the file has them one by one.
  const latency = seconds === undefined ? undefined : latenciesOf(done.map((each) => each * 1e9));
  return {
    name,
    failed,
    all,
    left: done.length > 0,
    exitCodes: codes !== undefined && codes !== null,
    zero,
    benchmark: done.length === 0 || zero ? null : {
      name,
      kind: "latency",
      sampling: "flat",
      elements: 1,
      workload: {},
      samples: done.map((each) => ({
        iterations: 1,
        ns: time(each, 1e9, `a time of ${where}`, { path }),
        atNs: null,
      })),
      ...(latency !== undefined && { latency }),
      // They are means over all executions.
      ...(failed === 0 && { properties: processorTimes(entry, where, path) }),
    },
  };
}

function processorTimes(entry: Entry, where: string, path: string): Record<string, number> {
  return Object.fromEntries((["user", "system"] as const).flatMap((key) => {
    const seconds = entry[key];
    return seconds === undefined
      ? []
      : [[`hyperfine.${key}_s`, notNegative(seconds, `${where}.${key}`, { path })]];
  }));
}

/** The mean must be of these times: entries of two files may have come together. */
function requireMean(mean: number, seconds: readonly number[], where: string, path: string): void {
  const average = seconds.reduce((sum, each) => sum + each, 0) / seconds.length;
  if (Math.abs(average - mean) <= TOLERANCE * Math.max(average, mean)) return;
  throw cannotImport(
    path,
    `${shown(`${where}.mean`)} is not the mean of its ${seconds.length} times; ` +
      "take the file as hyperfine wrote it",
  );
}

/** How far hyperfine's mean and ours may differ by the order in which times are added. */
const TOLERANCE = 1e-9;

/** The command, on one line, with all its parameters, used in it or not. */
function nameOf({ command, parameters = {}, parameter }: Entry, path: string): string {
  const named = Object.entries(parameters).map(([key, value]) => `${key} = ${value}`);
  const all = parameter === undefined || parameter === null ? named : [...named, parameter];
  const line = command.trim().replace(/\s+/g, " ");
  return requireName(all.length === 0 ? line : `${line} (${all.join(", ")})`, "a command", path);
}
