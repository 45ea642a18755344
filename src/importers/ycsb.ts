/**
 * The summary that YCSB prints (its text exporter, or one of JSON):
 *
 * ```text
 * [OVERALL], RunTime(ms), 10110
 * [OVERALL], Throughput(ops/sec), 98.91196834817013
 * [READ], Operations, 509
 * [READ], AverageLatency(us), 1657.34
 * [READ], 99thPercentileLatency(us), 7000
 * ```
 */
import type { StatedRecord, WorkloadRecord } from "../result/mod.ts";
import { formatCount, formatPercent, hasUnseen } from "../format/mod.ts";
import { boundsOf, count, nanosecondsIn, notNegative, type Place, positive } from "./figures.ts";
import { Damage } from "./damage.ts";
import { eachOutput } from "./each_output.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { linesOf, outputsIn, type TextFile } from "./text_file.ts";
import { asYcsbText, isYcsbJson } from "./ycsb_json.ts";

const LINE = /^\[([^\]]+)\], ?([^,]+), ?(\S+)$/;
const LATENCY = /^(Average|Min|Max|(\d+(?:\.\d+)?)(?:st|nd|rd|th)?Percentile)Latency\((.+)\)$/;

/** What `measurementtype=raw` calls the figures of an operation; they are µs. */
const RAW_FIGURES: ReadonlyMap<string, string> = new Map([
  ["Total Operations", "Operations"],
  ...["Average", "Min", "Max"].map((name) => [name, `${name}Latency(us)`] as const),
  ...["50", "90", "95", "99", "99.9", "99.99"].map((percent) =>
    [`p${percent}`, `${percent}PercentileLatency(us)`] as const
  ),
]);

/** Whether a text looks like this format. */
export function isYcsb(text: string): boolean {
  return /^\[OVERALL\], ?(RunTime|Throughput)/m.test(text) || isYcsbJson(text);
}

interface Figure {
  text: string;
  place: Place;
}

/** What YCSB prints before it measures, and the first line of its summary. */
const HEAD = /^(Command line:|YCSB Client |\[OVERALL\], ?RunTime\(ms\))/;

/**
 * Reads a file, to which several YCSBs may have printed one after the other. Only what each of them was
 * told to do says whether they are runs of one thing, so that each has to have its command line.
 *
 * @throws {ResultError} Where a summary cannot be read.
 */
export function parseYcsbs(file: TextFile): Imported[] {
  const text = asYcsbText(file);
  const isHead = (line: string) => HEAD.test(line);
  const outputs = outputsIn(text, isHead, (line) => /^\[OVERALL\], ?Throughput/.test(line));
  const told = outputs.every(({ text }) => /^Command line:/m.test(text));
  if (outputs.length < 2 || !told) return [parseYcsb(text)];
  return eachOutput(file, outputs, parseYcsb);
}

/**
 * Reads the summary of one YCSB.
 *
 * @throws {ResultError} Where a figure is none, the overall figures contradict each other, times
 * have no unit that is known, the summary is cut off, or there is more than one.
 */
export function parseYcsb(file: TextFile): Imported {
  const { path, name, text, modified, firstLine = 1 } = asYcsbText(file);
  const sections = new Map<string, Map<string, Figure>>();
  const damage = new Damage();
  const head = { version: null as string | null, threads: null as number | null };
  let config: [key: string, value: string][] = [];
  for (const [index, line] of linesOf(text).entries()) {
    head.version ??= line.match(/^YCSB Client (\d[\w.-]*)$/)?.[1] ?? null;
    const threads = line.match(/^Command line:.* -threads (\d{1,6})(?: |$)/)?.[1];
    if (threads !== undefined) head.threads = Number(threads);
    const called = line.match(/^Command line:(.*)$/)?.[1];
    if (called !== undefined) config = commandConditions(called);
    const [, section, said, value] = line.match(LINE) ?? [];
    const key = said === undefined ? undefined : RAW_FIGURES.get(said) ?? said;
    if (section === undefined || key === undefined || value === undefined) {
      if (/^\[[A-Z][A-Z_-]*\], ?\w/.test(line)) {
        damage.add(
          cannotImport(path, "the line is cut off; take the whole summary", {
            line: firstLine + index,
          }),
        );
      }
      continue;
    }
    const figures = sections.get(section) ?? new Map<string, Figure>();
    sections.set(section, figures);
    // Of a histogram or a series in time the key is a number, which a series may have again, and is
    // not used.
    if (figures.has(key) && !/^>?\d+$/.test(key)) {
      const name = shown(section).slice(1, -1);
      throw cannotImport(
        path,
        `[${name}] has ${shown(key)} twice; import each summary from a file of its own`,
        { line: firstLine + index },
      );
    }
    figures.set(key, { text: value, place: { path, line: firstLine + index } });
  }
  const overall = sections.get("OVERALL");
  const [runTime, throughput] = [
    overall?.get("RunTime(ms)"),
    overall?.get("Throughput(ops/sec)"),
  ];
  if (runTime === undefined || throughput === undefined) {
    throw cannotImport(
      path,
      "it lacks the overall RunTime(ms) or Throughput(ops/sec); name the whole summary that YCSB printed",
    );
  }
  const warnings = [
    "YCSB's summary has no histogram; with -p hdrhistogram.fileoutput=true it writes logs that have.",
  ];
  const operations: ImportedBenchmark[] = [];
  const failures = failuresOf(sections, damage);
  warnings.push(...failures);
  for (const [section, figures] of sections) {
    if (section.endsWith(FAILED)) continue;
    if (section === "OVERALL" || section.startsWith("TOTAL_GC") || section === "CLEANUP") continue;
    const benchmark = damage.orNull(() =>
      operationBenchmark(section, figures, head.threads, warnings, damage)
    );
    if (benchmark !== null) operations.push(benchmark);
  }
  const kinds = new Set(operations.map(({ workload }) => workload.operation));
  const [only] = kinds;
  const sample = damage.orNull(() => overallSample(runTime, throughput));
  if (sample === null && operations.length === 0) {
    const [failure] = failures;
    if (failure === undefined) throw damage.first!;
    throw cannotImport(path, `${failure.replace(/\.$/, "")}; measure again`);
  }
  const overallRate: ImportedBenchmark[] = sample === null ? [] : [{
    name: "overall",
    kind: "throughput",
    sampling: "flat",
    elements: 1,
    workload: {
      operation: kinds.size === 1 ? only ?? null : null,
      ...(head.threads === null ? {} : { clients: head.threads }),
    },
    samples: [sample],
  }];
  return {
    tool: "YCSB",
    toolVersion: head.version,
    files: [name],
    startedAt: null,
    endedAt: null,
    modified,
    environment: {},
    benchmarks: [...overallRate, ...operations].map((benchmark) => ({ ...benchmark, config })),
    warnings: [...damage.notes(name), ...warnings],
  };
}

/** What the command line says of what was measured: workload, database, properties, target. */
function commandConditions(line: string): [key: string, value: string][] {
  const words = line.trim().split(/\s+/);
  const said = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const flag = words[at]!;
    if (flag === "-load" || flag === "-t") said.set("phase", flag.slice(1));
    const value = words[at + 1];
    if (value === undefined || !["-db", "-P", "-target", "-p"].includes(flag)) continue;
    at++;
    const [, key, own] = flag === "-p" ? value.match(/^([^=]+)=(.*)$/) ?? [] : [, flag, value];
    if (key === undefined || own === undefined || isPlace(key)) continue;
    // Files of properties add to each other.
    said.set(key, flag === "-P" && said.has(flag) ? `${said.get(flag)} ${own}` : own);
  }
  return [...said].sort();
}

/** Whether a property says where files are or what is shown, and not what is measured. */
export function isPlace(property: string): boolean {
  return PLACES.test(property);
}

const PLACES =
  /(^|\.)(dir|path|file|\w*_?file|output|fileoutput|label|verbose|silence|outputstyle|pprof)$|^(exporter|hdrhistogram\.|status\.)/;

/** What YCSB adds to an operation's name for those that failed. */
const FAILED = "-FAILED";
/** What YCSB puts before an operation's name for times from when it was to begin. */
const INTENDED = "Intended-";
/** What an operation returns that did what it was to do; older ones print the code, others nothing. */
const DONE = /^Return=(OK|BATCHED_OK|0|)$/;

/** Operations that failed, in whole sentences: they are no measurement of the store. */
function failuresOf(
  sections: ReadonlyMap<string, Map<string, Figure>>,
  damage: Damage,
): string[] {
  const names = [...sections.keys()].map((section) =>
    section.endsWith(FAILED) ? section.slice(0, -FAILED.length) : section
  );
  return [...new Set(names)].flatMap((name) =>
    damage.orNull(() => failureOf(name, names, sections)) ?? []
  );
}

function failureOf(
  name: string,
  names: readonly string[],
  sections: ReadonlyMap<string, Map<string, Figure>>,
): string[] {
  // The same operations again, from when they were to begin.
  if (name.startsWith(INTENDED) && names.includes(name.slice(INTENDED.length))) return [];
  const own = sections.get(name) ?? new Map<string, Figure>();
  const returned = [...own, ...sections.get(name + FAILED) ?? []]
    .filter(([key]) => key.startsWith("Return=") && !DONE.test(key))
    .map(([key, { text, place }]) => count(text, `${shown(key)} of [${name}]`, place));
  const stated = sections.get(name + FAILED)?.get("Operations");
  const failed = Math.max(
    returned.reduce((sum, each) => sum + each, 0),
    stated === undefined ? 0 : count(stated.text, `Operations of [${name}${FAILED}]`, stated.place),
  );
  if (failed === 0) return [];
  const operations = own.get("Operations");
  const done = operations === undefined
    ? 0
    : count(operations.text, `Operations of [${name}]`, operations.place);
  // Before it had sections for them, YCSB measured failed operations with the others.
  const among = !sections.has(name + FAILED) && failed <= done &&
    done === [...own].filter(([key]) => key.startsWith("Return="))
        .reduce((sum, [key, { text, place }]) => sum + count(text, shown(key), place), 0);
  if (among) {
    return [
      `${formatCount(failed)} of ${formatCount(done)} ${name} operations failed ` +
      `(${formatPercent(failed / done)}): they are counted in the overall rate, and among the ` +
      `latencies of ${name}.`,
    ];
  }
  return [failureNote(name, failed, failed + done, "they are counted in the overall rate")];
}

/**
 * What is said of an operation of which some failed.
 *
 * @param overall What became of them in the overall rate, e.g. `they are counted in the overall rate`.
 */
export function failureNote(name: string, failed: number, all: number, overall: string): string {
  const share = formatPercent(failed / all);
  return `${formatCount(failed)} of ${formatCount(all)} ${name} operations failed (${share}): ` +
    `${overall}, and their latencies are left out.`;
}

/** Operations and run time; YCSB divides the one by the other and prints all digits. */
function overallSample(runTime: Figure, throughput: Figure) {
  const ms = positive(runTime.text, "the overall RunTime", runTime.place);
  const rate = positive(throughput.text, "the overall Throughput", throughput.place);
  const done = Math.round(rate * ms / 1e3);
  const { low, high } = boundsOf(throughput.text);
  const slack = 1e-9 * done;
  if (done < 1 || done < low * ms / 1e3 - slack || done > high * ms / 1e3 + slack) {
    const figures = `RunTime ${shown(runTime.text)} and Throughput ${shown(throughput.text)}`;
    throw cannotImport(
      runTime.place.path,
      `its overall ${figures} are of no whole number of operations; take the summary as YCSB ` +
        "printed it",
      throughput.place.line === undefined ? {} : { line: throughput.place.line },
    );
  }
  return { iterations: done, ns: ms * 1e6, atNs: null };
}

const OPERATIONS: Record<string, WorkloadRecord["operation"]> = {
  READ: "get",
  UPDATE: "put",
  INSERT: "put",
  SCAN: "scan",
};

/** What a YCSB operation is in a store. */
export function ycsbOperation(name: string): WorkloadRecord["operation"] {
  return Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name]! : null;
}

const QUANTILES: Record<string, keyof StatedRecord> = {
  "50": "p50",
  "75": "p75",
  "90": "p90",
  "95": "p95",
  "99": "p99",
  "99.9": "p999",
  "99.99": "p9999",
};

/** The field that a percentile is kept in, or `undefined` for one that has none. */
export function statedField(percentile: string): keyof StatedRecord | undefined {
  return Object.hasOwn(QUANTILES, percentile) ? QUANTILES[percentile] : undefined;
}

function operationBenchmark(
  section: string,
  figures: Map<string, Figure>,
  threads: number | null,
  warnings: string[],
  damage: Damage,
): ImportedBenchmark | null {
  const operations = figures.get("Operations");
  const times = [...figures].flatMap(([key, figure]) => {
    const [, what, percentile, unit] = key.match(LATENCY) ?? [];
    return what === undefined || unit === undefined ? [] : [{ what, percentile, unit, figure }];
  });
  if (operations === undefined && times.length === 0) return null;
  const path = (operations ?? times[0]!.figure).place.path;
  if (hasUnseen(section)) {
    throw cannotImport(path, `an operation cannot have the name ${shown(section)}; mend it`);
  }
  const average = times.find(({ what }) => what === "Average");
  if (operations === undefined || average === undefined) {
    throw cannotImport(
      path,
      `[${section}] lacks its Operations or its AverageLatency; take the whole summary`,
    );
  }
  const done = count(operations.text, `Operations of [${section}]`, operations.place);
  if (done === 0) {
    warnings.push(`[${section}] did no operation, and is left out.`);
    return null;
  }
  const stated: Record<string, number> = { count: done };
  for (const { what, percentile, unit, figure } of times) {
    const field = what === "Average"
      ? "mean"
      : what === "Min"
      ? "min"
      : what === "Max"
      ? "max"
      : statedField(percentile!);
    const read = () => {
      const scale = nanosecondsIn(unit);
      if (scale === undefined) {
        throw cannotImport(path, `the unit ${shown(unit)} is not known; it can be us or ms`);
      }
      return notNegative(figure.text, `the ${what} latency of [${section}]`, figure.place) * scale;
    };
    // Without its average nothing of an operation can be used; of the others each costs itself.
    const value = what === "Average" ? read() : damage.orNull(read);
    if (field !== undefined && value !== null) stated[field as string] = value;
  }
  if (isOfBuckets(figures, times, stated) && PERCENTILES.some((field) => field in stated)) {
    for (const field of PERCENTILES) delete stated[field];
    warnings.push(
      `The percentiles of [${section}] are the lower ends of buckets of 1 ms, and are left out.`,
    );
  }
  requireOrder(stated, `[${section}]`, average.figure.place);
  if (stated.mean === 0) {
    warnings.push(`The average latency of [${section}] is 0, below YCSB's unit; it is left out.`);
    return null;
  }
  return {
    name: section,
    kind: "latency",
    sampling: "flat",
    elements: 1,
    workload: {
      operation: ycsbOperation(section),
      ...(threads === null ? {} : { clients: threads }),
    },
    samples: [{ iterations: done, ns: stated.mean! * done, atNs: null }],
    stated,
  };
}

const PERCENTILES = ["p50", "p75", "p90", "p95", "p99", "p999", "p9999"] as const;

/**
 * Whether the percentiles are of YCSB's own histogram (`measurementtype=histogram`), which counts in
 * buckets of 1 ms and states the lower end of one, whatever unit it prints. It alone prints a
 * variance, its buckets' counts, percentiles in another unit than the mean's (0.1), or ones below
 * the least latency.
 */
function isOfBuckets(
  figures: ReadonlyMap<string, Figure>,
  times: readonly { what: string; percentile: string | undefined; unit: string }[],
  stated: StatedRecord,
): boolean {
  const units = (percentiles: boolean) =>
    times.filter(({ percentile }) => (percentile !== undefined) === percentiles)
      .map(({ unit }) => unit);
  return [...figures.keys()].some((key) => /^(LatencyVariance\(|>?\d+$)/.test(key)) ||
    units(true).some((unit) => !units(false).includes(unit)) ||
    PERCENTILES.some((field) => (stated[field] ?? Infinity) < (stated.min ?? 0));
}

const ASCENDING = ["min", "p50", "p75", "p90", "p95", "p99", "p999", "p9999"] as const;

/**
 * Refuses figures of one distribution that fall where they have to rise. The maximum stands apart:
 * a percentile may be the upper end of a bucket that goes beyond it.
 */
export function requireOrder(stated: StatedRecord, what: string, place: Place): void {
  const values = ASCENDING.flatMap((field) => stated[field] ?? []);
  const { mean, min, max } = stated;
  if (
    values.every((value, index) => index === 0 || value >= values[index - 1]!) &&
    (mean === undefined || ((min ?? 0) <= mean * 1.001 + 1e3 && mean <= (max ?? mean) * 1.001))
  ) return;
  throw cannotImport(
    place.path,
    `the latencies of ${what} contradict each other; take the summary as it was printed`,
    place.line === undefined ? {} : { line: place.line },
  );
}
