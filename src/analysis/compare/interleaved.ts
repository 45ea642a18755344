/** The two sides of an interleaved bench. */
import type { Result, RunRecord } from "../../result/mod.ts";
import type { BenchmarkValues } from "../run_values.ts";

/** One benchmark on both sides. */
interface Sides {
  base: BenchmarkValues;
  candidate: BenchmarkValues;
}

/** Whether two results are the base and the candidate of one interleaved bench. */
export function areInterleaved(base: Result, candidate: Result): boolean {
  return base.interleaved !== undefined && candidate.interleaved !== undefined &&
    base.interleaved.session === candidate.interleaved.session &&
    base.interleaved.role === "base" && candidate.interleaved.role === "candidate";
}

/** Whether two results are the sides of one bench that took turns. */
export function areDuet(base: Result, candidate: Result): boolean {
  return areInterleaved(base, candidate) && candidate.interleaved!.duet !== undefined;
}

/**
 * Two sides without the runs whose other one is not there, so that run i belongs to run i.
 *
 * @param together Whether runs belong together only where they began at the same time.
 */
export function inBlocks({ base, candidate }: Sides, together = false): Sides {
  const key = ({ run, startedAt }: RunRecord) => together ? `${run} ${startedAt}` : String(run);
  const keys = (side: BenchmarkValues) => new Set(side.runs.map(key));
  const [before, after] = [keys(base), keys(candidate)];
  const keep = (side: BenchmarkValues, other: ReadonlySet<string>): BenchmarkValues => {
    const there = (_: unknown, index: number) => other.has(key(side.runs[index]!));
    return {
      ...side,
      times: side.times.filter(there),
      metrics: side.metrics.map((metric) => ({ ...metric, values: metric.values.filter(there) })),
      runs: side.runs.filter(there),
    };
  };
  return { base: keep(base, after), candidate: keep(candidate, before) };
}
