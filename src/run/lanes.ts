/** Measures what one plan or two ask for, each run into its own plan's journal. */
import {
  type BenchmarkRecord,
  benchResult,
  type CompanyRecord,
  type LookRecord,
  ratioKey,
  type RatioRecord,
  withAddedRuns,
} from "../result/mod.ts";
import { derive } from "../stats/mod.ts";
import { countInstructions } from "./counting.ts";
import type { DuetPlan, Side, StayingRun } from "./duet.ts";
import { asRunError, RunError } from "./error.ts";
import type { LaneRun } from "./events.ts";
import type { Lane, Measuring } from "./lane.ts";
import { limitOf } from "./limit.ts";
import { addedBlocks, type PlannedRun, shuffledBlocks, shuffledGroups } from "./order.ts";
import type { MeasuredLine } from "./process.ts";
import { record, type Recording } from "./recording.ts";
import { withoutHome } from "./session.ts";
import type { RunSpec } from "./spec.ts";
import { planMore } from "./until_sure.ts";

/**
 * Measures every run that is missing, in the planned order, and closes journals and data directory.
 * Where there are several lanes, each has the same benchmarks, and a run of the one is next to the
 * same run of the others.
 *
 * @throws {RunError} Where a file cannot be written.
 */
export async function measureLanes(measuring: Measuring): Promise<void> {
  const { lanes, data, events, signal, world } = measuring;
  const presence = world.enterMachine();
  try {
    if (isSaid(presence.before)) events.company?.(presence.before);
    completeLooks(lanes);
    await countInstructions(measuring);
    await measureBlocks(missingBlocks(lanes), measuring);
    // What is missing after a failure is left to a resume: it would be asked for again and again.
    while (!signal.aborted && addRuns(measuring)) {
      await measureBlocks(missingBlocks(lanes, lanes[0]!.looks.length - 1), measuring);
    }
    const company = presence.leave();
    if (isSaid(company)) {
      for (const { writer } of lanes) writer.append({ kind: "company", ...company });
    }
    if (!signal.aborted) {
      for (const { writer } of lanes) {
        writer.append({ kind: "finished", endedAt: world.now().toISOString() });
      }
    }
  } catch (error) {
    throw asRunError(error, "measuring");
  } finally {
    // Where it has not gone yet.
    presence.leave();
    for (const { writer } of lanes) writer.close();
    data.release();
  }
}

/** Measures blocks in their order. */
async function measureBlocks(
  blocks: readonly LaneRun[][],
  measuring: Measuring,
): Promise<void> {
  const { lanes, events, runLimitMs } = measuring;
  const { profile } = lanes[0]!.plan;
  const runs = blocks.flat();
  const limits = runs.map(({ benchmark }) => limitOf(benchmark, profile));
  // Not by an argument each: a plan may have a million runs.
  const most = limits.reduce((most, limit) => Math.max(most, limit), 0);
  events.planned?.(runs, profile, runLimitMs ?? most);
  for (const block of blocks) await measureBlock(block, measuring);
}

/**
 * Looks whether the bench is sure, where it goes on until then.
 *
 * @returns Whether runs were added to the plan.
 */
function addRuns({ lanes, events, look, world, spentMs = 0, begunAt }: Measuring): boolean {
  const [{ plan, looks }] = lanes as [Lane];
  if (plan.untilSure === undefined || looks.at(-1)?.ended !== undefined) return false;
  if (look === undefined) {
    throw new RunError("Cannot go on until it is sure: nobody looks at what was measured", "usage");
  }
  const results = lanes.map(({ role, directory }) => ({
    ...(role !== undefined && { role }),
    directory,
    result: benchResult(directory),
  }));
  const unsettled = look(results);
  const now = world.now();
  const passedMs = spentMs + now.getTime() - Date.parse(begunAt ?? now.toISOString());
  const next: LookRecord = {
    at: now.toISOString(),
    open: [...unsettled.open],
    ...planMore(results[0]!.result, unsettled, plan.untilSure.atMostMs - passedMs),
  };
  const hasFailed = results.some(({ result: { runs } }) =>
    runs.some(({ state, superseded }) => state === "failed" && superseded !== true)
  );
  const place = looks.length + 1;
  // Nothing is asked of what has a failed run: who goes on measures that, and then has to look again.
  if (next.ended !== "sure" || !hasFailed) {
    for (const lane of lanes) takeLook(lane, lanes[0]!, next);
  }
  events.looked?.(next, place);
  return next.ended === undefined;
}

/** Takes a look into a lane's journal, under the lane's own ids. */
function takeLook(lane: Lane, first: Lane, look: LookRecord): void {
  const more = look.more.map(({ benchmark, runs }) => {
    const place = first.plan.benchmarks.findIndex(({ id }) => id === benchmark);
    return { benchmark: lane.plan.benchmarks[place]!.id, runs };
  });
  lane.writer.append({ kind: "look", ...look, more });
  lane.looks.push({ ...look, more });
}

/** Gives each lane the look that the first one got before the bench was killed, and it did not. */
function completeLooks(lanes: readonly Lane[]): void {
  const [first, ...others] = lanes as [Lane, ...Lane[]];
  for (const lane of others) {
    for (const look of first.looks.slice(lane.looks.length)) takeLook(lane, first, look);
  }
}

/** Whether there is something to say of the other benches. */
function isSaid({ others, unchecked }: CompanyRecord): boolean {
  return others.length > 0 || unchecked !== null;
}

/**
 * The blocks of the plan without the runs that have ended already. Of a block that plays together all
 * runs are missing or none: they began at the same time, and one of an attempt that was killed does not
 * belong to the others of a later one. Likewise one whose runs take turns afterwards: their processes
 * are gone.
 *
 * @param from Only those that this look has added, and later ones. @default the planned ones as well
 */
function missingBlocks(lanes: readonly Lane[], from?: number): LaneRun[][] {
  const startedAt = startsOf(lanes);
  const played = playedBefore(lanes[0]!);
  return (from === undefined ? blocksOf(lanes) : addedTo(lanes)[from]!).map((block) => {
    const starts = block.map(startedAt);
    const missing = block.filter((_, place) => starts[place] === undefined);
    switch (wayOf(block, lanes)) {
      case "in turns":
        return missing.length > 0 || starts.some((at) => at !== starts[0]) ? block : [];
      case "turns after":
        return missing.length > 0 || !played.has(ratioKey(groupOf(block))) ? block : [];
      case "one by one":
        return missing;
    }
  }).filter((block) => block.length > 0)
    .map((block) =>
      block.map((planned) => {
        const { role } = lanes[planned.lane]!;
        const way = wayOf(block, lanes);
        return {
          ...planned,
          ...(role !== undefined && { role }),
          ...(way !== "one by one" && { together: block.length }),
          ...(way === "turns after" && { turnsAfter: true as const }),
        };
      })
    );
}

/** In which way the runs of a block are measured. */
function wayOf(
  block: readonly PlannedRun[],
  lanes: readonly Lane[],
): "one by one" | "in turns" | "turns after" {
  const [first] = block;
  if (block.length === 1) return "one by one";
  const { ratioTurns } = lanes[0]!.plan;
  if (ratioTurns?.groups.some((group) => group.includes(first!.benchmark.id))) return "turns after";
  return turnsOf(lanes) === undefined ? "one by one" : "in turns";
}

/** A block whose runs take turns afterwards, as its turns are known by. */
function groupOf(block: readonly PlannedRun[]): Pick<RatioRecord, "run" | "group"> {
  return { run: block[0]!.run, group: block.map(({ benchmark }) => benchmark.id) };
}

/** The turns that an earlier session has played. */
function playedBefore({ ratiosBefore = [] }: Lane): Set<string> {
  return new Set(ratiosBefore.filter(({ state }) => state === "ended").map(ratioKey));
}

/** All blocks of the plan, and of what was added to it. */
function blocksOf(lanes: readonly Lane[]): PlannedRun[][] {
  return [...plannedBlocks(lanes), ...addedTo(lanes).flat()];
}

/** The blocks that each look has added. */
function addedTo(lanes: readonly Lane[]): PlannedRun[][][] {
  const { profile, seed } = lanes[0]!.plan;
  let position = plannedBlocks(lanes).reduce((sum, block) => sum + block.length, 0);
  return lanes[0]!.looks.map(({ more }, look) => {
    const before = lanes.map(({ plan, looks }) => withAddedRuns(plan, looks.slice(0, look)));
    const blocks = addedBlocks(before, profile, seed, more, look, position);
    position += blocks.reduce((sum, block) => sum + block.length, 0);
    return blocks;
  });
}

/** The blocks of the plan. */
function plannedBlocks(lanes: readonly Lane[]): PlannedRun[][] {
  const { profile, seed, turns, ratioTurns, benchmarks } = lanes[0]!.plan;
  const rivals = ratioTurns?.groups;
  return turns === undefined
    ? shuffledBlocks(lanes.map(({ plan }) => plan.benchmarks), profile, seed, rivals)
    : shuffledGroups(benchmarks, profile, seed, turns.groups, turns.runs, rivals);
}

/** When each run began that has ended already. */
function startsOf(lanes: readonly Lane[]): (planned: PlannedRun) => string | undefined {
  const ended = lanes.map(({ before }) =>
    new Map(
      before.filter(({ state, superseded }) => state === "ended" && superseded !== true)
        .map((run) => [keyOf(run), run.startedAt]),
    )
  );
  return ({ benchmark, run, lane }) => ended[lane]!.get(keyOf({ benchmark: benchmark.id, run }));
}

/** How runs take turns. */
interface TurnsPlan {
  batchMs: number;
  /** Time in which they warm up, ms. @default the profile's */
  warmupMs?: number | undefined;
}

/** How the runs of a block take turns; `undefined` where each has its time to itself. */
function turnsOf(lanes: readonly Lane[]): TurnsPlan | undefined {
  const { interleaved, turns } = lanes[0]!.plan;
  return interleaved?.duet ?? turns;
}

function keyOf({ benchmark, run }: { benchmark: string; run: number }): string {
  return `${run} ${benchmark}`;
}

/**
 * Measures the runs of a block, in turns or one process after the other. This is the one place that
 * knows in which way those of a block are next to one another.
 */
async function measureBlock(block: readonly LaneRun[], measuring: Measuring): Promise<void> {
  const { lanes, signal, world } = measuring;
  const way = wayOf(block, lanes);
  if (way === "in turns") return await measureInTurns(block, turnsOf(lanes)!, measuring);
  if (way === "turns after") return await measureThenTurns(block, measuring);
  for (const planned of block) {
    if (signal.aborted) return;
    const lane = lanes[planned.lane]!;
    const recording = record(planned, lane, measuring);
    const { take, limitMs } = recording;
    const runs = (spec: RunSpec, onLine: typeof take) =>
      world.runProcess(spec, onLine, signal, limitMs);
    const ready = await measuring.trees.prepare(
      planned.benchmark,
      recording.spec,
      lane.plan.seed,
      (spec) => runs(spec, () => {}),
    );
    recording.end("state" in ready ? ready : await runs(ready, take));
  }
}

/** Entries of files for each of which one is asked for at random until the engine's cache is full. */
const ENTRIES_A_READ = 16;

/**
 * Units with which a benchmark is warm: random reads of files have filled the engine's block cache,
 * whichever share of the files that holds, or have asked for each block twice.
 */
function warmupUnits({ workload: { shape, order, keys } }: BenchmarkRecord): number {
  return shape === "settled" && order === "random" ? Math.ceil((keys ?? 0) / ENTRIES_A_READ) : 0;
}

/** Measures a block of runs in turns. Where one of them fails, none counts. */
async function measureInTurns(
  block: readonly LaneRun[],
  { batchMs, warmupMs }: TurnsPlan,
  measuring: Measuring,
): Promise<void> {
  const { lanes, signal, world } = measuring;
  if (signal.aborted) return;
  const { profile, seed } = lanes[0]!.plan;
  const startedAt = world.now().toISOString();
  const [starts] = block as [LaneRun];
  // Base and candidate are always in that order; others are as they are started.
  const sides = block.toSorted((a, b) => a.lane - b.lane);
  const { benchmark: { name, samples }, run } = starts;
  const recordings = block.map((planned): [LaneRun, Recording] => [
    planned,
    record(planned, lanes[planned.lane]!, measuring, startedAt),
  ]);
  const bySide = sides.map((side) => recordings.find(([planned]) => planned === side)![1]);
  const stores = lanes.length > 1 ? [] : sides.map(({ benchmark }) => benchmark.store).toSorted();
  const plan: DuetPlan = {
    first: sides.indexOf(starts),
    warmupMs: warmupMs ?? profile.warmupMs,
    warmupUnits: warmupUnits(starts.benchmark),
    pairs: samples,
    batchMs,
    seed: derive(seed, "turns", name, String(run), ...stores),
    limitMs: Math.max(...bySide.map(({ limitMs }) => limitMs)),
  };
  const take = (side: Side, line: MeasuredLine) => bySide[side]!.take(line);
  // All put the same bytes, whichever run of theirs it is.
  const { seed: values } = bySide[0]!.spec.measure!;
  const specs = bySide.map(({ spec }) => ({
    ...spec,
    measure: { ...spec.measure!, seed: values },
  }));
  const { outcomes, records } = await world.runDuet(specs, plan, take, signal);
  const seconds = outcomes.map((outcome) =>
    outcome.state === "ended" ? outcome.closing.cpuSeconds : 0
  );
  const all = seconds.reduce((sum, each) => sum + each, 0);
  let refused: unknown;
  for (const [side, recording] of bySide.entries()) {
    try {
      recording.end(outcomes[side]!, {
        record: records?.[side],
        otherSeconds: all - seconds[side]!,
      });
    } catch (error) {
      // The others end as well before that is said.
      refused ??= error;
    }
  }
  if (refused !== undefined) throw refused;
}

/** How many times the time of its batches turns may take that come after the measuring. */
const ROOM = 4;

/** Measures the runs of a block one after the other, whose processes then take turns. */
async function measureThenTurns(block: readonly LaneRun[], measuring: Measuring): Promise<void> {
  const { lanes, events, signal, world } = measuring;
  if (signal.aborted) return;
  const [{ plan, writer }] = lanes as [Lane];
  const { run, group } = groupOf(block);
  const { batchMs, rounds } = plan.ratioTurns!;
  const startedAt = world.now().toISOString();
  const { benchmark: { name } } = block[0]!;
  const runs = block.map((planned): StayingRun => {
    let recording: Recording;
    return {
      begin() {
        recording = record(planned, lanes[planned.lane]!, measuring);
        return { ...recording, onLine: recording.take };
      },
      measured: (outcome) => recording.measured(outcome),
      gone: (left) => recording.clear(left),
    };
  });
  const seed = derive(plan.seed, "ratio", name, String(run));
  const turns = await world.runThenTurns(
    runs,
    {
      pairs: rounds,
      batchMs,
      seed,
      ownUnits: true,
      mostMs: ROOM * block.length * rounds * batchMs,
    },
    signal,
  );
  if (turns === null) return;
  const { state } = turns;
  const error = state === "failed"
    ? `${group[turns.side]}: ${withoutHome(turns.error)}`
    : undefined;
  writer.append({
    kind: "ratio",
    run,
    group,
    startedAt,
    state,
    ...(error !== undefined && { error }),
    ...(state === "ended" && { handoverNs: turns.handoverNs }),
    sides: state === "ended"
      ? turns.sides.map((side, place) => ({ benchmark: group[place]!, ...side }))
      : [],
  });
  if (error !== undefined) events.turnsFailed?.(block, error);
}
