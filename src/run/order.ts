import type { BenchmarkRecord, ProfileRecord } from "../result/mod.ts";
import { derive, Random } from "../stats/mod.ts";

/** One run of the plan. */
export interface PlannedRun {
  benchmark: BenchmarkRecord;
  /** 0, 1, … within the benchmark. */
  run: number;
  /** Place in the order. */
  position: number;
  /** Whose run it is, where several plans are measured together; else 0. */
  lane: number;
}

/**
 * All runs of all benchmarks in one shuffled order, so that what changes on the machine while it is
 * measured falls on all benchmarks alike. The same seed gives the same order.
 */
export function shuffledRuns(
  benchmarks: readonly BenchmarkRecord[],
  profile: ProfileRecord,
  seed: number,
): PlannedRun[] {
  return shuffledBlocks([benchmarks], profile, seed);
}

/**
 * The runs of several plans in one order of randomised blocks: a block is the same run of the same
 * benchmark in every plan, one right after the other in an order that is drawn for each block, so
 * that what changes on the machine falls on the plans alike. The blocks are shuffled.
 *
 * @param lanes The benchmarks of each plan; those of one place belong together.
 */
export function shuffledBlocks(
  lanes: readonly (readonly BenchmarkRecord[])[],
  profile: ProfileRecord,
  seed: number,
): PlannedRun[] {
  const random = new Random(derive(seed, "order"));
  const blocks = lanes[0]!.flatMap(({ runs = profile.runs }, place) =>
    Array.from({ length: runs }, (_, run) => ({ place, run }))
  );
  random.shuffle(blocks);
  return blocks.flatMap(({ place, run }) =>
    random.shuffle([...lanes.keys()])
      .map((lane) => ({ benchmark: lanes[lane]![place]!, run, lane }))
  ).map((run, position) => ({ ...run, position }));
}
