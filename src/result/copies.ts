/** Runs that are there twice: a copy is no replication, and would make a result seem surer than it is. */
import { runKey } from "./journal.ts";
import type { Result, RunRecord } from "./schema.ts";

/**
 * Samples from which on no two processes have the same: a clock tells nanoseconds. Fewer may be the
 * same by a tool's rounding.
 */
const TELLING_SAMPLES = 3;

/**
 * What a run's samples are, as a text that no other run of its benchmark has.
 *
 * @returns `null` where there are too few to tell.
 */
export function contentOf(
  { benchmark, samples }: Pick<RunRecord, "benchmark" | "samples">,
): string | null {
  if (samples.length < TELLING_SAMPLES) return null;
  return [benchmark, ...samples.map(({ iterations, ns }) => `${iterations} ${ns}`)].join("\n");
}

/**
 * What of a result's runs is a copy of another.
 *
 * @returns The reason and how to mend it, as a clause, or `undefined` where each run stands for
 * itself.
 */
export function copyOf({ runs }: Pick<Result, "runs">): string | undefined {
  const numbers = new Map<string, RunRecord>();
  const contents = new Map<string, RunRecord>();
  for (const run of runs) {
    if (run.superseded) continue;
    const id = JSON.stringify(run.benchmark);
    if (numbers.has(runKey(run))) return `run ${run.run} of ${id} is there twice; keep one of them`;
    numbers.set(runKey(run), run);
    const content = contentOf(run);
    if (content === null) continue;
    const same = contents.get(content);
    if (same !== undefined) {
      return `runs ${same.run} and ${run.run} of ${id} have the same samples; keep one of them`;
    }
    contents.set(content, run);
  }
  return undefined;
}
