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
 * The runs of one or several plans in one order of randomised blocks, so that what changes on the
 * machine while it is measured falls on all benchmarks and on all plans alike. A block is the same
 * run of the same benchmark in every plan, in an order that is drawn for each block; the blocks are
 * shuffled. The same seed gives the same order.
 *
 * @param lanes The benchmarks of each plan; those of one place belong together.
 * @returns The blocks. Positions count over all of them.
 */
export function shuffledBlocks(
  lanes: readonly (readonly BenchmarkRecord[])[],
  profile: ProfileRecord,
  seed: number,
): PlannedRun[][] {
  const random = new Random(derive(seed, "order"));
  const blocks = lanes[0]!.flatMap(({ runs = profile.runs }, place) =>
    Array.from({ length: runs }, (_, run) => ({ place, run }))
  );
  random.shuffle(blocks);
  return blocks.map(({ place, run }, block) =>
    random.shuffle([...lanes.keys()]).map((lane, i) => ({
      benchmark: lanes[lane]![place]!,
      run,
      position: block * lanes.length + i,
      lane,
    }))
  );
}
