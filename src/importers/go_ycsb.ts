/**
 * The summary that go-ycsb prints (its plain style; of the others the same lines are made), after lines of the same form for every ten
 * seconds:
 *
 * ```text
 * Run finished, takes 11.722575701s
 * READ   - Takes(s): 11.7, Count: 10000, OPS: 855.2, Avg(us): 690, Min(us): 262, Max(us): 61304, 99th(us): 3600
 * ```
 */
import { hasUnseen } from "../format/mod.ts";
import type { StatedRecord } from "../result/mod.ts";
import { boundsOf, count, nanosecondsIn, notNegative, type Place } from "./figures.ts";
import { Damage } from "./damage.ts";
import { eachOutput } from "./each_output.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { asPlainGoYcsb, isStyledGoYcsb } from "./go_ycsb_styles.ts";
import { namesText } from "./named.ts";
import { linesOf, outputsIn, type TextFile } from "./text_file.ts";
import { failureNote, isPlace, requireOrder, statedField, ycsbOperation } from "./ycsb.ts";

const LINE = /^(\S+)\s+- (Takes\(s\): .*)$/;
const FINISHED = /^Run finished, takes (\S+)$/;

/** What go-ycsb adds to an operation's name for those that failed. */
const FAILED = "_ERROR";
/** What times other operations that are timed by themselves as well; TOTAL does not count it. */
const COMPOSITE = "READ_MODIFY_WRITE";

/** All operations that succeeded, but for the composites. */
const TOTAL = "TOTAL";

/** Whether a text looks like this format. */
export function isGoYcsb(text: string): boolean {
  return /^\S+\s+- Takes\(s\): /m.test(text) || /^Run finished, takes \S+$/m.test(text) ||
    isStyledGoYcsb(text);
}

/** What go-ycsb prints before what it was told to do. */
const PROPERTIES = /^\*+ properties \*+$/;

/**
 * Reads a file, to which several go-ycsbs may have printed one after the other. Only their properties
 * say whether they are runs of one thing, so that each has to have its own.
 *
 * @throws {ResultError} Where a summary cannot be read.
 */
export function parseGoYcsbs(file: TextFile): Imported[] {
  const text = asPlainGoYcsb(file);
  const isHead = (line: string) => PROPERTIES.test(line);
  const outputs = outputsIn(text, isHead, (line) => FINISHED.test(line));
  const runs = linesOf(text.text).filter((line) => FINISHED.test(line)).length;
  if (outputs.length < 2 || runs !== outputs.length) return [parseGoYcsb(text)];
  return eachOutput(file, outputs, parseGoYcsb);
}

/**
 * Reads the summary of one go-ycsb: the lines after `Run finished`, which count all of it.
 *
 * @throws {ResultError} Where the run did not finish, a figure is none, the figures of a line
 * contradict each other, or their units differ.
 */
export function parseGoYcsb(file: TextFile): Imported {
  const { path, name, text, modified, firstLine = 1 } = asPlainGoYcsb(file);
  const lines = linesOf(text);
  const finished = lines.flatMap((line, index) => {
    const took = line.match(FINISHED)?.[1];
    return took === undefined ? [] : [{ took, index }];
  });
  const [end] = finished;
  if (end === undefined) {
    throw cannotImport(path, "its run did not finish; let go-ycsb come to its end");
  }
  if (finished.length > 1) {
    throw cannotImport(
      path,
      "it has two runs; import each from a file of its own",
      { line: finished[1]!.index + firstLine },
    );
  }
  const wallNs = goDuration(end.took, { path, line: end.index + firstLine });
  const threads = text.match(/^"threadcount"="(\d{1,6})"$/m)?.[1];
  const workload = threads === undefined ? {} : { clients: Number(threads) };
  // The properties come in no order.
  const config = [...text.matchAll(/^"([^"\n]+)"="([^"\n]*)"\r?$/gm)]
    .flatMap(([, key = "", value = ""]) => isPlace(key) ? [] : [[key, value] as const]).sort();
  const warnings: string[] = [];
  const damage = new Damage();
  let lost = false;
  const benchmarks: ImportedBenchmark[] = [];
  const succeeded = new Map<string, number>();
  const failed = new Map<string, number>();
  let done = 0;
  let total: number | null = null;
  for (const [offset, line] of lines.slice(end.index + 1).entries()) {
    const place = { path, line: end.index + offset + 1 + firstLine };
    const [, operation, figures] = line.match(LINE) ?? [];
    if (operation === undefined || figures === undefined) continue;
    if (benchmarks.some((benchmark) => benchmark.name === operation)) {
      throw cannotImport(path, `${shown(operation)} has two lines; keep the last`, place);
    }
    const read = damage.orNull(() => {
      if (hasUnseen(operation)) {
        throw cannotImport(path, `an operation cannot have the name ${shown(operation)}`, place);
      }
      return readFigures(operation, figures, place);
    });
    if (read === null) {
      lost ||= ![TOTAL, COMPOSITE].includes(operation) && !operation.endsWith(FAILED);
      continue;
    }
    if (operation === TOTAL) {
      total = read.count ?? 0;
      continue;
    }
    if (operation.endsWith(FAILED)) {
      failed.set(operation.slice(0, -FAILED.length), read.count ?? 0);
      continue;
    }
    succeeded.set(operation, read.count ?? 0);
    // Made of a READ and an UPDATE, which have lines of their own.
    if (operation !== COMPOSITE) done += read.count ?? 0;
    if (read.mean === 0) {
      warnings.push(`The average latency of ${operation} is below 1 µs; it is left out.`);
      continue;
    }
    benchmarks.push({
      name: operation,
      kind: "latency",
      sampling: "flat",
      elements: 1,
      workload: { ...workload, operation: ycsbOperation(operation) },
      samples: [{ iterations: read.count!, ns: read.mean! * read.count!, atNs: null }],
      stated: read,
    });
  }
  if (total !== null && total < done) {
    damage.add(cannotImport(
      path,
      `its TOTAL is ${total} operations, and the single ones are ${done}; take it as it was printed`,
    ));
    total = null;
  }
  // How often an operation was done whose line cannot be read, only the total tells.
  const all = lost ? total : done;
  if (lost && total === null) warnings.push("Without that line the overall rate is not known.");
  if (benchmarks.length === 0 && damage.first !== undefined) throw damage.first;
  if (done === 0) {
    throw cannotImport(path, "no operation follows its end; take the whole summary");
  }
  for (const [operation, count] of failed) {
    const all = count + (succeeded.get(operation) ?? 0);
    warnings.push(failureNote(operation, count, all, "the overall rate is without them"));
  }
  const batches = [...succeeded.keys()].filter((operation) => operation.startsWith("BATCH_"));
  if (batches.length > 0) {
    warnings.push(`Each operation of ${namesText(batches)} is a batch of several records.`);
  }
  const kinds = new Set(benchmarks.map((benchmark) => benchmark.workload.operation));
  const [only] = kinds;
  const overall: ImportedBenchmark[] = all === null ? [] : [{
    name: "overall",
    kind: "throughput",
    sampling: "flat",
    elements: 1,
    workload: { ...workload, operation: !lost && kinds.size === 1 ? only ?? null : null },
    samples: [{ iterations: all, ns: wallNs, atNs: null }],
  }];
  return {
    tool: "go-ycsb",
    toolVersion: null,
    files: [name],
    startedAt: null,
    endedAt: null,
    modified,
    environment: {},
    benchmarks: [...overall, ...benchmarks].map((benchmark) => ({ ...benchmark, config })),
    warnings: [
      ...damage.notes(name),
      ...warnings,
      "go-ycsb's summary has no histogram, and its averages are cut off to whole microseconds.",
    ],
  };
}

/** `Takes(s): 11.7, Count: 10000, …` as figures in ns. */
function readFigures(operation: string, text: string, place: Place): StatedRecord {
  const raw = new Map<string, { text: string; unit: string | undefined }>();
  for (const part of text.split(", ")) {
    const [, key, unit, value] = part.match(/^([\w.]+)(?:\((\w+)\))?: (\S+)$/) ?? [];
    if (key === undefined || value === undefined || raw.has(key)) {
      throw cannotImport(place.path, `the line of ${operation} is cut off or not whole`, place);
    }
    raw.set(key, { text: value, unit });
  }
  const [takes, counted, rate, average] = ["Takes", "Count", "OPS", "Avg"].map((key) =>
    raw.get(key)
  );
  if (takes?.unit !== "s" || !counted || !rate || average?.unit === undefined) {
    throw cannotImport(place.path, `the line of ${operation} is cut off or not whole`, place);
  }
  const scale = nanosecondsIn(average.unit);
  const done = count(counted.text, `the count of ${operation}`, place);
  if (done === 0) {
    throw cannotImport(place.path, `${operation} did no operation; take its line out`, place);
  }
  notNegative(takes.text, `the time of ${operation}`, place);
  // Printed with one decimal: an operation in twenty seconds and more has a rate of 0.0.
  notNegative(rate.text, `the rate of ${operation}`, place);
  const [time, speed] = [boundsOf(takes.text), boundsOf(rate.text)];
  if (done < time.low * speed.low - 1 || done > time.high * speed.high + 1) {
    throw cannotImport(
      place.path,
      `the figures of ${operation} contradict each other; take the summary as it was printed`,
      place,
    );
  }
  const stated: Record<string, number> = { count: done };
  for (const [key, { text, unit }] of raw) {
    if (key === "Takes" || key === "Count" || key === "OPS") continue;
    if (unit !== average.unit || scale === undefined) {
      const units = `${shown(unit ?? "no unit")} and ${shown(average.unit)}`;
      throw cannotImport(
        place.path,
        `the latencies of ${operation} are in ${units}; take the summary as it was printed`,
        place,
      );
    }
    const percentile = key.match(/^(\d+(?:\.\d+)?)(?:st|nd|rd|th)$/)?.[1];
    const field = key === "Avg"
      ? "mean"
      : key === "Min"
      ? "min"
      : key === "Max"
      ? "max"
      : percentile === undefined
      ? undefined
      : statedField(percentile);
    const value = notNegative(text, `${key} of ${operation}`, place);
    if (field !== undefined) stated[field as string] = value * scale;
  }
  requireOrder(stated, operation, place);
  return stated;
}

/** A duration as Go prints one, e.g. `1m24.170438017s`, in ns. */
function goDuration(text: string, place: Place): number {
  const [, hours = "0", minutes = "0", value = "", unit = ""] = text.match(
    /^(?:(\d{1,6})h)?(?:(\d{1,2})m(?!s))?(\d+(?:\.\d+)?)(ns|us|µs|ms|s)$/,
  ) ?? [];
  const ns = Number(hours) * 3600e9 + Number(minutes) * 60e9 +
    Number(value) * (nanosecondsIn(unit) ?? NaN);
  if (!(ns > 0)) {
    throw cannotImport(place.path, `its duration ${shown(text)} is none; take it as printed`, {
      line: place.line ?? 0,
    });
  }
  return ns;
}
