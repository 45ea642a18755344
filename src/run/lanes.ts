/** Measures what one or several plans ask for, each run into its own plan's journal. */
import { missingRuns } from "../result/mod.ts";
import { asRunError } from "./error.ts";
import type { LaneRun } from "./events.ts";
import type { Lane, Measuring } from "./lane.ts";
import { runLimitMs } from "./limit.ts";
import { shuffledBlocks } from "./order.ts";
import { record } from "./recording.ts";

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
  const missing = lanes.map(({ plan, before }) => keysOf(missingRuns({ ...plan, runs: before })));
  return shuffledBlocks(lanes.map(({ plan }) => plan.benchmarks), profile, seed)
    .map((block) =>
      block.filter(({ benchmark, run, lane }) => missing[lane]!.has(keyOf(benchmark.id, run)))
        .map((planned) => {
          const { role } = lanes[planned.lane]!;
          return role === undefined ? planned : { ...planned, role };
        })
    );
}

function keysOf(runs: { benchmark: string; run: number }[]): Set<string> {
  return new Set(runs.map(({ benchmark, run }) => keyOf(benchmark, run)));
}

function keyOf(benchmark: string, run: number): string {
  return `${run} ${benchmark}`;
}

/**
 * Measures the runs of a block, one process after the other. This is the one place that knows in
 * which way those of a block are next to one another.
 */
async function measureBlock(block: readonly LaneRun[], measuring: Measuring): Promise<void> {
  const { lanes, signal, world } = measuring;
  for (const planned of block) {
    if (signal.aborted) return;
    const recording = record(planned, lanes[planned.lane]!, measuring);
    const { spec, take, limitMs } = recording;
    recording.end(await world.runProcess(spec, take, signal, limitMs));
  }
}
