/** What a long load did to its store: its first and its last stretch, and what grew meanwhile. */
import type { RunRecord, WindowRecord } from "../result/mod.ts";
import { changeOfMeans, derive, mean, Random, type Slope, slopeOverTime } from "../stats/mod.ts";
import type { SoakAnalysis, SoakStretch } from "./model.ts";

/** Windows below which a run is no soak: a stretch would have fewer than six. */
const LEAST_WINDOWS = 60;
/** The longest stretch that is compared, ns: an hour. */
const MOST_STRETCH = 3600e9;
/** The share of a shorter soak that is a stretch. */
const STRETCH_SHARE = 0.1;
/** Means that slopes are fitted through: of so many windows that neighbours are little alike. */
const MOST_MEANS = 60;
const HOUR_NS = 3600e9;

/** A run that has windows. */
type WindowedRun = Pick<RunRecord, "run" | "windows">;

/** Analyses those of a load's runs that were long enough. @param seed Determines the resamples. */
export function analyseSoaks(runs: readonly WindowedRun[], seed: number): SoakAnalysis[] {
  return runs.flatMap(({ run, windows = [] }) =>
    windows.length < LEAST_WINDOWS ? [] : [analyseSoak(run, windows, seed)]
  );
}

function analyseSoak(run: number, windows: readonly WindowRecord[], seed: number): SoakAnalysis {
  const end = windows.at(-1)!.atNs + windows.at(-1)!.ns;
  const stretchNs = Math.min(MOST_STRETCH, end * STRETCH_SHARE);
  const first = windows.filter(({ atNs, ns }) => atNs + ns / 2 < stretchNs);
  const last = windows.filter(({ atNs, ns }) => atNs + ns / 2 >= end - stretchNs);
  const change = (name: string, valueOf: (window: WindowRecord) => number | null): SoakStretch => {
    const [before, after] = [known(first, valueOf), known(last, valueOf)];
    const random = new Random(derive(seed, "soak", String(run), name));
    return {
      first: before.length === 0 ? null : mean(before),
      last: after.length === 0 ? null : mean(after),
      change: changeOfMeans(before, after, random),
    };
  };
  const tailOf = ({ response, service }: WindowRecord) =>
    (response === undefined ? service : response)?.p99 ?? null;
  const rates = windows.map(({ operations, ns }) => operations * 1e9 / ns);
  const worst = rates.reduce((worst, rate, i) => rate < rates[worst]! ? i : worst, 0);
  return {
    run,
    windows: windows.length,
    ns: end,
    stretchNs,
    scheduled: windows[0]!.response !== undefined,
    rate: change("rate", ({ operations, ns }) => operations * 1e9 / ns),
    p99: change("p99", tailOf),
    worst: { atNs: windows[worst]!.atNs, rate: rates[worst]! },
    silent: windows.filter(({ operations }) => operations === 0).length,
    rssAnHour: growth(windows, end, (own) => meanOf(own.map(({ rssBytes }) => rssBytes))),
    ownAnHour: growth(windows, end, (own) => meanOf(own.map(beyondCaches))),
    filesAnHour: growth(
      windows,
      end,
      (own) => meanOf(own.map(({ facts }) => facts.liveFileBytes ?? NaN)),
    ),
    amplificationAnHour: growth(windows, end, amplificationOf),
  };
}

function known(
  windows: readonly WindowRecord[],
  valueOf: (window: WindowRecord) => number | null,
): number[] {
  return windows.map(valueOf).filter((value) => value !== null);
}

/** Resident memory without what the engine says that it holds of keys and blocks; NaN where it does not. */
function beyondCaches({ rssBytes, facts }: WindowRecord): number {
  return rssBytes - (facts.memtableBytes ?? NaN) - (facts.blockCacheBytes ?? NaN);
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? NaN : mean(values);
}

/**
 * How much something grows in an hour; `null` where it is not known, or too little to tell.
 *
 * @param valueOf Of some windows and the one before them.
 */
function growth(
  windows: readonly WindowRecord[],
  end: number,
  valueOf: (own: readonly WindowRecord[], before: WindowRecord | undefined) => number,
): Slope | null {
  const values = Array.from({ length: MOST_MEANS }, (_, i) => {
    const [from, to] = [i, i + 1].map((part) => Math.round(part * windows.length / MOST_MEANS));
    return valueOf(windows.slice(from, to), windows[from! - 1]);
  });
  if (!values.every(Number.isFinite)) return null;
  return slopeOverTime(values, end / HOUR_NS / MOST_MEANS);
}

/** What the process wrote in some windows for each byte that was put in them. */
function amplificationOf(
  own: readonly WindowRecord[],
  before: WindowRecord | undefined,
): number {
  const put = own.reduce((sum, { bytesPut }) => sum + bytesPut, 0);
  const writtenBy = (window: WindowRecord | undefined) => window?.counts.processWritten ?? NaN;
  const written = writtenBy(own.at(-1)) - (before === undefined ? 0 : writtenBy(before));
  return put > 0 ? written / put : NaN;
}
