import { estimateOf } from "../estimate_of.ts";
import {
  formatFactorSpan,
  formatNumber,
  formatTimeRange,
  joinRange,
  joinWords,
} from "../../format/mod.ts";
import { isTooWide } from "../../stats/mod.ts";
import { ratioOfTimes } from "../ratios.ts";
import { ratioText } from "../words.ts";
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
    // Of quantiles that say nothing the ratio says less.
    return p50 !== null && p99 !== null && p50.value > 0 && !isTooWide(p50) && !isTooWide(p99)
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
    condition:
      "a latency benchmark has enough operations for its p99, in runs that are like each other",
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
    const [entries, factor] = [formatNumber(rate.value, 4), ratioText(ratio)];
    const times = factor === null
      ? "too far apart from run to run for a ratio to its rate of single reads"
      : `${joinRange(factor)} its rate of single reads`;
    return `${entries} entries a second in ${store}, ${times}`;
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
  const clauses = rows.flatMap(({ store, ratio }) => {
    const factor = ratioText(ratio);
    return factor === null ? [] : [`${joinRange(factor)} as long as a read in ${store}`];
  });
  const without = rows.filter(({ ratio }) => ratioText(ratio) === null).map(({ store }) => store);
  const sentences = [
    ...(clauses.length === 0 ? [] : [`By the throughputs a write takes ${joinWords(clauses)}.`]),
    ...(without.length === 0 ? [] : [
      `The throughputs of writes and reads in ${joinWords(without)} differ too much for a ratio ` +
      "(the interval's ends lie more than tenfold apart).",
    ]),
  ];
  return {
    id: "read-against-write",
    topic: "performance",
    severity: "info",
    about: rows.map(({ store }) => store),
    condition: "a store has both a read and a write throughput",
    numbers: Object.fromEntries(rows.map(({ store, ratio }) => [store, ratio.value])),
    text: sentences.join(" "),
  };
};
