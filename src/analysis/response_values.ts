/**
 * The response times of a load, and whether they can be told: a tail that is mostly the generator's own
 * lateness says nothing of the store, and what an overloaded store would answer in has no number.
 */
import type { Histogram } from "hdr-histogram-js";
import { formatCount, formatPercent } from "../format/mod.ts";
import { type BenchmarkRecord, decodeHistogram, type RunRecord } from "../result/mod.ts";
import { median, supportsQuantile } from "../stats/mod.ts";
import { unbiasedQuantile } from "./histogram.ts";
import { type MetricValues, type QuantileName, QUANTILES, quantileValues } from "./run_values.ts";

/** The response metrics by the quantile that they are of. */
export const RESPONSE_NAMES = {
  p50: "responseP50",
  p90: "responseP90",
  p99: "responseP99",
  p999: "responseP999",
} as const satisfies Record<QuantileName, MetricValues["metric"]>;

/** The share of a response time from which on it is the generator's own, and not the store's. */
export const MOST_GENERATOR_SHARE = 0.5;
/** The share of operations that may not have begun in time for a rate to count as kept. */
export const MOST_UNSTARTED_SHARE = 0.01;

/** The response times of a load's runs. */
export interface ResponseValues {
  /** Under the names of response metrics; none of a closed loop, which has no intended begin. */
  metrics: MetricValues[];
  /** One for each run; none where a run has none. */
  histograms: Histogram[];
  /** Why a metric is refused though it was measured, as a clause. */
  refused: ReadonlyMap<MetricValues["metric"], string>;
}

const NONE: ResponseValues = { metrics: [], histograms: [], refused: new Map() };

/**
 * Takes the response times out of the runs of a load.
 *
 * @param why Why there is none at all, as a clause, or `null`.
 */
export function responseValues(
  { workload: { load } }: BenchmarkRecord,
  runs: readonly RunRecord[],
  why: string | null,
): ResponseValues {
  const scheduled = load?.groups.some(({ counted, pace }) => counted && pace.loop === "open");
  if (!scheduled) return NONE;
  const read = runs.flatMap((run) => pairOf(run) ?? []);
  const unread = why === null && read.length < runs.length;
  const reason = unread ? "a run has no response times that can be read" : why;
  const histograms = reason === null ? read.map(({ response }) => response) : [];
  const values = quantileValues(histograms, {
    reason,
    ...(unread && { missing: "not in all runs" as const }),
  });
  const overload = overloadOf(runs);
  const refused = new Map<MetricValues["metric"], string>();
  const metrics = values.map((own): MetricValues => {
    const quantile = own.metric as QuantileName;
    const metric = RESPONSE_NAMES[quantile];
    const refusal = overload ??
      (own.reason === null ? generatorsOwn(quantile, own.values, read) : null);
    if (refusal === null) return { ...own, metric };
    refused.set(metric, refusal);
    return { ...own, metric, values: [], reason: refusal };
  });
  return { metrics, histograms, refused };
}

interface Pair {
  response: Histogram;
  unhindered: Histogram;
}

function pairOf({ load }: RunRecord): Pair | undefined {
  if (load?.response === undefined || load.unhindered === undefined) return undefined;
  try {
    return {
      response: decodeHistogram(load.response.histogram),
      unhindered: decodeHistogram(load.unhindered.histogram),
    };
  } catch {
    return undefined;
  }
}

/** Why a quantile is the generator's own, or `null` where it is the store's. */
function generatorsOwn(
  name: QuantileName,
  values: readonly number[],
  read: readonly Pair[],
): string | null {
  const q = QUANTILES[name];
  const shares = read.flatMap(({ unhindered }, run) =>
    supportsQuantile(unhindered.totalCount, q)
      ? Math.max(0, 1 - unbiasedQuantile(unhindered, q) / values[run]!)
      : []
  );
  if (shares.length === 0) return null;
  const share = median(shares);
  return share > MOST_GENERATOR_SHARE
    ? `${formatPercent(share)} of it is the generator's own lateness, and none of the store`
    : null;
}

/** That some run could not keep its rate, or `null` where all did. */
function overloadOf(runs: readonly RunRecord[]): string | null {
  const over = runs.find(({ load }) => isOverloaded(load));
  if (over === undefined) return null;
  // Of counts, and no rate: what is under way at the end makes the measured time longer, and the time
  // in which operations were to begin not.
  const ended = over.load?.response?.count ?? 0;
  const [done, due] = [ended, ended + (over.load?.unstarted ?? 0)].map(formatCount);
  return `overloaded: ${done} of the ${due} operations that were due were done`;
}

/** Whether operations were left at the end, more than in-flight ones explain. */
export function isOverloaded(load: RunRecord["load"]): boolean {
  if (load === undefined) return false;
  const { unstarted = 0, response } = load;
  return unstarted > MOST_UNSTARTED_SHARE * (unstarted + (response?.count ?? 0));
}
