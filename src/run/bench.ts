/** A bench: every planned run in turn, each line into the journal, the result made of the journal. */
import { checkoutCommit, collectEnvironment, hideHome, PressureMeter } from "../environment/mod.ts";
import {
  fileReason,
  JournalWriter,
  missingRuns,
  type PlanLine,
  type ProfileRecord,
  readJournal,
  type Result,
  ResultError,
  resultFromJournal,
  writeResult,
} from "../result/mod.ts";
import { derive } from "../stats/mod.ts";
import { calibrationStore, storeKind, type StoreOptions } from "../store/mod.ts";
import { calibrationOf, planBenchmarks, type Suite, suiteRecord } from "../suite/mod.ts";
import { claimDirectory, DataDirectory, removeIfEmpty } from "./directory.ts";
import { RunError } from "./error.ts";
import { type PlannedRun, shuffledRuns } from "./order.ts";
import { requireDeno, type RunOutcome, runProcess } from "./process.ts";

/** The files of a bench in its directory. */
export const JOURNAL_FILE = "journal.jsonl";
/** The result's file. */
export const RESULT_FILE = "result.json";
/** Where databases are made unless another place is named. */
const DATA = "data";
/** Says which other place, as long as the bench is not complete. */
const DATA_NOTE = "data-directory.txt";

/** What to bench. */
export interface BenchRequest {
  suite: Suite;
  profile: ProfileRecord;
  /** Stores, in the report's order; each can be opened here. */
  stores: readonly string[];
  /** Text that a benchmark's id must contain. */
  filter?: string | undefined;
  /** Sampling of all benchmarks, where not the suite's own. */
  sampling?: "flat" | "linear" | undefined;
  storeOptions: StoreOptions;
  /** Determines the order of the runs, the values and, later, the resamples. */
  seed: number;
  /** The bench's directory: absent or empty. */
  directory: string;
  /** Where databases are made: absent or empty. @default `data` in the bench's directory */
  dataDirectory?: string | undefined;
  /** The command line, to be recorded. */
  command: readonly string[];
  /** What was noticed before, to be recorded. */
  warnings: readonly string[];
  /** Tidemark's version. */
  version: string;
}

/** What to go on with. */
export interface ResumeRequest {
  /** The bench's directory. */
  directory: string;
  /** Where databases are made, if it was named in the first place. */
  dataDirectory?: string | undefined;
  /** The command line, to be recorded. */
  command: readonly string[];
  /** Tidemark's version. */
  version: string;
}

/** Told as the bench goes; for progress. */
export interface BenchEvents {
  /** The plan is known, or known again. */
  planned?(runs: readonly PlannedRun[], profile: ProfileRecord): void;
  runStarted?(run: PlannedRun): void;
  /** A sample was taken, the so-manieth of its run. */
  sampled?(run: PlannedRun, samples: number): void;
  runEnded?(run: PlannedRun, outcome: RunOutcome): void;
}

/** Calibration's time does not grow with the profile: a loop over nothing is steady at once. */
const CALIBRATION_MS = { warmupMs: 50, measureMs: 200 };

/**
 * Benches.
 *
 * Every finished sample is in the journal before the next one is taken. What fails is recorded and
 * the next run goes on.
 *
 * @param signal Ends the bench; what was measured is kept and can be resumed.
 * @returns The result, which lies in the directory as well.
 * @throws {RunError} Where no process can be started, a directory cannot be used, or a file cannot be
 * written.
 */
export async function bench(
  request: BenchRequest,
  events: BenchEvents,
  signal: AbortSignal,
): Promise<Result> {
  const { directory, dataDirectory } = request;
  requireDeno();
  const plan = planLine(request);
  const made = claimDirectory(directory, "result directory");
  let data: DataDirectory | undefined;
  let writer: JournalWriter;
  try {
    data = DataDirectory.claim(dataDirectory ?? `${directory}/${DATA}`, plan.id);
    if (dataDirectory !== undefined) rememberDataDirectory(directory, dataDirectory);
    writer = JournalWriter.create(`${directory}/${JOURNAL_FILE}`, plan);
  } catch (error) {
    data?.release();
    forgetDataDirectory(directory);
    if (made) removeIfEmpty(directory);
    throw asRunError(error, "usage");
  }
  return await measureAll(directory, writer, data, plan, [], events, signal);
}

/**
 * Goes on with a bench that was interrupted: measures what is missing, in the order that was
 * planned, with the databases where they were, and clears what a killed process has left. A bench
 * that is complete is measured no further.
 *
 * @throws {RunError} Where another process is at it, or a file cannot be written.
 * @throws {ResultError} Where the directory holds no bench, or its journal cannot be read.
 */
export async function resumeBench(
  request: ResumeRequest,
  events: BenchEvents,
  signal: AbortSignal,
): Promise<Result> {
  const { directory } = request;
  requireDeno();
  const path = `${directory}/${JOURNAL_FILE}`;
  const before = resultFromJournal(readJournal(path));
  const dataDirectory = request.dataDirectory ?? rememberedDataDirectory(directory) ??
    `${directory}/${DATA}`;
  const data = DataDirectory.claim(dataDirectory, before.id);
  if (before.complete && before.endedAt !== null) {
    data.release();
    return finish(directory, path);
  }
  let resumed: ReturnType<typeof JournalWriter.resume> | undefined;
  try {
    resumed = JournalWriter.resume(path, {
      kind: "session",
      startedAt: new Date().toISOString(),
      tool: toolRecord(request.version),
      command: request.command.map(withoutHome),
      environment: collectEnvironment(dataDirectory),
    });
    if (request.dataDirectory !== undefined) rememberDataDirectory(directory, dataDirectory);
  } catch (error) {
    resumed?.writer.close();
    data.release();
    throw asRunError(error, "usage");
  }
  const { writer, journal } = resumed;
  const plan = journal.records[0] as PlanLine;
  const { runs } = resultFromJournal(journal);
  return await measureAll(directory, writer, data, plan, runs, events, signal);
}

/**
 * A file that could not be written. Before the first run that is for the call to mend; later it has
 * stopped the measuring.
 */
function asRunError(error: unknown, kind: RunError["kind"]): unknown {
  return error instanceof ResultError ? new RunError(error.message, kind, { cause: error }) : error;
}

/**
 * Notes where the databases are while a bench is not complete, so that a resume puts them on the
 * same device. It is a file of its own, since a result that is published names no path.
 */
function rememberDataDirectory(directory: string, dataDirectory: string): void {
  const path = `${directory}/${DATA_NOTE}`;
  try {
    Deno.writeTextFileSync(path, Deno.realPathSync(dataDirectory) + "\n");
  } catch (error) {
    throw new RunError(`Cannot write ${path}: ${fileReason(error)}`, "usage", { cause: error });
  }
}

function rememberedDataDirectory(directory: string): string | undefined {
  try {
    return Deno.readTextFileSync(`${directory}/${DATA_NOTE}`).trim() || undefined;
  } catch {
    return undefined;
  }
}

function forgetDataDirectory(directory: string): void {
  try {
    Deno.removeSync(`${directory}/${DATA_NOTE}`);
  } catch {
    // There is none, unless the databases were put elsewhere.
  }
}

function planLine(request: BenchRequest): PlanLine {
  const { suite, profile, stores, seed } = request;
  const measured = planBenchmarks(suite, request);
  const forms = new Set(stores.map((store) => storeKind(store).api()));
  const calibration = [...forms].flatMap((api) =>
    calibrationOf(
      measured.filter((benchmark) => storeKind(benchmark.store).api() === api),
      calibrationStore(api),
    )
  );
  const startedAt = new Date().toISOString();
  return {
    kind: "plan",
    schema: "tidemark.journal",
    version: 1,
    id: benchId(suite.name, new Date(startedAt)),
    startedAt,
    tool: toolRecord(request.version),
    command: request.command.map(withoutHome),
    seed,
    profile,
    storeOptions: { ...request.storeOptions },
    suite: suiteRecord(suite),
    environment: collectEnvironment(request.dataDirectory ?? `${request.directory}/${DATA}`),
    benchmarks: [...measured, ...calibration],
    warnings: [...request.warnings],
  };
}

/** A bench's id: sorts by time, and can be a file's name. */
export function benchId(suite: string, startedAt: Date): string {
  return `${startedAt.toISOString().slice(0, 19).replaceAll(":", "")}Z-${suite}`;
}

function toolRecord(version: string): PlanLine["tool"] {
  return { version, commit: checkoutCommit(`${import.meta.dirname}/../..`) };
}

/** A text without the user's name, which is in the home directory's path, wherever that stands. */
function withoutHome(text: string): string {
  return text.replace(/[^\s=,:;'"]+/g, (word) => hideHome(word));
}

async function measureAll(
  directory: string,
  writer: JournalWriter,
  data: DataDirectory,
  plan: PlanLine,
  before: Result["runs"],
  events: BenchEvents,
  signal: AbortSignal,
): Promise<Result> {
  const runs = stillMissing(plan, before);
  events.planned?.(runs, plan.profile);
  try {
    for (const run of runs) {
      if (signal.aborted) break;
      await measureOne(run, writer, data, plan, events, signal);
    }
    if (!signal.aborted) {
      writer.append({ kind: "finished", endedAt: new Date().toISOString() });
    }
  } catch (error) {
    throw asRunError(error, "measuring");
  } finally {
    writer.close();
    data.release();
  }
  return finish(directory, writer.path);
}

/** Makes the result of the journal. */
function finish(directory: string, journal: string): Result {
  const result = resultFromJournal(readJournal(journal));
  try {
    writeResult(`${directory}/${RESULT_FILE}`, result, { replace: true });
  } catch (error) {
    throw asRunError(error, "measuring");
  }
  if (result.complete) forgetDataDirectory(directory);
  return result;
}

function stillMissing(plan: PlanLine, before: Result["runs"]): PlannedRun[] {
  const missing = new Set(
    missingRuns({ ...plan, runs: before }).map(({ benchmark, run }) => `${run} ${benchmark}`),
  );
  return shuffledRuns(plan.benchmarks, plan.profile, plan.seed)
    .filter(({ benchmark, run }) => missing.has(`${run} ${benchmark.id}`));
}

async function measureOne(
  planned: PlannedRun,
  writer: JournalWriter,
  data: DataDirectory,
  plan: PlanLine,
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
      options: calibrates ? {} : (plan.storeOptions ?? {}) as StoreOptions,
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
    properties: closing?.properties ?? {},
    peakRssBytes: closing?.peakRssBytes ?? null,
  });
  data.remove(database);
  events.runEnded?.(planned, outcome);
}
