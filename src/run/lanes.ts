/** Measures what one or several plans ask for, each run into its own plan's journal. */
import { PressureMeter } from "../environment/mod.ts";
import {
  type JournalWriter,
  missingRuns,
  type PlanLine,
  type ProfileRecord,
  type Result,
  ResultError,
  saveBenchResult,
} from "../result/mod.ts";
import { derive } from "../stats/mod.ts";
import type { StoreSettings } from "../store/mod.ts";
import type { DataDirectory } from "./directory.ts";
import { RunError } from "./error.ts";
import { forgetPaths } from "./notes.ts";
import { type PlannedRun, shuffledBlocks } from "./order.ts";
import { withoutHome } from "./plan_line.ts";
import { type RunOutcome, runProcess } from "./process.ts";

/** Told as the bench goes; for progress. */
export interface BenchEvents {
  /** The plan is known, or known again. */
  planned?(runs: readonly PlannedRun[], profile: ProfileRecord): void;
  runStarted?(run: PlannedRun): void;
  /** A sample was taken, the so-manieth of its run. */
  sampled?(run: PlannedRun, samples: number): void;
  runEnded?(run: PlannedRun, outcome: RunOutcome): void;
}

/** A plan under way. */
export interface Lane {
  /** Where journal and result are. */
  directory: string;
  writer: JournalWriter;
  plan: PlanLine;
  /** The runs that an earlier session measured. */
  before: Result["runs"];
  /** The librocksdb to load, where not the one that is found. */
  library?: string | undefined;
}

/** Calibration's time does not grow with the profile: a loop over nothing is steady at once. */
const CALIBRATION_MS = { warmupMs: 50, measureMs: 200 };

/**
 * Measures every run that is missing, in the planned order. Where there are several lanes, each has
 * the same benchmarks, and a run of the one is next to the same run of the others.
 *
 * @returns Each lane's result, which lies in its directory as well.
 * @throws {RunError} Where a file cannot be written.
 */
export async function measureLanes(
  lanes: readonly Lane[],
  data: DataDirectory,
  events: BenchEvents,
  signal: AbortSignal,
): Promise<Result[]> {
  try {
    const { profile, seed } = lanes[0]!.plan;
    const missing = lanes.map(({ plan, before }) => keysOf(missingRuns({ ...plan, runs: before })));
    const runs = shuffledBlocks(lanes.map(({ plan }) => plan.benchmarks), profile, seed)
      .filter(({ benchmark, run, lane }) => missing[lane]!.has(`${run} ${benchmark.id}`));
    events.planned?.(runs, profile);
    for (const run of runs) {
      if (signal.aborted) break;
      await measureOne(run, lanes[run.lane]!, data, events, signal);
    }
    if (!signal.aborted) {
      for (const { writer } of lanes) {
        writer.append({ kind: "finished", endedAt: new Date().toISOString() });
      }
    }
  } catch (error) {
    throw asRunError(error, "measuring");
  } finally {
    for (const { writer } of lanes) writer.close();
    data.release();
  }
  return lanes.map(({ directory }) => finish(directory));
}

function keysOf(runs: { benchmark: string; run: number }[]): Set<string> {
  return new Set(runs.map(({ benchmark, run }) => `${run} ${benchmark}`));
}

/** Makes the result of the journal. */
export function finish(directory: string): Result {
  try {
    const result = saveBenchResult(directory);
    if (result.complete) forgetPaths(directory);
    return result;
  } catch (error) {
    throw asRunError(error, "measuring");
  }
}

/**
 * A file that could not be written. Before the first run that is for the call to mend; later it has
 * stopped the measuring.
 */
export function asRunError(error: unknown, kind: RunError["kind"]): unknown {
  return error instanceof ResultError ? new RunError(error.message, kind, { cause: error }) : error;
}

async function measureOne(
  planned: PlannedRun,
  { writer, plan, library }: Lane,
  data: DataDirectory,
  events: BenchEvents,
  signal: AbortSignal,
): Promise<void> {
  const { benchmark, run, position } = planned;
  const { profile } = plan;
  const calibrates = benchmark.runs !== undefined;
  const least = (time: "warmupMs" | "measureMs") =>
    calibrates ? Math.min(profile[time], CALIBRATION_MS[time]) : profile[time];
  const database = data.database(benchmark.id, run);
  events.runStarted?.(planned);
  writer.append({
    kind: "run-started",
    benchmark: benchmark.id,
    run,
    position,
    startedAt: new Date().toISOString(),
  });
  const pressure = new PressureMeter();
  pressure.start();
  let samples = 0;
  const outcome = await runProcess(
    {
      store: benchmark.store,
      database,
      ...(library !== undefined && { library }),
      options: calibrates ? {} : (plan.storeOptions ?? {}) as StoreSettings,
      measure: {
        kind: benchmark.kind,
        // Only of an imported benchmark the workload may not be known.
        operation: benchmark.workload.operation!,
        keys: benchmark.workload.keys!,
        valueBytes: benchmark.workload.valueBytes!,
        elements: benchmark.elements,
        sampling: benchmark.sampling,
        samples: benchmark.samples,
        warmupMs: least("warmupMs"),
        measureMs: least("measureMs"),
        seed: derive(plan.seed, benchmark.name, String(run)),
      },
    },
    (line) => {
      writer.append(line);
      if (line.kind === "sample") events.sampled?.(planned, ++samples);
    },
    signal,
  );
  const closing = outcome.state === "ended" ? outcome.closing : undefined;
  writer.append({
    kind: "run-ended",
    state: outcome.state,
    endedAt: new Date().toISOString(),
    ...(outcome.state === "failed" && {
      error: withoutHome(outcome.error.replaceAll(database, benchmark.id)),
    }),
    warmup: closing === undefined ? null : { ...closing.warmup },
    pressure: pressure.stop(closing?.cpuSeconds ?? null),
    facts: closing?.facts ?? {},
    properties: closing?.properties ?? {},
    peakRssBytes: closing?.peakRssBytes ?? null,
  });
  data.remove(database);
  events.runEnded?.(planned, outcome);
}
