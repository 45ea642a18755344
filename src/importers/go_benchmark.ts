/**
 * The Go benchmark format (golang.org/x/perf/benchfmt), as `go test -bench` prints it:
 *
 * ```text
 * goos: linux
 * pkg: example.com/store
 * cpu: Example 3000
 * BenchmarkPut/1KiB-8   120331   9876 ns/op   64 B/op   1 allocs/op
 * ```
 *
 * Lines of one benchmark (`-count`) are samples of one run: go test runs them in one process. Each
 * is a measurement of its own, whatever its iterations, as benchstat takes it. A `key: value` line
 * holds for the lines after it.
 */
import { hasUnseen, plural } from "../format/mod.ts";
import type { Place } from "./figures.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { asGoText, isGoTestJson } from "./go_test_json.ts";
import { linesOf, type TextFile } from "./text_file.ts";
import { weighedAlike } from "./weighed_alike.ts";

/** Whether a text looks like this format. */
export function isGoBenchmark(text: string): boolean {
  return /^Benchmark[^a-z\s]\S*[ \t]+\S+[ \t]+\S+[ \t]+\S+/m.test(text) || isGoTestJson(text);
}

/** Times for one operation, and the nanoseconds in their units. */
const TIMES: Record<string, number> = { "ns/op": 1, "sec/op": 1e9 };

/** Keys that say what was measured on, or where, and not what. */
const ENVIRONMENT = ["goos", "goarch", "cpu"] as const;

/** A benchmark, with what its lines have in common. */
interface GoBenchmark {
  benchmark: ImportedBenchmark;
  unit: string;
  /** What held for its first line, but for the package, which is part of its name. */
  config: ReadonlyMap<string, string>;
}

/** What has been read of a file. */
interface GoFile {
  /** What holds for the next line. */
  config: Map<string, string>;
  /** The values that the keys of the environment had for lines that count. */
  environments: Map<string, Set<string>>;
  benchmarks: Map<string, GoBenchmark>;
  /** Units that no report shows. */
  others: Set<string>;
  leftOut: { line: number; reason: string }[];
  untimed: number;
  /** What go test says failed: benchmarks and packages. */
  failed: string[];
}

/**
 * Reads one file of Go benchmarks. A line that is not whole, or whose figures are none, costs itself.
 *
 * @throws {ResultError} Where lines of one benchmark have times in different units or stand under
 * different configurations, or none has a time.
 */
export function parseGoBenchmark(output: TextFile): Imported {
  const { path, name, text, modified, startedAt, endedAt } = asGoText(output);
  const file: GoFile = {
    config: new Map(),
    environments: new Map(ENVIRONMENT.map((key) => [key, new Set()])),
    benchmarks: new Map(),
    others: new Set(),
    leftOut: [],
    untimed: 0,
    failed: [],
  };
  for (const [index, line] of linesOf(text).entries()) {
    takeLine(file, line, { path, line: index + 1 });
  }
  if (file.benchmarks.size === 0) throw cannotImport(path, whyNone(file));
  return {
    tool: "go test -bench",
    toolVersion: null,
    files: [name],
    startedAt,
    endedAt,
    modified,
    environment: environmentOf(file),
    benchmarks: [...file.benchmarks.values()].map(({ benchmark }) => weighedAlike(benchmark)),
    warnings: warningsOf(file),
  };
}

/** A line of a benchmark behind what something else printed without an end of line. */
const AFTER_TEXT = /\S(Benchmark[^a-z\s]\S*)\s+(?:\S.*\s)?\d+\s+[\d.]+ (?:ns|sec)\/op(?:\s|$)/;

function takeLine(file: GoFile, line: string, place: Place & { line: number }): void {
  const [, key, value] = line.match(/^([a-z][^\sA-Z:]*):(?:[ \t]+(.*))?$/) ?? [];
  if (key !== undefined) {
    file.config.set(key, (value ?? "").trim());
    return;
  }
  // A package that cannot be built is told with what came of it in brackets.
  const failed = line.match(/^(?:(?:Benchmark\S*)?\s*--- FAIL: (\S+)|FAIL\t(\S+)(?:\s|$))/);
  if (failed !== null) file.failed.push(failed[1] ?? failed[2]!);
  // The name of a benchmark that failed stands before what is said of it.
  if (failed?.[1] !== undefined) return;
  if (!/^Benchmark[^a-z\s]/.test(line)) {
    const after = line.match(AFTER_TEXT)?.[1];
    if (after !== undefined) {
      const name = after.slice("Benchmark".length);
      const reason = `${name} stands after text that is printed to the same line`;
      file.leftOut.push({ line: place.line, reason });
    }
    return;
  }
  const read = readLine(line);
  // go test prints a name alone before a benchmark that logs.
  if (read === null) return;
  if ("reason" in read) {
    file.leftOut.push({ line: place.line, reason: read.reason });
    return;
  }
  for (const unit of read.rest.keys()) file.others.add(unit);
  if (read.time === null) file.untimed++;
  else takeMeasurement(file, read, read.time, place);
}

function takeMeasurement(
  { config, environments, benchmarks }: GoFile,
  { benchmark, iterations, rest }: GoLine,
  { unit, value }: NonNullable<GoLine["time"]>,
  place: Place,
): void {
  for (const [key, values] of environments) values.add(config.get(key) ?? "");
  const own = config.get("pkg") ?? "";
  if (hasUnseen(own)) {
    throw cannotImport(place.path, `a package cannot be ${shown(own)}; mend it`, place);
  }
  const id = own === "" ? benchmark : `${own}/${benchmark}`;
  const sample = {
    iterations,
    ns: value * TIMES[unit]! * iterations,
    atNs: null,
    ...(rest.size === 0 ? {} : { metrics: Object.fromEntries(rest) }),
  };
  const known = benchmarks.get(id);
  if (known === undefined) {
    const first: ImportedBenchmark = {
      name: id,
      kind: "throughput",
      sampling: "flat",
      elements: 1,
      workload: {},
      config: [...config].filter(([key]) => key !== "pkg").sort(),
      samples: [sample],
    };
    benchmarks.set(id, { benchmark: first, unit, config: new Map(config) });
    return;
  }
  if (known.unit !== unit) {
    throw cannotImport(
      place.path,
      `${benchmark} has times in ${known.unit} and in ${unit}; bring them to one unit`,
      place,
    );
  }
  requireSameConfig(benchmark, known.config, config, place);
  known.benchmark.samples.push(sample);
}

/** Why no benchmark of a file has a time, and how to mend it. */
function whyNone({ untimed, leftOut: [first] }: GoFile): string {
  if (untimed > 0) {
    return "none of its benchmarks has a time (ns/op or sec/op); import those that have";
  }
  if (first === undefined) return "it has no benchmark line; name the output of go test -bench";
  return `no line of it can be used (line ${first.line}: ${first.reason}); measure again`;
}

function warningsOf({ leftOut, untimed, others, failed }: GoFile): string[] {
  const skipped = noteOf(leftOut);
  const warnings = skipped === null ? [] : [skipped];
  if (untimed > 0) {
    const have = untimed === 1 ? "has no time, and is" : "have no time, and are";
    warnings.push(`${plural(untimed, "line")} ${have} left out.`);
  }
  if (failed.length > 0) {
    const names = [...new Set(failed)].slice(0, MOST_NAMES).map((name) => shown(name)).join(", ");
    const more = failed.length > MOST_NAMES ? ` and ${failed.length - MOST_NAMES} more` : "";
    warnings.push(
      `go test says that ${names}${more} failed: what has no line of its own is not here.`,
    );
  }
  if (others.size > 0) {
    const units = [...others].sort().map((unit) => unit.slice(0, 60)).join(", ");
    warnings.push(`Figures in ${units} are kept with the samples, and no report shows them.`);
  }
  return warnings;
}

/** What all lines that count were measured on; a key that changed is not known. */
function environmentOf({ environments }: GoFile): Imported["environment"] {
  const same = (key: string) => {
    const [value, ...more] = environments.get(key) ?? [];
    return more.length > 0 || !value || hasUnseen(value) ? undefined : value;
  };
  const [os, arch, cpuModel] = ENVIRONMENT.map(same);
  return {
    ...(os === undefined ? {} : { os }),
    ...(arch === undefined ? {} : { arch }),
    ...(cpuModel === undefined ? {} : { cpuModel }),
  };
}

/** Lines under different configurations are of different things, and are not averaged. */
function requireSameConfig(
  benchmark: string,
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  place: Place,
): void {
  const keys = [...new Set([...before.keys(), ...now.keys()])];
  const changed = keys.find((key) => key !== "pkg" && before.get(key) !== now.get(key));
  if (changed === undefined) return;
  const [was, is] = [before, now].map((config) => shown(config.get(changed) ?? ""));
  throw cannotImport(
    place.path,
    `${shown(changed)} is ${is} for ${benchmark}, and ${was} for its lines before; ` +
      "import each from a file of its own",
    place,
  );
}

/** What is said of the lines that are left out. */
function noteOf(leftOut: readonly { line: number; reason: string }[]): string | null {
  const [first, ...more] = leftOut;
  if (first === undefined) return null;
  const [also, are] = more.length === 0 ? ["", "is"] : [` and ${more.length} more`, "are"];
  return `Line ${first.line}${also} ${are} left out: ${first.reason}.`;
}

/** How many of what failed a note names. */
const MOST_NAMES = 5;

/** A line's figures; `time` is `null` where it has none. */
interface GoLine {
  benchmark: string;
  iterations: number;
  time: { unit: string; value: number } | null;
  rest: Map<string, number>;
}

/**
 * `BenchmarkName-8 120331 9876 ns/op 64 B/op`.
 *
 * @returns `null` for a name alone, and the reason, as a clause, where the line cannot be used.
 */
function readLine(line: string): GoLine | { reason: string } | null {
  const [word = "", counted, ...pairs] = line.trim().split(/[ \t]+/);
  const benchmark = word.slice("Benchmark".length);
  if (hasUnseen(benchmark)) return { reason: `a benchmark cannot have the name ${shown(word)}` };
  if (counted === undefined) return null;
  const iterations = /^\d{1,15}$/.test(counted) ? Number(counted) : 0;
  if (iterations === 0) {
    return {
      reason: `${benchmark} has ${shown(counted)} iterations, which is no number above zero`,
    };
  }
  if (pairs.length === 0 || pairs.length % 2 === 1) {
    return { reason: `the line of ${benchmark} is cut off` };
  }
  let time = null as GoLine["time"];
  const rest = new Map<string, number>();
  for (let i = 0; i < pairs.length; i += 2) {
    const [text = "", unit = ""] = [pairs[i], pairs[i + 1]];
    if (hasUnseen(unit)) return { reason: `${benchmark} has the unit ${shown(unit)}` };
    const value = FIGURE.test(text) ? Number(text) : NaN;
    if (rest.has(unit) || time?.unit === unit) {
      return { reason: `${benchmark} has ${shown(unit)} twice` };
    }
    if (!Object.hasOwn(TIMES, unit)) {
      if (Number.isFinite(value)) rest.set(unit, value);
      continue;
    }
    if (!(value > 0 && Number.isFinite(value * TIMES[unit]! * iterations))) {
      return {
        reason: `the time of ${benchmark} is ${shown(text)}, which is no number above zero`,
      };
    }
    if (time !== null) {
      return { reason: `${benchmark} has its time in ${time.unit} and in ${unit}` };
    }
    time = { unit, value };
  }
  return { benchmark, iterations, time, rest };
}

/** A number as Go prints one; NaN and infinities are left out. */
const FIGURE = /^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$/;
