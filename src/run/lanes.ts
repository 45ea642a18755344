/** Measures what one plan or two ask for, each run into its own plan's journal. */
import { missingRuns } from "../result/mod.ts";
import { derive } from "../stats/mod.ts";
import type { DuetPlan, Side } from "./duet.ts";
import { asRunError } from "./error.ts";
import type { LaneRun } from "./events.ts";
import type { Lane, Measuring } from "./lane.ts";
import { runLimitMs } from "./limit.ts";
import { type PlannedRun, shuffledBlocks } from "./order.ts";
import type { MeasuredLine } from "./process.ts";
import { record, type Recording } from "./recording.ts";

/**
 * Measures every run that is missing, in the planned order, and closes journals and data directory.
 * Where there are several lanes, each has the same benchmarks, and a run of the one is next to the
 * same run of the others.
 *
 * @throws {RunError} Where a file cannot be written.
 */
export async function measureLanes(measuring: Measuring): Promise<void> {
  const { lanes, data, events, signal, world } = measuring;
  try {
    const blocks = missingBlocks(lanes);
    const { profile } = lanes[0]!.plan;
    const runs = blocks.flat();
    const limits = runs.map(({ benchmark: { elements } }) => runLimitMs({ ...profile, elements }));
    events.planned?.(runs, profile, measuring.runLimitMs ?? Math.max(0, ...limits));
    for (const block of blocks) await measureBlock(block, measuring);
    if (!signal.aborted) {
      for (const { writer } of lanes) {
        writer.append({ kind: "finished", endedAt: world.now().toISOString() });
      }
    }
  } catch (error) {
    throw asRunError(error, "measuring");
  } finally {
    for (const { writer } of lanes) writer.close();
    data.release();
  }
}

/** The blocks of the plan without the runs that have ended already. */
function missingBlocks(lanes: readonly Lane[]): LaneRun[][] {
  const { profile, seed } = lanes[0]!.plan;
  const isMissing = isDuet(lanes) ? missingDuets(lanes) : missingOfLanes(lanes);
  return shuffledBlocks(lanes.map(({ plan }) => plan.benchmarks), profile, seed)
    .map((block) =>
      block.filter(isMissing).map((planned) => {
        const { role } = lanes[planned.lane]!;
        return role === undefined ? planned : { ...planned, role };
      })
    ).filter((block) => block.length > 0);
}

/** Of runs that are measured one after the other, those are missing that have not ended. */
function missingOfLanes(lanes: readonly Lane[]): (planned: PlannedRun) => boolean {
  const missing = lanes.map(({ plan, before }) =>
    new Set(missingRuns({ ...plan, runs: before }).map(keyOf))
  );
  return ({ benchmark, run, lane }) => missing[lane]!.has(keyOf({ benchmark: benchmark.id, run }));
}

/**
 * A duet is there where both of its runs have ended. They began at the same time: one of an attempt
 * that was killed does not belong to the other of a later one.
 */
function missingDuets(lanes: readonly Lane[]): (planned: PlannedRun) => boolean {
  const [base, candidate] = lanes.map(({ plan, before }) => {
    const names = new Map(plan.benchmarks.map(({ id, name }, place) => [id, `${place} ${name}`]));
    return new Map(
      before.filter(({ state, superseded }) => state === "ended" && superseded !== true)
        .map(({ benchmark, run, startedAt }) => [`${run} ${names.get(benchmark)}`, startedAt]),
    );
  });
  const places = lanes.map(({ plan }) => plan.benchmarks);
  return ({ benchmark, run, lane }) => {
    const key = `${run} ${places[lane]!.indexOf(benchmark)} ${benchmark.name}`;
    const startedAt = base!.get(key);
    return startedAt === undefined || candidate!.get(key) !== startedAt;
  };
}

function isDuet(lanes: readonly Lane[]): boolean {
  return lanes[0]!.plan.interleaved?.duet !== undefined;
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
  if (isDuet(lanes)) return await measureDuet(block, measuring);
  for (const planned of block) {
    if (signal.aborted) return;
    const recording = record(planned, lanes[planned.lane]!, measuring);
    const { spec, take, limitMs } = recording;
    recording.end(await world.runProcess(spec, take, signal, limitMs));
  }
}

/** Measures a block of two runs in turns. Where one of them fails, neither counts. */
async function measureDuet(block: readonly LaneRun[], measuring: Measuring): Promise<void> {
  const { lanes, signal, world } = measuring;
  if (signal.aborted) return;
  const { profile, seed, interleaved } = lanes[0]!.plan;
  const startedAt = world.now().toISOString();
  const [{ benchmark: { name, samples }, run, lane }] = block as [LaneRun];
  const recordings: Recording[] = [];
  for (const planned of block) {
    recordings[planned.lane] = record(planned, lanes[planned.lane]!, measuring, startedAt);
  }
  const [base, candidate] = recordings.map(({ spec }) => spec);
  const plan: DuetPlan = {
    first: lane === 0 ? 0 : 1,
    warmupMs: profile.warmupMs,
    pairs: samples,
    batchMs: interleaved!.duet!.batchMs,
    seed: derive(seed, "turns", name, String(run)),
    limitMs: Math.max(...recordings.map(({ limitMs }) => limitMs)),
  };
  const take = (side: Side, line: MeasuredLine) => recordings[side]!.take(line);
  const { outcomes, records } = await world.runDuet([base!, candidate!], plan, take, signal);
  const seconds = outcomes.map((outcome) =>
    outcome.state === "ended" ? outcome.closing.cpuSeconds : 0
  );
  recordings.forEach((recording, side) =>
    recording.end(outcomes[side]!, {
      record: records?.[side],
      otherSeconds: seconds[1 - side]!,
    })
  );
}
