/** A bench: every planned run in turn, each line into the journal, the result made of the journal. */
import { collectEnvironment } from "../environment/mod.ts";
import {
  JOURNAL_FILE,
  JournalWriter,
  type PlanLine,
  readJournal,
  type Result,
  resultFromJournal,
} from "../result/mod.ts";
import { claimDirectory, DataDirectory, removeIfEmpty } from "./directory.ts";
import { asRunError, type BenchEvents, finish, measureLanes } from "./lanes.ts";
import { forgetPaths, rememberedPath, rememberPath } from "./notes.ts";
import { type BenchRequest, DATA, planLine, toolRecord, withoutHome } from "./plan_line.ts";
import { requireDeno } from "./process.ts";

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
    if (dataDirectory !== undefined) rememberPath(directory, "data", dataDirectory);
    writer = JournalWriter.create(`${directory}/${JOURNAL_FILE}`, plan);
  } catch (error) {
    data?.release();
    forgetPaths(directory);
    if (made) removeIfEmpty(directory);
    throw asRunError(error, "usage");
  }
  const lane = { directory, writer, plan, before: [] };
  const [result] = await measureLanes([lane], data, events, signal);
  return result!;
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
  const dataDirectory = request.dataDirectory ?? rememberedPath(directory, "data") ??
    `${directory}/${DATA}`;
  const data = DataDirectory.claim(dataDirectory, before.id);
  if (before.complete && before.endedAt !== null) {
    data.release();
    return finish(directory);
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
    if (request.dataDirectory !== undefined) rememberPath(directory, "data", dataDirectory);
  } catch (error) {
    resumed?.writer.close();
    data.release();
    throw asRunError(error, "usage");
  }
  const { writer, journal } = resumed;
  const plan = journal.records[0] as PlanLine;
  const { runs } = resultFromJournal(journal);
  const [result] = await measureLanes(
    [{ directory, writer, plan, before: runs }],
    data,
    events,
    signal,
  );
  return result!;
}

/**
 * Removes the databases that a killed bench has left, which will not be gone on with. What it has
 * measured stays.
 *
 * @throws {RunError} Where another process is at it, or they cannot be removed.
 * @throws {ResultError} Where the directory holds no bench, or its journal cannot be read.
 */
export function clearDatabases(directory: string): void {
  const { id } = resultFromJournal(readJournal(`${directory}/${JOURNAL_FILE}`));
  DataDirectory.claim(rememberedPath(directory, "data") ?? `${directory}/${DATA}`, id).release();
}
