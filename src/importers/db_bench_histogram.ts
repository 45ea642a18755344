/**
 * The block of latencies that db_bench prints with `--histogram`, in µs, with its buckets:
 *
 * ```text
 * Count: 20000 Average: 6.6410  StdDev: 30.83
 * Min: 2  Median: 5.3012  Max: 2790
 * Percentiles: P50: 5.30 P75: 7.31 P99: 21.67 P99.9: 95.54 P99.99: 982.10
 * ------------------------------------------------------
 * (       4,       6 ]      757   7.570%   7.570% ##
 * ```
 *
 * LevelDB's has no line of percentiles.
 */
import type { LatencyRecord, StatedRecord } from "../result/mod.ts";
import { count, notNegative, type Place } from "./figures.ts";
import { cannotImport, shown } from "./import_error.ts";
import { emptyHistogram, HIGHEST_NS, latencyRecord } from "./latency_histogram.ts";

const COUNT = /^Count: (\S+)\s+Average: (\S+)\s+StdDev: (\S+)$/;
const RANGE = /^Min: (\S+)\s+Median: (\S+)\s+Max: (\S+)$/;
const PERCENTILES = /^Percentiles: (.+)$/;
const RULE = /^-+$/;
const BUCKET = /^[([]\s*(\d+),\s*(\d+) [)\]]\s+(\d+)\s+[\d.]+%\s+[\d.]+%/;

/** The latencies of one kind of operation of one run of a benchmark. */
export interface BucketedLatencies {
  /** As they were stated, ns. */
  stated: StatedRecord & { count: number; mean: number };
  /** Latencies by range, ns; empty where they were not printed whole. */
  buckets: Bucket[];
}

/** How many latencies are in a range, ns. */
interface Bucket {
  low: number;
  high: number;
  count: number;
}

/**
 * Reads a block.
 *
 * @param lines Of the whole text.
 * @param from The line after the block's heading, from 0.
 * @param file The file, and where in it the text begins.
 * @returns The block, `null` where it has no latency; and the line after it.
 * @throws {ResultError} Where it is not whole, or a figure is none.
 */
export function readHistogram(
  lines: readonly string[],
  from: number,
  { path, line: first }: Required<Place>,
): { histogram: BucketedLatencies | null; next: number } {
  const at = (offset: number): Place => ({ path, line: first + from + offset });
  const [, operations, mean] = lines[from]?.match(COUNT) ?? [];
  const [, min, median, max] = lines[from + 1]?.match(RANGE) ?? [];
  const third = lines[from + 2] ?? "";
  const ruled = RULE.test(third);
  const percentiles = ruled ? `P50: ${median}` : third.match(PERCENTILES)?.[1];
  if (operations === undefined || mean === undefined) {
    throw cannotImport(
      path,
      "a histogram has no count; the text is cut off, measure again",
      at(-1),
    );
  }
  if (min === undefined || max === undefined || percentiles === undefined) {
    const reason = "a histogram has no percentiles; the text is cut off, measure again";
    throw cannotImport(path, reason, at(0));
  }
  const stated: BucketedLatencies["stated"] = {
    ...readPercentiles(percentiles, at(2)),
    count: count(operations, "the histogram's count", at(0)),
    mean: 1e3 * notNegative(mean, "the histogram's average", at(0)),
    min: 1e3 * notNegative(min, "the least latency", at(1)),
    max: 1e3 * notNegative(max, "the largest latency", at(1)),
  };
  let next = ruled ? from + 2 : from + 3;
  if (RULE.test(lines[next] ?? "")) next++;
  const buckets: Bucket[] = [];
  for (let match; (match = lines[next]?.match(BUCKET)); next++) {
    const [low, high, own] = match.slice(1).map(Number) as [number, number, number];
    buckets.push({ low: 1e3 * low, high: 1e3 * high, count: own });
  }
  if (stated.count === 0 || stated.mean === 0) return { histogram: null, next };
  const whole = sum(buckets) === stated.count;
  if (ruled && whole) {
    // As LevelDB's own median is made, and RocksDB's percentiles.
    for (const [label, field] of Object.entries(QUANTILES)) {
      const quantile = Number(label.slice(1)) / 100;
      stated[field] ??= percentile(buckets, quantile, { min: stated.min!, max: stated.max! });
    }
  }
  return { histogram: { stated, buckets: whole ? buckets : [] }, next };
}

/** The fields that percentiles are kept in. */
const QUANTILES = {
  P50: "p50",
  P75: "p75",
  P99: "p99",
  "P99.9": "p999",
  "P99.99": "p9999",
} as const;

/** `P50: 5.30 P75: 7.31 …`, in µs, as ns. */
function readPercentiles(text: string, place: Place): StatedRecord {
  const stated: StatedRecord = {};
  const words = text.trim().split(/\s+/);
  let before = 0;
  for (let i = 0; i < words.length; i += 2) {
    const label = words[i]!.replace(/:$/, "");
    const value = 1e3 * notNegative(words[i + 1] ?? "", `the percentile ${shown(label)}`, place);
    if (value < before) {
      throw cannotImport(
        place.path,
        "its percentiles fall; take the text as db_bench printed it",
        place,
      );
    }
    before = value;
    if (Object.hasOwn(QUANTILES, label)) stated[QUANTILES[label as keyof typeof QUANTILES]] = value;
  }
  return stated;
}

/**
 * What repeats of a benchmark come to together. Percentiles do not merge, but the buckets that they
 * were made of do; theirs are made again as RocksDB makes them.
 *
 * @returns The figures, `null` where there are repeats without buckets; and what is to be said of
 * repeats, as a clause.
 */
export function repeatedLatencies(
  repeats: readonly BucketedLatencies[],
): { stated: StatedRecord | null; warning: string | null } {
  const [only] = repeats;
  if (repeats.length === 1) return { stated: only!.stated, warning: null };
  if (repeats.some(({ buckets }) => buckets.length === 0)) {
    const warning = "the percentiles of its repeats cannot be merged, and are left out";
    return { stated: null, warning };
  }
  const all = repeats.map(({ stated }) => stated);
  const total = all.reduce((count, stated) => count + stated.count, 0);
  const merged = {
    count: total,
    mean: all.reduce((ns, { mean, count }) => ns + mean * count, 0) / total,
    min: Math.min(...all.map(({ min }) => min!)),
    max: Math.max(...all.map(({ max }) => max!)),
  };
  const buckets = mergeBuckets(repeats.flatMap(({ buckets }) => buckets));
  const stated: StatedRecord = { ...merged };
  for (const [label, field] of Object.entries(QUANTILES)) {
    stated[field] = percentile(buckets, Number(label.slice(1)) / 100, merged);
  }
  return { stated, warning: "its percentiles are those of its repeats' histograms, merged" };
}

/** Parts of a bucket that latencies are spread over: finer than the buckets by far. */
const PARTS = 200;

/**
 * The latencies of a benchmark by their buckets, in each of which they are taken as spread evenly, as
 * RocksDB's own percentiles take them.
 *
 * @returns `undefined` where the buckets were not printed whole, or hold what no clock gives.
 */
export function latenciesIn(repeats: readonly BucketedLatencies[]): LatencyRecord | undefined {
  if (repeats.some(({ buckets }) => buckets.length === 0)) return undefined;
  const histogram = emptyHistogram();
  for (const { stated: { min, max }, buckets } of repeats) {
    if (max! > HIGHEST_NS || !Number.isSafeInteger(histogram.totalCount + sum(buckets))) {
      return undefined;
    }
    for (const { low, high, count } of buckets) {
      const parts = Math.min(PARTS, count);
      for (let part = 1, done = 0; part <= parts; part++) {
        const upTo = Math.round(count * part / parts);
        const ns = Math.min(max!, Math.max(min!, low + (high - low) * part / parts));
        histogram.recordValueWithCount(Math.max(1, Math.round(ns)), upTo - done);
        done = upTo;
      }
    }
  }
  return { ...latencyRecord(histogram), coarse: true };
}

function sum(buckets: readonly Bucket[]): number {
  return buckets.reduce((total, { count }) => total + count, 0);
}

/** RocksDB's buckets are the same in every histogram. */
function mergeBuckets(buckets: readonly Bucket[]): Bucket[] {
  const merged = new Map<number, Bucket>();
  for (const { low, high, count } of buckets) {
    const before = merged.get(high)?.count ?? 0;
    merged.set(high, { low, high, count: before + count });
  }
  return [...merged.values()].sort((a, b) => a.high - b.high);
}

/** A quantile, linear within its bucket (`HistogramStat::Percentile` in monitoring/histogram.cc). */
function percentile(
  buckets: readonly Bucket[],
  quantile: number,
  { min, max }: { min: number; max: number },
): number {
  const threshold = quantile * sum(buckets);
  let below = 0;
  for (const { low, high, count } of buckets) {
    if (below + count >= threshold) {
      const inside = low + (high - low) * (threshold - below) / count;
      return Math.min(max, Math.max(min, inside));
    }
    below += count;
  }
  return max;
}
