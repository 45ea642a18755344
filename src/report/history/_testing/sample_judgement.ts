/** A made-up judged history, for the tests and the bench of this folder. */
import {
  type HistoryJudgement,
  type LastingShift,
  NEWS_NIGHTS,
  type NightAnomaly,
  type SeriesJudgement,
  type TonightVerdict,
} from "../../../analysis/history/model.ts";
import type { NightPoint } from "../../../result/mod.ts";
import type { MetricName } from "../../../result/schema.ts";
import { derive, Random } from "../../../stats/mod.ts";
import type { SiteOptions } from "../options.ts";

/** What there is to choose about a made-up history. */
export interface SampleHistory {
  /** @default 120 */
  nights?: number;
  /** @default three */
  benchmarks?: string[];
  /** @default two */
  nodes?: string[];
  /** @default throughput, mean and p99 */
  metrics?: MetricName[];
}

/** Text that every series has somewhere; hostile in some tests. */
export interface SampleTexts {
  commit?: string;
  library?: string;
  reason?: string;
}

/** The night so many days after 2026-01-01. */
function nightAt(day: number): string {
  return new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
}

/**
 * A history in which the series differ: the first regressed for good in the middle and has a night
 * that stood out, the second one regressed tonight, the third improved, the fourth is missing tonight,
 * the others are usual. Every 23rd night is missing everywhere.
 */
export function sampleJudgement(
  {
    nights: count = 120,
    benchmarks = [
      "raw/write_throughput/10000",
      "raw/read_latency/single_read",
      "kvstore/scan/1000",
    ],
    nodes = ["node01", "node02"],
    metrics = ["throughput", "mean", "p99"],
  }: SampleHistory = {},
  texts: SampleTexts = {},
): HistoryJudgement {
  const nights = Array.from({ length: count }, (_, day) => nightAt(day));
  const names = nodes.flatMap((node) =>
    benchmarks.flatMap((benchmark) => metrics.map((metric) => ({ node, benchmark, metric })))
  );
  return {
    nights,
    measured: nights.filter((_, i) => i % 23 !== 11),
    series: names.map((name, i) => judgedSeries(name, i, nights, texts)),
  };
}

function judgedSeries(
  { node, benchmark, metric }: { node: string; benchmark: string; metric: MetricName },
  index: number,
  nights: readonly string[],
  { commit, library, reason = "the store would not open" }: SampleTexts,
): SeriesJudgement {
  const random = new Random(derive(6, node, benchmark, metric));
  const better = metric === "throughput" ? "higher" : "lower";
  const level = (metric === "throughput" ? 104_000 : metric === "p99" ? 31_000 : 9_600) *
    (1 + index % 7 / 5);
  const worse = better === "higher" ? 0.93 : 1.07;
  const middle = Math.floor(nights.length * 0.55);
  const odd = Math.floor(nights.length * 0.3);
  const last = nights.length - 1;
  const kind = index % 9;
  const verdict: TonightVerdict = kind === 1
    ? "regressed"
    : kind === 2
    ? "improved"
    : kind === 3
    ? "missing"
    : "usual";
  const points = nights.map((night, i): NightPoint => {
    const changed = kind === 0 && i >= middle;
    const noise = random.normal() * 0.01;
    let value = level * (changed ? worse : 1) * (1 + noise);
    if (kind === 0 && i === odd) value = level * worse ** 3;
    if (i === last && verdict === "regressed") value = level * worse ** 2;
    if (i === last && verdict === "improved") value = level / worse ** 2;
    const missing = i % 23 === 11 || i === last && verdict === "missing";
    return {
      night,
      value: missing ? null : value,
      low: missing ? null : value * 0.99,
      high: missing ? null : value * 1.01,
      runs: missing ? 0 : 10,
      reason: missing ? i === last ? reason : "there is no result of it" : null,
      commit: missing
        ? null
        : commit ?? `${i < middle ? "0123456789" : "fedcba9876"}abcdef0123456789`,
      library: missing ? null : library ?? `RocksDB ${i < middle ? "7.8.3" : "7.9.2"}`,
      conditions: missing ? null : "00112233",
      report: missing ? null : `nights/${night}/${node}/${night}T010000Z-baseline-1/report.html`,
    };
  });
  const shift: LastingShift = {
    night: nights[middle]!,
    after: nights[middle - 1]!,
    direction: "regressed",
    from: level,
    to: level * worse,
    change: worse - 1,
    between: [
      { what: "commit", from: points[middle - 1]!.commit, to: points[middle]!.commit },
      { what: "library", from: points[middle - 1]!.library, to: points[middle]!.library },
    ],
  };
  const anomaly: NightAnomaly = {
    night: nights[odd]!,
    value: level * worse ** 3,
    direction: "regressed",
    change: worse ** 3 - 1,
  };
  const present = kind === 0 ? level * worse : level;
  const value = points[last]!.value;
  const news = kind === 0 && middle >= nights.length - NEWS_NIGHTS ? shift : null;
  return {
    series: { node, benchmark, metric, better, points },
    news,
    verdict: news === null ? verdict : "regressed",
    shifts: kind === 0 ? [shift] : [],
    anomalies: kind === 0 ? [anomaly] : [],
    tonight: {
      night: nights[last]!,
      verdict,
      value,
      expected: { low: present * 0.97, high: present * 1.03 },
      level: present,
      change: value === null ? null : value / present - 1,
      nights: 40,
      floor: 0.05,
    },
  };
}

/** What a made-up site is made with. */
export const SAMPLE_OPTIONS: SiteOptions = {
  title: "Nightly history",
  id: "7d1a3c9e-0000-4000-8000-000000000000",
  reports: "../../",
  nodes: null,
  url: null,
  details: () => [],
  version: "0.1.0",
};
