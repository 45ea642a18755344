/**
 * Two benches in one session: the runs of a base and of a candidate in randomised blocks, so that
 * what the machine does meanwhile falls on both. Each side is a bench of its own, with its journal
 * and its result in a directory of its own.
 */
import { collectEnvironment } from "../environment/mod.ts";
import {
  JOURNAL_FILE,
  JournalWriter,
  type PlanLine,
  readJournal,
  type Result,
  resultFromJournal,
} from "../result/mod.ts";
import type { ResumeRequest } from "./bench.ts";
import { claimDirectory, DataDirectory, removeIfEmpty } from "./directory.ts";
import { RunError } from "./error.ts";
import { asRunError, type BenchEvents, finish, type Lane, measureLanes } from "./lanes.ts";
import { forgetPaths, rememberedPath, rememberPath } from "./notes.ts";
import {
  benchId,
  type BenchRequest,
  DATA,
  planLine,
  type Side,
  toolRecord,
  withoutHome,
} from "./plan_line.ts";
import { requireDeno } from "./process.ts";

/** The two sides, which are also the names of their directories. */
export const SIDES = ["base", "candidate"] as const;

/** What to bench interleaved. */
export interface InterleaveRequest {
  /** The base, and all that both sides share. Its directory is the one of both. */
  base: BenchRequest;
  /** What is another in the candidate. */
  candidate: Partial<Pick<BenchRequest, "stores" | "storeOptions">>;
  /** The candidate's librocksdb, where it is another. */
  library?: string | undefined;
  /** The same in words, to be recorded; empty where nothing differs. */
  differs: Side["differs"];
}

/** What came of it. */
export interface InterleavedResults {
  base: Result;
  candidate: Result;
}

/**
 * Benches two sides in one session.
 *
 * @param signal Ends the bench; what was measured is kept and can be resumed.
 * @throws {RunError} As {@linkcode bench}, or where the two sides have not the same benchmarks.
 */
export async function benchInterleaved(
  request: InterleaveRequest,
  events: BenchEvents,
  signal: AbortSignal,
): Promise<InterleavedResults> {
  const { base, library, differs } = request;
  const { directory, dataDirectory } = base;
  requireDeno();
  const session = benchId(base.suite.name, new Date());
  const plans = SIDES.map((role) =>
    planLine(role === "base" ? base : { ...base, ...request.candidate }, { session, role, differs })
  );
  requireSameBenchmarks(plans);
  const made = claimDirectory(directory, "result directory");
  let data: DataDirectory | undefined;
  const lanes: Lane[] = [];
  try {
    data = DataDirectory.claim(dataDirectory ?? `${directory}/${DATA}`, session);
    if (dataDirectory !== undefined) rememberPath(directory, "data", dataDirectory);
    if (library !== undefined) rememberPath(directory, "library", library);
    for (const [i, role] of SIDES.entries()) {
      const own = `${directory}/${role}`;
      Deno.mkdirSync(own);
      const writer = JournalWriter.create(`${own}/${JOURNAL_FILE}`, plans[i]!);
      lanes.push({
        directory: own,
        writer,
        plan: plans[i]!,
        before: [],
        library: of(role, library),
      });
    }
  } catch (error) {
    for (const { writer } of lanes) writer.close();
    data?.release();
    forgetPaths(directory);
    // What is claimed was empty, so that what is in it now is of this bench.
    for (const role of SIDES) removeJournal(`${directory}/${role}`);
    if (made) removeIfEmpty(directory);
    throw asRunError(error, "usage");
  }
  return await measureSides(directory, lanes, data, events, signal);
}

/** Whether a directory is that of an interleaved bench. */
export function isInterleaved(directory: string): boolean {
  try {
    return Deno.statSync(`${directory}/${SIDES[0]}/${JOURNAL_FILE}`).isFile;
  } catch {
    return false;
  }
}

/**
 * Goes on with an interleaved bench that was interrupted, as {@linkcode resumeBench} does. A block
 * of which one run was measured gets its other one now.
 *
 * @throws {RunError} As {@linkcode resumeBench}.
 * @throws {ResultError} Where a journal is not there or cannot be read.
 */
export async function resumeInterleaved(
  request: ResumeRequest,
  events: BenchEvents,
  signal: AbortSignal,
): Promise<InterleavedResults> {
  const { directory } = request;
  requireDeno();
  const places = SIDES.map((role) => ({ role, directory: `${directory}/${role}` }));
  const before = places.map(({ directory }) =>
    resultFromJournal(readJournal(`${directory}/${JOURNAL_FILE}`))
  );
  const dataDirectory = request.dataDirectory ?? rememberedPath(directory, "data") ??
    `${directory}/${DATA}`;
  const data = DataDirectory.claim(dataDirectory, before[0]!.interleaved?.session ?? before[0]!.id);
  if (before.every(({ complete, endedAt }) => complete && endedAt !== null)) {
    data.release();
    const [base, candidate] = places.map(({ directory }) => finish(directory));
    return { base: base!, candidate: candidate! };
  }
  const library = rememberedPath(directory, "library");
  const lanes: Lane[] = [];
  try {
    for (const { role, directory } of places) {
      const { writer, journal } = JournalWriter.resume(`${directory}/${JOURNAL_FILE}`, {
        kind: "session",
        startedAt: new Date().toISOString(),
        tool: toolRecord(request.version),
        command: request.command.map(withoutHome),
        environment: collectEnvironment(dataDirectory),
      });
      const plan = journal.records[0] as PlanLine;
      const { runs } = resultFromJournal(journal);
      lanes.push({ directory, writer, plan, before: runs, library: of(role, library) });
    }
    if (request.dataDirectory !== undefined) rememberPath(directory, "data", dataDirectory);
  } catch (error) {
    for (const { writer } of lanes) writer.close();
    data.release();
    throw asRunError(error, "usage");
  }
  return await measureSides(directory, lanes, data, events, signal);
}

/** The library of a side. */
function of(role: typeof SIDES[number], library: string | undefined): string | undefined {
  return role === "candidate" ? library : undefined;
}

async function measureSides(
  directory: string,
  lanes: readonly Lane[],
  data: DataDirectory,
  events: BenchEvents,
  signal: AbortSignal,
): Promise<InterleavedResults> {
  const [base, candidate] = await measureLanes(lanes, data, events, signal);
  if (base!.complete && candidate!.complete) forgetPaths(directory);
  return { base: base!, candidate: candidate! };
}

/** Blocks are made of two runs of the same benchmark. */
function requireSameBenchmarks(plans: readonly PlanLine[]): void {
  const [base, candidate] = plans.map(({ benchmarks }) => benchmarks.map(({ name }) => name));
  const odd = base!.find((name, i) => candidate![i] !== name) ?? candidate![base!.length];
  if (odd === undefined) return;
  throw new RunError(
    `Cannot interleave: base and candidate have not the same benchmarks, as ${odd}; ` +
      "filter by what both have in their ids",
    "usage",
  );
}

function removeJournal(directory: string): void {
  try {
    Deno.removeSync(`${directory}/${JOURNAL_FILE}`);
  } catch {
    // It was not made yet.
  }
  removeIfEmpty(directory);
}
