/** Latencies of single operations, as a result has them. */
import { build, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";
import type { LatencyRecord } from "../result/mod.ts";

/** The largest latency that a result's histogram can tell apart: a day, ns. */
export const HIGHEST_NS = 86_400e9;

/** A histogram of nanoseconds with nothing in it. */
export function emptyHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_NS,
    numberOfSignificantValueDigits: 3,
  });
}

/** A histogram of nanoseconds in its text form. */
export function latencyRecord(histogram: Histogram): LatencyRecord {
  return {
    unit: "ns",
    count: histogram.totalCount,
    histogram: encodeIntoCompressedBase64(histogram),
  };
}

/**
 * The latencies of operations that were timed one by one, ns.
 *
 * @returns `undefined` where one is more than a day, which no histogram of a result holds.
 */
export function latenciesOf(times: readonly number[]): LatencyRecord | undefined {
  if (times.some((ns) => ns > HIGHEST_NS)) return undefined;
  const histogram = emptyHistogram();
  for (const ns of times) histogram.recordValue(Math.round(ns));
  return latencyRecord(histogram);
}
