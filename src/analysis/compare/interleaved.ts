/** The two sides of an interleaved bench. */
import type { Result } from "../../result/mod.ts";
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

/** Two sides without the runs whose other one is not there, so that run i belongs to run i. */
export function inBlocks({ base, candidate }: Sides): Sides {
  const numbers = (side: BenchmarkValues) => new Set(side.runs.map(({ run }) => run));
  const [before, after] = [numbers(base), numbers(candidate)];
  const keep = (side: BenchmarkValues, other: ReadonlySet<number>): BenchmarkValues => {
    const there = (_: unknown, index: number) => other.has(side.runs[index]!.run);
    return {
      ...side,
      times: side.times.filter(there),
      metrics: side.metrics.map((metric) => ({ ...metric, values: metric.values.filter(there) })),
      runs: side.runs.filter(there),
    };
  };
  return { base: keep(base, after), candidate: keep(candidate, before) };
}
