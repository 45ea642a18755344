/**
 * Counting instructions, where a bench is asked to: the benchmarks' operations in small fixed batches, in
 * processes of their own under valgrind's callgrind, whose times nobody takes. It goes before all runs, so
 * that a bench whose runs have ended has counted as well.
 */
import type { BenchmarkRecord, CountRecord } from "../result/mod.ts";
import { CALIBRATION_NAMES } from "../store/mod.ts";
import type { Lane, Measuring } from "./lane.ts";
import { limitOf } from "./limit.ts";
import { specOf } from "./recording.ts";
import { requireSameFile } from "./same_engine.ts";
import { pluginOf } from "./plugins.ts";
import { withoutHome } from "./session.ts";

/** Processes of each benchmark, batches of each process, and operations that a batch has, about. */
export const COUNTING = { processes: 3, batches: 5, operations: 2000 } as const;

/** How many times as long everything may take under valgrind. */
const SLOWER = 20;

/**
 * Counts what is missing, the lanes after each other in every round. What fails is recorded, and the next
 * one goes on.
 *
 * @throws {ResultError} Where a journal cannot be written.
 * @throws {RunError} Where there is no valgrind any more, or a folder cannot be made or removed.
 */
export async function countInstructions(measuring: Measuring): Promise<void> {
  const { lanes, signal, events } = measuring;
  const { counting, benchmarks } = lanes[0]!.plan;
  if (counting === undefined) return;
  const missing = Array.from({ length: counting.processes }).flatMap((_, run) =>
    benchmarks.flatMap(({ store }, place) =>
      CALIBRATION_NAMES.has(store) ? [] : lanes.flatMap((lane) => {
        const benchmark = lane.plan.benchmarks[place]!;
        const had = lane.countsBefore?.some((count) =>
          count.benchmark === benchmark.id && count.run === run
        );
        return had ? [] : [{ lane, benchmark, run }];
      })
    )
  );
  for (const [at, { lane, benchmark, run }] of missing.entries()) {
    if (signal.aborted) return;
    events.counting?.(benchmark.id, lane.role, at, missing.length);
    const count = await countOf(benchmark, run, lane, measuring);
    if (count !== undefined) lane.writer.append({ kind: "count", ...count });
  }
}

/** Counts one process. @returns `undefined` where it was interrupted. */
async function countOf(
  benchmark: BenchmarkRecord,
  run: number,
  { plan, role, library: engine, plugins = {} }: Lane,
  { data, signal, world, memoryGroup, runLimitMs }: Measuring,
): Promise<CountRecord | undefined> {
  const { processes: _, batches, operations } = plan.counting!;
  const startedAt = world.now().toISOString();
  const failed = (error: string): CountRecord => ({
    benchmark: benchmark.id,
    run,
    startedAt,
    error,
    instructions: [],
    operations,
  });
  const database = data.database(benchmark.id, run, role);
  const folder = data.database(`${benchmark.id}-counts`, run, role);
  const plugin = pluginOf(plugins, benchmark.store);
  const library = plugin === undefined ? engine : plugin.path;
  const instructions: number[] = [];
  let iterations = 0;
  Deno.mkdirSync(folder, { recursive: true });
  const { tellsOptions: __, ...told } = specOf({ benchmark, run }, plan);
  const outcome = await world.runProcess(
    {
      ...told,
      database,
      ...(library !== undefined && { library }),
      ...(memoryGroup !== undefined && { memoryGroup }),
      counts: { prefix: `${folder}/callgrind`, batches, operations },
    },
    (line) => {
      if (line.kind === "run-opened" && line.store !== null && plugin !== undefined) {
        requireSameFile(line.store, plugin.sha256);
      }
      if (line.kind !== "sample") return;
      instructions.push(line.instructions!);
      iterations = line.iterations;
    },
    signal,
    SLOWER * (runLimitMs ?? limitOf(benchmark, plan.profile)),
  );
  if (outcome.left !== undefined) data.leave();
  data.remove(database);
  data.remove(folder);
  if (outcome.state === "interrupted") return undefined;
  if (outcome.state === "failed") {
    return failed(withoutHome(outcome.error.replaceAll(database, benchmark.id)));
  }
  return {
    benchmark: benchmark.id,
    run,
    startedAt,
    instructions,
    operations: iterations * benchmark.elements,
  };
}
