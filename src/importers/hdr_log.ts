/**
 * HDR histogram logs (format 1.0 to 1.3), as YCSB, wrk2-like tools and HistogramLogWriter write
 * them: a line for each interval, with its histogram in compressed text form.
 *
 * ```text
 * #[StartTime: 1438867590.285 (seconds since epoch), …]
 * "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
 * Tag=READ,0.127,1.007,2.769,HISTFAAAAEV42pNpm…
 * ```
 *
 * The log does not say the unit of its values. YCSB's are µs, and such a log says that it is one;
 * of any other the caller has to know.
 */
import { hasUnseen } from "../format/mod.ts";
import type { Histogram, JsHistogram } from "hdr-histogram-js";
import { decodeHistogram, type SampleRecord } from "../result/mod.ts";
import { nanosecondsIn, notNegative, type Place } from "./figures.ts";
import { Damage } from "./damage.ts";
import { eachOutput } from "./each_output.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { emptyHistogram, HIGHEST_NS, latencyRecord } from "./latency_histogram.ts";
import { linesOf, outputsIn, type TextFile } from "./text_file.ts";
import { ycsbOperation } from "./ycsb.ts";

/** Whether a text looks like this format. */
export function isHdrLog(text: string): boolean {
  return /^#\[(Histogram log format version|StartTime:)|^"StartTimestamp"|,HISTFAAA/m.test(text);
}

/** What a log begins with. */
const HEAD = /^#\[(Logging for|Histogram log format|StartTime|BaseTime)/;

/**
 * Reads a file, to which several processes may have logged one after the other.
 *
 * @param unit Of the values, where a log does not say that it is YCSB's.
 * @throws {ResultError} Where a log cannot be read.
 */
export function parseHdrLogs(file: TextFile, unit?: "ns" | "us" | "ms" | "s"): Imported[] {
  const logs = outputsIn(file, (line) => HEAD.test(line), (line) => /,HIST/.test(line));
  return eachOutput(file, logs, (log) => parseHdrLog(log, unit));
}

function isInterval(line: string): boolean {
  return line.trim() !== "" && !line.startsWith("#") && !line.startsWith('"');
}

/**
 * Reads one log. Each tag is a benchmark; each interval with a value in it is a sample, whose time
 * is the sum of its latencies by its histogram's mean.
 *
 * @param unit Of the values, where the log does not say that it is YCSB's.
 * @throws {ResultError} Where the unit is not known, an interval is not whole, or none has a value.
 */
export function parseHdrLog(
  { path, name, text, modified, firstLine = 1 }: TextFile,
  unit?: "ns" | "us" | "ms" | "s",
): Imported {
  const logging = text.match(/^#\[Logging for: ([^\]\r\n]+)\]/m)?.[1];
  if (unit === undefined && logging === undefined) {
    throw cannotImport(path, "it does not say the unit of its values; give --unit ns, us, ms or s");
  }
  const scale = nanosecondsIn(unit ?? "us")!;
  const tags = new Map<string, Tag>();
  const fallback = logging ?? name.replace(/\.(hdr|hlog|histogram)$/i, "");
  let start: number | null = null;
  let base: number | null = null;
  let first: number | null = null;
  let last = 0;
  const lines = linesOf(text);
  let cut: number | null = null;
  const damage = new Damage();
  for (const [index, line] of lines.entries()) {
    const place = { path, line: firstLine + index };
    start ??= epochSeconds(line, "StartTime");
    base ??= epochSeconds(line, "BaseTime");
    if (!isInterval(line)) continue;
    // A process that was killed leaves its last line unfinished, which costs itself alone.
    if (index === lines.length - 1 && tags.size > 0 && !isWhole(line, place)) {
      cut = place.line;
      break;
    }
    const read = damage.orNull(() => {
      const interval = readInterval(line, place);
      const tag = interval.tag ?? fallback;
      if (tag === "" || hasUnseen(tag)) {
        throw cannotImport(path, `a tag cannot be ${shown(tag)}; mend it`, place);
      }
      const histogram = decode(interval.histogram, place);
      return { interval, tag, histogram, values: valuesOf(histogram, scale, place) };
    });
    if (read === null) continue;
    const { interval, tag, histogram, values } = read;
    first ??= interval.start;
    last = Math.max(last, interval.start + interval.length);
    if (histogram.totalCount === 0) continue;
    const own = tags.get(tag) ?? { samples: [], merged: emptyHistogram(), untimed: 0 };
    tags.set(tag, own);
    for (const { ns, count } of values) own.merged.recordValueWithCount(ns, count);
    const sum = values.reduce((all, { middle, count }) => all + middle * count, 0);
    if (sum === 0) {
      own.untimed += histogram.totalCount;
      continue;
    }
    const iterations = histogram.totalCount + own.untimed;
    own.untimed = 0;
    own.samples.push({
      iterations,
      ns: sum,
      atNs: Math.max(0, interval.start - first) * 1e9,
    });
  }
  for (const { samples, untimed } of tags.values()) {
    const last = samples.at(-1);
    if (last !== undefined) last.iterations += untimed;
  }
  const benchmarks = [...tags].filter(([, { samples }]) => samples.length > 0);
  if (benchmarks.length === 0) {
    if (damage.first !== undefined) throw damage.first;
    throw cannotImport(path, "no interval of it has a value above 0; name a log of a run");
  }
  // Timestamps are seconds from the base, from the start, or from the epoch where they are large.
  const origin = base ?? (start !== null && (first ?? 0) < start - 365 * 86_400 ? start : 0);
  const at = (seconds: number) => origin + seconds > 1e8 ? date(origin + seconds) : null;
  return {
    tool: logging === undefined ? "HDR histogram log" : "YCSB",
    toolVersion: null,
    files: [name],
    startedAt: first === null ? null : at(first),
    endedAt: first === null ? null : at(last),
    modified,
    environment: {},
    benchmarks: benchmarks.map(([tag, { samples, merged }]): ImportedBenchmark => ({
      name: tag,
      kind: "latency",
      sampling: "flat",
      elements: 1,
      workload: { operation: logging === undefined ? null : ycsbOperation(tag) },
      samples,
      latency: latencyRecord(merged),
    })),
    warnings: [
      "The samples are the intervals of an HDR histogram log: their times are sums of latencies, as " +
      "exact as the histograms, and no wall time.",
      ...(cut === null ? [] : [`Line ${cut}, the last one, is cut off and left out.`]),
      ...damage.notes(name),
    ],
  };
}

/** What is read of a tag. */
interface Tag {
  samples: SampleRecord[];
  merged: Histogram;
  /**
   * Operations of intervals in which all took less than the log's unit: they go with those of the next
   * interval, since no sample has a time of 0, and the mean is of all of them.
   */
  untimed: number;
}

function epochSeconds(line: string, key: string): number | null {
  const text = line.match(new RegExp(`^#\\[${key}: (\\d{1,12}(?:\\.\\d+)?)`))?.[1];
  return text === undefined ? null : Number(text);
}

function date(seconds: number): Date | null {
  const date = new Date(seconds * 1e3);
  // Beyond year 9999 ISO 8601 has another form.
  return seconds < 253_402_300_800 ? date : null;
}

function readInterval(line: string, place: Place) {
  const fields = line.split(",");
  const tag = fields[0]!.startsWith("Tag=") ? fields.shift()!.slice("Tag=".length) : null;
  const [start = "", length = "", max = "", histogram = ""] = fields.map((field) => field.trim());
  if (fields.length !== 4 || !/^HIST[A-Za-z0-9+/]+=*$/.test(histogram)) {
    throw cannotImport(
      place.path,
      "the line is no whole interval of an HDR histogram log; cut it off, or log again",
      place,
    );
  }
  notNegative(max, "the interval's maximum", place);
  return {
    tag,
    start: notNegative(start, "the interval's start", place),
    length: notNegative(length, "the interval's length", place),
    histogram,
  };
}

/** Whether a line is an interval with a histogram that can be read. */
function isWhole(line: string, place: Place): boolean {
  try {
    decode(readInterval(line, place).histogram, place);
    return true;
  } catch {
    return false;
  }
}

function decode(text: string, place: Place): JsHistogram {
  try {
    return decodeHistogram(text);
  } catch (cause) {
    const reason = `its histogram cannot be decoded (${(cause as Error).message}); log again`;
    throw cannotImport(place.path, reason, { ...place, cause });
  }
}

/** Values that one bucket counts. */
interface Values {
  /** The largest that the bucket stands for, ns, as HDR histograms report their quantiles. */
  ns: number;
  /** The middle of the bucket, ns. */
  middle: number;
  count: number;
}

/** The values of a histogram, in ns. */
function valuesOf(histogram: JsHistogram, scale: number, place: Place): Values[] {
  const all: Values[] = [];
  let counted = 0;
  const values = histogram.recordedValuesIterator;
  values.reset();
  while (values.hasNext()) {
    const { valueIteratedTo: value, countAtValueIteratedTo: count } = values.next();
    const ns = histogram.highestEquivalentValue(value) * scale;
    if (!(ns <= HIGHEST_NS)) {
      throw cannotImport(
        place.path,
        `a value of ${value} is more than a day; give the unit that the log has`,
        place,
      );
    }
    all.push({ ns, middle: histogram.medianEquivalentValue(value) * scale, count });
    counted += count;
  }
  if (!Number.isSafeInteger(counted)) {
    throw cannotImport(place.path, "its counts are out of all measure; log again", place);
  }
  return all;
}
