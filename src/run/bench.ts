/**
 * A bench: every planned run in turn, each line into its lane's journal, each lane's result made of
 * its journal. A plain bench is one lane. An interleaved one is two, base and candidate, whose runs
 * are mixed in randomised blocks, so that what the machine does meanwhile falls on both.
 */
import { JOURNAL_FILE } from "../disk/mod.ts";
import { formatBytes } from "../format/mod.ts";
import {
  isFinished,
  JournalWriter,
  type MemoryRecord,
  type PlanLine,
  resultFromJournal,
  saveBenchResult,
  type SessionRecord,
} from "../result/mod.ts";
import { findStoreKind } from "../store/mod.ts";
import { claimDirectory, DataDirectory, removeIfEmpty } from "./directory.ts";
import { asRunError, RunError } from "./error.ts";
import type { BenchEvents } from "./events.ts";
import type { Lane, Measuring } from "./lane.ts";
import { measureLanes } from "./lanes.ts";
import {
  forgetNotes,
  isLibraryNoted,
  noteData,
  notedData,
  noteLibrary,
  notePlugins,
  pluginsAgain,
  requireNoted,
} from "./notes.ts";
import { dataIn, type LanePlace, type LaneResult, placesIn, readLanes } from "./places.ts";
import { planLanes, type PlannedLane } from "./plan.ts";
import type { BenchRequest, ResumeRequest } from "./request.ts";
import { requireRoom } from "./room.ts";
import { requireServers } from "./servers.ts";
import { beginSession, wholeId } from "./session.ts";
import { Trees } from "./trees.ts";
import { measuredMs } from "./until_sure.ts";
import { WORLD, type World } from "./world.ts";

/**
 * Benches.
 *
 * Every finished sample is in the journal before the next one is taken; those of runs of one journal
 * that take turns when all have ended, before which none counts. Where stores take turns after each has
 * been measured, the turns are there as a whole. What fails is recorded and the next
 * run goes on. Where the bench cannot begin, everything is as it was before.
 *
 * @param signal Ends the bench; what was measured is kept and can be resumed.
 * @returns The lanes: one, or base and candidate. Their results lie in their directories as well.
 * @throws {RunError} Where no process can be started, a directory cannot be used, none of the servers
 * that were named can be, there is no room for what is to be loaded, a file cannot be written, or base and candidate have not the same benchmarks.
 */
export async function bench(
  request: BenchRequest,
  events: BenchEvents,
  signal: AbortSignal,
  world: World = WORLD,
): Promise<LaneResult[]> {
  await world.requireProcess();
  const dataDirectory = request.dataDirectory ?? dataIn(request.directory);
  const session = beginSession(request, dataDirectory, world);
  const planned = planLanes(request, session);
  const plans = planned.map(({ plan }) => plan);
  requireRoom(plans, dataDirectory);
  await requireServers(plans, world, signal);
  using group = groupOf(request.memory, world);
  const opened = beginLanes(request, planned, dataDirectory);
  const { treesDirectory } = request;
  await measureLanes({
    ...opened,
    memoryGroup: group?.folder,
    trees: new Trees(
      plans,
      (name) => treesDirectory === undefined ? opened.data.tree(name) : `${treesDirectory}/${name}`,
      treesDirectory !== undefined,
    ),
    events,
    signal,
    runLimitMs: request.runLimitMs,
    look: request.untilSure?.look,
    begunAt: session.startedAt,
    world,
  });
  return saveLanes(request.directory);
}

/**
 * Goes on with a bench that was interrupted: measures what is missing, in the order that was
 * planned, with the databases where they were, and clears what a killed process has left. A block
 * of which one run was measured gets its other one now. A bench that is complete is measured no
 * further.
 *
 * @throws {RunError} Where another process is at it, or a file cannot be written.
 * @throws {ResultError} Where the directory holds no bench, or a journal cannot be read.
 */
export async function resumeBench(
  request: ResumeRequest,
  events: BenchEvents,
  signal: AbortSignal,
  world: World = WORLD,
): Promise<LaneResult[]> {
  const { directory } = request;
  await world.requireProcess();
  const before = readLanes(directory);
  if (!before.every(({ result }) => isFinished(result))) requireLibrary(request, before);
  using group = before.every(({ result }) => isFinished(result))
    ? undefined
    : groupOf(before[0]!.result.memory, world);
  const dataDirectory = request.dataDirectory ?? placeOfData(directory);
  const session = beginSession(request, dataDirectory, world);
  const data = DataDirectory.claim(dataDirectory, wholeId(before[0]!.result));
  if (before.every(({ result }) => isFinished(result))) data.release();
  else {
    const { lanes, spentMs } = resumeLanes(request, data, session);
    const { look, runLimitMs } = request;
    await measureLanes({
      memoryGroup: group?.folder,
      lanes,
      data,
      trees: new Trees(lanes.map(({ plan }) => plan), (name) => data.tree(name)),
      events,
      signal,
      runLimitMs,
      look,
      spentMs,
      begunAt: session.startedAt,
      world,
    });
  }
  return saveLanes(directory);
}

/**
 * The group of bounded memory that runs are in, if one was asked for.
 *
 * @throws {RunError} Where there can be none.
 */
function groupOf(
  memory: MemoryRecord | undefined,
  world: World,
): (Disposable & { folder: string }) | undefined {
  if (memory?.limitBytes === undefined) return undefined;
  const group = world.makeMemoryGroup(memory.limitBytes);
  if (typeof group !== "string") return { folder: group.folder, [Symbol.dispose]: group.remove };
  const limit = formatBytes(memory.limitBytes);
  throw new RunError(`Cannot limit the memory of runs to ${limit}: ${group}`, "usage");
}

/**
 * Removes the databases that a killed bench has left, which will not be gone on with. What it has
 * measured stays.
 *
 * @throws {RunError} Where another process is at it, or they cannot be removed.
 * @throws {ResultError} Where the directory holds no bench, or a journal cannot be read.
 */
export function clearDatabases(directory: string): void {
  const [first] = readLanes(directory);
  DataDirectory.claim(placeOfData(directory), wholeId(first!.result)).release();
}

/**
 * A library that one side has to itself is named again by who goes on, and has to be the one that it
 * began with.
 *
 * @throws {RunError} Where it is not named, is another, or is named in vain.
 */
function requireLibrary({ directory, library }: ResumeRequest, lanes: readonly LaneResult[]): void {
  // A result names the library, and the note is another process's word: either asks for it.
  const hasOwn = isLibraryNoted(directory) ||
    lanes.some(({ result }) => result.interleaved?.differs["library"] !== undefined);
  if (hasOwn && library !== undefined) return requireNoted(directory, library);
  if (!hasOwn && library === undefined) return;
  const reason = hasOwn
    ? "one side has a library of its own, and no directory says what is loaded; add " +
      "--interleave library=FILE"
    : "no side has a library of its own; leave the library out";
  throw new RunError(`Cannot go on with ${directory}: ${reason}`, "usage");
}

/** Where the databases of a bench are that has begun. */
function placeOfData(directory: string): string {
  return notedData(directory) ?? dataIn(directory);
}

/** Claims the directories of a new bench and begins its journals; or leaves all as it was. */
function beginLanes(
  { directory, dataDirectory: named, other, plugins = {} }: BenchRequest,
  planned: readonly PlannedLane[],
  dataDirectory: string,
): Pick<Measuring, "lanes" | "data"> {
  try {
    using undo = new DisposableStack();
    if (claimDirectory(directory, "result directory")) undo.defer(() => removeIfEmpty(directory));
    undo.defer(() => forgetNotes(directory));
    const data = DataDirectory.claim(dataDirectory, wholeId(planned[0]!.plan));
    undo.defer(() => quietly(() => data.release()));
    if (named !== undefined) noteData(directory, named);
    const library = other?.library;
    if (library !== undefined) noteLibrary(directory, library);
    const pluginsOf = ({ role }: LanePlace) =>
      (role === (other?.role ?? "candidate") ? other?.plugins : undefined) ?? plugins;
    notePlugins(
      directory,
      Object.fromEntries(planned.map((lane) => [laneName(lane), pluginsOf(lane)])),
    );
    const lanes = planned.map((lane): Lane => {
      if (lane.directory !== directory) {
        claimDirectory(lane.directory, "result directory");
        undo.defer(() => removeIfEmpty(lane.directory));
      }
      const writer = JournalWriter.create(`${lane.directory}/${JOURNAL_FILE}`, lane.plan);
      undo.defer(() => quietly(() => Deno.removeSync(writer.path)));
      undo.defer(() => writer.close());
      return {
        ...lane,
        writer,
        before: [],
        looks: [],
        library: libraryOf(lane, library),
        plugins: pluginsOf(lane),
      };
    });
    undo.move();
    return { lanes, data };
  } catch (error) {
    throw asRunError(error, "usage");
  }
}

/** Goes on with the journals of a bench; or leaves them to another process. */
function resumeLanes(
  { directory, dataDirectory: named, library, plugins: files = [] }: ResumeRequest,
  data: DataDirectory,
  session: SessionRecord,
): Required<Pick<Measuring, "lanes" | "spentMs">> {
  try {
    using undo = new DisposableStack();
    undo.defer(() => quietly(() => data.release()));
    const plugins = pluginsAgain(directory, pluginStoresIn(directory), files);
    let spentMs = 0;
    const lanes = placesIn(directory).map((place): Lane => {
      const path = `${place.directory}/${JOURNAL_FILE}`;
      const { writer, journal } = JournalWriter.resume(path, { kind: "session", ...session });
      undo.defer(() => writer.close());
      const plan = journal.records[0] as PlanLine;
      const { runs, ratios = [], counts = [], untilSure } = resultFromJournal(journal);
      spentMs = Math.max(spentMs, measuredMs(journal.records));
      return {
        ...place,
        writer,
        plan,
        before: runs,
        ratiosBefore: ratios,
        countsBefore: counts,
        looks: [...untilSure?.looks ?? []],
        library: libraryOf({ ...place, plan }, library),
        plugins: plugins[laneName(place)],
      };
    });
    if (named !== undefined) noteData(directory, named);
    undo.move();
    return { lanes, spentMs };
  } catch (error) {
    throw asRunError(error, "usage");
  }
}

/** Undoes something as well as it can: what went wrong before is what has to be said. */
function quietly(undo: () => void): void {
  try {
    undo();
  } catch {
    // What is left can be seen.
  }
}

/** The library of a lane: that of the side which differs is for that side alone. */
function libraryOf({ role, plan }: PlannedLane, library: string | undefined): string | undefined {
  return role === (plan.interleaved?.differing ?? "candidate") ? library : undefined;
}

/** What notes call a lane. */
function laneName({ role }: LanePlace): string {
  return role ?? "bench";
}

/** The names of the stores that are plug-ins, by lane; what else is another in one is no part of it. */
function pluginStoresIn(directory: string): Record<string, string[]> {
  return Object.fromEntries(
    readLanes(directory).map(({ result, ...place }) => {
      const stores = result.benchmarks.map(({ store }) => store)
        .filter((store) => findStoreKind(store)?.libraryIsNamed === true)
        .map((store) => store.split("@", 2).join("@"));
      return [laneName(place), [...new Set(stores)]];
    }),
  );
}

/** Makes each lane's result of its journal; a bench that is complete needs no notes any more. */
function saveLanes(directory: string): LaneResult[] {
  try {
    const lanes = placesIn(directory).map((place) => ({
      ...place,
      result: saveBenchResult(place.directory),
    }));
    if (lanes.every(({ result }) => result.complete)) forgetNotes(directory);
    return lanes;
  } catch (error) {
    throw asRunError(error, "measuring");
  }
}
