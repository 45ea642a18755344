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
 * Lines of one benchmark (`-count`) are samples of one run: go test runs them in one process.
 */
import { count, notNegative, type Place, positive } from "./figures.ts";
import { cannotImport, hasUnseen, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { linesOf, type TextFile } from "./text_file.ts";

/** Whether a text looks like this format. */
export function isGoBenchmark(text: string): boolean {
  return /^Benchmark[^a-z\s]\S*[ \t]+\S+[ \t]+\S+[ \t]+\S+/m.test(text);
}

/** Times for one operation, and the nanoseconds in their units. */
const TIMES: Record<string, number> = { "ns/op": 1, "sec/op": 1e9 };

/**
 * Reads one file of Go benchmarks.
 *
 * @throws {ResultError} Where a line is not whole, a figure is none, lines of one benchmark have
 * times in different units, or none has a time.
 */
export function parseGoBenchmark({ path, name, text, modified }: TextFile): Imported {
  const config = new Map<string, string>();
  const packages = new Set<string>();
  const benchmarks = new Map<string, ImportedBenchmark & { unit: string; package: string }>();
  const others = new Set<string>();
  let untimed = 0;
  for (const [index, line] of linesOf(text).entries()) {
    const place = { path, line: index + 1 };
    const [, key, value] = line.match(/^([a-z][^\sA-Z:]*):(?:[ \t]+(.*))?$/) ?? [];
    if (key !== undefined) {
      config.set(key, (value ?? "").trim());
      if (key === "pkg") packages.add(config.get(key)!);
      continue;
    }
    if (!/^Benchmark[^a-z\s]/.test(line)) continue;
    const read = readLine(line, place);
    // go test prints a name alone before a benchmark that logs.
    if (read === null) continue;
    const { benchmark, iterations, times, rest } = read;
    for (const unit of rest.keys()) others.add(unit);
    if (times.length === 0) {
      untimed++;
      continue;
    }
    if (times.length > 1) {
      throw cannotImport(
        path,
        `${benchmark} has its time in ${times.map(({ unit }) => unit).join(" and in ")}; keep one`,
        place,
      );
    }
    const [{ unit, value: time }] = times as [typeof times[number]];
    const own = config.get("pkg") ?? "";
    const id = `${own}\n${benchmark}`;
    const known = benchmarks.get(id);
    if (known !== undefined && known.unit !== unit) {
      throw cannotImport(
        path,
        `${benchmark} has times in ${known.unit} and in ${unit}; bring them to one unit`,
        place,
      );
    }
    const sample = {
      iterations,
      ns: requireFinite(time * TIMES[unit]! * iterations, benchmark, place),
      atNs: null,
      ...(rest.size === 0 ? {} : { metrics: Object.fromEntries(rest) }),
    };
    if (known !== undefined) known.samples.push(sample);
    else {
      benchmarks.set(id, {
        name: benchmark,
        kind: "throughput",
        sampling: "flat",
        elements: 1,
        workload: {},
        samples: [sample],
        unit,
        package: own,
      });
    }
  }
  if (benchmarks.size === 0) {
    throw cannotImport(
      path,
      untimed > 0
        ? "none of its benchmarks has a time (ns/op or sec/op); import those that have"
        : "it has no benchmark line; name the output of go test -bench",
    );
  }
  const warnings: string[] = [];
  if (untimed > 0) warnings.push(`${untimed} lines have no time, and are left out.`);
  if (others.size > 0) {
    const units = [...others].sort().map((unit) => unit.slice(0, 60));
    warnings.push(
      `Figures in ${units.join(", ")} are kept with the samples, and no report shows them.`,
    );
  }
  const known = (key: string) => {
    const value = config.get(key);
    return value === undefined || value === "" || hasUnseen(value) ? undefined : value;
  };
  const [os, arch, cpuModel] = ["goos", "goarch", "cpu"].map(known);
  return {
    tool: "go test -bench",
    toolVersion: null,
    files: [name],
    startedAt: null,
    endedAt: null,
    modified,
    environment: {
      ...(os === undefined ? {} : { os }),
      ...(arch === undefined ? {} : { arch }),
      ...(cpuModel === undefined ? {} : { cpuModel }),
    },
    benchmarks: [...benchmarks.values()].map(({ unit: _, package: own, ...benchmark }) => ({
      ...benchmark,
      name: packages.size > 1 && own !== "" ? `${own}/${benchmark.name}` : benchmark.name,
    })),
    warnings,
  };
}

/** `BenchmarkName-8 120331 9876 ns/op 64 B/op`; `null` for a name alone. */
function readLine(line: string, place: Place) {
  const [word = "", iterations, ...pairs] = line.trim().split(/[ \t]+/);
  const benchmark = word.slice("Benchmark".length);
  if (hasUnseen(benchmark)) {
    throw cannotImport(place.path, `a benchmark cannot have the name ${shown(word)}`, place);
  }
  if (iterations === undefined) return null;
  const done = count(iterations, `the iterations of ${benchmark}`, place);
  if (done === 0) {
    throw cannotImport(place.path, `${benchmark} has zero iterations; measure it again`, place);
  }
  if (pairs.length === 0 || pairs.length % 2 === 1) {
    throw cannotImport(place.path, `the line of ${benchmark} is cut off; measure it again`, place);
  }
  const times: { unit: string; value: number }[] = [];
  const rest = new Map<string, number>();
  for (let i = 0; i < pairs.length; i += 2) {
    const [value = "", unit = ""] = [pairs[i], pairs[i + 1]];
    if (hasUnseen(unit)) {
      throw cannotImport(place.path, `a unit cannot be ${shown(unit)}; mend it`, place);
    }
    if (times.some((time) => time.unit === unit) || rest.has(unit)) {
      throw cannotImport(place.path, `${benchmark} has ${shown(unit)} twice; keep one`, place);
    }
    if (Object.hasOwn(TIMES, unit)) {
      times.push({ unit, value: positive(value, `the time of ${benchmark}`, place) });
    } else rest.set(unit, signed(value, `${unit} of ${benchmark}`, place));
  }
  return { benchmark, iterations: done, times, rest };
}

/** A figure of a unit that is not known here may be below zero. */
function signed(text: string, what: string, place: Place): number {
  return text.startsWith("-")
    ? -notNegative(text.slice(1), what, place)
    : notNegative(text, what, place);
}

function requireFinite(ns: number, benchmark: string, { path, line }: Place): number {
  if (Number.isFinite(ns)) return ns;
  throw cannotImport(
    path,
    `the time of ${benchmark} is out of all measure; measure it again`,
    line === undefined ? {} : { line },
  );
}
