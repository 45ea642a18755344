import { estimateOf } from "../estimate_of.ts";
import {
  formatFactorRange,
  formatFactorSpan,
  formatNumber,
  formatTimeRange,
  joinWords,
} from "../../format/mod.ts";
import { ratioOfTimes } from "../ratios.ts";
import { extremes, type Find } from "./context.ts";

const MICROSECOND = 1000;

/** Reads that take less than a microsecond for sure; a mean of 1.05 µs is not one of them. */
export const subMicrosecondReads: Find = ({ measured }) => {
  const fast = measured.flatMap(({ record, analysis }) => {
    const mean = estimateOf(analysis, "mean");
    return record.kind === "latency" && record.workload.operation === "get" && mean !== null &&
        mean.high < MICROSECOND
      ? [{ store: record.store, mean }]
      : [];
  });
  if (fast.length === 0) return null;
  const rows = fast.map(({ store, mean }) => `${formatTimeRange(mean)} in ${store}`);
  return {
    id: "sub-microsecond-reads",
    topic: "performance",
    condition: "the upper end of the interval of a read's mean latency is below 1 µs",
    numbers: Object.fromEntries(fast.map(({ store, mean }) => [`${store} high ns`, mean.high])),
    text: `The mean read takes less than a microsecond: ${joinWords(rows)}.`,
  };
};

/** Clauses that hold commas of their own. */
function inTurn(clauses: readonly string[]): string {
  return clauses.join("; ");
}

/** How far the slow operations are from the usual ones. */
export const tailRatio: Find = ({ measured }) => {
  const rows = measured.flatMap(({ record, analysis }) => {
    const [p50, p99] = [estimateOf(analysis, "p50"), estimateOf(analysis, "p99")];
    return p50 !== null && p99 !== null && p50.value > 0
      ? [{ id: record.id, ratio: p99.value / p50.value }]
      : [];
  });
  const span = extremes(rows, ({ ratio }) => ratio);
  if (span === null) return null;
  const where = rows.length === 1
    ? `in ${span.at.most.id}`
    : `over ${rows.length} latency benchmarks, most in ${span.at.most.id}`;
  return {
    id: "tail",
    topic: "performance",
    condition: "a latency benchmark has enough operations for its p99",
    numbers: { least: span.least, most: span.most, benchmarks: rows.length },
    text: `The p99 latency is ${formatFactorSpan(span.least, span.most)} the median, ${where}.`,
  };
};

/** Entries that a scan delivers, against single reads. */
export const scanAgainstGet: Find = ({ measured, stores, options }) => {
  const rows = stores.flatMap(({ store }) => {
    const of = (operation: "get" | "scan") =>
      measured.find(({ record }) =>
        record.store === store && record.kind === "throughput" &&
        record.workload.operation === operation
      );
    const [get, scan] = [of("get"), of("scan")];
    const rate = scan && estimateOf(scan.analysis, "throughput");
    const ratio = get && scan && ratioOfTimes(get, scan, options);
    return rate && ratio ? [{ store, rate, ratio }] : [];
  });
  if (rows.length === 0) return null;
  return {
    id: "scan-against-get",
    topic: "performance",
    condition: "a store has both a scan and a read throughput",
    numbers: Object.fromEntries(rows.map(({ store, ratio }) => [store, ratio.value])),
    text: `Scans deliver ${
      inTurn(rows.map(({ store, rate, ratio }) =>
        `${formatNumber(rate.value, 4)} entries a second in ${store}, ${
          formatFactorRange(ratio)
        } its rate of single reads`
      ))
    }.`,
  };
};

/** Reads against writes. */
export const readAgainstWrite: Find = ({ measured, stores, options }) => {
  const rows = stores.flatMap(({ store }) => {
    const of = (operation: "get" | "put") =>
      measured.find(({ record }) =>
        record.store === store && record.kind === "throughput" &&
        record.workload.operation === operation
      );
    const [get, put] = [of("get"), of("put")];
    const ratio = get && put && ratioOfTimes(put, get, options);
    return ratio ? [{ store, ratio }] : [];
  });
  if (rows.length === 0) return null;
  return {
    id: "read-against-write",
    topic: "performance",
    condition: "a store has both a read and a write throughput",
    numbers: Object.fromEntries(rows.map(({ store, ratio }) => [store, ratio.value])),
    text: `A write takes ${
      joinWords(rows.map(({ store, ratio }) =>
        `${formatFactorRange(ratio)} as long as a read in ${store}`
      ))
    }.`,
  };
};
