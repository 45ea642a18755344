/** Warm-up and sampling, as criterion does them: batches of iterations, timed as a whole. */
import type { Clock, Counts, Witness } from "../native/mod.ts";

/** How much to sample. */
export interface SamplingPlan {
  /** `flat`: every sample has the same iterations. `linear`: sample i has i times as many. */
  sampling: "flat" | "linear";
  /** Samples to take. */
  samples: number;
  /** Least time of the warm-up, ms. */
  warmupMs: number;
  /** Time that the samples are to take together, ms. They take longer where one iteration each does. */
  measureMs: number;
}

/** One timed batch, and what was counted of it. */
export interface Sample extends Counts {
  /** Iterations of the batch. */
  iterations: number;
  /** Wall time of the batch, ns. */
  ns: number;
  /** When it began, ns after the first sample began. */
  atNs: number;
}

/** Runs iterations of a benchmark; asynchronous where it returns a promise. */
export type Iterations = (count: number) => void | Promise<void>;

/** What the warm-up found out. */
export interface Warmup {
  /** Iterations done. */
  iterations: number;
  /** Time taken, ns. */
  ns: number;
}

/**
 * Runs 1, 2, 4, … iterations until the time is up, so that code is compiled, caches are filled and
 * an iteration's time is known: at least one step of the clock.
 */
export async function warmUp(
  iterate: Iterations,
  clock: Clock,
  warmupMs: number,
): Promise<Warmup> {
  const start = clock.now();
  let iterations = 0;
  let ns = 0;
  for (let count = 1; ns === 0 || ns < warmupMs * 1e6; count *= 2) {
    const pending = iterate(count);
    if (pending !== undefined) await pending;
    iterations += count;
    ns = clock.now() - start;
  }
  return { iterations, ns };
}

/**
 * Iterations of every sample (criterion.rs, `ActualSamplingMode::iteration_counts`): flat is
 * max(1, ceil(T / n / met)) for each; linear is i · max(1, ceil(T / met / (n(n+1)/2))) for i from 1.
 *
 * @param met Mean time of an iteration in the warm-up, ns.
 */
export function iterationCounts(plan: SamplingPlan, met: number): number[] {
  const { sampling, samples: n, measureMs } = plan;
  const total = measureMs * 1e6;
  if (sampling === "flat") {
    return new Array<number>(n).fill(Math.max(1, Math.ceil(total / n / met)));
  }
  const step = Math.max(1, Math.ceil(total / met / (n * (n + 1) / 2)));
  return Array.from({ length: n }, (_, i) => (i + 1) * step);
}

/**
 * Takes samples.
 *
 * @param counts Iterations of each sample.
 * @param onSample Called between samples, outside the timing, with each sample as it is taken.
 * @param witness Counts what the thread does in each.
 */
export async function takeSamples(
  iterate: Iterations,
  clock: Clock,
  counts: readonly number[],
  onSample: (sample: Sample) => void | Promise<void>,
  witness?: Witness,
): Promise<void> {
  let first: number | undefined;
  for (const iterations of counts) {
    witness?.begin();
    const start = clock.now();
    const pending = iterate(iterations);
    if (pending !== undefined) await pending;
    const ns = clock.now() - start;
    const seen = witness?.end();
    first ??= start;
    const reported = onSample({ iterations, ns, atNs: start - first, ...seen });
    if (reported !== undefined) await reported;
  }
}
