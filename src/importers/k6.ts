/**
 * k6's summary, 0.30 to 1.8, in its three forms: what `--summary-export` writes, what `handleSummary`
 * is given, and either of them with `--new-machine-readable-summary`. Times are ms.
 *
 * ```json
 * { "metrics": { "http_req_duration": { "avg": 7.87, "min": 1.38, "med": 2.58, "p(95)": 42.3 },
 *     "http_reqs": { "count": 26, "rate": 219.2 }, "http_req_failed": { "passes": 6, "fails": 20 } },
 *   "root_group": {} }
 * ```
 */
import * as v from "valibot";
import { formatCount, formatPercent, hasUnseen } from "../format/mod.ts";
import type { StatedRecord } from "../result/mod.ts";
import { count, notNegative, positive, time } from "./figures.ts";
import { Damage } from "./damage.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported, ImportedBenchmark } from "./imported.ts";
import { isObject, type JsonObject, parseJson } from "./json_file.ts";
import { namesText, requireName } from "./named.ts";
import type { TextFile } from "./text_file.ts";
import { requireOrder, statedField } from "./ycsb.ts";
import { dateAt, statedDate } from "./stated_date.ts";

/** Whether JSON is of this form. */
export function isK6(json: JsonObject | null): boolean {
  return isObject(json?.metrics) && isObject(json.root_group) || isNewForm(json);
}

function isNewForm(json: JsonObject | null): boolean {
  return isObject(json?.metadata) && "k6_version" in json.metadata && isObject(json.results);
}

const Values = v.record(v.string(), v.unknown());
/** The values and, in `handleSummary`'s form, what they are, or the values alone. */
const Old = v.looseObject({
  metrics: v.record(v.string(), Values),
  state: v.optional(v.looseObject({ testRunDurationMs: v.optional(v.number()) })),
});
const Metric = v.looseObject({
  name: v.string(),
  type: v.string(),
  contains: v.optional(v.string()),
  values: Values,
});
const New = v.looseObject({
  metadata: v.looseObject({
    k6_version: v.optional(v.string()),
    generated_at: v.optional(v.string()),
  }),
  config: v.looseObject({ duration: v.number(), script: v.optional(v.string()) }),
  results: v.looseObject({
    metrics: v.array(Metric),
    checks: v.nullish(v.looseObject({ metrics: v.optional(v.array(Metric)) })),
  }),
});

/** A metric, whichever form it comes from. */
interface K6Metric {
  name: string;
  /** `null` where the form does not say it. */
  type: string | null;
  /** What its values are: `time`, `data`, `default`; `null` where the form does not say it. */
  contains: string | null;
  values: JsonObject;
  /** Thresholds that were crossed. */
  crossed: string[];
}

/** A summary, whichever form it has. */
interface Summary {
  metrics: K6Metric[];
  /** How long the test ran, ms; `null` where only rates tell it. */
  durationMs: number | null;
  version: string | null;
  endedAt: Date | null;
  /** The test that was run; `null` where the form does not say it. */
  script: string | null;
}

const MEND = "take the file as k6 wrote it";

/**
 * Reads one summary. Counters of requests and iterations are rates; trends of times are latencies of
 * which only sums are known.
 *
 * @throws {ResultError} Where a figure is none, or no request or time is in it.
 */
export function parseK6({ path, name, text, modified }: TextFile): Imported {
  const { metrics, durationMs, version, endedAt, script } = summaryOf(text, path);
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  const clients = clientsOf(byName.get("vus_max"), path);
  const workload = clients === null ? {} : { clients };
  const found: Found = { zeros: [], unknown: [], others: [], counters: [] };
  const requests = sharesOf(byName.get("http_req_failed"), "passes", path);
  const allFailed = requests !== null && requests.part > 0 && requests.part === requests.all;
  const damage = new Damage();
  const benchmarks = metrics.flatMap((metric) =>
    damage.orNull(() => {
      const id = requireName(metric.name, "a metric", path);
      if (allFailed && id.startsWith("http_req")) return [];
      if (isCounter(metric)) {
        if (RATES.has(baseOf(id))) {
          return counterBenchmark(id, metric, durationMs, workload, path);
        }
        if (!OTHER_COUNTERS.test(id)) found.counters.push(id);
        return [];
      }
      if (!isTrend(metric)) return [];
      const times = metric.contains === null ? TIMES.has(baseOf(id)) : metric.contains === "time";
      if (!times) {
        (metric.contains === null ? found.unknown : found.others).push(id);
        return [];
      }
      if (metric.values.avg === 0) {
        found.zeros.push(id);
        return [];
      }
      return trendBenchmark(id, metric, byName, workload, path);
    }) ?? []
  );
  const warnings = [
    ...failuresOf(byName, requests, path),
    ...notes(found),
    ...thresholdsOf(metrics),
    ...damage.notes(name),
  ];
  if (benchmarks.length === 0) {
    if (damage.first !== undefined) throw damage.first;
    const why = allFailed
      ? "all of its HTTP requests failed"
      : "it has no request, iteration or time above 0";
    throw cannotImport(path, `${why}; measure again`);
  }
  const startedAt = endedAt !== null && durationMs !== null
    ? dateAt(endedAt.getTime() - Math.round(durationMs))
    : null;
  return {
    tool: "k6",
    toolVersion: version,
    files: [name],
    startedAt,
    endedAt: startedAt === null ? null : endedAt,
    modified,
    environment: {},
    // k6 writes them in no order.
    benchmarks: benchmarks.sort((a, b) => a.name < b.name ? -1 : 1)
      .map((benchmark) => ({ ...benchmark, config: script === null ? [] : [["script", script]] })),
    warnings,
  };
}

function summaryOf(text: string, path: string): Summary {
  const source = { path, writer: "k6 0.30 or later", mend: MEND };
  const head = parseJson(v.looseObject({}), text, source);
  if (!isNewForm(head)) {
    const { metrics, state } = parseJson(Old, text, source);
    const duration = state?.testRunDurationMs;
    return {
      metrics: Object.entries(metrics).map(([name, metric]) => oldMetric(name, metric)),
      durationMs: duration === undefined ? null : positive(duration, "testRunDurationMs", { path }),
      version: null,
      endedAt: null,
      script: null,
    };
  }
  const { metadata, config, results } = parseJson(New, text, source);
  const all = [...results.metrics, ...results.checks?.metrics ?? []];
  return {
    metrics: all.map(({ name, type, contains = "default", values }) => ({
      name,
      type,
      contains,
      values,
      crossed: [],
    })),
    durationMs: positive(config.duration, "config.duration", { path }) * 1e3,
    version: metadata.k6_version?.match(/^v?(\d[\w.]{0,20})$/)?.[1] ?? null,
    endedAt: statedDate(metadata.generated_at ?? "")?.at ?? null,
    script: config.script ?? null,
  };
}

/** A metric of either older form. */
function oldMetric(name: string, metric: JsonObject): K6Metric {
  const text = (key: string) => typeof metric[key] === "string" ? metric[key] : null;
  const thresholds = isObject(metric.thresholds) ? Object.entries(metric.thresholds) : [];
  return {
    name,
    type: text("type"),
    contains: text("contains"),
    values: isObject(metric.values) ? metric.values : metric,
    // --summary-export writes whether one was crossed, handleSummary whether it was kept.
    crossed: thresholds.flatMap(([threshold, state]) =>
      state === true || (isObject(state) && state.ok === false) ? [threshold] : []
    ),
  };
}

/** A metric's name without the tags that it is of: `http_req_duration{status:200}`. */
function baseOf(name: string): string {
  return name.replace(/\{.*$/s, "");
}

function isCounter({ type, values }: K6Metric): boolean {
  return type === null ? "rate" in values && "count" in values : type === "counter";
}

function isTrend({ type, values }: K6Metric): boolean {
  return type === null ? "avg" in values : type === "trend";
}

/** Counters of what is done once after another; the others count bytes, or what did not happen. */
const RATES: ReadonlySet<string> = new Set(["http_reqs", "iterations", "ws_sessions"]);

/** Counters of k6's own that are of no operations; `dropped_iterations` have a note of their own. */
const OTHER_COUNTERS = /^(data_|ws_msgs_|browser_data_|dropped_iterations)/;

/** Trends of k6's own that are times, for a form that does not say it. */
const TIMES: ReadonlySet<string> = new Set([
  ..."duration blocked connecting tls_handshaking sending waiting receiving".split(" ")
    .map((phase) => `http_req_${phase}`),
  ...["iteration_duration", "group_duration", "ws_connecting", "ws_session_duration", "ws_ping"],
  ...["grpc_req_duration", "browser_http_req_duration"],
]);

function counterBenchmark(
  id: string,
  { values }: K6Metric,
  durationMs: number | null,
  workload: ImportedBenchmark["workload"],
  path: string,
): ImportedBenchmark[] {
  const done = count(numberOf(values, "count", id, path), `the count of ${id}`, { path });
  if (done === 0) return [];
  const stated = values.rate;
  const rate = stated === undefined && durationMs !== null
    ? done / durationMs * 1e3
    : positive(numberOf(values, "rate", id, path), `the rate of ${id}`, { path });
  // A millisecond is what the beginnings of two clocks may differ by.
  if (durationMs !== null && Math.abs(done / rate * 1e3 - durationMs) > 1 + 1e-6 * durationMs) {
    throw cannotImport(
      path,
      `the rate of ${shown(id)} is not its count in the ${durationMs} ms of the test; ${MEND}`,
    );
  }
  return [{
    name: id,
    kind: "throughput",
    sampling: "flat",
    elements: 1,
    workload,
    samples: [{ iterations: done, ns: done / rate * 1e9, atNs: null }],
  }];
}

/** Which counter tells how many values a trend has, where it does not tell it itself. */
function countOf(
  id: string,
  values: JsonObject,
  byName: ReadonlyMap<string, K6Metric>,
): number | null {
  if (typeof values.count === "number") return values.count;
  const counter = id === "iteration_duration"
    ? "iterations"
    : /^http_req_\w+$/.test(id)
    ? "http_reqs"
    : "";
  const counted = byName.get(counter)?.values.count;
  return typeof counted === "number" ? counted : null;
}

const FIELDS: Record<string, keyof StatedRecord> = {
  avg: "mean",
  min: "min",
  med: "p50",
  max: "max",
};

function trendBenchmark(
  id: string,
  { values }: K6Metric,
  byName: ReadonlyMap<string, K6Metric>,
  workload: ImportedBenchmark["workload"],
  path: string,
): ImportedBenchmark[] {
  const stated: Record<string, number> = {};
  for (const key of Object.keys(values)) {
    // `p(95)`, of the new form `p95`; a percentile may be 50 beside the median.
    const percentile = key.match(/^p\(?(\d+(?:\.\d+)?)\)?$/)?.[1];
    const field = Object.hasOwn(FIELDS, key)
      ? FIELDS[key]
      : percentile === undefined
      ? undefined
      : statedField(percentile);
    if (field === undefined || (field === "p50" && stated.p50 !== undefined)) continue;
    stated[field as string] = notNegative(
      numberOf(values, key, id, path),
      `${key} of ${shown(id)}`,
      { path },
    ) * 1e6;
  }
  const mean = time(numberOf(values, "avg", id, path), 1e6, `avg of ${shown(id)}`, { path });
  requireOrder(stated, shown(id), { path });
  const counted = countOf(id, values, byName);
  const done = counted === null ? null : count(counted, `the count of ${shown(id)}`, { path });
  if (done !== null && done > 0) stated.count = done;
  return [{
    name: id,
    kind: "latency",
    sampling: "flat",
    elements: 1,
    workload,
    samples: [{ iterations: done || 1, ns: mean * (done || 1), atNs: null }],
    stated,
  }];
}

function numberOf(values: JsonObject, key: string, id: string, path: string): number {
  const value = values[key];
  if (typeof value === "number") return value;
  throw cannotImport(path, `${shown(`${id}.${key}`)} is no number; ${MEND}`);
}

/** Virtual users, where the test had one number of them. */
function clientsOf(vus: K6Metric | undefined, path: string): number | null {
  const value = vus?.values.max ?? vus?.values.value;
  return typeof value === "number" ? count(value, "vus_max", { path }) || null : null;
}

/** What failed, in whole sentences. */
function failuresOf(
  byName: ReadonlyMap<string, K6Metric>,
  requests: Share | null,
  path: string,
): string[] {
  const notes: string[] = [];
  if (requests !== null && requests.part > 0 && requests.part === requests.all) {
    notes.push(`${shareText(requests)} HTTP requests failed: what is of them is left out.`);
  } else if (requests !== null && requests.part > 0) {
    const part = shareText(requests);
    const [all, without] = ["http_req_duration", "http_req_duration{expected_response:true}"];
    const other = byName.has(without) ? `; ${without} is without them` : "";
    notes.push(
      `${part} HTTP requests failed: they are counted in http_reqs, and their times in ${all}${other}.`,
    );
  }
  const checks = sharesOf(byName.get("checks"), "fails", path) ??
    sharesOf(byName.get("checks_failed"), "passes", path);
  if (checks !== null && checks.part > 0) notes.push(`${shareText(checks)} checks failed.`);
  const browser = sharesOf(byName.get("browser_http_req_failed"), "passes", path);
  if (browser !== null && browser.part > 0) {
    notes.push(`${shareText(browser)} requests of the browser failed.`);
  }
  const own = [...byName.values()].flatMap((metric) => {
    const share = isOwnRate(metric) ? sharesOf(metric, "passes", path) : null;
    return share === null || share.part === 0 || hasUnseen(metric.name)
      ? []
      : [`${metric.name} is ${shareText(share)}`];
  });
  if (own.length > 0) {
    notes.push(`Shares that the script counts, which may be failures: ${namesText(own)}.`);
  }
  const dropped = byName.get("dropped_iterations")?.values.count;
  if (typeof dropped === "number" && dropped > 0) {
    notes.push(
      `${formatCount(count(dropped, "dropped_iterations", { path }))} iterations were dropped, ` +
        "since no virtual user was free: their waiting is in no time.",
    );
  }
  return notes;
}

/** Whether a metric is a share that the script counts itself (`new Rate("errors")`), of no tag. */
function isOwnRate({ name, type, values }: K6Metric): boolean {
  const rate = type === null ? "passes" in values && "fails" in values : type === "rate";
  return rate && !/\{|^(browser_)?http_req_failed$|^checks/.test(name);
}

interface Share {
  part: number;
  all: number;
}

/** A rate's part: what was not zero are its `passes`, also where that is a failure. */
function sharesOf(
  metric: K6Metric | undefined,
  part: "passes" | "fails",
  path: string,
): Share | null {
  if (metric === undefined) return null;
  const { name, values } = metric;
  const own = (key: string) =>
    count(numberOf(values, key, name, path), `${key} of ${name}`, { path });
  if ("matches" in values) return { part: own("matches"), all: own("total") };
  return { part: own(part), all: own("passes") + own("fails") };
}

function shareText({ part, all }: Share): string {
  return `${formatCount(part)} of ${formatCount(all)} (${formatPercent(part / all)})`;
}

/** Metrics that are left out, by the reason. */
type Found = Record<"zeros" | "unknown" | "others" | "counters", string[]>;

function notes({ zeros, unknown, others, counters }: Found): string[] {
  return [
    ...(zeros.length > 0 ? [`Left out, since their average is 0: ${namesText(zeros)}.`] : []),
    ...(others.length > 0
      ? [
        `Trends that the file does not say to be times, and left out: ${namesText(others)}. ` +
        "new Trend(NAME, true) says it.",
      ]
      : []),
    ...(counters.length > 0
      ? [`Counters of which k6 does not say what they count, and left out: ${namesText(counters)}.`]
      : []),
    ...(unknown.length > 0
      ? [
        "Left out, since --summary-export does not say whether they are times: " +
        `${namesText(unknown)}. handleSummary's form says it.`,
      ]
      : []),
  ];
}

function thresholdsOf(metrics: readonly K6Metric[]): string[] {
  const crossed = metrics.flatMap(({ name, crossed }) =>
    crossed.map((threshold) => `${shown(threshold)} of ${shown(name)}`)
  );
  return crossed.length === 0 ? [] : [`Thresholds were crossed: ${namesText(crossed)}.`];
}
