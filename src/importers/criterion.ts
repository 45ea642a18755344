/**
 * criterion.rs's `target/criterion`: for each benchmark a directory that has `benchmark.json`,
 * `sample.json`, `estimates.json` and `tukey.json` under `new`, and under the name of every saved
 * baseline. criterion 0.3.3 to 0.7 write them alike.
 */
import { hasUnseen } from "../format/mod.ts";
import { basename } from "node:path";
import * as v from "valibot";
import { fileReason, isFolder, isNotThere } from "../disk/mod.ts";
import { ResultError } from "../result/mod.ts";
import { conditionsIn } from "./conditions.ts";
import { Damage } from "./damage.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { isObject, parseJson } from "./json_file.ts";
import { readTextFile } from "./text_file.ts";

/** Above it a file is none of criterion's: its default of 100 samples takes some 4 KB. */
const MOST_FILE_BYTES = 16 * 1024 * 1024;
/** How deep and how far a tree is searched. */
const MOST_DEPTH = 12;
const MOST_ENTRIES = 200_000;

const Numbers = v.array(v.number());
const Sample = v.looseObject({
  sampling_mode: v.picklist(["Linear", "Flat"]),
  iters: Numbers,
  times: Numbers,
});
const Estimate = v.looseObject({ point_estimate: v.number(), standard_error: v.number() });
const Estimates = v.looseObject({
  mean: Estimate,
  median: Estimate,
  median_abs_dev: Estimate,
  slope: v.nullable(Estimate),
  std_dev: Estimate,
});
const Benchmark = v.looseObject({
  group_id: v.string(),
  full_id: v.string(),
  title: v.optional(v.string()),
  throughput: v.nullable(v.record(v.string(), v.unknown())),
});

/** The texts of a benchmark's files, and where they are. */
interface CriterionFiles {
  /** The directory. */
  path: string;
  benchmark: string;
  sample: string;
  /** `null` where there is none. */
  estimates: string | null;
}

/**
 * Reads a tree.
 *
 * @param baseline Which measurement of each benchmark: `new`, or the name of a saved baseline.
 * @throws {ResultError} Where the tree has no such measurement, or one that is not whole.
 */
export function readCriterionTree(path: string, baseline = "new"): Imported {
  const root = treeIn(path);
  const directories = findMeasurements(root, baseline);
  if (directories.length === 0) {
    throw cannotImport(
      path,
      isFolder(`${root}/data/main`)
        ? "it is cargo-criterion's own format; run cargo bench, which writes JSON"
        : `no benchmark in it has the measurement ${shown(baseline)}; ` +
          "name the target/criterion that cargo bench wrote",
    );
  }
  const warnings = new Set<string>();
  const damage = new Damage();
  let modified = null as Date | null;
  const benchmarks: ImportedBenchmark[] = [];
  for (const directory of directories) {
    const read = (name: string) => readTextFile(`${directory}/${name}`, MOST_FILE_BYTES);
    const benchmark = damage.orNull(() => {
      const sample = read("sample.json");
      const parsed = parseCriterion({
        path: directory,
        benchmark: read("benchmark.json").text,
        sample: sample.text,
        estimates: ifThere(() => read("estimates.json").text),
      }, warnings);
      if (sample.modified !== null && (modified === null || sample.modified > modified)) {
        modified = sample.modified;
      }
      return parsed;
    }, directory.slice(root.length + 1));
    if (benchmark === null) continue;
    const same = benchmarks.find(({ name }) => name === benchmark.name);
    if (same !== undefined) {
      throw cannotImport(directory, `${shown(benchmark.name)} is in the tree twice; remove one`);
    }
    benchmarks.push(benchmark);
  }
  if (benchmarks.length === 0 && damage.first !== undefined) throw damage.first;
  return {
    tool: "criterion.rs",
    toolVersion: null,
    files: [basename(path) || path],
    startedAt: null,
    endedAt: null,
    modified,
    environment: {},
    benchmarks: benchmarks.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })),
    warnings: [
      "Times are taken for nanoseconds of wall clock, criterion's default; its files do not say it.",
      ...warnings,
      ...damage.notes(basename(path) || path),
    ],
  };
}

/** The tree itself, also where the crate or its `target` is named. */
function treeIn(path: string): string {
  try {
    Deno.statSync(path);
    return [`${path}/target/criterion`, `${path}/criterion`].find(isFolder) ?? path;
  } catch (error) {
    throw cannotImport(path, fileReason(error), { cause: error });
  }
}

/** What is read of a file; `null` where it is not there. */
function ifThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof ResultError && isNotThere(error.cause)) return null;
    throw error;
  }
}

/** Directories of the name that hold a measurement; links are not followed. */
function findMeasurements(root: string, baseline: string): string[] {
  const found: string[] = [];
  const open = [{ path: root, depth: 0 }];
  let entries = 0;
  while (open.length > 0) {
    const { path, depth } = open.pop()!;
    let children: Deno.DirEntry[];
    try {
      children = [...Deno.readDirSync(path)];
    } catch (error) {
      throw cannotImport(path, fileReason(error), { cause: error });
    }
    entries += children.length;
    if (entries > MOST_ENTRIES) {
      throw cannotImport(root, `it has more than ${MOST_ENTRIES} files; name its target/criterion`);
    }
    const names = new Set(children.map(({ name }) => name));
    // Either file says that there is a measurement; the other one missing is then an error.
    if (basename(path) === baseline && (names.has("benchmark.json") || names.has("sample.json"))) {
      found.push(path);
      continue;
    }
    for (const { name, isDirectory } of children) {
      if (isDirectory && depth < MOST_DEPTH) {
        open.push({ path: `${path}/${name}`, depth: depth + 1 });
      }
    }
  }
  return found.sort();
}

/**
 * Reads one benchmark's files, and holds criterion's own estimates against its samples.
 *
 * @param warnings What was noticed is added to it.
 * @throws {ResultError} Where a file is no JSON of criterion's, a sample is no time, or the
 * estimates are not of these samples.
 */
export function parseCriterion(
  { path, benchmark: benchmarkText, sample: sampleText, estimates: estimatesText }: CriterionFiles,
  warnings: Set<string>,
): ImportedBenchmark {
  const benchmark = parseJson(Benchmark, benchmarkText, source(`${path}/benchmark.json`));
  const sample = parseJson(Sample, sampleText, source(`${path}/sample.json`));
  const name = nameOf(benchmark);
  if (name === "" || hasUnseen(name)) {
    throw cannotImport(
      `${path}/benchmark.json`,
      `a benchmark cannot have the name ${shown(name)}; name it anew in its source`,
    );
  }
  requireTimes(sample, `${path}/sample.json`);
  if (estimatesText === null) {
    warnings.add(`${name} has no estimates.json that its samples could be held against.`);
  } else {
    const estimates = parseJson(Estimates, estimatesText, source(`${path}/estimates.json`));
    requireSameEstimates(sample, estimates, `${path}/estimates.json`);
  }
  const elements = elementsOf(benchmark.throughput, `${path}/benchmark.json`);
  if (elements === null && benchmark.throughput !== null) {
    const units = Object.keys(benchmark.throughput).map((unit) => unit.slice(0, 30)).join(", ");
    warnings.add(
      `The throughput of ${name} is in ${units}, not in elements: the rate that is shown is one ` +
        "of iterations.",
    );
  }
  return {
    name,
    kind: benchmark.throughput === null ? "latency" : "throughput",
    sampling: sample.sampling_mode === "Linear" ? "linear" : "flat",
    elements: elements ?? 1,
    workload: {},
    // Bytes are no elements, and still say what one iteration does.
    config: benchmark.throughput === null ? [] : conditionsIn(benchmark.throughput, NO_OUTCOMES),
    samples: sample.iters.map((iterations, index) => ({
      iterations,
      ns: sample.times[index]!,
      atNs: null,
    })),
  };
}

/** A throughput is stated in the benchmark's source. */
const NO_OUTCOMES: ReadonlySet<string> = new Set();

/** criterion lets an id come again, and tells the later ones apart by their titles: `get #2`. */
function nameOf({ full_id: id, title = "" }: v.InferOutput<typeof Benchmark>): string {
  const again = title.match(/ #\d{1,9}$/)?.[0] ?? "";
  return id.endsWith(again) ? id : id + again;
}

/** Who wrote a file of a tree, and how to mend it; serde writes NaN and infinities as null. */
function source(path: string) {
  return { path, writer: "criterion 0.3.3 or later", mend: "run cargo bench again" };
}

function requireTimes({ iters, times }: v.InferOutput<typeof Sample>, path: string): void {
  if (iters.length !== times.length || iters.length === 0) {
    throw cannotImport(
      path,
      `it has ${iters.length} iteration counts and ${times.length} times; run cargo bench again`,
    );
  }
  for (const [index, count] of iters.entries()) {
    if (!(Number.isSafeInteger(count) && count > 0)) {
      throw cannotImport(
        path,
        `sample ${index} has ${count} iterations, and must have a whole number of them that can be ` +
          "counted; run cargo bench again",
      );
    }
    const time = times[index]!;
    if (!(time > 0 && Number.isFinite(time) && time / count > 0)) {
      throw cannotImport(
        path,
        `sample ${index} took ${time} ns, and a time must be above zero; run cargo bench again`,
      );
    }
  }
}

/** How far criterion's sums and ours may differ by the order in which they are made. */
const TOLERANCE = 1e-9;

/** The estimates must be of these samples: files of two runs may have come together. */
function requireSameEstimates(
  { sampling_mode: mode, iters, times }: v.InferOutput<typeof Sample>,
  { mean, slope }: v.InferOutput<typeof Estimates>,
  path: string,
): void {
  let [sum, xy, xx] = [0, 0, 0];
  for (const [index, iterations] of iters.entries()) {
    const time = times[index]!;
    sum += time / iterations;
    xy += iterations * time;
    xx += iterations * iterations;
  }
  const same = (a: number, b: number) => Math.abs(a - b) <= TOLERANCE * Math.abs(b);
  if (
    !same(mean.point_estimate, sum / iters.length) ||
    (mode === "Linear") !== (slope !== null) ||
    (slope !== null && !same(slope.point_estimate, xy / xx))
  ) {
    throw cannotImport(
      path,
      "its estimates are not those of the samples beside it; run cargo bench again",
    );
  }
}

/** Operations in an iteration; `null` where the throughput is not in elements. */
function elementsOf(throughput: Record<string, unknown> | null, path: string): number | null {
  if (throughput === null) return null;
  // Since 0.6 a benchmark may state both.
  const both = throughput.ElementsAndBytes;
  const elements = Object.hasOwn(throughput, "Elements")
    ? throughput.Elements
    : isObject(both)
    ? both.elements
    : undefined;
  if (elements === undefined) return null;
  if (typeof elements === "number" && Number.isSafeInteger(elements) && elements > 0) {
    return elements;
  }
  // A list of lists may be deeper than its text can be made.
  const said = typeof elements === "object" ? "a list or an object" : shown(String(elements));
  throw cannotImport(
    path,
    `its throughput is of ${said} elements, and must be of one or more; ` +
      "mend the benchmark's source",
  );
}
