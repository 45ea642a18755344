/** What the clients of a load did, and what the engine wrote and read for it. */
import {
  type BenchmarkRecord,
  decodeHistogram,
  ENGINE_EVENT_NAMES,
  type LoadRecord,
  type RunRecord,
  type SlowCause,
} from "../result/mod.ts";
import { mainCause } from "./main_cause.ts";
import { geometricMean, mean, type OddsBlock, oddsRatioOverBlocks } from "../stats/mod.ts";
import { mergeHistograms, quantileRank, valueAtRank } from "./histogram.ts";
import { analyseSoaks } from "./soak.ts";
import type { LoadAnalysis, SlowAnalysis, Spanned } from "./model.ts";

type CauseBlocks = NonNullable<NonNullable<LoadRecord["slow"]>["blocks"]>;

/** A run that came far enough to tell of its load. */
type LoadedRun = RunRecord & { load: LoadRecord };

/**
 * Analyses what the runs of a load tell besides rates and times.
 *
 * @param seed Determines resamples.
 */
export function analyseLoad(
  record: BenchmarkRecord,
  all: readonly RunRecord[],
  seed: number,
): LoadAnalysis {
  const runs = all.filter((run): run is LoadedRun => run.load !== undefined);
  const { load: spec } = record.workload;
  const clientsOf = (counted: boolean) =>
    (spec?.groups ?? []).filter((group) => group.counted === counted)
      .reduce((sum, { clients }) => sum + clients, 0);
  const over = (value: (run: LoadedRun) => number | null) => spanOf(runs.map(value));
  const ratio = (
    part: (load: LoadRecord) => number | undefined,
    whole: (load: LoadRecord) => number,
  ) =>
    over(({ load }) => {
      const [above, below] = [part(load), whole(load)];
      return above === undefined || !(below > 0) ? null : above / below;
    });
  const engine = ({ counts: { flushedBytes, compactedBytes } }: LoadRecord) =>
    flushedBytes === undefined || compactedBytes === undefined
      ? undefined
      : flushedBytes + compactedBytes;
  const read = runs.reduce((sum, { load }) => sum + load.keysRead, 0);
  return {
    clients: { counted: clientsOf(true), beside: clientsOf(false) },
    share: shareOf(runs),
    offered: offeredOf(record),
    queued: ratio(({ queued }) => queued, ({ response }) => response?.count ?? 0),
    conflicts: ratio(
      ({ conflicts }) => conflicts,
      ({ operations }) =>
        operations.reduce(
          (sum, each) => each.operation === "compareAndSwap" ? sum + each.count : sum,
          0,
        ),
    ),
    missed: read === 0 ? null : runs.reduce((sum, { load }) => sum + load.missed, 0) / read,
    processAmplification: ratio(({ counts }) => counts.processWritten, ({ bytesPut }) => bytesPut),
    deviceAmplification: ratio(({ counts }) => counts.deviceWritten, ({ bytesPut }) => bytesPut),
    lsmAmplification: ratio(engine, ({ counts }) => counts.flushedBytes ?? 0),
    userAmplification: ratio(
      (load) => {
        const written = engine(load);
        const { walBytes } = load.counts;
        return written === undefined || walBytes === undefined ? undefined : written + walBytes;
      },
      ({ bytesPut }) => bytesPut,
    ),
    deviceReads: ratio(({ counts }) => counts.deviceRead, ({ bytesRead }) => bytesRead),
    spaceAmplification: over((run) => spaceOf(record, run)),
    hitRatio: ratio(
      ({ counts }) => counts.blockCacheHits,
      ({ counts }) => (counts.blockCacheHits ?? 0) + (counts.blockCacheMisses ?? 0),
    ),
    stalled: over(({ load }) =>
      load.counts.stallMicros === undefined ? null : load.counts.stallMicros * 1e3 / load.ns
    ),
    grouped: ratio(
      ({ counts }) => counts.transactions,
      ({ counts }) => counts.groupWrites ?? 0,
    ),
    ...(runs.some(({ load }) => load.inFlight) && { inFlight: true }),
    ...nativeOf(runs),
    ...eventsOf(runs),
    ...(runs[0]?.load.multiGet !== undefined && { multiGet: runs[0].load.multiGet }),
    slow: analyseSlow(runs.map(({ load }) => load)),
    operations: operationsOf(runs),
    soaks: analyseSoaks(runs, seed),
    cached: {
      dataBytes: dataBytes(record),
      fileBytes: over(({ load }) => load.pageCache?.before.fileBytes ?? null),
      blockCacheBytes: blockCacheOf(runs),
      before: over(({ load }) => cachedShare(load.pageCache?.before)),
      after: over(({ load }) => cachedShare(load.pageCache?.after)),
    },
    begins: runs[0]?.load.begins ?? null,
    atRest: runs.every(({ load }) => load.atRest),
  };
}

/** Keys and values that a load begins with; `null` where there are none, or values differ in length. */
function dataBytes({ workload }: BenchmarkRecord): number | null {
  const { load, keyBytes, valueBytes } = workload;
  if (!load?.filled || keyBytes === null || valueBytes === null) return null;
  return load.keys * (keyBytes + valueBytes);
}

/** What the engine was told that its cache of blocks may have; `null` where it does not say so. */
function blockCacheOf([first]: readonly LoadedRun[]): number | null {
  const bytes = first?.store?.options["blockCacheBytes"];
  return typeof bytes === "number" ? bytes : null;
}

function cachedShare(files: { fileBytes: number; cachedBytes: number } | undefined): number | null {
  return files === undefined || files.fileBytes === 0 ? null : files.cachedBytes / files.fileBytes;
}

/** What engines that tell events told; nothing where one of the runs has none. */
function eventsOf(runs: readonly LoadedRun[]): Pick<LoadAnalysis, "events" | "eventsLost"> {
  const told = runs.flatMap(({ load: { events, ns } }) =>
    events === undefined ? [] : [{ events, ns }]
  );
  if (told.length === 0 || told.length < runs.length) return {};
  const events = ENGINE_EVENT_NAMES.flatMap((kind) => {
    const count = told.reduce((sum, { events }) => sum + (events[kind]?.count ?? 0), 0);
    const share = spanOf(told.map(({ events, ns }) => (events[kind]?.ns ?? 0) / ns));
    return count === 0 || share === null ? [] : [{ kind, count, share }];
  });
  const lost = told.reduce((sum, { events }) => sum + (events.lost ?? 0), 0);
  return { events, ...(lost > 0 && { eventsLost: lost }) };
}

/** Values of the runs together; `null` where one has none. */
function spanOf(values: readonly (number | null)[]): Spanned | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return null;
  const positive = known.every((value) => value > 0);
  return {
    value: positive ? geometricMean(known) : mean(known),
    least: Math.min(...known),
    most: Math.max(...known),
  };
}

/** How many clients have a loop of machine code, in the run that has fewest of them. */
function nativeOf(runs: readonly LoadedRun[]): Pick<LoadAnalysis, "native"> {
  const native = Math.min(
    ...runs.map(({ load }) => load.clients.filter(({ native }) => native).length),
  );
  return native > 0 && Number.isFinite(native) ? { native } : {};
}

/** What one measured client did, operations a second: on the average, at least and at most. */
function shareOf(runs: readonly LoadedRun[]): Spanned | null {
  const rates = runs.flatMap(({ load }) =>
    load.clients.filter(({ counted }) => counted).map(({ operations }) =>
      operations * 1e9 / load.ns
    )
  );
  return spanOf(rates);
}

/** The rate that the schedules of all measured clients ask for; `null` in a closed loop. */
function offeredOf({ workload: { load } }: BenchmarkRecord): number | null {
  const rates = (load?.groups ?? []).flatMap(({ counted, pace }) =>
    counted && pace.loop === "open" ? [pace.rate] : []
  );
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
}

/**
 * Live files over what is alive, by the harness's own count: every key once. Where keys come and go, or
 * values differ in length, that is not known.
 */
function spaceOf({ workload }: BenchmarkRecord, { facts }: RunRecord): number | null {
  const { load, keyBytes, valueBytes } = workload;
  const grows = load?.groups.some(({ mix }) => (mix.insert ?? 0) > 0 || (mix.delete ?? 0) > 0);
  const bytes = facts.liveFileBytes;
  if (load === undefined || !load.filled || grows || keyBytes === null || valueBytes === null) {
    return null;
  }
  return bytes === undefined || bytes === 0 ? null : bytes / (load.keys * (keyBytes + valueBytes));
}

/**
 * Causes of all runs together; how often each went on is of the runs the mean, by their time.
 *
 * @returns `null` where no operation was slow, or a run tells of none.
 */
export function analyseSlow(
  loads: readonly Pick<LoadRecord, "slow" | "ns" | "inFlight">[],
): SlowAnalysis | null {
  const known = loads.flatMap(({ slow, ns }) => slow === undefined ? [] : [{ slow, ns }]);
  const operations = known.reduce((sum, { slow }) => sum + slow.operations, 0);
  if (operations === 0 || known.length < loads.length) return null;
  const byCause = Map.groupBy(
    known.flatMap(({ slow, ns }) => slow.causes.map((each) => ({ ...each, ns }))),
    ({ cause }) => cause,
  );
  const blocksOf = (cause: SlowCause) =>
    known.map(({ slow }) => oddsBlocksOf(slow.blocks ?? [], cause));
  const causes = [...byCause].map(([cause, own]) => {
    const ns = own.reduce((sum, { ns }) => sum + ns, 0);
    const put = own.reduce((sum, { operations }) => sum + operations, 0);
    const anyway = own.map(({ share, ns }) => share === null ? null : share * ns);
    return {
      cause,
      operations: put,
      held: own.some(({ held }) => held === undefined)
        ? null
        : own.reduce((sum, { held }) => sum + held!, 0),
      share: put / operations,
      anyway: anyway.some((part) => part === null) || ns === 0
        ? null
        : anyway.reduce<number>((sum, part) => sum + part!, 0) / ns,
      odds: oddsRatioOverBlocks(blocksOf(cause)),
    };
  });
  return {
    operations,
    hiccups: hiccupsOf(known),
    compactions: compactionsOf(known.map(({ slow }) => slow)),
    causes,
    main: mainCause(
      causes,
      (cause) => shareOfOthers(blocksOf(cause).flat()),
      loads.some(({ inFlight }) => inFlight === true),
    ),
  };
}

/** Of the operations that were not slow, the share that ended while something went on. */
function shareOfOthers(blocks: readonly OddsBlock[]): number | null {
  const on = blocks.reduce((sum, { othersOn }) => sum + othersOn, 0);
  const all = on + blocks.reduce((sum, { othersOff }) => sum + othersOff, 0);
  return all === 0 ? null : on / all;
}

/** What sleeping threads saw, in all runs together; `null` where one had none. */
function hiccupsOf(
  runs: readonly { slow: NonNullable<LoadRecord["slow"]>; ns: number }[],
): SlowAnalysis["hiccups"] {
  const seen = runs.flatMap(({ slow: { hiccups } }) => hiccups ?? []);
  const ns = runs.reduce((sum, run) => sum + run.ns, 0);
  if (seen.length < runs.length || ns === 0) return null;
  return {
    wakes: seen.reduce((sum, { wakes }) => sum + wakes, 0),
    late: seen.reduce((sum, { late }) => sum + late, 0),
    share: seen.reduce((sum, { lateNs }) => sum + lateNs, 0) / ns,
    longest: Math.max(...seen.map(({ longestNs }) => longestNs)),
  };
}

/** Compactions of all runs by their levels; `null` where nothing told of those of one. */
function compactionsOf(
  runs: readonly NonNullable<LoadRecord["slow"]>[],
): SlowAnalysis["compactions"] {
  const told = runs.flatMap(({ compactions }) => compactions === undefined ? [] : [compactions]);
  if (told.length < runs.length) return null;
  const byLevels = Map.groupBy(told.flat(), ({ levels: { from, to } }) => `${from} ${to}`);
  return [...byLevels.values()].flatMap((own) => {
    const sum = (what: "count" | "bytes" | "ns" | "operations") =>
      own.reduce((total, each) => total + each[what], 0);
    const count = sum("count");
    const { from, to } = own[0]!.levels;
    return count === 0 ? [] : [{
      levels: { from, to },
      count,
      bytes: sum("bytes") / count,
      ns: sum("ns") / count,
      operations: sum("operations"),
    }];
  }).toSorted((a, b) => a.levels.from - b.levels.from || a.levels.to - b.levels.to);
}

/** Operations of each block, apart by whether a cause went on; none where that is not known. */
function oddsBlocksOf(blocks: CauseBlocks, cause: SlowCause): OddsBlock[] {
  return blocks.flatMap(({ operations, slow, on }) => {
    const meanwhile = on[cause];
    if (meanwhile === undefined) return [];
    return {
      eventsOn: meanwhile.slow,
      eventsOff: Math.max(0, slow - meanwhile.slow),
      // What is told while it is counted need not fit to the last operation.
      othersOn: Math.max(0, meanwhile.operations - meanwhile.slow),
      othersOff: Math.max(0, operations - slow - (meanwhile.operations - meanwhile.slow)),
    };
  });
}

function operationsOf(runs: readonly LoadedRun[]): LoadAnalysis["operations"] {
  const all = Map.groupBy(
    runs.flatMap(({ load }) => load.operations),
    ({ operation }) => operation,
  );
  return [...all].flatMap(([operation, records]) => {
    try {
      const merged = mergeHistograms(records.map(({ histogram }) => decodeHistogram(histogram)));
      const count = merged.totalCount;
      const at = (q: number) => valueAtRank(merged, quantileRank(count, q));
      return count === 0 ? [] : [{ operation, count, p50: at(0.5), p99: at(0.99) }];
    } catch {
      // What cannot be read is said of the run's own histogram.
      return [];
    }
  });
}
