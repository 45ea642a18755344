import { estimateOf } from "../estimate_of.ts";
import {
  formatFactorRange,
  formatFactorSpan,
  formatNumber,
  formatTimeRange,
  joinWords,
} from "../../format/mod.ts";
import { ratioOfTimes } from "../ratios.ts";
import { extremes, type TellFinding } from "./context.ts";

const MICROSECOND = 1000;

/** Reads that take less than a microsecond for sure; a mean of 1.05 µs is not one of them. */
export const subMicrosecondReads: TellFinding = ({ measured }) => {
  const fast = measured.flatMap(({ record, analysis }) => {
    const mean = estimateOf(analysis, "mean");
    return record.kind === "latency" && record.workload.operation === "get" && mean !== null &&
        mean.high < MICROSECOND
      ? [{ id: record.id, store: record.store, mean }]
      : [];
  });
  if (fast.length === 0) return null;
  const rows = fast.map(({ store, mean }) => `${formatTimeRange(mean)} in ${store}`);
  return {
    id: "sub-microsecond-reads",
    topic: "performance",
    severity: "info",
    about: fast.map(({ id }) => id),
    condition: "the upper end of the interval of a read's mean latency is below 1 µs",
    numbers: Object.fromEntries(fast.map(({ store, mean }) => [`${store} high ns`, mean.high])),
    text: `The mean read takes less than a microsecond: ${joinWords(rows)}.`,
  };
};

/** How far the slow operations are from the usual ones. */
export const tailRatio: TellFinding = ({ measured }) => {
  const rows = measured.flatMap(({ record, analysis }) => {
    const [p50, p99] = [estimateOf(analysis, "p50"), estimateOf(analysis, "p99")];
    return p50 !== null && p99 !== null && p50.value > 0
      ? [{ id: record.id, ratio: p99.value / p50.value }]
      : [];
  });
  const span = extremes(rows, ({ ratio }) => ratio);
  if (span === null) return null;
  const { id } = span.at.most;
  const factors = formatFactorSpan(span.least, span.most);
  const where = rows.length === 1 ? `in ${id}` : `over ${rows.length} benchmarks, most in ${id}`;
  return {
    id: "tail",
    topic: "performance",
    severity: "info",
    about: [id],
    condition: "a latency benchmark has enough operations for its p99",
    numbers: { least: span.least, most: span.most, benchmarks: rows.length },
    text: `The p99 latency is ${factors} the median, ${where}.`,
  };
};

/** Entries that a scan delivers, against single reads. */
export const scanAgainstGet: TellFinding = ({ measured, stores, options }) => {
  const rows = stores.flatMap(({ store }) => {
    const of = (operation: "get" | "scan") =>
      measured.find(({ record }) =>
        record.store === store && record.kind === "throughput" &&
        record.workload.operation === operation
      );
    const [get, scan] = [of("get"), of("scan")];
    const rate = scan && estimateOf(scan.analysis, "throughput");
    const ratio = get && scan && ratioOfTimes(get, scan, options.confidence);
    return rate && ratio ? [{ store, rate, ratio }] : [];
  });
  if (rows.length === 0) return null;
  const clauses = rows.map(({ store, rate, ratio }) => {
    const [entries, factor] = [formatNumber(rate.value, 4), formatFactorRange(ratio)];
    return `${entries} entries a second in ${store}, ${factor} its rate of single reads`;
  });
  return {
    id: "scan-against-get",
    topic: "performance",
    severity: "info",
    about: rows.map(({ store }) => store),
    condition: "a store has both a scan and a read throughput",
    numbers: Object.fromEntries(rows.map(({ store, ratio }) => [store, ratio.value])),
    // The clauses hold commas of their own.
    text: `Scans deliver ${clauses.join("; ")}.`,
  };
};

/** Reads against writes. */
export const readAgainstWrite: TellFinding = ({ measured, stores, options }) => {
  const rows = stores.flatMap(({ store }) => {
    const of = (operation: "get" | "put") =>
      measured.find(({ record }) =>
        record.store === store && record.kind === "throughput" &&
        record.workload.operation === operation
      );
    const [get, put] = [of("get"), of("put")];
    const ratio = get && put && ratioOfTimes(put, get, options.confidence);
    return ratio ? [{ store, ratio }] : [];
  });
  if (rows.length === 0) return null;
  const clauses = rows.map(({ store, ratio }) =>
    `${formatFactorRange(ratio)} as long as a read in ${store}`
  );
  return {
    id: "read-against-write",
    topic: "performance",
    severity: "info",
    about: rows.map(({ store }) => store),
    condition: "a store has both a read and a write throughput",
    numbers: Object.fromEntries(rows.map(({ store, ratio }) => [store, ratio.value])),
    text: `By the throughputs a write takes ${joinWords(clauses)}.`,
  };
};
